/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/cmrr.h"

#include <math.h>
#include <stdlib.h>
#include "cmrr/rng.h"
#include "cmrr/units.h"
#include "../support/suite.h"

static const struct assumptions nothing = {.crosstalk_db = -300.0, .ground_db = -300.0, .source_ohm = 50.0};

static double radius_db(const struct assumptions *assumed, double freq_hz, int is_tied)
{
    return -units_db(cmrr_assumed_radius(assumed, freq_hz, 1.0, is_tied, 1));
}

/* docs/method.md, "Uncertainty": three decimals as printed there. */
START_TEST(rician_limits_are_those_of_the_table)
{
    static const double ratio[] = {1, 2, 2.716, 3, 5, 10};
    static const double upper[] = {2.636, 3.777, 4.533, 4.828, 6.875, 11.914};
    static const double lower[] = {0, 0, 0, 0.695, 2.909, 7.984};
    for (size_t i = 0; i < 6; i++) {
        ck_assert_double_eq_tol(cmrr_rice_upper(ratio[i]), upper[i], 5.1e-4);
        ck_assert_double_eq_tol(cmrr_rice_lower(ratio[i]), lower[i], 5.1e-4);
    }
}
END_TEST

/* P(R < r | 0) = 1 - exp(-r^2 / 2) is 0.025 at r = 0.2250. */
START_TEST(below_0_225_deviations_the_upper_limit_is_nothing)
{
    ck_assert_double_eq(cmrr_rice_upper(0.0), 0.0);
    ck_assert_double_eq(cmrr_rice_upper(0.2249), 0.0);
    ck_assert_double_gt(cmrr_rice_upper(0.2252), 0.0);
}
END_TEST

/* exp(-x) I0(x) by its power series, for x up to 100 exact to 1e-14. */
static double scaled_i0(double x)
{
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 300; k++)
        sum += term *= (0.5 * x / k) * (0.5 * x / k);
    return sum * exp(-x);
}

/* P(R < x) by the midpoint rule of 20000 steps: 1e-8. */
static double probability_below(double x, double amplitude)
{
    double sum = 0.0, h = x / 20000.0;
    for (int i = 0; i < 20000; i++) {
        double r = (i + 0.5) * h;
        sum += h * r * exp(-0.5 * (r - amplitude) * (r - amplitude)) * scaled_i0(r * amplitude);
    }
    return sum;
}

/* A limit off by d shifts the probability by about 0.06 d: 1e-6 of it is 2e-5 of a deviation. */
START_TEST(rician_limits_solve_rices_integral)
{
    static const double ratio[] = {0.3, 1.0, 1.7, 3.0, 6.0};
    for (size_t i = 0; i < 5; i++) {
        ck_assert_double_eq_tol(probability_below(ratio[i], cmrr_rice_upper(ratio[i])), 0.025, 1e-6);
        if (ratio[i] > 2.72)
            ck_assert_double_eq_tol(probability_below(ratio[i], cmrr_rice_lower(ratio[i])), 0.975, 1e-6);
    }
}
END_TEST

START_TEST(rician_limits_rise_without_a_step_and_end_at_the_normal_ones)
{
    double upper = 0.0, lower = 0.0;
    for (double ratio = 0.3; ratio < 60.0; ratio += 0.0973) {
        ck_assert_double_gt(cmrr_rice_upper(ratio), upper);
        ck_assert_double_ge(cmrr_rice_lower(ratio), lower);
        upper = cmrr_rice_upper(ratio);
        lower = cmrr_rice_lower(ratio);
    }
    /* The switch from integral to approximation, where the next term is 1e-4 or less; far off +-1.96. */
    ck_assert_double_eq_tol(cmrr_rice_upper(30.0) - cmrr_rice_upper(29.999999), 0.0, 1e-4);
    ck_assert_double_eq_tol(cmrr_rice_lower(30.0) - cmrr_rice_lower(29.999999), 0.0, 1e-4);
    ck_assert_double_eq_tol(cmrr_rice_upper(1e6) - 1e6, 1.959964, 1e-6);
    ck_assert_double_eq_tol(cmrr_rice_lower(1e6) - 1e6, -1.959964, 1e-6);
}
END_TEST

/* Frequencies of 200000 draws against the two probabilities: 4.5 sqrt(0.025 x 0.975 / 2e5) = 0.0016. */
START_TEST(a_true_amplitude_at_the_limit_gives_the_reading_with_2_5_percent)
{
    static const double reading[] = {0.5, 2.716, 4.0, 12.0};
    uint64_t seed = suite_seed(1);
    for (size_t i = 0; i < 4; i++) {
        struct rng rng;
        double upper = cmrr_rice_upper(reading[i]), lower = cmrr_rice_lower(reading[i]);
        size_t below = 0, above = 0;
        rng_init(&rng, seed + i);
        for (int draw = 0; draw < 200000; draw++) {
            double x = rng_gauss(&rng), y = rng_gauss(&rng);
            below += hypot(upper + x, y) < reading[i];
            above += hypot(lower + x, y) > reading[i];
        }
        ck_assert_double_eq_tol((double)below / 2e5, 0.025, 0.0016);
        if (reading[i] > 2.8)
            ck_assert_double_eq_tol((double)above / 2e5, 0.025, 0.0016);
    }
}
END_TEST

/* The 6 dB trap: +d and -d make v_dm = 2 d, d and d make v_cm = d. */
START_TEST(gains_know_what_the_drive_makes)
{
    struct phasor y = {0.4 * I, 0.02, 100};
    ck_assert_double_eq_tol(cimag(cmrr_gain_dm(y, 0.1).value), 2.0, 1e-15);
    ck_assert_double_eq_tol(cmrr_gain_dm(y, 0.1).u, 0.1, 1e-15);
    ck_assert_double_eq_tol(cimag(cmrr_gain_cm(y, 0.1).value), 4.0, 1e-15);
    ck_assert_double_eq_tol(cmrr_gain_cm(y, 0.1).u, 0.2, 1e-15);
}
END_TEST

/* docs/method.md, "Two ordinary outputs": one decimal as printed there. */
START_TEST(mismatch_alone_leaves_the_documented_floor)
{
    struct assumptions assumed = nothing;
    assumed.mismatch_db = 0.1;
    ck_assert_double_eq_tol(radius_db(&assumed, 1000, 0), 38.7, 0.051);
    assumed.mismatch_db = 0.01;
    ck_assert_double_eq_tol(radius_db(&assumed, 20000, 0), 58.8, 0.051);
    assumed.mismatch_db = 0.001;
    ck_assert_double_eq_tol(radius_db(&assumed, 20, 0), 78.8, 0.051);
}
END_TEST

START_TEST(skew_alone_leaves_the_documented_floor)
{
    static const struct {
        double ns, freq_hz, db;
    } rows[] = {{1000, 60, 68.5}, {1000, 1000, 44.0}, {1000, 10000, 24.0}, {1000, 20000, 18.0}, {10, 60, 108.5},
                {10, 1000, 84.0}, {10, 20000, 58.0},  {1, 1000, 104.0},    {1, 20000, 78.0}};
    struct assumptions assumed = nothing;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assumed.skew_ns = rows[i].ns;
        ck_assert_double_eq_tol(radius_db(&assumed, rows[i].freq_hz, 0), rows[i].db, 0.051);
    }
}
END_TEST

START_TEST(a_tie_takes_the_mismatch_down_by_r_tie_over_twice_r_source)
{
    struct assumptions assumed = nothing;
    assumed.mismatch_db = 0.05;
    assumed.tie_ohm = 0.01;
    ck_assert_double_eq_tol(radius_db(&assumed, 1000, 1), 124.8, 0.051);
    assumed.mismatch_db = 0.1;
    assumed.tie_ohm = 0.1;
    ck_assert_double_eq_tol(radius_db(&assumed, 1000, 1), 98.8, 0.11); /* 98.74, printed as 98.8 */
}
END_TEST

START_TEST(mismatch_and_skew_add_in_squares_and_the_rest_linearly)
{
    struct assumptions assumed = {
        .mismatch_db = 0.1, .skew_ns = 50, .crosstalk_db = -80, .ground_db = -90, .tie_ohm = 0.02, .source_ohm = 50};
    double match = hypot(pow(10, 0.005) - 1.0, 2.0 * M_PI * 3000.0 * 50e-9), ground = pow(10, -4.5) / 4.0;
    ck_assert_double_eq_tol(cmrr_assumed_radius(&assumed, 3000, 4.0, 0, 0), match + 2e-4 / 4.0 + ground, 1e-15);
    ck_assert_double_eq_tol(cmrr_assumed_radius(&assumed, 3000, 4.0, 0, 1), match + ground, 1e-15);
    ck_assert_double_eq_tol(cmrr_assumed_radius(&assumed, 3000, 4.0, 1, 1), match * 2e-4 + ground, 1e-15);
}
END_TEST

START_TEST(without_assumptions_nothing_is_bounded)
{
    ck_assert_double_le(cmrr_assumed_radius(&nothing, 20000, 1.0, 0, 0), 4e-15);
}
END_TEST

/* docs/method.md: 44.8 dB with 0.1 dB and 50 ns assumed says ">= 35.2" in mid-band, 34 to 36 over it. */
START_TEST(a_perfect_input_on_unknown_outputs_is_a_bound_of_35_db)
{
    struct assumptions assumed = {
        .mismatch_db = 0.1, .skew_ns = 50, .crosstalk_db = -90, .ground_db = -200, .tie_ohm = 0.01, .source_ohm = 50};
    struct phasor rho = {units_ratio(-44.8), 1e-7, 100};
    struct cmrr_result mid = cmrr_judge(rho, cmrr_assumed_radius(&assumed, 1000, 1.0, 0, 0));
    ck_assert_int_eq(mid.kind, CMRR_KIND_BOUND);
    ck_assert_double_eq_tol(mid.cmrr_db, 35.2, 0.1);
    for (double f = 20.0; f <= 20000.0; f *= 1.26) {
        struct cmrr_result result = cmrr_judge(rho, cmrr_assumed_radius(&assumed, f, 1.0, 0, 0));
        ck_assert(result.kind == CMRR_KIND_BOUND && result.cmrr_db >= 34.0 && result.cmrr_db <= 36.0);
    }
}
END_TEST

START_TEST(noise_turns_a_value_into_a_bound_at_2_716_deviations)
{
    ck_assert_int_eq(cmrr_judge((struct phasor){2.7161e-4, 1e-4, 100}, 0.0).kind, CMRR_KIND_VALUE);
    ck_assert_int_eq(cmrr_judge((struct phasor){2.7159e-4, 1e-4, 100}, 0.0).kind, CMRR_KIND_BOUND);
    ck_assert_int_eq(cmrr_judge((struct phasor){1e-3 * I + 2.7161e-4 * I, 1e-4, 100}, 1e-3).kind, CMRR_KIND_BOUND);
    ck_assert_int_eq(cmrr_judge((struct phasor){2.4e-4 * I, 5e-5, 100}, 1.0e-4).kind, CMRR_KIND_VALUE);
    ck_assert_int_eq(cmrr_judge((struct phasor){2.35e-4 * I, 5e-5, 100}, 1.0e-4).kind, CMRR_KIND_BOUND);
}
END_TEST

START_TEST(assumptions_turn_a_value_into_a_bound_at_twice_their_radius)
{
    ck_assert_int_eq(cmrr_judge((struct phasor){-0.25, 1e-9, 100}, 0.125).kind, CMRR_KIND_VALUE);
    ck_assert_int_eq(cmrr_judge((struct phasor){-0.2499999, 1e-9, 100}, 0.125).kind, CMRR_KIND_BOUND);
}
END_TEST

START_TEST(fewer_than_80_degrees_of_freedom_give_a_bound)
{
    ck_assert_int_eq(cmrr_judge((struct phasor){1e-2, 1e-6, 80.0}, 0.0).kind, CMRR_KIND_VALUE);
    ck_assert_int_eq(cmrr_judge((struct phasor){1e-2, 1e-6, 79.9}, 0.0).kind, CMRR_KIND_BOUND);
}
END_TEST

/* x = 5 s, b = s: the number is sqrt(25 - 2) s, limits L(5) - 1 and U(5) + 1, floor 3.716 s. */
START_TEST(a_value_has_the_limits_of_the_rule)
{
    double s = 1e-5;
    struct cmrr_result result = cmrr_judge((struct phasor){(3.0 + 4.0 * I) * s, s, 100}, s);
    ck_assert_int_eq(result.kind, CMRR_KIND_VALUE);
    ck_assert_double_eq_tol(result.cmrr_db, -units_db(sqrt(23.0) * s), 1e-9);
    ck_assert_double_eq_tol(result.lo95_db, -units_db(7.875 * s), 1e-3);
    ck_assert_double_eq_tol(result.hi95_db, -units_db(1.909 * s), 3e-3);
    ck_assert_double_eq_tol(result.floor_db, -units_db(3.716 * s), 1e-9);
}
END_TEST

START_TEST(a_bound_stands_at_the_upper_limit_and_has_no_other)
{
    double s = 1e-5;
    struct cmrr_result result = cmrr_judge((struct phasor){2.0 * s, s, 100}, s);
    ck_assert_int_eq(result.kind, CMRR_KIND_BOUND);
    ck_assert_double_eq_tol(result.cmrr_db, -units_db(4.777 * s), 1e-3);
    ck_assert_double_eq(result.lo95_db, result.cmrr_db);
    ck_assert(isnan(result.hi95_db));
}
END_TEST

START_TEST(a_limit_that_reaches_nothing_is_left_open)
{
    struct cmrr_result result = cmrr_judge((struct phasor){2.8, 1.0, 100}, 0.0);
    ck_assert_int_eq(result.kind, CMRR_KIND_VALUE);
    ck_assert(!isnan(result.hi95_db));
    result = cmrr_judge((struct phasor){4.0, 1.0, 100}, 1.284 - 1e-9);
    ck_assert_int_eq(result.kind, CMRR_KIND_VALUE);
    result = cmrr_judge((struct phasor){3.2, 1.0, 100}, 0.48);
    ck_assert_int_eq(result.kind, CMRR_KIND_VALUE);
    ck_assert(!isnan(result.hi95_db) || cmrr_rice_lower(3.2) <= 0.48);
}
END_TEST

START_TEST(nothing_is_ever_printed_above_the_floor)
{
    struct rng rng;
    rng_init(&rng, suite_seed(2));
    for (int i = 0; i < 1000; i++) {
        double s = pow(10.0, -8.0 * rng_uniform(&rng)), b = pow(10.0, -8.0 * rng_uniform(&rng));
        double x = pow(10.0, -9.0 * rng_uniform(&rng));
        struct cmrr_result result = cmrr_judge((struct phasor){x, s, 100}, i % 2 ? b : 0.0);
        ck_assert(result.cmrr_db <= result.floor_db + 1e-12 && result.lo95_db <= result.cmrr_db + 1e-12);
        ck_assert(isnan(result.hi95_db) || result.hi95_db >= result.cmrr_db);
    }
}
END_TEST

START_TEST(no_reading_is_known_better_than_1e_12)
{
    struct cmrr_result result = cmrr_judge((struct phasor){0.0, 0.0, 1e9}, 0.0);
    ck_assert_int_eq(result.kind, CMRR_KIND_BOUND);
    ck_assert_double_eq_tol(result.cmrr_db, -units_db(2.716e-12), 1e-9);
}
END_TEST

/* A NaN compares false with everything: it once came out as a bound at the floor, the best figure there is. */
START_TEST(a_reading_that_is_no_number_is_invalid)
{
    static const double broken[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(cmrr_judge((struct phasor){broken[i], 1e-6, 100}, 0.0).kind, CMRR_KIND_INVALID);
        ck_assert_int_eq(cmrr_judge((struct phasor){I * broken[i], 1e-6, 100}, 0.0).kind, CMRR_KIND_INVALID);
        ck_assert_int_eq(cmrr_judge((struct phasor){1.0, broken[i], 100}, 0.0).kind, CMRR_KIND_INVALID);
        ck_assert_int_eq(cmrr_judge((struct phasor){1.0, 1e-6, 100}, broken[i]).kind, CMRR_KIND_INVALID);
    }
    struct cmrr_result result = cmrr_judge((struct phasor){NAN, 1e-6, 100}, 0.0);
    ck_assert(isnan(result.cmrr_db) && isnan(result.lo95_db) && isnan(result.hi95_db));
}
END_TEST

enum { SEEDS = 200 };

/* How many of 200 noisy readings (s known, b = 0) have the true amplitude inside what they state. */
static int count_covered(double amplitude, uint64_t seed)
{
    struct rng rng;
    int covered = 0;
    rng_init(&rng, seed);
    for (int i = 0; i < SEEDS; i++) {
        double complex noise = rng_gauss(&rng);
        noise += I * rng_gauss(&rng);
        struct cmrr_result r = cmrr_judge((struct phasor){amplitude * cexp(I) + noise, 1.0, 100}, 0.0);
        double truth_db = -units_db(amplitude);
        covered += truth_db >= r.lo95_db && !(truth_db > r.hi95_db);
    }
    return covered;
}

/* 95 % of 200: 180 to 199 with a false alarm of 0.12 % a cell; below the floor at least 180 (97.5 % expected). */
START_TEST(the_rule_covers_the_truth_at_every_amplitude)
{
    static const double amplitudes[] = {0.0, 1.0, 2.0, 2.6, 2.8, 4.0, 10.0, 100.0};
    uint64_t seed = suite_seed(3);
    int pooled = 0;
    for (size_t i = 0; i < 8; i++) {
        int covered = count_covered(amplitudes[i], seed + i);
        ck_assert_msg(covered >= 180, "amplitude %g s: %d of 200", amplitudes[i], covered);
        ck_assert_msg(amplitudes[i] < 2.716 || covered <= 199, "amplitude %g s: %d of 200", amplitudes[i], covered);
        pooled += covered;
    }
    /* 4 x 97.5 % and 4 x 95 %: 1540 of 1600, deviation sqrt(800 (0.975 x 0.025 + 0.95 x 0.05)) = 7.6. */
    ck_assert_msg(abs(pooled - 1540) <= 34, "%d of 1600", pooled);
}
END_TEST

/* The disc of what is assumed shifts the reading by up to b in any direction; nothing may fall outside then. */
START_TEST(with_assumptions_the_interval_holds_wherever_in_the_disc_the_truth_lies)
{
    struct rng rng;
    rng_init(&rng, suite_seed(4));
    for (int i = 0; i < 400; i++) {
        double truth = pow(10.0, -3.0 * rng_uniform(&rng)), b = 0.05, s = 1e-7;
        double complex shift = b * cexp(2.0 * M_PI * I * rng_uniform(&rng));
        struct cmrr_result r = cmrr_judge((struct phasor){truth + shift, s, 100}, b);
        double truth_db = -units_db(truth);
        ck_assert(truth_db >= r.lo95_db - 1e-3 && !(truth_db > r.hi95_db + 1e-3));
    }
}
END_TEST

START_TEST(kinds_have_their_words)
{
    ck_assert_str_eq(cmrr_kind_name(CMRR_KIND_VALUE), "value");
    ck_assert_str_eq(cmrr_kind_name(CMRR_KIND_BOUND), "bound");
    ck_assert_str_eq(cmrr_kind_name(CMRR_KIND_INVALID), "invalid");
}
END_TEST

int main(void)
{
    const TTest *tests[] = {rician_limits_are_those_of_the_table,
                            below_0_225_deviations_the_upper_limit_is_nothing,
                            rician_limits_solve_rices_integral,
                            rician_limits_rise_without_a_step_and_end_at_the_normal_ones,
                            a_true_amplitude_at_the_limit_gives_the_reading_with_2_5_percent,
                            gains_know_what_the_drive_makes,
                            mismatch_alone_leaves_the_documented_floor,
                            skew_alone_leaves_the_documented_floor,
                            a_tie_takes_the_mismatch_down_by_r_tie_over_twice_r_source,
                            mismatch_and_skew_add_in_squares_and_the_rest_linearly,
                            without_assumptions_nothing_is_bounded,
                            a_perfect_input_on_unknown_outputs_is_a_bound_of_35_db,
                            noise_turns_a_value_into_a_bound_at_2_716_deviations,
                            assumptions_turn_a_value_into_a_bound_at_twice_their_radius,
                            fewer_than_80_degrees_of_freedom_give_a_bound,
                            a_value_has_the_limits_of_the_rule,
                            a_bound_stands_at_the_upper_limit_and_has_no_other,
                            a_limit_that_reaches_nothing_is_left_open,
                            nothing_is_ever_printed_above_the_floor,
                            no_reading_is_known_better_than_1e_12,
                            a_reading_that_is_no_number_is_invalid,
                            the_rule_covers_the_truth_at_every_amplitude,
                            with_assumptions_the_interval_holds_wherever_in_the_disc_the_truth_lies,
                            kinds_have_their_words};
    return suite_run("cmrr", tests, sizeof tests / sizeof *tests);
}
