/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/offline.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"
#include "cmrr/file.h"
#include "cmrr/rng.h"
#include "cmrr/wav.h"
#include "folder.h"
#include "suite.h"

/*
 * Through sound files: the stimulus that stimulus writes, a device applied here by plain arithmetic (not by the
 * simulated bench), and what analyze makes of it. h_hot, h_cold of the device: rho is exact, CMRR = 53.9794 dB.
 */
#define H_HOT 0.5005
#define H_COLD (-0.4995)
#define CMRR_DB 53.97940008672037

static struct folder folder;
static struct cmrr_error why;
static struct plan plan;
static struct settings settings;
static struct wav hot, cold;
static struct measure_result result;

static void setup(void)
{
    char plan_path[PATH_MAX];
    static const char *const pairs[][2] = {{"freqs", "100,1000,10000"},
                                           {"assume_mismatch_db", "0"},
                                           {"assume_skew_ns", "0"},
                                           {"assume_crosstalk_db", "-200"},
                                           {"name", "from the recorder"}};
    folder_make(&folder);
    why = (struct cmrr_error){0};
    settings_init(&settings);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ck_assert_int_eq(settings_set(&settings, pairs[i][0], pairs[i][1], &why), CMRR_OK);
    const char *stimulus = folder_file(&folder, "stim.wav");
    ck_assert_msg(offline_write_stimulus(&settings, stimulus, false, plan_path, &why) == CMRR_OK, "%s", why.text);
    ck_assert_int_eq(offline_read_plan(&plan, &settings, stimulus, &why), CMRR_OK);
    ck_assert_int_eq(wav_read(&hot, stimulus, 1, &why), CMRR_OK);
    ck_assert_int_eq(wav_read(&cold, stimulus, 2, &why), CMRR_OK);
}

static void teardown(void)
{
    plan_finish(&plan);
    free(hot.samples);
    free(cold.samples);
    memset(&plan, 0, sizeof plan);
    folder_remove(&folder);
}

struct recording {
    long lead; /* frames of silence before; negative: that much of the beginning is missing */
    long tail; /* frames after; negative: cut short */
    double gain;
    unsigned rate_hz;
    long dropped_at; /* one frame lost there; 0 = none */
    double top;      /* clips there */
};

/* What a recorder would have saved, both channels alike. */
static const char *record(const struct recording *r)
{
    long frames = r->lead + (long)hot.frames + r->tail;
    double *samples = calloc(2 * (size_t)frames, sizeof *samples);
    for (long i = 0; i < frames; i++) {
        long from = i - r->lead + (r->dropped_at && i >= r->dropped_at);
        double y = from >= 0 && from < (long)hot.frames
                       ? r->gain * (H_HOT * hot.samples[from] + H_COLD * cold.samples[from])
                       : 0.0;
        samples[2 * i] = samples[2 * i + 1] = fmin(fmax(y, -r->top), r->top - 0x1p-23);
    }
    const char *path = folder_file(&folder, "capture.wav");
    ck_assert_int_eq(wav_write(path, samples, (size_t)frames, r->rate_hz, &why), CMRR_OK);
    free(samples);
    return path;
}

static enum cmrr_status analyze(const struct recording *r)
{
    const char *path = record(r), *run = folder_file(&folder, "run");
    ck_assert_int_eq(file_make_folders(run, &why), CMRR_OK);
    return offline_run(&settings, &plan, path, run, &result, &why);
}

static void assert_exact(void)
{
    struct run_file file;
    ck_assert_int_eq(run_file_read(&file, folder_file(&folder, "run"), &why), CMRR_OK);
    ck_assert_uint_eq(file.points.count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(file.points.at[i].result.kind, CMRR_KIND_VALUE);
        /* 24-bit rounding without dither here: 1e-7 of full scale against a residue of 1e-3 is 0.001 dB. */
        ck_assert_double_eq_tol(file.points.at[i].result.cmrr_db, CMRR_DB, 0.002);
    }
    run_file_free(&file);
}

START_TEST(reads_the_exact_figure_from_a_perfect_recording)
{
    struct recording r = {.gain = 1, .rate_hz = 48000, .top = 1};
    ck_assert_msg(analyze(&r) == CMRR_OK, "%s", why.text);
    ck_assert_int_eq(result.verdict, CMRR_OK);
    assert_exact();
}
END_TEST

START_TEST(takes_early_starts_late_ends_latency_of_seconds_and_inverted_polarity)
{
    static const struct recording many[] = {{.lead = 200000, .tail = 100000, .gain = 1, .rate_hz = 48000, .top = 1},
                                            {.lead = 3, .gain = 0.25, .rate_hz = 48000, .top = 1},
                                            {.lead = 1000000, .gain = 1, .rate_hz = 48000, .top = 1},
                                            {.lead = 77, .gain = -0.5, .rate_hz = 48000, .top = 1},
                                            {.lead = -20000, .tail = -40000, .gain = 1, .rate_hz = 48000, .top = 1}};
    ck_assert_msg(analyze(&many[_i]) == CMRR_OK, "%s", why.text);
    assert_exact();
}
END_TEST

START_TEST(refuses_a_recording_that_cannot_be_used_and_leaves_no_run)
{
    static const struct {
        struct recording recording;
        enum cmrr_status status;
        const char *word;
    } bad[] = {{{.tail = -200000, .gain = 1, .rate_hz = 48000, .top = 1}, CMRR_BAD_FILE, "cut short"},
               {{.tail = -500000, .gain = 1, .rate_hz = 48000, .top = 1}, CMRR_BAD_FILE, "cut short"},
               {{.lead = 500000, .tail = -200000, .gain = 1, .rate_hz = 48000, .top = 1}, CMRR_BAD_FILE, "cut short"},
               {{.lead = -100000, .tail = 200000, .gain = 1, .rate_hz = 48000, .top = 1}, CMRR_BAD_FILE, "beginning"},
               {{.gain = 1, .rate_hz = 44100, .top = 1}, CMRR_BAD_FILE, "44100"},
               {{.gain = 0, .rate_hz = 48000, .top = 1}, CMRR_UNTRUSTED, "silent"},
               {{.gain = 4, .rate_hz = 48000, .top = 1}, CMRR_UNTRUSTED, "clipped"},
               {{.gain = 1, .rate_hz = 48000, .top = 1, .dropped_at = 300000}, CMRR_BAD_FILE, "clock"}};
    ck_assert_int_eq(analyze(&bad[_i].recording), bad[_i].status);
    ck_assert_msg(strstr(why.text, bad[_i].word), "%s", why.text);
    ck_assert_uint_eq(folder_count(folder_file(&folder, "run")), 0);
}
END_TEST

START_TEST(names_the_dead_leg_of_an_unbalanced_input)
{
    struct recording r = {.gain = 1, .rate_hz = 48000, .top = 1};
    memset(cold.samples, 0, cold.frames * sizeof *cold.samples);
    ck_assert_msg(analyze(&r) == CMRR_OK, "%s", why.text);
    ck_assert_ptr_nonnull(strstr(result.message, "cold leg"));
}
END_TEST

START_TEST(refuses_states_that_a_file_cannot_hold)
{
    struct plan other;
    settings_set(&settings, "states", "tied,terminated", &why);
    ck_assert_int_eq(offline_plan(&other, &settings, &why), CMRR_USAGE);
    ck_assert_ptr_nonnull(strstr(why.text, "normal"));
}
END_TEST

START_TEST(does_not_overwrite_without_being_told)
{
    char plan_path[PATH_MAX];
    const char *stimulus = folder_file(&folder, "stim.wav");
    ck_assert_int_eq(offline_write_stimulus(&settings, stimulus, false, plan_path, &why), CMRR_WRITE);
    ck_assert_ptr_nonnull(strstr(why.text, "--force"));
    ck_assert_int_eq(offline_write_stimulus(&settings, stimulus, true, plan_path, &why), CMRR_OK);
}
END_TEST

START_TEST(plays_nothing_above_the_levels_asked_for)
{
    double peak = 0.0;
    for (size_t i = 0; i < hot.frames; i++)
        peak = fmax(peak, fmax(fabs(hot.samples[i]), fabs(cold.samples[i])));
    ck_assert_double_le(peak, pow(10.0, -1.0 / 20.0) + 2 * 0x1p-23); /* -1 dBFS and its dither */
}
END_TEST

START_TEST(survives_a_plan_that_somebody_edited)
{
    static const char *const edits[][2] = {{"block_frames: ", "block_frames: -"},
                                           {"rate: 48000", "rate: 0    "},
                                           {"marker,,dm,,24000", "marker,,dm,,99999"},
                                           {",dm,95,", ",xx,95,"},
                                           {"tone,1,hot", "none,1,hot"},
                                           {"# cmrr-plan", "\"# cmrr-plan"}};
    char *text = NULL;
    size_t size;
    struct plan edited;
    struct settings read;
    ck_assert_int_eq(file_read(folder_file(&folder, "stim.plan.csv"), &text, &size, &why), CMRR_OK);
    char *at = strstr(text, edits[_i][0]);
    ck_assert_ptr_nonnull(at);
    memcpy(at, edits[_i][1], strlen(edits[_i][1]));
    folder_write(&folder, "edited.plan.csv", text);
    free(text);
    struct recording r = {.gain = 1, .rate_hz = 48000, .top = 1};
    const char *capture = record(&r);
    enum cmrr_status status = offline_read_plan(&edited, &read, folder_file(&folder, "edited.plan.csv"), &why);
    if (status == CMRR_OK) {
        status = offline_run(&read, &edited, capture, folder.path, &result, &why);
        plan_finish(&edited);
    }
    ck_assert_msg(status == CMRR_BAD_FILE || status == CMRR_USAGE, "%d %s", status, why.text);
    ck_assert(*why.text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("offline");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, reads_the_exact_figure_from_a_perfect_recording);
    tcase_add_loop_test(tcase, takes_early_starts_late_ends_latency_of_seconds_and_inverted_polarity, 0, 5);
    tcase_add_loop_test(tcase, refuses_a_recording_that_cannot_be_used_and_leaves_no_run, 0, 8);
    tcase_add_test(tcase, names_the_dead_leg_of_an_unbalanced_input);
    tcase_add_test(tcase, refuses_states_that_a_file_cannot_hold);
    tcase_add_test(tcase, does_not_overwrite_without_being_told);
    tcase_add_test(tcase, plays_nothing_above_the_levels_asked_for);
    tcase_add_loop_test(tcase, survives_a_plan_that_somebody_edited, 0, 6);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
