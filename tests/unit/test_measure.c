/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/measure.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"
#include "cmrr/file.h"
#include "folder.h"
#include "suite.h"

/* Whole runs from settings to folder, on the simulated bench. Seeds are the bench's default, SEED=1. */
static struct folder folder;
static struct cmrr_error why;
static struct measure_result result;
static unsigned started, progressed, pointed, stop_after;

static void setup(void)
{
    folder_make(&folder);
    setenv("CMRR_DATADIR", bench_source("calib"), 1);
    why = (struct cmrr_error){0};
    started = progressed = pointed = 0;
    stop_after = 1000000;
}

static void teardown(void)
{
    folder_remove(&folder);
}

static void on_start(void *context, const char *id, const char *path)
{
    (void)context;
    ck_assert(store_is_id(id));
    ck_assert(file_is_folder(path));
    started++;
}

static void on_progress(void *context, const struct progress *progress)
{
    (void)context;
    ck_assert_uint_le(progress->step, progress->steps);
    progressed++;
}

static void on_point(void *context, const struct point *point)
{
    (void)context;
    ck_assert(point->freq_hz > 0.0);
    pointed++;
}

static bool should_stop(void *context)
{
    (void)context;
    return progressed >= stop_after;
}

static enum cmrr_status run(const char *device, const char *states, const char *freqs)
{
    struct settings settings;
    struct measure_events events = {NULL, on_start, on_progress, on_point, should_stop};
    settings_init(&settings);
    settings_set(&settings, "device", device, &why);
    settings_set(&settings, "states", states, &why);
    settings_set(&settings, "freqs", freqs, &why);
    settings_set(&settings, "name", "Channel 1", &why);
    return measure_run(&settings, folder.path, &events, &result, &why);
}

static struct run_file read_run(void)
{
    struct run_file file;
    ck_assert_int_eq(run_file_read(&file, result.folder, &why), CMRR_OK);
    return file;
}

START_TEST(makes_a_run_folder_with_everything_in_it)
{
    static const char *const names[] = {"run.csv", "steps.csv", "cmrr.svg", "cmrr.png", "log"};
    ck_assert_int_eq(run("sim:DUT=active", "tied,terminated", "100,1000,10000"), CMRR_OK);
    ck_assert_int_eq(result.verdict, CMRR_OK);
    ck_assert_str_eq(result.state, "done");
    for (size_t i = 0; i < 5; i++) {
        char path[PATH_MAX + 16];
        snprintf(path, sizeof path, "%s/%s", result.folder, names[i]);
        ck_assert_msg(file_exists(path), "%s is missing", names[i]);
    }
    ck_assert_uint_eq(folder_count(result.folder), 5);
    ck_assert_uint_eq(started, 1);
    ck_assert_uint_ge(pointed, 3);
}
END_TEST

START_TEST(a_run_without_a_place_to_draw_in_is_complete_but_for_its_plots)
{
    setenv("TMPDIR", "/nonexistent", 1);
    enum cmrr_status status = run("sim:DUT=active", "tied,terminated", "1000");
    unsetenv("TMPDIR");
    ck_assert_int_eq(status, CMRR_OK);
    ck_assert_str_eq(result.state, "done");
    ck_assert_ptr_nonnull(strstr(result.message, "no plot: /nonexistent"));
    ck_assert_uint_eq(folder_count(result.folder), 3);
}
END_TEST

START_TEST(writes_a_head_that_explains_the_run)
{
    static const char *const keys[] = {"version",
                                       "build",
                                       "started",
                                       "kernel",
                                       "device",
                                       "name",
                                       "freqs",
                                       "states",
                                       "rate",
                                       "driver",
                                       "simulated",
                                       "seed",
                                       "status",
                                       "leg_check",
                                       "source_per_leg_ohm",
                                       "assume_mismatch_db",
                                       "level_dm_played"};
    ck_assert_int_eq(run("sim:DUT=active", "tied", "1000"), CMRR_OK);
    struct run_file file = read_run();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_msg(table_key(file.table, keys[i]), "no %s in the head", keys[i]);
    ck_assert_str_eq(table_key(file.table, "simulated"), "SIMULATED");
    ck_assert_str_eq(table_key(file.table, "source_per_leg_ohm"), "0");
    run_file_free(&file);
}
END_TEST

START_TEST(makes_the_same_points_again_from_steps_csv)
{
    struct table *steps = NULL;
    struct reading *readings = NULL;
    struct settings settings;
    struct run_points points;
    size_t count;
    char path[PATH_MAX + 16];
    ck_assert_int_eq(run("sim:DUT=transformer", "tied,terminated", "60,1000,10000"), CMRR_OK);
    snprintf(path, sizeof path, "%s/steps.csv", result.folder);
    ck_assert_int_eq(file_read_table(path, &steps, &why), CMRR_OK);
    settings_init(&settings);
    ck_assert_int_eq(settings_read(&settings, steps, &why), CMRR_OK);
    ck_assert_int_eq(readings_parse(steps, &readings, &count, &why), CMRR_OK);
    ck_assert_int_eq(run_points_make(&points, readings, count, &settings.assumed, NULL, &why), CMRR_OK);
    struct run_file file = read_run();
    ck_assert_uint_eq(points.count, file.points.count);
    for (size_t i = 0; i < points.count; i++) /* run.csv has four decimals */
        ck_assert_double_eq_tol(points.at[i].result.cmrr_db, file.points.at[i].result.cmrr_db, 0.5e-4 + 1e-9);
    run_points_free(&points);
    run_file_free(&file);
    free(readings);
    table_free(steps);
}
END_TEST

/* 0.2 s of settling, 1 s of window and 10 ms of ramp lie between the middles of two windows of one block. */
START_TEST(says_when_every_window_was)
{
    struct table *steps = NULL;
    struct reading *readings = NULL;
    size_t count, pairs = 0;
    char path[PATH_MAX + 16];
    ck_assert_int_eq(run("sim:DUT=active", "normal", "500,1000"), CMRR_OK);
    snprintf(path, sizeof path, "%s/steps.csv", result.folder);
    ck_assert_int_eq(file_read_table(path, &steps, &why), CMRR_OK);
    ck_assert_int_eq(readings_parse(steps, &readings, &count, &why), CMRR_OK);
    for (size_t i = 1; i < count; i++) {
        if (readings[i].pass != PASS_MAIN || readings[i - 1].block != readings[i].block)
            continue;
        ck_assert_double_eq_tol(readings[i].t_s - readings[i - 1].t_s, 1.21, 1e-9);
        pairs++;
    }
    ck_assert_uint_eq(pairs, 3);
    free(readings);
    table_free(steps);
}
END_TEST

START_TEST(says_what_to_do_where_everything_is_a_bound)
{
    ck_assert_int_eq(run("sim:DUT=active-trimmed", "normal", "100,1000"), CMRR_OK);
    ck_assert_int_eq(result.verdict, CMRR_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(result.message, "2 of 2 points are lower bounds"));
    ck_assert_ptr_nonnull(strstr(result.message, "-S tied,terminated"));
}
END_TEST

START_TEST(prints_no_value_and_names_the_fault)
{
    static const struct {
        const char *fault, *word;
    } faults[] = {{"hot-open", "hot"},
                  {"cold-open", "cold"},
                  {"shorted", "shorted"},
                  {"unbalanced", "cold"},
                  {"disconnected", "disconnected"}};
    char device[128];
    snprintf(device, sizeof device, "sim:DUT=active,FAULT=%s", faults[_i].fault);
    ck_assert_int_eq(run(device, "tied,terminated", "100,1000"), CMRR_OK);
    ck_assert_int_eq(result.verdict, CMRR_UNTRUSTED);
    ck_assert_msg(strstr(result.message, faults[_i].word), "%s: %s", faults[_i].fault, result.message);
    struct run_file file = read_run();
    ck_assert_uint_eq(file.points.count, 2);
    for (size_t i = 0; i < file.points.count; i++) {
        ck_assert_int_eq(file.points.at[i].result.kind, CMRR_KIND_INVALID);
        ck_assert(isnan(file.points.at[i].result.cmrr_db));
    }
    run_file_free(&file);
}
END_TEST

START_TEST(stops_when_asked_and_keeps_what_was_read)
{
    stop_after = 6;
    ck_assert_int_eq(run("sim:DUT=active", "tied", "100,200,1000,2000"), CMRR_CANCELLED);
    ck_assert_str_eq(result.state, "aborted");
    struct run_file file = read_run();
    ck_assert_str_eq(table_key(file.table, "status"), "aborted");
    run_file_free(&file);
}
END_TEST

START_TEST(does_not_believe_a_fixture_that_did_not_move)
{
    static const char *const states[] = {"tied", "tied,terminated", "normal,terminated"};
    ck_assert_int_eq(run("sim:DUT=active,FIXTURE=stuck", states[_i], "100,1000"), CMRR_FIXTURE);
    ck_assert_ptr_nonnull(strstr(why.text, "did not move"));
    ck_assert_str_eq(result.state, "interrupted");
}
END_TEST

START_TEST(gives_up_on_a_fixture_that_hangs_or_fails)
{
    static const char *const fixtures[] = {"sim:FIXTURE=hang", "sim:FIXTURE=fail"};
    ck_assert_int_eq(run(fixtures[_i], "tied", "1000"), CMRR_FIXTURE);
    ck_assert_ptr_nonnull(strstr(why.text, "tied"));
}
END_TEST

START_TEST(refuses_before_anything_is_made)
{
    static const struct {
        const char *device, *states, *freqs, *word;
        enum cmrr_status status;
    } bad[] = {{"sim:DUT=nothing", "normal", "1000", "nothing", CMRR_BAD_FILE},
               {"sim:DUT=/nowhere/x.csv", "normal", "1000", "/nowhere/x.csv", CMRR_BAD_FILE},
               {"sim:NOISE_DBF=1", "normal", "1000", "NOISE_DBFS", CMRR_USAGE},
               {"sim:XRUN_AT=1", "normal", "1000", "XRUN_AT", CMRR_USAGE},
               {"sim:", "tied,hot+10", "1000", "hot+10", CMRR_USAGE},
               {"sim:", "swapped", "1000", "swapped", CMRR_USAGE},
               {"sim:", "terminated", "1000", "terminated", CMRR_USAGE},
               {"hw:0", "tied", "1000", "fixture", CMRR_USAGE},
               {"default", "normal", "1000", "--allow-plug", CMRR_USAGE},
               {"", "normal", "1000", "device", CMRR_USAGE},
               {"sim:", "normal", "30000", "30000", CMRR_USAGE}};
    ck_assert_int_eq(run(bad[_i].device, bad[_i].states, bad[_i].freqs), bad[_i].status);
    ck_assert_msg(strstr(why.text, bad[_i].word), "%s", why.text);
    ck_assert_uint_eq(folder_count(folder.path), 0);
    ck_assert_uint_eq(started, 0);
}
END_TEST

/* With noise at -56 dBFS the probe's marker is found but not watched: two blocks follow each other at once. */
START_TEST(plays_a_block_to_its_end_where_its_markers_cannot_be_watched)
{
    static const char *const states[] = {"normal", "tied"};
    ck_assert_msg(run("sim:DUT=active,NOISE_DBFS=-56", states[_i], "1000:20000/24") == CMRR_OK, "%s", why.text);
    struct run_file file = read_run();
    ck_assert_uint_gt(file.points.count, 64);
    run_file_free(&file);
}
END_TEST

/* The 1 % difference amplifier behind a low-pass of 120 Hz, 24 dB per octave: nothing arrives at 5 and 10 kHz. */
static void write_low_pass(void)
{
    struct table *table = NULL;
    ck_assert_int_eq(file_read_table(bench_source("tests/data/truth/diffamp-1pct.csv"), &table, &why), CMRR_OK);
    for (size_t row = 0; row < table_rows(table); row++) {
        double freq_hz, part[4];
        table_number(table, row, 0, &freq_hz, NULL);
        double complex pole = 1.0 / (1.0 + I * freq_hz / 120.0), filter = pole * pole * pole * pole;
        for (int i = 0; i < 4; i++)
            table_number(table, row, 1 + i, &part[i], NULL);
        for (int i = 0; i < 4; i += 2) {
            double complex filtered = (part[i] + I * part[i + 1]) * filter;
            table_put_number(table, row, 1 + i, creal(filtered), 14);
            table_put_number(table, row, 2 + i, cimag(filtered), 14);
        }
    }
    ck_assert_int_eq(file_write_table(folder_file(&folder, "low.csv"), table, &why), CMRR_OK);
    table_free(table);
}

START_TEST(does_not_accuse_the_fixture_where_the_device_passes_nothing)
{
    char device[256];
    write_low_pass();
    snprintf(device, sizeof device, "sim:DUT=%s%s", folder_file(&folder, "low.csv"), _i ? ",FIXTURE=stuck" : "");
    enum cmrr_status status = run(device, "tied,terminated", "50,5000,10000");
    ck_assert_msg(status == (_i ? CMRR_FIXTURE : CMRR_OK), "%s", why.text);
}
END_TEST

START_TEST(names_what_limits_a_bound)
{
    static const struct {
        const char *device, *states, *freqs, *word;
    } cases[] = {{"sim:DUT=active-trimmed", "tied", "1000", "--assume-crosstalk-db"},
                 {"sim:DUT=active-trimmed,NOISE_DBFS=-55", "tied,terminated", "1000", "noise"},
                 {"sim:DUT=transformer", "tied,terminated", "20", "tie of 0.01 ohm"},
                 {"sim:DUT=transformer", "normal", "1000", "assumed to match"}};
    ck_assert_int_eq(run(cases[_i].device, cases[_i].states, cases[_i].freqs), CMRR_OK);
    ck_assert_msg(strstr(result.message, cases[_i].word), "%s", result.message);
}
END_TEST

START_TEST(lowers_the_levels_until_the_input_does_not_clip)
{
    ck_assert_int_eq(run("sim:DUT=active,CLIP_DBFS=-30", "tied", "100,1000"), CMRR_OK);
    struct run_file file = read_run();
    ck_assert_double_lt(atof(table_key(file.table, "level_dm_played")), -36.0);
    for (size_t i = 0; i < file.points.count; i++)
        ck_assert_int_eq(file.points.at[i].result.kind, CMRR_KIND_VALUE);
    run_file_free(&file);
}
END_TEST

/* Unequal coupling capacitors: a common-mode tone of 20 Hz that sets in peaks 3 to 4 dB above itself. */
START_TEST(a_common_mode_that_overshoots_does_not_clip)
{
    char device[512];
    snprintf(device, sizeof device, "sim:DUT=%s,CLIP_DBFS=-50,IDEAL=1",
             bench_source("tests/data/truth/extra-coupling.csv"));
    ck_assert_int_eq(run(device, "normal", "20,100,1000"), CMRR_OK);
    struct run_file file = read_run();
    for (size_t i = 0; i < file.points.count; i++)
        ck_assert_uint_eq(file.points.at[i].flags & FLAG_CLIP, 0);
    run_file_free(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("measure");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, makes_a_run_folder_with_everything_in_it);
    tcase_add_test(tcase, a_run_without_a_place_to_draw_in_is_complete_but_for_its_plots);
    tcase_add_test(tcase, writes_a_head_that_explains_the_run);
    tcase_add_test(tcase, makes_the_same_points_again_from_steps_csv);
    tcase_add_test(tcase, says_when_every_window_was);
    tcase_add_test(tcase, says_what_to_do_where_everything_is_a_bound);
    tcase_add_loop_test(tcase, prints_no_value_and_names_the_fault, 0, 5);
    tcase_add_test(tcase, stops_when_asked_and_keeps_what_was_read);
    tcase_add_loop_test(tcase, does_not_believe_a_fixture_that_did_not_move, 0, 3);
    tcase_add_loop_test(tcase, gives_up_on_a_fixture_that_hangs_or_fails, 0, 2);
    tcase_add_loop_test(tcase, refuses_before_anything_is_made, 0, 11);
    tcase_add_loop_test(tcase, plays_a_block_to_its_end_where_its_markers_cannot_be_watched, 0, 2);
    tcase_add_loop_test(tcase, does_not_accuse_the_fixture_where_the_device_passes_nothing, 0, 2);
    tcase_add_loop_test(tcase, names_what_limits_a_bound, 0, 4);
    tcase_add_test(tcase, lowers_the_levels_until_the_input_does_not_clip);
    tcase_add_test(tcase, a_common_mode_that_overshoots_does_not_clip);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
