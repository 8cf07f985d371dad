/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include "cmrr/rng.h"
#include "cmrr/tone.h"
#include "../support/suite.h"

/* Harris' 4-term window: noise power of a bin over that of a rectangle, sum c^2 / c_0^2 = 1 + sum a_j^2 / (2 a_0^2). */
#define NOISE_BANDWIDTH (1.0 + (0.48829 * 0.48829 + 0.14128 * 0.14128 + 0.01168 * 0.01168) / (2.0 * 0.35875 * 0.35875))

enum { N = 2048 };

static const enum window windows[] = {WINDOW_RECTANGULAR, WINDOW_BLACKMAN_HARRIS};

/* Amplitude at a bin of frequency (bins) and phase; doubles of 2048 samples: 1e-14. */
START_TEST(a_coherent_tone_shows_its_amplitude_and_phase)
{
    static const size_t cycles[] = {7, 100, 511, 1000, 1016};
    for (size_t w = 0; w < 2; w++) {
        struct spectrum *spectrum = spectrum_new(N, windows[w]);
        for (size_t i = 0; i < sizeof cycles / sizeof *cycles; i++) {
            double x[N] = {0.0};
            double complex amplitude = 0.0;
            tone_add(x, N, 0.37, cycles[i], N, 1.1, 0);
            spectrum_transform(spectrum, x);
            ck_assert_int_eq(spectrum_tone(spectrum, cycles[i], &amplitude), CMRR_OK);
            ck_assert_double_le(cabs(amplitude - 0.37 * cexp(1.1 * I)), 1e-13);
        }
        spectrum_free(spectrum);
    }
}
END_TEST

START_TEST(coherent_tones_do_not_leak_beyond_the_reach)
{
    for (size_t w = 0; w < 2; w++) {
        struct spectrum *spectrum = spectrum_new(N, windows[w]);
        double x[N] = {0.0};
        ck_assert_uint_eq(spectrum_reach(spectrum), w == 0 ? 0 : 3);
        tone_add(x, N, 1.0, 300, N, 0.4, 0);
        spectrum_transform(spectrum, x);
        for (size_t bin = 1; bin < N / 2; bin++) {
            double complex amplitude = 0.0;
            size_t away = bin > 300 ? bin - 300 : 300 - bin;
            spectrum_tone(spectrum, bin, &amplitude);
            if (away > spectrum_reach(spectrum))
                ck_assert_double_le(cabs(amplitude), 1e-13);
        }
        spectrum_free(spectrum);
    }
}
END_TEST

/* Every bin of the 4-term window against the defining sum, the ends of the spectrum, where it folds, among them. */
START_TEST(every_bin_is_the_windowed_sum)
{
    enum { SHORT = 64 };
    struct spectrum *spectrum = spectrum_new(SHORT, WINDOW_BLACKMAN_HARRIS);
    struct rng rng;
    double x[SHORT];
    rng_init(&rng, 1);
    for (int n = 0; n < SHORT; n++)
        x[n] = rng_gauss(&rng);
    spectrum_transform(spectrum, x);
    for (size_t k = 1; k < SHORT / 2; k++) {
        double complex sum = 0.0, found = 0.0;
        for (int n = 0; n < SHORT; n++) {
            double t = 2.0 * M_PI * n / SHORT;
            double w = 0.35875 - 0.48829 * cos(t) + 0.14128 * cos(2.0 * t) - 0.01168 * cos(3.0 * t);
            sum += 2.0 / SHORT / 0.35875 * w * x[n] * cexp(-I * t * (double)k);
        }
        spectrum_tone(spectrum, k, &found);
        ck_assert_double_le(cabs(found - sum), 1e-14);
    }
    spectrum_free(spectrum);
}
END_TEST

START_TEST(noise_takes_every_bin_between_the_ends_and_neither_end)
{
    bool taken[33] = {false};
    struct spectrum_mask mask = {taken, 33};
    struct spectrum *spectrum = spectrum_new(64, WINDOW_RECTANGULAR);
    struct spectrum_noise noise = {0};
    double x[64] = {0.0};
    spectrum_transform(spectrum, x);
    ck_assert_int_eq(spectrum_noise(spectrum, 30, &mask, 1e9, &noise), CMRR_OK);
    ck_assert_uint_eq(noise.bins, 30);
    spectrum_free(spectrum);
}
END_TEST

/* Worst leakage of a line more than `away` bins off: 1/(pi (away + 1/2)) under a rectangle; -92 dB after Harris. */
START_TEST(a_line_between_bins_leaks_as_the_window_says)
{
    static const struct {
        size_t window, away;
        double limit_db;
    } cases[] = {{0, 4, -23.0}, {0, 10, -30.3}, {1, 4, -92.0}, {1, 10, -92.0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spectrum *spectrum = spectrum_new(N, windows[cases[i].window]);
        double worst = 0.0;
        for (double fraction = 0.0; fraction < 1.0; fraction += 0.05) {
            double x[N];
            double complex amplitude = 0.0;
            for (int n = 0; n < N; n++)
                x[n] = cos(2.0 * M_PI * (500.0 + (double)cases[i].away + fraction) * n / N + 0.7);
            spectrum_transform(spectrum, x);
            spectrum_tone(spectrum, 500, &amplitude);
            worst = fmax(worst, cabs(amplitude));
        }
        ck_assert_msg(20.0 * log10(worst) < cases[i].limit_db + 0.05, "case %zu: %g dB", i, 20.0 * log10(worst));
        ck_assert_msg(cases[i].window || 20.0 * log10(worst) > cases[i].limit_db - 0.3, "case %zu: %g dB", i,
                      20.0 * log10(worst));
        spectrum_free(spectrum);
    }
}
END_TEST

START_TEST(tones_outside_the_spectrum_are_refused_and_the_result_left_alone)
{
    struct spectrum *spectrum = spectrum_new(64, WINDOW_RECTANGULAR);
    double x[64] = {0.0};
    double complex amplitude = 42.0;
    spectrum_transform(spectrum, x);
    ck_assert_int_eq(spectrum_tone(spectrum, 0, &amplitude), CMRR_RANGE);
    ck_assert_int_eq(spectrum_tone(spectrum, 32, &amplitude), CMRR_RANGE);
    ck_assert_int_eq(spectrum_tone(spectrum, (size_t)-1, &amplitude), CMRR_RANGE);
    ck_assert_double_eq(creal(amplitude), 42.0);
    ck_assert_int_eq(spectrum_tone(spectrum, 31, &amplitude), CMRR_OK);
    spectrum_free(spectrum);
}
END_TEST

START_TEST(a_mask_takes_whole_bins_within_its_width)
{
    bool taken[33] = {false};
    struct spectrum_mask mask = {taken, 33};
    spectrum_mask_take(&mask, 10.4, 1.0);
    spectrum_mask_take(&mask, 0.0, 1.0);
    spectrum_mask_take(&mask, 33.5, 2.0);
    spectrum_mask_take(&mask, 20.5, 0.25);
    spectrum_mask_take(&mask, -9.0, 2.0);
    spectrum_mask_take(&mask, 1e30, 2.0);
    for (size_t bin = 0; bin < 33; bin++)
        ck_assert_int_eq(taken[bin], bin <= 1 || bin == 10 || bin == 11 || bin == 32);
}
END_TEST

/* Mean and variance of s^2, and the count of what was used, over many seeds of white noise. */
struct trial {
    double mean, variance, nu;
    size_t bins;
};

static struct trial try_noise(enum window window, size_t cycles, double nu_wanted, const struct spectrum_mask *mask,
                              uint64_t seed)
{
    enum { TRIALS = 4000 };
    struct spectrum *spectrum = spectrum_new(N, window);
    struct rng rng;
    struct trial trial = {0};
    double sum = 0.0, squares = 0.0;
    rng_init(&rng, seed);
    for (int t = 0; t < TRIALS; t++) {
        double x[N];
        struct spectrum_noise noise = {0};
        for (int i = 0; i < N; i++)
            x[i] = rng_gauss(&rng);
        spectrum_transform(spectrum, x);
        ck_assert_int_eq(spectrum_noise(spectrum, cycles, mask, nu_wanted, &noise), CMRR_OK);
        sum += noise.s * noise.s;
        squares += pow(noise.s, 4.0);
        trial.nu = noise.nu;
        trial.bins = noise.bins;
    }
    trial.mean = sum / TRIALS;
    trial.variance = squares / TRIALS - trial.mean * trial.mean;
    spectrum_free(spectrum);
    return trial;
}

/*
 * Each quadrature has the variance sigma^2 2/n times the window's noise bandwidth (2.004 for Harris' window). s^2
 * estimated with nu degrees of freedom scatters by 2 s^4 / nu. 4000 trials know the mean to sqrt(2 / nu / 4000) and
 * the variance to sqrt(2 / 4000 (1 + 6 / nu)), about 2.3 %; 4.5 of these.
 */
static void check_noise(enum window window, size_t cycles, double nu_wanted, const struct spectrum_mask *mask,
                        uint64_t seed)
{
    struct trial trial = try_noise(window, cycles, nu_wanted, mask, seed);
    double expected = 2.0 / N * (window == WINDOW_RECTANGULAR ? 1.0 : NOISE_BANDWIDTH);
    double mean_limit = 4.5 * sqrt(2.0 / trial.nu / 4000.0);
    double variance_limit = 4.5 * sqrt(2.0 / 4000.0 * (1.0 + 6.0 / trial.nu));
    ck_assert_msg(fabs(trial.mean / expected - 1.0) < mean_limit, "s^2 %g of %g", trial.mean, expected);
    double ratio = trial.variance / (2.0 * trial.mean * trial.mean / trial.nu);
    ck_assert_msg(fabs(ratio - 1.0) < variance_limit, "variance %g of what nu = %g predicts", ratio, trial.nu);
}

START_TEST(noise_beside_a_tone_has_the_deviation_and_the_degrees_of_freedom_claimed)
{
    bool taken[N / 2 + 1] = {false};
    struct spectrum_mask mask = {taken, N / 2 + 1};
    uint64_t seed = suite_seed(1);
    ck_assert_double_eq_tol(NOISE_BANDWIDTH, 2.004, 5e-4);
    check_noise(WINDOW_RECTANGULAR, 500, 100.0, &mask, seed);
    check_noise(WINDOW_BLACKMAN_HARRIS, 500, 100.0, &mask, seed + 1);
    check_noise(WINDOW_BLACKMAN_HARRIS, 500, 20.0, &mask, seed + 2);
}
END_TEST

/* Gaps, one-sided at the edge, single bins between lines: bins further apart are less correlated. */
START_TEST(degrees_of_freedom_are_right_with_a_mask_full_of_lines)
{
    bool taken[N / 2 + 1] = {false};
    struct spectrum_mask mask = {taken, N / 2 + 1};
    uint64_t seed = suite_seed(10);
    for (double centre = 0.0; centre < N / 2; centre += 9.0)
        spectrum_mask_take(&mask, centre, 3.0);
    check_noise(WINDOW_BLACKMAN_HARRIS, 4, 60.0, &mask, seed);
    check_noise(WINDOW_BLACKMAN_HARRIS, 1020, 60.0, &mask, seed + 1);
    for (double centre = 0.0; centre < N / 2; centre += 2.0)
        spectrum_mask_take(&mask, centre, 0.0);
    check_noise(WINDOW_BLACKMAN_HARRIS, 300, 60.0, &mask, seed + 2);
}
END_TEST

START_TEST(a_rectangle_counts_two_degrees_a_bin_and_takes_the_nearest)
{
    bool taken[N / 2 + 1] = {false};
    struct spectrum_mask mask = {taken, N / 2 + 1};
    struct spectrum *spectrum = spectrum_new(N, WINDOW_RECTANGULAR);
    struct spectrum_noise noise = {0};
    double x[N] = {0.0};
    /* Tones stand where no bin may be used: at the tone itself and just beyond 25 bins on each side. */
    tone_add(x, N, 1.0, 500, N, 0.0, 0);
    tone_add(x, N, 1.0, 474, N, 0.0, 0);
    tone_add(x, N, 1.0, 526, N, 0.0, 0);
    spectrum_transform(spectrum, x);
    ck_assert_int_eq(spectrum_noise(spectrum, 500, &mask, 100.0, &noise), CMRR_OK);
    ck_assert_uint_eq(noise.bins, 50);
    ck_assert_double_eq(noise.nu, 100.0);
    ck_assert_double_le(noise.s, 1e-14);
    spectrum_free(spectrum);
}
END_TEST

/* Two lines of known amplitude in the ten bins used: s = sqrt(mean |a|^2 / 2). */
START_TEST(s_is_the_root_of_half_the_mean_square)
{
    bool taken[N / 2 + 1] = {false};
    struct spectrum_mask mask = {taken, N / 2 + 1};
    struct spectrum *spectrum = spectrum_new(N, WINDOW_RECTANGULAR);
    struct spectrum_noise noise = {0};
    double x[N] = {0.0};
    tone_add(x, N, 3.0, 501, N, 0.3, 0);
    tone_add(x, N, 4.0, 497, N, 2.0, 0);
    spectrum_transform(spectrum, x);
    ck_assert_int_eq(spectrum_noise(spectrum, 500, &mask, 20.0, &noise), CMRR_OK);
    ck_assert_uint_eq(noise.bins, 10);
    ck_assert_double_eq_tol(noise.s, sqrt(25.0 / 10.0 / 2.0), 1e-12);
    spectrum_free(spectrum);
}
END_TEST

START_TEST(fewer_than_four_free_bins_give_no_noise)
{
    bool taken[33];
    struct spectrum_mask mask = {taken, 33};
    struct spectrum *spectrum = spectrum_new(64, WINDOW_BLACKMAN_HARRIS);
    struct spectrum_noise noise = {.s = 42.0};
    double x[64] = {0.0};
    for (size_t i = 0; i < 33; i++)
        taken[i] = i < 5 || i > 7;
    spectrum_transform(spectrum, x);
    ck_assert_int_eq(spectrum_noise(spectrum, 10, &mask, 100.0, &noise), CMRR_RANGE);
    ck_assert_double_eq(noise.s, 42.0);
    taken[8] = false;
    ck_assert_int_eq(spectrum_noise(spectrum, 10, &mask, 100.0, &noise), CMRR_OK);
    ck_assert_uint_eq(noise.bins, 4);
    spectrum_free(spectrum);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {a_coherent_tone_shows_its_amplitude_and_phase,
                            coherent_tones_do_not_leak_beyond_the_reach,
                            every_bin_is_the_windowed_sum,
                            noise_takes_every_bin_between_the_ends_and_neither_end,
                            a_line_between_bins_leaks_as_the_window_says,
                            tones_outside_the_spectrum_are_refused_and_the_result_left_alone,
                            a_mask_takes_whole_bins_within_its_width,
                            noise_beside_a_tone_has_the_deviation_and_the_degrees_of_freedom_claimed,
                            degrees_of_freedom_are_right_with_a_mask_full_of_lines,
                            a_rectangle_counts_two_degrees_a_bin_and_takes_the_nearest,
                            s_is_the_root_of_half_the_mean_square,
                            fewer_than_four_free_bins_give_no_noise};
    return suite_run("spectrum", tests, sizeof tests / sizeof *tests);
}
