/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/rng.h"
#include "cmrr/settings.h"
#include "../support/suite.h"

static const struct grid_tone low = {45, 45, 48000}, middle = {925, 925, 48000}, high = {12575, 5030, 19200};

static void add(struct plan *plan, enum mode mode, const struct grid_tone *tone, size_t tones, double amplitude)
{
    ck_assert_int_eq(plan_add_step(plan, &(struct plan_step_config){.mode = mode,
                                                                    .pass = PASS_MAIN,
                                                                    .tone = tone,
                                                                    .tones = tones,
                                                                    .amplitude = amplitude,
                                                                    .settle_s = plan_settle_s(tone->freq_hz)}),
                     CMRR_OK);
}

/* A marker, silence, single tones in both modes and all together on one leg. */
static struct plan sample(void)
{
    static const struct grid_tone all[] = {{45, 45, 48000}, {925, 925, 48000}, {12575, 5030, 19200}};
    struct plan plan;
    plan_init(&plan, 48000);
    ck_assert_int_eq(plan_add_marker(&plan, MODE_DM, 0.1 / 3.0, 0.04), CMRR_OK);
    ck_assert_int_eq(plan_add_silence(&plan, 0.05), CMRR_OK);
    add(&plan, MODE_CM, &low, 1, 0.8912509381337456);
    add(&plan, MODE_DM, &high, 1, 0.3);
    add(&plan, MODE_HOT, all, 3, 1.0 / 30.0);
    add(&plan, MODE_COLD, &middle, 1, 0.1);
    return plan;
}

static double *rendered(const struct plan *plan)
{
    double *samples = malloc(2 * plan->frames * sizeof *samples);
    ck_assert_int_eq(plan_render(plan, samples), CMRR_OK);
    return samples;
}

START_TEST(windows_lie_inside_their_steps_behind_settling_and_ramps)
{
    struct plan plan = sample();
    uint64_t end = plan.marker[0].start + plan.marker[0].frames;
    for (size_t i = 0; i < plan.steps; i++) {
        const struct plan_step *step = &plan.step[i];
        double settle_s = plan_settle_s(plan.tone[step->first_tone].freq_hz);
        ck_assert_uint_ge(step->start, end);
        ck_assert_uint_eq(step->window, step->start + (uint64_t)(settle_s * 48000 + 0.5));
        ck_assert_uint_eq(step->window + step->window_frames + 480, step->start + step->frames);
        end = step->start + step->frames;
    }
    ck_assert_uint_eq(end, plan.frames);
    plan_finish(&plan);
}
END_TEST

START_TEST(settling_is_longer_below_100_hz)
{
    ck_assert_double_eq(plan_settle_s(20.0), 1.2);
    ck_assert_double_eq(plan_settle_s(99.0), 1.2);
    ck_assert_double_eq(plan_settle_s(100.0), 0.2);
}
END_TEST

START_TEST(several_tones_share_the_longest_window_and_stay_coherent)
{
    struct plan plan = sample();
    const struct plan_step *step = &plan.step[2];
    ck_assert_uint_eq(step->tones, 3);
    ck_assert_uint_eq(step->window_frames, 48000);
    ck_assert_uint_eq(plan.tone[step->first_tone + 2].cycles, 12575);
    plan_finish(&plan);
}
END_TEST

/* In its window every step is amplitude x sum of cosines, from the step's first frame on; on both outputs by mode. */
START_TEST(what_is_rendered_is_the_sum_of_cosines_on_the_outputs_of_the_mode)
{
    struct plan plan = sample();
    double *samples = rendered(&plan);
    for (size_t s = 0; s < plan.steps; s++) {
        const struct plan_step *step = &plan.step[s];
        for (uint64_t i = step->window; i < step->window + step->window_frames; i += 37) {
            double sum = 0.0;
            for (size_t t = 0; t < step->tones; t++) {
                const struct plan_tone *tone = &plan.tone[step->first_tone + t];
                uint64_t turns = tone->cycles * (i - step->start) % step->window_frames;
                sum += cos(2.0 * M_PI * (double)turns / (double)step->window_frames + tone->phase_rad);
            }
            for (size_t output = 0; output < 2; output++)
                ck_assert_double_eq_tol(samples[2 * i + output], step->amplitude * mode_drive(step->mode, output) * sum,
                                        1e-12);
        }
    }
    free(samples);
    plan_finish(&plan);
}
END_TEST

/* A tone of frequency f rises by 2 pi f / fs at most, its ramp adds pi / 2 / 480, a step begins near nothing. */
START_TEST(the_stimulus_never_jumps)
{
    struct plan plan = sample();
    double *samples = rendered(&plan);
    for (size_t s = 0; s < plan.steps; s++) {
        const struct plan_step *step = &plan.step[s];
        double slope = 0.0;
        for (size_t t = 0; t < step->tones; t++)
            slope += 2.0 * M_PI * plan.tone[step->first_tone + t].freq_hz / 48000.0 + M_PI / 2.0 / 480.0;
        for (uint64_t i = step->start; i < step->start + step->frames; i++)
            for (size_t output = 0; output < 2; output++)
                ck_assert_double_le(fabs(samples[2 * i + output] - samples[2 * (i - 1) + output]),
                                    slope * step->amplitude);
        ck_assert_double_le(fabs(samples[2 * step->start]), 1e-5 * (double)step->tones);
        ck_assert_double_le(fabs(samples[2 * (step->start + step->frames - 1)]), 1e-5 * (double)step->tones);
    }
    free(samples);
    plan_finish(&plan);
}
END_TEST

START_TEST(the_peak_of_the_plan_is_not_exceeded)
{
    struct plan plan = sample();
    double *samples = rendered(&plan), peak = 0.0;
    for (uint64_t i = 0; i < 2 * plan.frames; i++)
        peak = fmax(peak, fabs(samples[i]));
    ck_assert_double_eq_tol(plan_peak(&plan), 0.8912509381337456, 1e-15);
    ck_assert_double_le(peak, plan_peak(&plan) * (1.0 + 1e-12));
    ck_assert_double_ge(peak, 0.999 * plan_peak(&plan));
    free(samples);
    plan_finish(&plan);
}
END_TEST

static double peak_of(const struct grid_tone *tone, size_t tones)
{
    struct plan plan;
    plan_init(&plan, 48000);
    add(&plan, MODE_HOT, tone, tones, 1.0);
    double *samples = rendered(&plan), peak = 0.0;
    for (uint64_t i = 0; i < 2 * plan.frames; i++)
        peak = fmax(peak, fabs(samples[i]));
    free(samples);
    plan_finish(&plan);
    return peak;
}

/* 64 tones spaced evenly in log f and rounded to whole Hz peak 2 % above 1.3 x 4.5 times their rms, which was promised. */
START_TEST(many_tones_at_once_never_exceed_the_crest_promised)
{
    struct rng rng;
    rng_init(&rng, suite_seed(1));
    for (int trial = 0; trial < 40; trial++) {
        struct grid_tone tone[64];
        size_t tones = trial == 0 ? 64 : 2 + rng_next(&rng) % 63;
        for (size_t i = 0; i < tones; i++) {
            double at = trial == 0 ? (double)i / 63.0 : ((double)i + rng_uniform(&rng)) / (double)tones;
            double freq_hz = floor(20.0 * pow(1000.0, at));
            tone[i] = (struct grid_tone){freq_hz, (uint64_t)freq_hz, 48000};
        }
        double peak = peak_of(tone, tones);
        ck_assert_msg(peak <= plan_crest(tones) * (1.0 + 1e-12), "%zu tones: %g of %g", tones, peak, plan_crest(tones));
    }
}
END_TEST

START_TEST(a_tilt_takes_from_output_1_what_it_gives_to_output_2)
{
    struct plan plan;
    plan_init(&plan, 48000);
    ck_assert_int_eq(plan_add_step(&plan, &(struct plan_step_config){.mode = MODE_CM,
                                                                     .pass = PASS_MAIN,
                                                                     .tone = &middle,
                                                                     .tones = 1,
                                                                     .amplitude = 0.5,
                                                                     .tilt = 0.02,
                                                                     .settle_s = 0.2}),
                     CMRR_OK);
    double *samples = rendered(&plan);
    for (uint64_t i = plan.step[0].window; i < plan.step[0].window + 1000; i++)
        ck_assert_double_eq_tol(samples[2 * i] * 1.01, samples[2 * i + 1] * 0.99, 1e-14);
    ck_assert_double_eq_tol(plan_peak(&plan), 0.505, 1e-15);
    free(samples);
    plan_finish(&plan);
}
END_TEST

START_TEST(one_tone_has_a_crest_of_one_and_a_few_that_of_their_number)
{
    ck_assert_double_eq(plan_crest(1), 1.0);
    ck_assert_double_eq(plan_crest(3), 3.0);
    ck_assert_double_lt(plan_crest(64), 64.0);
}
END_TEST

START_TEST(what_cannot_be_played_is_refused)
{
    struct plan plan;
    plan_init(&plan, 48000);
    struct plan_step_config good = {.mode = MODE_CM, .tone = &low, .tones = 1, .amplitude = 0.5, .settle_s = 0.2}, bad;
    bad = good, bad.tones = 0;
    ck_assert_int_eq(plan_add_step(&plan, &bad), CMRR_RANGE);
    bad = good, bad.amplitude = 1.1;
    ck_assert_int_eq(plan_add_step(&plan, &bad), CMRR_RANGE);
    bad = good, bad.amplitude = 0.0;
    ck_assert_int_eq(plan_add_step(&plan, &bad), CMRR_RANGE);
    bad = good, bad.amplitude = NAN;
    ck_assert_int_eq(plan_add_step(&plan, &bad), CMRR_RANGE);
    bad = good, bad.settle_s = 0.005;
    ck_assert_int_eq(plan_add_step(&plan, &bad), CMRR_RANGE);
    ck_assert_int_eq(plan_add_silence(&plan, -1.0), CMRR_RANGE);
    ck_assert_int_eq(plan_add_marker(&plan, MODE_CM, 1.5, 0.04), CMRR_RANGE);
    ck_assert_int_eq(plan_add_marker(&plan, MODE_CM, 0.5, 0.0), CMRR_RANGE);
    ck_assert_uint_eq(plan.frames, 0);
    for (int i = 0; i < PLAN_MARKERS_MAX; i++)
        ck_assert_int_eq(plan_add_marker(&plan, MODE_CM, 0.5, 0.04), CMRR_OK);
    ck_assert_int_eq(plan_add_marker(&plan, MODE_CM, 0.5, 0.04), CMRR_RANGE);
    plan_finish(&plan);
}
END_TEST

static char *plan_text(const struct plan *plan)
{
    struct settings settings;
    struct table *table = plan_table(plan);
    settings_init(&settings);
    settings_write(&settings, table);
    char *text = table_format(table);
    table_free(table);
    return text;
}

static enum cmrr_status parse_text(struct plan *plan, const char *text, struct cmrr_error *why)
{
    struct table *table = NULL;
    ck_assert_int_eq(table_parse(&table, text, strlen(text), "p.csv", why), CMRR_OK);
    enum cmrr_status status = plan_parse(plan, table, why);
    table_free(table);
    return status;
}

START_TEST(a_plan_survives_its_file_to_the_last_bit)
{
    struct plan plan = sample(), back;
    struct cmrr_error why = {0};
    char *text = plan_text(&plan);
    ck_assert_msg(parse_text(&back, text, &why) == CMRR_OK, "%s", why.text);
    ck_assert_uint_eq(back.rate_hz, 48000);
    ck_assert_uint_eq(back.frames, plan.frames);
    ck_assert_uint_eq(back.steps, plan.steps);
    ck_assert_uint_eq(back.tones, plan.tones);
    double *a = rendered(&plan), *b = rendered(&back);
    ck_assert_int_eq(memcmp(a, b, 2 * plan.frames * sizeof *a), 0);
    for (size_t i = 0; i < plan.steps; i++) {
        ck_assert_uint_eq(back.step[i].window, plan.step[i].window);
        ck_assert_uint_eq(back.step[i].window_frames, plan.step[i].window_frames);
    }
    for (size_t i = 0; i < plan.tones; i++)
        ck_assert_uint_eq(back.tone[i].cycles, plan.tone[i].cycles);
    free(a);
    free(b);
    free(text);
    plan_finish(&plan);
    plan_finish(&back);
}
END_TEST

#define HEAD                                                                                                           \
    "# rate: 48000\n# block_frames: "                                                                                  \
    "100000\nkind,step,mode,freq_hz,start_frame,frames,window_frame,window_frames,amplitude,phase_rad\n"
#define MARKER "marker,,dm,,0,1920,,,0.1,\n"
#define TONE "tone,1,cm,1000,2000,60000,12000,48000,0.5,0\n"

static void refused(const char *text)
{
    struct plan plan = {.frames = 77};
    struct cmrr_error why = {0};
    ck_assert_msg(parse_text(&plan, text, &why) == CMRR_BAD_FILE, "accepted: %s", text);
    ck_assert_msg(strncmp(why.text, "p.csv: ", 7) == 0, "said: %s", why.text);
    ck_assert_uint_eq(plan.frames, 77);
}

START_TEST(a_plan_by_hand_is_read)
{
    struct plan plan;
    struct cmrr_error why = {0};
    ck_assert_msg(parse_text(&plan, HEAD MARKER TONE, &why) == CMRR_OK, "%s", why.text);
    ck_assert_uint_eq(plan.tone[0].cycles, 1000);
    plan_finish(&plan);
}
END_TEST

START_TEST(hostile_plans_are_refused)
{
    refused(HEAD);
    refused(HEAD MARKER);
    refused(HEAD TONE);
    refused(HEAD MARKER MARKER MARKER MARKER MARKER TONE);
    refused("# rate: 48000\n# block_frames: 61999\n"
            "kind,step,mode,freq_hz,start_frame,frames,window_frame,"
            "window_frames,amplitude,phase_rad\n" MARKER TONE);
    refused("# rate: 1\n# block_frames: 100000\n"
            "kind,step,mode,freq_hz,start_frame,frames,window_frame,"
            "window_frames,amplitude,phase_rad\n" MARKER TONE);
    refused("# rate: 48000\n# block_frames: 1e18\n"
            "kind,step,mode,freq_hz,start_frame,frames,window_frame,"
            "window_frames,amplitude,phase_rad\n" MARKER TONE);
    refused("kind,step,mode\nmarker,,dm\n");
    refused(HEAD MARKER "tone,1,xx,1000,2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000.3,2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,24000,2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,0,2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,-1000,2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,-2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,1000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,15000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,12000,8,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,12000,48000,1.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,12000,48000,0,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,12000,48000,,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,12000,48000,0.5,1e9\n");
    refused(HEAD MARKER "tone,0,cm,1000,2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,90000,60000,12000,48000,0.5,0\n");
    refused(HEAD "marker,,dm,,0,200000,,,0.1,\n" TONE);
    refused(HEAD "marker,,dm,,0,1e300,,,0.1,\n" TONE);
    refused(HEAD "marker,,dm,,,1920,,,0.1,\n" TONE);
}
END_TEST

START_TEST(frames_that_are_not_whole_are_refused)
{
    refused(HEAD "marker,,dm,,0.5,1920,,,0.1,\n" TONE);
    refused(HEAD MARKER "tone,1,cm,1000,2000.5,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER "tone,1,cm,1000,2000,60000,12000.5,48000,0.5,0\n");
}
END_TEST

/* Tones of one step sound in one window: rows that disagree would be analysed in the first one's. */
START_TEST(tones_of_one_step_must_agree_on_it)
{
    refused(HEAD MARKER TONE "tone,1,cm,500,2000,60000,12000,24000,0.5,0\n");
    refused(HEAD MARKER TONE "tone,1,dm,500,2000,60000,12000,48000,0.5,0\n");
    refused(HEAD MARKER TONE "tone,1,cm,500,2000,60000,12000,48000,0.4,0\n");
}
END_TEST

int main(void)
{
    const TTest *tests[] = {windows_lie_inside_their_steps_behind_settling_and_ramps,
                            settling_is_longer_below_100_hz,
                            several_tones_share_the_longest_window_and_stay_coherent,
                            what_is_rendered_is_the_sum_of_cosines_on_the_outputs_of_the_mode,
                            the_stimulus_never_jumps,
                            the_peak_of_the_plan_is_not_exceeded,
                            many_tones_at_once_never_exceed_the_crest_promised,
                            a_tilt_takes_from_output_1_what_it_gives_to_output_2,
                            one_tone_has_a_crest_of_one_and_a_few_that_of_their_number,
                            what_cannot_be_played_is_refused,
                            a_plan_survives_its_file_to_the_last_bit,
                            a_plan_by_hand_is_read,
                            hostile_plans_are_refused,
                            frames_that_are_not_whole_are_refused,
                            tones_of_one_step_must_agree_on_it};
    return suite_run("plan", tests, sizeof tests / sizeof *tests);
}
