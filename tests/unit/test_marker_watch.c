/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "../../src/app/marker_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/rng.h"
#include "../support/suite.h"

/*
 * A block of two differential markers (and one in common mode between them), as it comes back through a device of
 * gain 0.5 with noise of 1e-4: everything behind frame `slips_at` is late by `slip` frames.
 */
enum { ORIGIN = 1000, FRAMES = 40000 };
static struct cmrr_error why;
static const uint64_t seed = 5; /* of the first capture of a test; the next ones count up */
static uint64_t calls;

static void make_plan(struct plan *plan)
{
    plan_init(plan, 48000);
    plan_add_marker(plan, MODE_DM, 0.01, 0.04);
    plan_add_silence(plan, 0.1);
    plan_add_marker(plan, MODE_CM, 0.01, 0.04);
    plan_add_silence(plan, 0.1);
    plan_add_marker(plan, MODE_DM, 0.01, 0.04);
}

static double *capture(const struct plan *plan, double gain, long slips_at, long slip, double noise)
{
    double *played = calloc(2 * plan->frames, sizeof *played), *x = calloc(FRAMES, sizeof *x);
    struct rng rng;
    rng_init(&rng, seed + calls++);
    plan_render(plan, played);
    for (long i = 0; i < FRAMES; i++) {
        long from = i - ORIGIN - (i > slips_at ? slip : 0);
        if (from >= 0 && from < (long)plan->frames) /* the device takes the difference and nothing else */
            x[i] = 0.5 * gain * (played[2 * from] - played[2 * from + 1]);
        x[i] += noise * rng_gauss(&rng);
    }
    free(played);
    return x;
}

/* Feed it in pieces of odd size; the first verdict that is not CMRR_OK. */
static enum cmrr_status watch(double known_gain, double gain, long slips_at, long slip, double noise)
{
    struct plan plan;
    struct marker_watch watch;
    enum cmrr_status status = CMRR_OK;
    why = (struct cmrr_error){0};
    make_plan(&plan);
    double *x = capture(&plan, gain, slips_at, slip, noise);
    ck_assert_int_eq(marker_watch_init(&watch, &plan, known_gain, &why), CMRR_OK);
    for (size_t at = 0; at < FRAMES && status == CMRR_OK; at += 777) {
        size_t frames = FRAMES - at < 777 ? FRAMES - at : 777;
        struct audio_chunk chunk = {x + at, frames, at};
        status = marker_watch_take(&watch, &chunk, ORIGIN, &why);
    }
    if (status == CMRR_OK)
        ck_assert_uint_eq(marker_watch_end(&watch), 0);
    marker_watch_finish(&watch);
    plan_finish(&plan);
    free(x);
    return status;
}

START_TEST(markers_that_come_back_in_place_are_fine)
{
    ck_assert_int_eq(watch(0.5, 0.5, 0, 0, 1e-4), CMRR_OK);
    ck_assert_int_eq(watch(0.5, -0.5, 0, 0, 1e-4), CMRR_OK); /* polarity is none of its business */
}
END_TEST

START_TEST(samples_lost_without_a_word_are_noticed)
{
    static const long slips[] = {1, -1, 2, -2, 5, -7, 60, 480, -480};
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        ck_assert_msg(watch(0.5, 0.5, 10000, slips[i], 1e-4) == CMRR_SAMPLES_LOST, "a slip of %ld", slips[i]);
}
END_TEST

START_TEST(the_sentence_says_by_how_much)
{
    watch(0.5, 0.5, 10000, 5, 1e-4);
    ck_assert_msg(strstr(why.text, "+5 frames"), "%s", why.text);
}
END_TEST

START_TEST(a_gain_that_was_turned_down_is_noticed)
{
    ck_assert_int_eq(watch(0.5, 0.2, 0, 0, 1e-4), CMRR_SAMPLES_LOST);
    ck_assert_msg(strstr(why.text, "gain"), "%s", why.text);
}
END_TEST

START_TEST(without_a_gain_that_is_known_nothing_is_watched)
{
    ck_assert_int_eq(watch(0.0, 0.5, 10000, 480, 1e-4), CMRR_OK);
}
END_TEST

START_TEST(noise_alone_raises_no_alarm)
{
    /* As noisy as a probe that stands 60 times out of its noise allows: 1/60 of the peak, 0.5 x 0.01 x sqrt(1920 / 2). */
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(watch(0.5, 0.5, 0, 0, 0.5 * 0.01 * sqrt(1920.0 / 2.0) / 60.0), CMRR_OK);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {markers_that_come_back_in_place_are_fine,
                            samples_lost_without_a_word_are_noticed,
                            the_sentence_says_by_how_much,
                            a_gain_that_was_turned_down_is_noticed,
                            without_a_gain_that_is_known_nothing_is_watched,
                            noise_alone_raises_no_alarm};
    return suite_run("marker_watch", tests, sizeof tests / sizeof *tests);
}
