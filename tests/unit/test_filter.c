/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/rng.h"
#include "../support/suite.h"

enum { BLOCK = 16, TAPS = 40, ROUNDED = 48, BLOCKS = 12, FRAMES = BLOCK * BLOCKS };

static double x[2][FRAMES], taps[2][2][ROUNDED], y[FRAMES];

static void fill(double *values, size_t count, struct rng *rng)
{
    for (size_t i = 0; i < count; i++)
        values[i] = rng_gauss(rng);
}

static void fill_all(void)
{
    struct rng rng;
    rng_init(&rng, 1);
    for (int input = 0; input < 2; input++) {
        fill(x[input], FRAMES, &rng);
        for (int set = 0; set < 2; set++)
            fill(taps[set][input], TAPS, &rng);
    }
}

/* The sum that defines it. */
static double direct(double taps_of[2][ROUNDED], size_t n)
{
    double sum = 0.0;
    for (int input = 0; input < 2; input++)
        for (size_t k = 0; k < ROUNDED && k <= n; k++)
            sum += taps_of[input][k] * x[input][n - k];
    return sum;
}

static struct filter_response *response_of(struct filter *filter, double taps_of[2][ROUNDED])
{
    return filter_response_new(filter, (const double *const[2]){taps_of[0], taps_of[1]});
}

static void run(struct filter *filter, const struct filter_response *response, size_t block)
{
    filter_run(filter, response, (const double *const[2]){x[0] + block * BLOCK, x[1] + block * BLOCK},
               y + block * BLOCK);
}

/* Sums of 80 products of size 1 through transforms of 32: 1e-16 x 100. */
START_TEST(the_filter_is_the_convolution)
{
    fill_all();
    struct filter *filter = filter_new(BLOCK, TAPS);
    struct filter_response *response = response_of(filter, taps[0]);
    for (size_t block = 0; block < BLOCKS; block++)
        run(filter, response, block);
    for (size_t n = 0; n < FRAMES; n++)
        ck_assert_double_eq_tol(y[n], direct(taps[0], n), 1e-13);
    filter_response_free(response);
    filter_free(filter);
}
END_TEST

START_TEST(a_response_exchanged_between_blocks_acts_on_the_kept_history)
{
    fill_all();
    struct filter *filter = filter_new(BLOCK, TAPS);
    struct filter_response *response[2] = {response_of(filter, taps[0]), response_of(filter, taps[1])};
    for (size_t block = 0; block < BLOCKS; block++)
        run(filter, response[block >= 5], block);
    for (size_t n = 0; n < FRAMES; n++)
        ck_assert_double_eq_tol(y[n], direct(taps[n / BLOCK >= 5], n), 1e-13);
    filter_response_free(response[0]);
    filter_response_free(response[1]);
    filter_free(filter);
}
END_TEST

START_TEST(the_output_may_be_an_input)
{
    fill_all();
    struct filter *filter = filter_new(BLOCK, TAPS);
    struct filter_response *response = response_of(filter, taps[0]);
    double in[2][BLOCK];
    for (size_t block = 0; block < BLOCKS; block++) {
        memcpy(in[0], x[0] + block * BLOCK, sizeof in[0]);
        memcpy(in[1], x[1] + block * BLOCK, sizeof in[1]);
        filter_run(filter, response, (const double *const[2]){in[0], in[1]}, in[1]);
        for (size_t i = 0; i < BLOCK; i++)
            ck_assert_double_eq_tol(in[1][i], direct(taps[0], block * BLOCK + i), 1e-13);
    }
    filter_response_free(response);
    filter_free(filter);
}
END_TEST

START_TEST(a_response_of_one_block_works_too)
{
    fill_all();
    struct filter *filter = filter_new(BLOCK, 1);
    memset(taps[0][0] + 1, 0, (ROUNDED - 1) * sizeof(double));
    memset(taps[0][1] + 1, 0, (ROUNDED - 1) * sizeof(double));
    struct filter_response *response = response_of(filter, taps[0]);
    for (size_t block = 0; block < BLOCKS; block++)
        run(filter, response, block);
    for (size_t n = 0; n < FRAMES; n++)
        ck_assert_double_eq_tol(y[n], taps[0][0][0] * x[0][n] + taps[0][1][0] * x[1][n], 1e-14);
    filter_response_free(response);
    filter_response_free(NULL);
    filter_free(filter);
    filter_free(NULL);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {the_filter_is_the_convolution, a_response_exchanged_between_blocks_acts_on_the_kept_history,
                            the_output_may_be_an_input, a_response_of_one_block_works_too};
    return suite_run("filter", tests, sizeof tests / sizeof *tests);
}
