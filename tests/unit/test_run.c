/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/units.h"
#include "../support/suite.h"

static const struct assumptions nothing = {.crosstalk_db = -200.0, .ground_db = -200.0, .source_ohm = 50.0};

/* A reading of transfer `gain` (per dm or cm drive) at -20 dBFS, noise s of full scale. */
static struct reading made(enum mode mode, enum wiring wiring, double freq_hz, double complex gain, double s)
{
    double drive = 0.1;
    return (struct reading){.pass = PASS_MAIN,
                            .mode = mode,
                            .position = {.wiring = wiring},
                            .freq_hz = freq_hz,
                            .drive_dbfs = -20.0,
                            .y = {gain * drive * (mode == MODE_DM ? 2.0 : 1.0), s, 100.0}};
}

static struct run_points points_of(const struct reading *readings, size_t count, const struct assumptions *assumed)
{
    struct run_points points = {.at = NULL};
    ck_assert_int_eq(run_points_make(&points, readings, count, assumed, NULL, NULL), CMRR_OK);
    return points;
}

/* g_dm = 4, g_cm = 0.02 - 0.01 i: rho = 0.005 - 0.0025 i, 45.05 dB. */
START_TEST(normal_gives_the_common_mode_gain_over_the_differential_gain)
{
    struct reading readings[] = {made(MODE_CM, WIRING_NORMAL, 1000, 0.02 - 0.01 * I, 1e-9),
                                 made(MODE_DM, WIRING_NORMAL, 1000, 4.0, 1e-9)};
    struct run_points points = points_of(readings, 2, &nothing);
    ck_assert_uint_eq(points.count, 1);
    const struct point *point = &points.at[0];
    ck_assert_str_eq(point->method, "normal");
    ck_assert_double_le(cabs(point->rho.value - (0.005 - 0.0025 * I)), 1e-15);
    ck_assert_double_le(cabs(point->gain_dm - 4.0), 1e-12);
    ck_assert_double_le(cabs(point->gain_cm - (0.02 - 0.01 * I)), 1e-15);
    ck_assert_int_eq(point->result.kind, CMRR_KIND_VALUE);
    ck_assert_double_eq_tol(point->result.cmrr_db, -units_db(hypot(0.005, 0.0025)), 1e-6);
    ck_assert(isnan(point->residual_db));
    ck_assert_double_eq(points.source_per_leg_ohm, 50.0);
    /* s of y over drive and gain: 1e-9 / 0.1 / 4, the gain's share rho times that over 2. */
    ck_assert_double_eq_tol(point->rho.u, 2.5e-9, 1e-12);
    run_points_free(&points);
}
END_TEST

START_TEST(the_residual_is_subtracted_as_a_vector_and_its_noise_adds)
{
    struct reading readings[] = {made(MODE_DM, WIRING_NORMAL, 1000, 1.0, 1e-9),
                                 made(MODE_CM, WIRING_TIED, 1000, 1e-3 + 2e-4 * I, 3e-9),
                                 made(MODE_CM, WIRING_TERMINATED, 1000, 2e-4 * I, 4e-9)};
    struct run_points points = points_of(readings, 3, &nothing);
    ck_assert_str_eq(points.at[0].method, "tied-residual");
    ck_assert_double_le(cabs(points.at[0].rho.value - 1e-3), 1e-15);
    ck_assert_double_eq_tol(points.at[0].rho.u, 5e-8, 1e-10);
    ck_assert_double_eq_tol(points.at[0].residual_db, -units_db(2e-4), 1e-9);
    ck_assert_double_eq(points.source_per_leg_ohm, 0.0);
    run_points_free(&points);
}
END_TEST

START_TEST(tied_wins_over_normal)
{
    struct reading readings[] = {made(MODE_DM, WIRING_NORMAL, 1000, 1.0, 1e-9),
                                 made(MODE_CM, WIRING_NORMAL, 1000, 6e-3, 1e-9),
                                 made(MODE_CM, WIRING_TIED, 1000, 1e-3, 1e-9)};
    struct run_points points = points_of(readings, 3, &nothing);
    ck_assert_str_eq(points.at[0].method, "tied");
    ck_assert_double_eq_tol(points.at[0].result.cmrr_db, 60.0, 1e-3);
    run_points_free(&points);
}
END_TEST

START_TEST(b_follows_from_how_it_was_measured)
{
    struct assumptions assumed = {
        .mismatch_db = 0.1, .crosstalk_db = -80, .ground_db = -200, .tie_ohm = 0.01, .source_ohm = 50};
    struct reading readings[] = {made(MODE_DM, WIRING_NORMAL, 1000, 2.0, 1e-9),
                                 made(MODE_CM, WIRING_TIED, 1000, 1e-3, 1e-9),
                                 made(MODE_CM, WIRING_TERMINATED, 1000, 0.0, 1e-9)};
    struct run_points with = points_of(readings, 3, &assumed), without = points_of(readings, 2, &assumed);
    double match = (pow(10, 0.005) - 1.0) * 1e-4;
    ck_assert_double_eq_tol(with.at[0].b, match, 1e-10);
    ck_assert_double_eq_tol(without.at[0].b, match + 2e-4 / 2.0, 1e-10);
    run_points_free(&with);
    run_points_free(&without);
}
END_TEST

START_TEST(points_ascend_and_the_last_reading_of_a_kind_wins)
{
    struct reading readings[] = {
        made(MODE_CM, WIRING_NORMAL, 2000, 1e-2, 1e-9), made(MODE_CM, WIRING_NORMAL, 1000, 1e-2, 1e-9),
        made(MODE_DM, WIRING_NORMAL, 2000, 1.0, 1e-9), made(MODE_DM, WIRING_NORMAL, 1000, 1.0, 1e-9),
        made(MODE_CM, WIRING_NORMAL, 1000, 1e-3, 1e-9)};
    struct run_points points = points_of(readings, 5, &nothing);
    ck_assert_uint_eq(points.count, 2);
    ck_assert_double_eq(points.at[0].freq_hz, 1000);
    ck_assert_double_eq_tol(points.at[0].result.cmrr_db, 60.0, 1e-3);
    ck_assert_double_eq_tol(points.at[1].result.cmrr_db, 40.0, 1e-3);
    run_points_free(&points);
}
END_TEST

START_TEST(looks_and_resistors_are_no_common_mode_readings)
{
    struct reading readings[] = {
        made(MODE_CM, WIRING_NORMAL, 1000, 1e-3, 1e-9), made(MODE_DM, WIRING_NORMAL, 1000, 1.0, 1e-9),
        made(MODE_CM, WIRING_NORMAL, 1000, 1.0, 1e-9), made(MODE_CM, WIRING_NORMAL, 1000, 1.0, 1e-9)};
    readings[2].pass = PASS_LOOK;
    readings[3].position.leg = LEG_HOT;
    struct run_points points = points_of(readings, 4, &nothing);
    ck_assert_double_eq_tol(points.at[0].result.cmrr_db, 60.0, 1e-3);
    run_points_free(&points);
}
END_TEST

static struct point only_point(const struct reading *readings, size_t count, const struct assumptions *assumed)
{
    struct run_points points = points_of(readings, count, assumed);
    ck_assert_uint_eq(points.count, 1);
    struct point point = points.at[0];
    ck_assert_int_eq(point.result.kind == CMRR_KIND_INVALID, run_points_verdict(&points) == CMRR_UNTRUSTED);
    run_points_free(&points);
    return point;
}

START_TEST(without_a_differential_gain_a_point_is_invalid)
{
    struct reading readings[] = {made(MODE_CM, WIRING_TIED, 1000, 1e-3, 1e-9)};
    struct point point = only_point(readings, 1, &nothing);
    ck_assert_int_eq(point.result.kind, CMRR_KIND_INVALID);
    ck_assert_uint_eq(point.flags, FLAG_NO_RELEASED);
    ck_assert(isnan(point.result.cmrr_db));
}
END_TEST

/* Ten deviations of noise; and the transfer that crosstalk could make. */
START_TEST(without_a_signal_a_point_is_invalid)
{
    struct reading noisy[] = {made(MODE_CM, WIRING_NORMAL, 1000, 0.5, 1e-9),
                              made(MODE_DM, WIRING_NORMAL, 1000, 1.0, 0.0201)};
    struct reading weak[] = {made(MODE_CM, WIRING_NORMAL, 1000, 5e-5, 1e-9),
                             made(MODE_DM, WIRING_NORMAL, 1000, 0.99e-4, 1e-9)};
    ck_assert_uint_eq(only_point(noisy, 2, &nothing).flags, FLAG_NO_SIGNAL);
    ck_assert_uint_eq(only_point(weak, 2, &nothing).flags, FLAG_NO_SIGNAL);
    noisy[1].y.u = 0.0199;
    ck_assert_uint_eq(only_point(noisy, 2, &nothing).flags, 0);
}
END_TEST

START_TEST(clipping_of_any_ingredient_invalidates_the_point)
{
    for (size_t clipped = 0; clipped < 3; clipped++) {
        struct reading readings[] = {made(MODE_CM, WIRING_TIED, 1000, 1e-3, 1e-9),
                                     made(MODE_DM, WIRING_NORMAL, 1000, 1.0, 1e-9),
                                     made(MODE_CM, WIRING_TERMINATED, 1000, 1e-6, 1e-9)};
        readings[clipped].flags = FLAG_CLIP;
        struct point point = only_point(readings, 3, &nothing);
        ck_assert_int_eq(point.result.kind, CMRR_KIND_INVALID);
        ck_assert_uint_eq(point.flags, FLAG_CLIP);
    }
}
END_TEST

static struct point with_legs(double complex hot, double complex cold, enum wiring wiring)
{
    struct reading readings[] = {made(MODE_HOT, WIRING_NORMAL, 1000, hot, 1e-9),
                                 made(MODE_COLD, WIRING_NORMAL, 1000, cold, 1e-9),
                                 made(MODE_DM, WIRING_NORMAL, 1000, 0.5, 1e-9), made(MODE_CM, wiring, 1000, 1.0, 1e-9)};
    readings[0].pass = readings[1].pass = PASS_LOOK;
    return only_point(readings, 4, &nothing);
}

/* A tie hides a dead leg; driven apart, the same leg gives a true -6 dB. */
START_TEST(a_dead_leg_invalidates_tied_points_and_flags_normal_ones)
{
    struct point tied = with_legs(1.0, 0.0, WIRING_TIED), normal = with_legs(1.0, 0.0, WIRING_NORMAL);
    ck_assert_int_eq(tied.result.kind, CMRR_KIND_INVALID);
    ck_assert_uint_eq(tied.flags, FLAG_LEG_COLD);
    ck_assert_int_eq(normal.result.kind, CMRR_KIND_VALUE);
    ck_assert_uint_eq(normal.flags, FLAG_LEG_COLD);
    ck_assert_double_eq_tol(normal.result.cmrr_db, -6.02, 0.001);
}
END_TEST

START_TEST(joined_or_missing_legs_invalidate_everything)
{
    ck_assert_int_eq(with_legs(0.01, 0.01, WIRING_NORMAL).result.kind, CMRR_KIND_INVALID);
    ck_assert_int_eq(with_legs(1e-5, 1e-5, WIRING_NORMAL).result.kind, CMRR_KIND_INVALID);
}
END_TEST

START_TEST(inverted_polarity_is_a_warning)
{
    struct point point = with_legs(-1.0, 1.0, WIRING_TIED);
    ck_assert_uint_eq(point.flags, FLAG_INVERTED);
    ck_assert_int_eq(point.result.kind, CMRR_KIND_VALUE);
}
END_TEST

START_TEST(what_was_planned_stands_as_invalid_where_the_look_ended_it)
{
    double planned_hz[] = {100, 1000, 10000};
    struct planned planned = {planned_hz, 3};
    struct reading probe = made(MODE_CM, WIRING_NORMAL, 1549, 1e-3, 0.0);
    struct run_points points;
    probe.pass = PASS_LOOK;
    probe.flags = FLAG_SHORTED;
    ck_assert_int_eq(run_points_make(&points, &probe, 1, &nothing, &planned, NULL), CMRR_OK);
    ck_assert_uint_eq(points.count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_double_eq(points.at[i].freq_hz, planned_hz[i]);
        ck_assert_int_eq(points.at[i].result.kind, CMRR_KIND_INVALID);
        ck_assert_uint_eq(points.at[i].flags, FLAG_SHORTED);
    }
    ck_assert_int_eq(run_points_verdict(&points), CMRR_UNTRUSTED);
    run_points_free(&points);
}
END_TEST

START_TEST(too_few_bins_give_a_flagged_bound)
{
    struct reading readings[] = {made(MODE_CM, WIRING_NORMAL, 1000, 1e-3, 1e-9),
                                 made(MODE_DM, WIRING_NORMAL, 1000, 1.0, 1e-12)};
    readings[0].y.nu = 40.0;
    struct run_points points = points_of(readings, 2, &nothing);
    ck_assert_int_eq(points.at[0].result.kind, CMRR_KIND_BOUND);
    ck_assert_uint_eq(points.at[0].flags, FLAG_FEW_BINS);
    run_points_free(&points);
}
END_TEST

START_TEST(the_verdict_trusts_a_run_with_a_value_and_no_invalid_point)
{
    struct point at[2] = {{.result.kind = CMRR_KIND_VALUE}, {.result.kind = CMRR_KIND_BOUND}};
    struct run_points points = {.at = at, .count = 2};
    ck_assert_int_eq(run_points_verdict(&points), CMRR_OK);
    at[0].result.kind = CMRR_KIND_BOUND;
    ck_assert_int_eq(run_points_verdict(&points), CMRR_UNTRUSTED);
    at[0].result.kind = CMRR_KIND_VALUE;
    at[1].result.kind = CMRR_KIND_INVALID;
    ck_assert_int_eq(run_points_verdict(&points), CMRR_UNTRUSTED);
    points.count = 0;
    ck_assert_int_eq(run_points_verdict(&points), CMRR_UNTRUSTED);
}
END_TEST

static struct run_points survived(const struct run_points *points)
{
    struct table *table = run_points_table(points), *back = NULL;
    struct run_points read;
    struct cmrr_error why = {0};
    char *text = table_format(table);
    ck_assert_int_eq(table_parse(&back, text, strlen(text), "run.csv", &why), CMRR_OK);
    ck_assert_msg(run_points_parse(&read, back, &why) == CMRR_OK, "%s", why.text);
    free(text);
    table_free(back);
    table_free(table);
    return read;
}

/* dB have 4 decimals, rho 12 digits, the gain 5 decimals of a dB and 4 of a degree: 1.2e-6 and 1.7e-6 of its size. */
START_TEST(points_survive_run_csv)
{
    struct reading readings[] = {made(MODE_DM, WIRING_NORMAL, 1000, 2.0 * cexp(3.0 * I), 1e-9),
                                 made(MODE_CM, WIRING_TIED, 1000, 1e-3 * I, 1e-8),
                                 made(MODE_CM, WIRING_TERMINATED, 1000, 1e-5, 1e-8),
                                 made(MODE_DM, WIRING_NORMAL, 2000, 2.0, 1e-9),
                                 made(MODE_CM, WIRING_TIED, 2000, 1e-9, 1e-8),
                                 made(MODE_CM, WIRING_TIED, 3000, 1e-3, 1e-8)};
    struct run_points points = points_of(readings, 6, &nothing), read = survived(&points);
    ck_assert_uint_eq(read.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct point *a = &points.at[i], *b = &read.at[i];
        ck_assert_double_eq(a->freq_hz, b->freq_hz);
        ck_assert_int_eq(a->result.kind, b->result.kind);
        ck_assert_int_eq((int)b->result.kind, i == 0 ? CMRR_KIND_VALUE : i == 1 ? CMRR_KIND_BOUND : CMRR_KIND_INVALID);
        ck_assert_str_eq(a->method, b->method);
        ck_assert_uint_eq(a->flags, b->flags);
        ck_assert_int_eq(isnan(a->result.hi95_db) != 0, isnan(b->result.hi95_db) != 0);
        if (a->result.kind == CMRR_KIND_INVALID) {
            ck_assert(isnan(b->result.cmrr_db) && isnan(b->result.lo95_db));
            continue;
        }
        ck_assert_double_eq_tol(a->result.cmrr_db, b->result.cmrr_db, 5.1e-5);
        ck_assert_double_eq_tol(a->result.lo95_db, b->result.lo95_db, 5.1e-5);
        ck_assert_double_eq_tol(a->result.floor_db, b->result.floor_db, 5.1e-5);
        ck_assert_double_le(cabs(a->rho.value - b->rho.value), 1e-11 * cabs(a->rho.value));
        ck_assert_double_le(cabs(a->gain_dm - b->gain_dm), 2.5e-6 * cabs(a->gain_dm));
    }
    ck_assert_double_eq_tol(read.at[0].residual_db, points.at[0].residual_db, 5.1e-5);
    run_points_free(&points);
    run_points_free(&read);
}
END_TEST

#define HEAD "freq_hz,cmrr_db,lo95_db,hi95_db,kind,floor_db,method,flags\n"

static void refused(const char *text, const char *words)
{
    struct table *table = NULL;
    struct run_points points = {.count = 77};
    struct cmrr_error why = {0};
    ck_assert_int_eq(table_parse(&table, text, strlen(text), "run.csv", NULL), CMRR_OK);
    ck_assert_msg(run_points_parse(&points, table, &why) == CMRR_BAD_FILE, "accepted: %s", text);
    ck_assert_msg(strstr(why.text, words), "said: %s", why.text);
    ck_assert_uint_eq(points.count, 77);
    table_free(table);
}

START_TEST(hostile_run_files_are_refused)
{
    refused("freq_hz\n1\n", "no column cmrr_db");
    refused(HEAD "1000,46,45,47,maybe,90,normal,\n", "row 1: kind");
    refused(HEAD "1000,,45,47,value,90,normal,\n", "without cmrr_db");
    refused(HEAD "0,46,45,47,value,90,normal,\n", "freq_hz");
    refused(HEAD ",46,45,47,value,90,normal,\n", "freq_hz");
    refused(HEAD "1000,46,45,47,value,90,normal,bad\n", "flag");
    refused(HEAD "1000,x,45,47,value,90,normal,\n", "cmrr_db");
    refused(HEAD "1000,46,45,47,value,90,normal,\n1000,46,45,47,value,90,normal,\n", "ascend");
    refused(HEAD "1000,46,45,47,value,90,normal,\n100,46,45,47,value,90,normal,\n", "ascend");
}
END_TEST

START_TEST(an_unknown_method_is_shown_but_not_known)
{
    struct table *table = NULL;
    struct run_points points;
    const char *text = HEAD "1000,46,45,47,value,90,magic,\n";
    ck_assert_int_eq(table_parse(&table, text, strlen(text), "run.csv", NULL), CMRR_OK);
    ck_assert_int_eq(run_points_parse(&points, table, NULL), CMRR_OK);
    ck_assert_str_eq(points.at[0].method, "other");
    run_points_free(&points);
    table_free(table);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {normal_gives_the_common_mode_gain_over_the_differential_gain,
                            the_residual_is_subtracted_as_a_vector_and_its_noise_adds,
                            tied_wins_over_normal,
                            b_follows_from_how_it_was_measured,
                            points_ascend_and_the_last_reading_of_a_kind_wins,
                            looks_and_resistors_are_no_common_mode_readings,
                            without_a_differential_gain_a_point_is_invalid,
                            without_a_signal_a_point_is_invalid,
                            clipping_of_any_ingredient_invalidates_the_point,
                            a_dead_leg_invalidates_tied_points_and_flags_normal_ones,
                            joined_or_missing_legs_invalidate_everything,
                            inverted_polarity_is_a_warning,
                            what_was_planned_stands_as_invalid_where_the_look_ended_it,
                            too_few_bins_give_a_flagged_bound,
                            the_verdict_trusts_a_run_with_a_value_and_no_invalid_point,
                            points_survive_run_csv,
                            hostile_run_files_are_refused,
                            an_unknown_method_is_shown_but_not_known};
    return suite_run("run", tests, sizeof tests / sizeof *tests);
}
