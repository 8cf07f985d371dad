/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/fft.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/rng.h"
#include "../support/suite.h"

enum { LONGEST = 128 };

static void fill(double *x, size_t frames)
{
    struct rng rng;
    rng_init(&rng, 1);
    for (size_t i = 0; i < frames; i++)
        x[i] = rng_gauss(&rng);
}

/* Rounding of a sum of n terms of size 1: 1e-16 n. */
START_TEST(the_transform_is_the_defining_sum)
{
    static const size_t lengths[] = {2, 3, 15, 16, 17, 100, 128};
    double x[LONGEST];
    double complex spectrum[LONGEST];
    fill(x, LONGEST);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        size_t n = lengths[l];
        struct fft *fft = fft_new(n);
        ck_assert_uint_eq(fft_frames(fft), n);
        ck_assert_uint_eq(fft_bins(fft), n / 2 + 1);
        fft_forward(fft, x, spectrum);
        for (size_t k = 0; k <= n / 2; k++) {
            double complex sum = 0.0;
            for (size_t i = 0; i < n; i++)
                sum += x[i] * cexp(-2.0 * M_PI * I * (double)(k * i % n) / (double)n);
            ck_assert_double_le(cabs(sum - spectrum[k]), 1e-13);
        }
        fft_free(fft);
    }
}
END_TEST

START_TEST(forward_and_inverse_undo_each_other_and_keep_their_input)
{
    static const size_t lengths[] = {2, 15, 16, 100, 127};
    double x[LONGEST], kept[LONGEST], back[LONGEST];
    double complex spectrum[LONGEST], kept_spectrum[LONGEST];
    fill(x, LONGEST);
    memcpy(kept, x, sizeof x);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        struct fft *fft = fft_new(lengths[l]);
        fft_forward(fft, x, spectrum);
        memcpy(kept_spectrum, spectrum, sizeof spectrum);
        fft_inverse(fft, spectrum, back);
        ck_assert_int_eq(memcmp(x, kept, sizeof x), 0);
        ck_assert_int_eq(memcmp(spectrum, kept_spectrum, fft_bins(fft) * sizeof *spectrum), 0);
        for (size_t i = 0; i < lengths[l]; i++)
            ck_assert_double_eq_tol(back[i], x[i], 1e-14);
        fft_free(fft);
    }
}
END_TEST

static int has_only_small_primes(size_t n)
{
    for (size_t p = 2; p <= 5; p++)
        while (n % p == 0)
            n /= p;
    return n == 1;
}

START_TEST(a_good_length_is_the_smallest_product_of_2_3_and_5)
{
    for (size_t wanted = 0; wanted < 3000; wanted++) {
        size_t n = wanted < 2 ? 2 : wanted;
        while (!has_only_small_primes(n))
            n++;
        ck_assert_uint_eq(fft_good_length(wanted), n);
    }
}
END_TEST

static void *make_and_free(void *unused)
{
    double x[64];
    double complex spectrum[33];
    fill(x, 64);
    for (int i = 0; i < 200; i++) {
        struct fft *fft = fft_new(64);
        fft_forward(fft, x, spectrum);
        fft_free(fft);
    }
    return unused;
}

START_TEST(objects_are_made_and_freed_from_several_threads)
{
    pthread_t thread[4];
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, make_and_free, NULL), 0);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    fft_free(NULL);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {the_transform_is_the_defining_sum, forward_and_inverse_undo_each_other_and_keep_their_input,
                            a_good_length_is_the_smallest_product_of_2_3_and_5,
                            objects_are_made_and_freed_from_several_threads, freeing_nothing_is_fine};
    return suite_run("fft", tests, sizeof tests / sizeof *tests);
}
