/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/circuit.h"

#include <math.h>
#include "cmrr/rng.h"
#include "cmrr/units.h"
#include "../support/devices.h"
#include "../support/suite.h"

static double cmrr_db(const struct circuit *circuit, const struct device_point *point)
{
    struct transfer t = circuit_transfer(circuit, point);
    return -units_db(cabs(t.sum / (0.5 * (t.from[0] - t.from[1]))));
}

static struct circuit plain(double source_ohm, double hot_ohm, double cold_ohm)
{
    return (struct circuit){.source_ohm = {source_ohm, source_ohm}, .imbalance_ohm = {hot_ohm, cold_ohm}};
}

/* Each leg a divider Z / (Z + R): with Z = 10 kohm behind 50 ohm and 60 ohm. */
START_TEST(two_dividers_are_two_dividers)
{
    struct device_point point = devices_legs(1e4, 400.0);
    struct circuit circuit = {.source_ohm = {50.0, 60.0}};
    struct transfer t = circuit_transfer(&circuit, &point);
    ck_assert_double_eq_tol(creal(t.from[0]), 1e4 / 10050.0, 1e-14);
    ck_assert_double_eq_tol(creal(t.from[1]), -1e4 / 10060.0, 1e-14);
    ck_assert_double_eq_tol(creal(t.sum), 1e4 / 10050.0 - 1e4 / 10060.0, 1e-14);
}
END_TEST

START_TEST(no_resistance_anywhere_gives_the_transfers_of_the_pins)
{
    struct device_point point = devices_diffamp(12e3, 6e3);
    struct circuit circuit = plain(0.0, 0.0, 0.0);
    struct transfer t = circuit_transfer(&circuit, &point);
    ck_assert_double_eq(creal(t.from[0]), 0.5);
    ck_assert_double_eq(creal(t.from[1]), -0.5);
    ck_assert_double_eq(creal(t.sum), 0.0);
}
END_TEST

/* docs/method.md, "Source imbalance": data sheets' sentences, at zero source resistance. */
START_TEST(imbalance_costs_difference_amplifiers_what_their_data_sheets_say)
{
    static const struct {
        double r1, r2, dr, db;
    } rows[] = {{25e3, 25e3, 10, 73.98}, {25e3, 25e3, 5, 80.0},   {12e3, 6e3, 5, 71.13},   {12e3, 6e3, 10, 65.11},
                {12e3, 6e3, 100, 45.13}, {12e3, 6e3, 600, 29.69}, {10e3, 10e3, 10, 66.02}, {10e3, 10e3, 600, 30.59}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct device_point point = devices_diffamp(rows[i].r1, rows[i].r2);
        struct circuit hot = plain(0.0, rows[i].dr, 0.0), cold = plain(0.0, 0.0, rows[i].dr);
        double worse = fmin(cmrr_db(&hot, &point), cmrr_db(&cold, &point));
        ck_assert_msg(fabs(worse - rows[i].db) < 0.02, "row %zu: %.3f dB of %.2f", i, worse, rows[i].db);
    }
}
END_TEST

START_TEST(the_output_referred_figure_of_a_gain_of_a_half_is_6_db_more)
{
    struct device_point point = devices_diffamp(12e3, 6e3);
    struct circuit circuit = plain(0.0, 5.0, 0.0);
    ck_assert_double_eq_tol(-units_db(cabs(circuit_transfer(&circuit, &point).sum)), 77.15, 0.02);
}
END_TEST

START_TEST(imbalance_costs_high_impedance_legs_what_their_data_sheets_say)
{
    static const struct {
        double z, worse, other;
    } rows[] = {{500e3, 83.73, 96.55}, {2.5e6, 89.60, 95.33}};
    for (size_t i = 0; i < 2; i++) {
        struct device_point point = devices_legs(rows[i].z, 92.0);
        struct circuit hot = plain(0.0, 20.0, 0.0), cold = plain(0.0, 0.0, 20.0);
        double a = cmrr_db(&hot, &point), b = cmrr_db(&cold, &point);
        ck_assert_double_eq_tol(fmin(a, b), rows[i].worse, 0.02);
        ck_assert_double_eq_tol(fmax(a, b), rows[i].other, 0.02);
    }
}
END_TEST

/* rho_hot = rho_0 - dr/z, rho_cold = rho_0 + dr/z to first order: of a positive rho_0 the hot leg takes away. */
START_TEST(imbalance_has_the_documented_sign)
{
    struct device_point point = devices_legs(50e3, 74.0);
    struct circuit hot = plain(0.0, 10.0, 0.0), cold = plain(0.0, 0.0, 10.0);
    ck_assert_double_gt(cmrr_db(&hot, &point), 110.0);
    ck_assert_double_eq_tol(cmrr_db(&cold, &point), 68.0, 0.05);
}
END_TEST

/*
 * The same circuit by nodal analysis with conductances: nodes a, b behind the sources, pins p, q behind the imbalance.
 * An independent way to the same numbers; unknowns a, b, p, q.
 */
static double complex nodal(const struct circuit *c, const struct device_point *point, double e_hot, double e_cold)
{
    double gs[2] = {1.0 / c->source_ohm[0], 1.0 / c->source_ohm[1]};
    double gd[2] = {1.0 / c->imbalance_ohm[0], 1.0 / c->imbalance_ohm[1]};
    double gt = c->wiring == WIRING_TIED ? 1.0 / c->tie_ohm : 0.0;
    double complex m[4][5] = {{gs[0] + gt + gd[0], -gt, -gd[0], 0, e_hot * gs[0]},
                              {-gt, gs[1] + gt + gd[1], 0, -gd[1], e_cold * gs[1]},
                              {-gd[0], 0, gd[0] + point->y[0][0], point->y[0][1], 0},
                              {0, -gd[1], point->y[1][0], gd[1] + point->y[1][1], 0}};
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 4; i++) {
            double complex factor = i == k ? 0.0 : m[i][k] / m[k][k];
            for (int j = k; j < 5; j++)
                m[i][j] -= factor * m[k][j];
        }
    double complex hot = m[2][4] / m[2][2], cold = m[3][4] / m[3][3];
    return 0.5 * point->t_sum * (hot + cold) + point->t_diff * (hot - cold);
}

/* log-uniform between 10^from and 10^to */
static double draw(struct rng *rng, double from, double to)
{
    return pow(10.0, from + (to - from) * rng_uniform(rng));
}

/* Conductances of 1/0.01 ohm beside 1/1 Mohm: 1e-8 of cancellation costs 1e-16 x 1e8 at most, usually far less. */
START_TEST(random_circuits_agree_with_nodal_analysis)
{
    struct rng rng;
    rng_init(&rng, suite_seed(1));
    for (int i = 0; i < 5000; i++) {
        struct device_point point = {.t_sum = draw(&rng, -6, 0) + I * draw(&rng, -6, 0), .t_diff = draw(&rng, -2, 2)};
        for (int k = 0; k < 4; k++)
            point.y[k / 2][k % 2] = draw(&rng, -6, -3) * cexp(I * rng_uniform(&rng));
        struct circuit c = {.wiring = i % 2 ? WIRING_TIED : WIRING_NORMAL,
                            .source_ohm = {draw(&rng, 0, 3), draw(&rng, 0, 3)},
                            .tie_ohm = draw(&rng, -2, 1),
                            .imbalance_ohm = {draw(&rng, -1, 3), draw(&rng, -1, 3)}};
        struct transfer t = circuit_transfer(&c, &point);
        double size = cabs(t.from[0]) + cabs(t.from[1]);
        ck_assert_double_le(cabs(t.from[0] - nodal(&c, &point, 1, 0)), 1e-9 * size);
        ck_assert_double_le(cabs(t.from[1] - nodal(&c, &point, 0, 1)), 1e-9 * size);
        ck_assert_double_le(cabs(t.sum - t.from[0] - t.from[1]), 1e-11 * size);
    }
}
END_TEST

/* Both EMFs through 50 ohm each onto one node: V = 1 / (1 + 25 (y11 + y12 + y21 + y22)), g_cm = t_sum V. */
START_TEST(a_perfect_tie_is_one_node_behind_both_sources)
{
    struct device_point point = devices_diffamp(10e3, 10e3);
    point.t_sum = 1e-4;
    double complex y = point.y[0][0] + point.y[0][1] + point.y[1][0] + point.y[1][1];
    struct circuit circuit = {.wiring = WIRING_TIED, .source_ohm = {50.0, 50.0}};
    struct transfer t = circuit_transfer(&circuit, &point);
    /* 0.1 uohm stands for 0: 50 / 1e-9 x 1e-16 of rounding, and 1e-11 of what differential drive would give. */
    ck_assert_double_eq_tol(cabs(t.sum / (1e-4 / (1.0 + 25.0 * y)) - 1.0), 0.0, 5e-6);
    ck_assert_double_le(cabs(t.from[0] - t.from[1]), 4e-9);
}
END_TEST

/* mismatch x R_tie / (2 R_source): 0.05 dB, 10 mohm, 50 ohm leave 124.8 dB; a little less as the legs take current. */
START_TEST(a_tie_leaves_of_a_mismatch_r_tie_over_twice_r_source)
{
    struct device_point point = devices_legs(1e6, 400.0);
    struct circuit circuit = {.wiring = WIRING_TIED, .source_ohm = {50.0, 50.0}, .tie_ohm = 0.01};
    struct transfer t = circuit_transfer(&circuit, &point);
    double half = units_ratio(0.025);
    ck_assert_double_eq_tol(-units_db(cabs(half * t.from[0] + t.from[1] / half)), 124.8, 0.06);
}
END_TEST

START_TEST(reversal_exchanges_the_outputs_at_the_plug_and_leaves_the_resistor)
{
    struct device_point point = devices_diffamp(10e3, 10e3);
    struct circuit normal = {.source_ohm = {50.0, 70.0}, .imbalance_ohm = {10.0, 0.0}};
    struct circuit swapped = normal, mirrored = normal;
    swapped.wiring = WIRING_SWAPPED;
    mirrored.source_ohm[0] = 70.0;
    mirrored.source_ohm[1] = 50.0;
    struct transfer s = circuit_transfer(&swapped, &point), m = circuit_transfer(&mirrored, &point);
    ck_assert_double_eq(creal(s.from[0]), creal(m.from[1]));
    ck_assert_double_eq(creal(s.from[1]), creal(m.from[0]));
    ck_assert_double_lt(creal(s.from[0]), 0.0);
}
END_TEST

START_TEST(terminated_the_device_sees_nothing)
{
    struct device_point point = devices_diffamp(10e3, 10e3);
    struct circuit circuit = {.wiring = WIRING_TERMINATED, .source_ohm = {50.0, 50.0}};
    struct transfer t = circuit_transfer(&circuit, &point);
    ck_assert(t.from[0] == 0.0 && t.from[1] == 0.0 && t.sum == 0.0);
}
END_TEST

/* The signatures of docs/method.md on a 10k difference amplifier behind 50 ohm: each leg loses up to 50/10k. */
static void check_fault(enum fault fault, double hot, double cold)
{
    struct device_point point = devices_diffamp(10e3, 10e3);
    struct circuit circuit = {.source_ohm = {50.0, 50.0}, .fault = fault};
    struct transfer t = circuit_transfer(&circuit, &point);
    ck_assert_msg(cabs(t.from[0] - hot) < 0.01 && cabs(t.from[1] - cold) < 0.01, "%s: %.4f, %.4f", fault_name(fault),
                  creal(t.from[0]), creal(t.from[1]));
}

START_TEST(faults_have_their_signatures)
{
    check_fault(FAULT_NONE, 1.0, -1.0);
    check_fault(FAULT_HOT_OPEN, 0.0, -1.0);
    check_fault(FAULT_COLD_OPEN, 0.5, 0.0);
    check_fault(FAULT_UNBALANCED, 1.0, 0.0);
    check_fault(FAULT_SWAPPED, -1.0, 1.0);
    check_fault(FAULT_SHORTED, 0.0, 0.0);
    check_fault(FAULT_DISCONNECTED, 0.0, 0.0);
}
END_TEST

/* Both pins on one node between two sources of 50 ohm: half of each EMF, but for the 1 mohm and what the input takes. */
START_TEST(shorted_legs_are_one_node)
{
    struct device_point point = {.t_sum = 0.2, .t_diff = 1.0, .y = {{1e-7, 0.0}, {0.0, 1e-7}}};
    struct circuit circuit = {.source_ohm = {50.0, 50.0}, .fault = FAULT_SHORTED};
    struct transfer t = circuit_transfer(&circuit, &point);
    ck_assert_double_eq_tol(creal(t.from[0]), 0.1, 2e-5);
    ck_assert_double_eq_tol(creal(t.from[1]), 0.1, 2e-5);
}
END_TEST

/* 20 log10 2 but for the 50 ohm in the leg that lives. */
START_TEST(a_dead_leg_reads_minus_6_db_with_the_legs_driven_apart)
{
    static const enum fault dead[] = {FAULT_HOT_OPEN, FAULT_COLD_OPEN, FAULT_UNBALANCED};
    struct device_point point = devices_diffamp(10e3, 10e3);
    for (size_t i = 0; i < 3; i++) {
        struct circuit circuit = {.source_ohm = {50.0, 50.0}, .fault = dead[i]};
        ck_assert_double_eq_tol(cmrr_db(&circuit, &point), -6.02, 0.05);
    }
}
END_TEST

/* The trap that the leg check is for: with the legs tied an unbalanced input shorts the node. */
START_TEST(a_tie_hides_an_unbalanced_input)
{
    struct device_point point = devices_diffamp(10e3, 10e3);
    struct circuit circuit = {
        .wiring = WIRING_TIED, .source_ohm = {50.0, 50.0}, .tie_ohm = 0.01, .fault = FAULT_UNBALANCED};
    ck_assert_double_gt(-units_db(cabs(circuit_transfer(&circuit, &point).sum)), 60.0);
}
END_TEST

START_TEST(faults_have_their_names)
{
    static const char *const names[] = {"none",    "hot-open",   "cold-open",   "shorted",
                                        "swapped", "unbalanced", "disconnected"};
    for (int i = 0; i < FAULT_COUNT; i++)
        ck_assert_str_eq(fault_name((enum fault)i), names[i]);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {two_dividers_are_two_dividers,
                            no_resistance_anywhere_gives_the_transfers_of_the_pins,
                            imbalance_costs_difference_amplifiers_what_their_data_sheets_say,
                            the_output_referred_figure_of_a_gain_of_a_half_is_6_db_more,
                            imbalance_costs_high_impedance_legs_what_their_data_sheets_say,
                            imbalance_has_the_documented_sign,
                            random_circuits_agree_with_nodal_analysis,
                            a_perfect_tie_is_one_node_behind_both_sources,
                            a_tie_leaves_of_a_mismatch_r_tie_over_twice_r_source,
                            reversal_exchanges_the_outputs_at_the_plug_and_leaves_the_resistor,
                            terminated_the_device_sees_nothing,
                            faults_have_their_signatures,
                            shorted_legs_are_one_node,
                            a_dead_leg_reads_minus_6_db_with_the_legs_driven_apart,
                            a_tie_hides_an_unbalanced_input,
                            faults_have_their_names};
    return suite_run("circuit", tests, sizeof tests / sizeof *tests);
}
