/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/legs.h"

#include <string.h>
#include "cmrr/units.h"
#include "../support/suite.h"

static const struct assumptions assumed = {.crosstalk_db = -90.0};

START_TEST(the_signatures_of_the_faults_are_named)
{
    ck_assert_uint_eq(legs_judge(1.0, -1.0, &assumed), 0);
    ck_assert_uint_eq(legs_judge(0.001, -1.0, &assumed), FLAG_LEG_HOT);
    ck_assert_uint_eq(legs_judge(0.5, 0.001, &assumed), FLAG_LEG_COLD);
    ck_assert_uint_eq(legs_judge(1.0, 0.0, &assumed), FLAG_LEG_COLD);
    ck_assert_uint_eq(legs_judge(0.01, 0.01, &assumed), FLAG_SHORTED);
    ck_assert_uint_eq(legs_judge(1.0, 0.9, &assumed), FLAG_SHORTED);
    ck_assert_uint_eq(legs_judge(5e-5, -5e-5, &assumed), FLAG_DISCONNECTED);
    ck_assert_uint_eq(legs_judge(0.0, 0.0, &assumed), FLAG_DISCONNECTED);
    ck_assert_uint_eq(legs_judge(-1.0, 1.0, &assumed), 0);
}
END_TEST

/* Half (6 dB) of the legs' mean: a against 1 is dead below a = 1/3. */
START_TEST(a_leg_is_dead_below_half_the_mean)
{
    ck_assert_uint_eq(legs_judge(0.34, -1.0, &assumed), 0);
    ck_assert_uint_eq(legs_judge(0.33, -1.0, &assumed), FLAG_LEG_HOT);
    ck_assert_uint_eq(legs_judge(10.0, -3.4, &assumed), 0);
    ck_assert_uint_eq(legs_judge(10.0 * I, -3.3 * I, &assumed), FLAG_LEG_COLD);
}
END_TEST

START_TEST(the_threshold_is_what_crosstalk_of_both_outputs_could_make)
{
    struct assumptions loud = {.crosstalk_db = -60.0};
    ck_assert_double_eq(legs_threshold(&assumed), 1e-4);
    ck_assert_double_eq_tol(legs_threshold(&loud), 2e-3, 1e-15);
    ck_assert_uint_eq(legs_judge(1.9e-3, -1.9e-3, &loud), FLAG_DISCONNECTED);
    ck_assert_uint_eq(legs_judge(2.1e-3, -2.1e-3, &loud), 0);
}
END_TEST

static struct reading leg(enum mode mode, double freq_hz, double complex h)
{
    return (struct reading){.pass = PASS_LOOK,
                            .mode = mode,
                            .block = 3,
                            .freq_hz = freq_hz,
                            .drive_dbfs = -40.0,
                            .y = {h * units_ratio(-40.0), 1e-9, 100.0}};
}

static unsigned together(double complex hot_a, double complex cold_a, double complex hot_b, double complex cold_b)
{
    struct legs_tally tally = {0};
    legs_add(&tally, hot_a, cold_a, &assumed);
    legs_add(&tally, hot_b, cold_b, &assumed);
    return legs_flags(&tally, &assumed);
}

START_TEST(an_input_that_passes_a_part_of_the_band_is_connected)
{
    ck_assert_uint_eq(together(1.0, -1.0, 1e-6, -1e-6), 0);
    ck_assert_uint_eq(together(1.0, 0.0, 1e-6, -1e-6), FLAG_LEG_COLD);
    ck_assert_uint_eq(together(1.0, -1.0, 1.0, 0.1), FLAG_LEG_COLD);
    ck_assert_uint_eq(together(1e-6, -1e-6, 5e-5, -5e-5), FLAG_DISCONNECTED);
    ck_assert_uint_eq(legs_flags(&(struct legs_tally){0}, &assumed), 0);
}
END_TEST

/* 60 dB of gain behind leads that leak -114 dB; a gain of -40 dB is one, and what is joined stays joined. */
START_TEST(what_leaks_through_open_leads_into_a_large_gain_is_no_connection)
{
    ck_assert_uint_eq(together(2e-3, -2e-3, 2e-4, -2e-4), FLAG_DISCONNECTED);
    ck_assert_uint_eq(together(2e-3, -2e-3, 2e-3, -1e-4), FLAG_DISCONNECTED);
    ck_assert_uint_eq(together(2e-3, 2e-3, 2e-4, -2e-4), FLAG_SHORTED);
    ck_assert_uint_eq(together(0.01, -0.01, 0.01, -0.01), 0);
}
END_TEST

START_TEST(a_look_that_clipped_and_was_repeated_condemns_no_leg)
{
    struct reading readings[] = {leg(MODE_HOT, 1000.0, 1.0), leg(MODE_COLD, 1000.0, -0.1), leg(MODE_HOT, 1000.0, 1.0),
                                 leg(MODE_COLD, 1000.0, -1.0)};
    readings[0].block = readings[1].block = 2;
    readings[1].flags = FLAG_CLIP;
    ck_assert_uint_eq(legs_check(readings, 4, &assumed), 0);
}
END_TEST

static unsigned check(double complex hot, double complex cold, double freq_hz)
{
    struct reading readings[] = {leg(MODE_HOT, 50.0, 1.0), leg(MODE_HOT, freq_hz, hot), leg(MODE_COLD, freq_hz, cold),
                                 leg(MODE_COLD, 50.0, -1.0)};
    return legs_check(readings, 4, &assumed);
}

START_TEST(readings_are_paired_by_frequency_and_divided_by_their_drive)
{
    ck_assert_uint_eq(check(1.0, -1.0, 1000.0), 0);
    ck_assert_uint_eq(check(1.0, -0.1, 1000.0), FLAG_LEG_COLD);
    ck_assert_uint_eq(check(0.1, -1.0, 1000.0), FLAG_LEG_HOT);
}
END_TEST

START_TEST(inverted_polarity_is_told_in_the_middle_of_the_band_only)
{
    ck_assert_uint_eq(check(-1.0, 1.0, 1000.0), FLAG_INVERTED);
    ck_assert_uint_eq(check(-1.0, 1.0, 299.0), 0);
    ck_assert_uint_eq(check(-1.0, 1.0, 3001.0), 0);
    ck_assert_uint_eq(check(I, -I, 1000.0), 0);
    ck_assert_uint_eq(check(-0.5 + 0.9 * I, 0.5 - 0.9 * I, 1000.0), 0);
}
END_TEST

START_TEST(only_the_look_is_judged_and_only_within_its_block)
{
    struct reading readings[] = {leg(MODE_HOT, 1000.0, 1.0), leg(MODE_COLD, 1000.0, 0.0), leg(MODE_COLD, 1000.0, -1.0)};
    readings[1].block = 4;
    ck_assert_uint_eq(legs_check(readings, 3, &assumed), 0);
    readings[1].block = 3;
    readings[1].pass = PASS_MAIN;
    ck_assert_uint_eq(legs_check(readings, 3, &assumed), 0);
    ck_assert_uint_eq(legs_check(readings, 0, &assumed), 0);
}
END_TEST

START_TEST(what_the_marker_alone_has_shown_counts)
{
    struct reading probe = leg(MODE_CM, 1549.0, 0.001);
    probe.flags = FLAG_SHORTED | FLAG_CLIP;
    ck_assert_uint_eq(legs_check(&probe, 1, &assumed), FLAG_SHORTED);
}
END_TEST

START_TEST(every_fault_has_a_sentence_that_names_it)
{
    static const struct {
        unsigned flags;
        const char *words;
    } rows[] = {{FLAG_LEG_HOT, "hot leg"},
                {FLAG_LEG_COLD, "cold leg"},
                {FLAG_LEG_HOT | FLAG_LEG_COLD, "hot and cold"},
                {FLAG_SHORTED, "joined"},
                {FLAG_DISCONNECTED, "disconnected"},
                {FLAG_INVERTED, "inverted"},
                {FLAG_LEG_COLD | FLAG_INVERTED, "cold leg"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(strstr(legs_sentence(rows[i].flags), rows[i].words), "row %zu: %s", i,
                      legs_sentence(rows[i].flags));
    ck_assert_str_eq(legs_sentence(0), "");
    ck_assert_str_eq(legs_sentence(FLAG_CLIP), "");
}
END_TEST

int main(void)
{
    const TTest *tests[] = {the_signatures_of_the_faults_are_named,
                            a_leg_is_dead_below_half_the_mean,
                            the_threshold_is_what_crosstalk_of_both_outputs_could_make,
                            an_input_that_passes_a_part_of_the_band_is_connected,
                            what_leaks_through_open_leads_into_a_large_gain_is_no_connection,
                            a_look_that_clipped_and_was_repeated_condemns_no_leg,
                            readings_are_paired_by_frequency_and_divided_by_their_drive,
                            inverted_polarity_is_told_in_the_middle_of_the_band_only,
                            only_the_look_is_judged_and_only_within_its_block,
                            what_the_marker_alone_has_shown_counts,
                            every_fault_has_a_sentence_that_names_it};
    return suite_run("legs", tests, sizeof tests / sizeof *tests);
}
