/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/rng.h"

#include <math.h>
#include "../support/suite.h"

enum { DRAWS = 1000000 };

/* The authors' published outputs for the states 1, 2, 3, 4. */
START_TEST(the_generator_is_xoshiro256_plus_plus)
{
    struct rng rng = {.state = {1, 2, 3, 4}};
    ck_assert_uint_eq(rng_next(&rng), 41943041u);
    ck_assert_uint_eq(rng_next(&rng), 58720359u);
    ck_assert_uint_eq(rng_next(&rng), 3588806011781223u);
    ck_assert_uint_eq(rng_next(&rng), 3591011842654386u);
}
END_TEST

/* splitmix64 of 1234567, as published (Rosetta code, Vigna's splitmix64.c). */
START_TEST(the_seed_is_spread_by_splitmix64)
{
    struct rng rng;
    rng_init(&rng, 1234567);
    ck_assert_uint_eq(rng.state[0], 6457827717110365317u);
    ck_assert_uint_eq(rng.state[1], 3203168211198807973u);
    ck_assert_uint_eq(rng.state[2], 9817491932198370423u);
    ck_assert_uint_eq(rng.state[3], 4593380528125082431u);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_numbers_and_another_others)
{
    struct rng a, b, c;
    rng_init(&a, 5);
    rng_init(&b, 5);
    rng_init(&c, 6);
    for (int i = 0; i < 100; i++) {
        double x = rng_gauss(&a);
        ck_assert_double_eq(x, rng_gauss(&b));
        ck_assert_double_ne(x, rng_gauss(&c));
    }
}
END_TEST

START_TEST(a_new_seed_forgets_the_spare_deviate)
{
    struct rng a, b;
    rng_init(&a, 5);
    rng_gauss(&a);
    rng_init(&a, 7);
    rng_init(&b, 7);
    ck_assert_double_eq(rng_gauss(&a), rng_gauss(&b));
}
END_TEST

/* Chi-square over 100 cells: 99 +- sqrt(198) = 14.07; 4.5 of them. */
START_TEST(uniform_numbers_fill_their_interval_evenly)
{
    struct rng rng;
    size_t cell[100] = {0};
    double chi2 = 0.0, sum = 0.0;
    rng_init(&rng, suite_seed(1));
    for (size_t i = 0; i < DRAWS; i++) {
        double x = rng_uniform(&rng);
        ck_assert(x >= 0.0 && x < 1.0);
        cell[(size_t)(x * 100.0)]++;
        sum += x;
    }
    for (size_t i = 0; i < 100; i++)
        chi2 += ((double)cell[i] - DRAWS / 100.0) * ((double)cell[i] - DRAWS / 100.0) / (DRAWS / 100.0);
    ck_assert_double_le(fabs(chi2 - 99.0), 4.5 * sqrt(198.0));
    ck_assert_double_le(fabs(sum / DRAWS - 0.5), 4.5 * sqrt(1.0 / 12.0 / DRAWS));
}
END_TEST

/* The k-th moment of N(0, 1): 0, 1, 0, 3, 0, 15; the variance of its mean over n draws is (m_2k - m_k^2) / n. */
START_TEST(gaussian_numbers_have_the_moments_of_the_normal_distribution)
{
    static const double moment[] = {1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395};
    struct rng rng;
    double sum[7] = {0};
    rng_init(&rng, suite_seed(2));
    for (size_t i = 0; i < DRAWS; i++) {
        double x = rng_gauss(&rng), power = 1.0;
        for (size_t k = 1; k <= 6; k++)
            sum[k] += power *= x;
    }
    for (size_t k = 1; k <= 6; k++) {
        double limit = 4.5 * sqrt((moment[2 * k] - moment[k] * moment[k]) / DRAWS);
        ck_assert_msg(fabs(sum[k] / DRAWS - moment[k]) < limit, "moment %zu: %g", k, sum[k] / DRAWS);
    }
}
END_TEST

/* Beyond 3 deviations lie 0.26998 %, binomial. */
START_TEST(gaussian_numbers_have_the_tails_of_the_normal_distribution)
{
    struct rng rng;
    double beyond = 0.0, expected = 0.0026998 * DRAWS;
    rng_init(&rng, suite_seed(3));
    for (size_t i = 0; i < DRAWS; i++)
        beyond += fabs(rng_gauss(&rng)) > 3.0;
    ck_assert_double_le(fabs(beyond - expected), 4.5 * sqrt(expected));
}
END_TEST

/* Products of neighbours average to 0 with a deviation of 1 / sqrt(n). */
START_TEST(neighbouring_gaussian_numbers_are_uncorrelated)
{
    struct rng rng;
    double last[3] = {0}, product[3] = {0};
    rng_init(&rng, suite_seed(4));
    for (size_t i = 0; i < DRAWS; i++) {
        double x = rng_gauss(&rng);
        for (size_t lag = 0; lag < 3; lag++)
            product[lag] += x * last[lag];
        last[2] = last[1];
        last[1] = last[0];
        last[0] = x;
    }
    for (size_t lag = 0; lag < 3; lag++)
        ck_assert_double_le(fabs(product[lag] / DRAWS), 4.5 / sqrt(DRAWS));
}
END_TEST

int main(void)
{
    const TTest *tests[] = {the_generator_is_xoshiro256_plus_plus,
                            the_seed_is_spread_by_splitmix64,
                            the_same_seed_gives_the_same_numbers_and_another_others,
                            a_new_seed_forgets_the_spare_deviate,
                            uniform_numbers_fill_their_interval_evenly,
                            gaussian_numbers_have_the_moments_of_the_normal_distribution,
                            gaussian_numbers_have_the_tails_of_the_normal_distribution,
                            neighbouring_gaussian_numbers_are_uncorrelated};
    return suite_run("rng", tests, sizeof tests / sizeof *tests);
}
