/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/estimate.h"

#include <math.h>
#include <stdlib.h>
#include "cmrr/rng.h"
#include "cmrr/tone.h"
#include "../support/suite.h"

enum { RATE = 48000 };

static struct plan one_step(const struct grid_tone *tone, size_t tones)
{
    struct plan plan;
    plan_init(&plan, RATE);
    plan_add_silence(&plan, 0.0123);
    ck_assert_int_eq(
        plan_add_step(
            &plan,
            &(struct plan_step_config){
                .mode = MODE_CM, .pass = PASS_MAIN, .tone = tone, .tones = tones, .amplitude = 0.01, .settle_s = 0.2}),
        CMRR_OK);
    return plan;
}

/* The window of step 0 of output 1, as played. */
static double *window_of(const struct plan *plan)
{
    double *samples = malloc(2 * plan->frames * sizeof *samples);
    double *window = malloc(plan->step[0].window_frames * sizeof *window);
    plan_render(plan, samples);
    for (uint64_t i = 0; i < plan->step[0].window_frames; i++)
        window[i] = samples[2 * (plan->step[0].window + i)];
    free(samples);
    return window;
}

static void read_step(const struct plan *plan, const double *window, struct phasor *y)
{
    struct estimator *estimator = estimator_new();
    ck_assert_int_eq(estimator_step(estimator, plan, 0, window, y), CMRR_OK);
    estimator_free(estimator);
}

/* What comes back as it was played has the amplitude played and no phase. */
START_TEST(a_tone_as_played_reads_its_amplitude_at_phase_nothing)
{
    static const struct grid_tone tones[] = {
        {20, 20, RATE}, {925, 925, RATE}, {2075, 830, 19200}, {19825, 7930, 19200}, {1, 4, 4 * RATE}};
    for (size_t i = 0; i < sizeof tones / sizeof *tones; i++) {
        struct phasor y;
        struct plan plan = one_step(&tones[i], 1);
        double *window = window_of(&plan);
        read_step(&plan, window, &y);
        ck_assert_double_le(cabs(y.value - 0.01), 1e-14);
        ck_assert(y.u > 0.0 && y.u <= 2e-13);
        ck_assert_double_ge(y.nu, 80.0);
        free(window);
        plan_finish(&plan);
    }
}
END_TEST

/* A delay of d frames turns the tone back by 2 pi f d / fs. */
START_TEST(a_delayed_tone_has_the_phase_of_the_delay)
{
    static const struct grid_tone tone = {12575, 5030, 19200};
    struct phasor y;
    struct plan plan = one_step(&tone, 1);
    uint64_t n = plan.step[0].window_frames;
    double *samples = malloc(2 * plan.frames * sizeof *samples), *window = malloc(n * sizeof *window);
    plan_render(&plan, samples);
    for (uint64_t i = 0; i < n; i++)
        window[i] = samples[2 * (plan.step[0].window + i - 3)];
    read_step(&plan, window, &y);
    ck_assert_double_le(cabs(y.value - 0.01 * cexp(-2.0 * M_PI * I * 12575.0 * 3.0 / RATE)), 1e-14);
    free(samples);
    free(window);
    plan_finish(&plan);
}
END_TEST

START_TEST(tones_that_sound_together_are_told_apart)
{
    enum { TONES = 31 };
    struct grid grid;
    struct phasor y[TONES];
    ck_assert_int_eq(grid_make(&grid, "20:20000/3", GRID_HUM_SAFE, RATE, NULL), CMRR_OK);
    ck_assert_uint_eq(grid.count, TONES);
    struct plan plan = one_step(grid.tone, TONES);
    double *window = window_of(&plan);
    read_step(&plan, window, y);
    for (size_t i = 0; i < TONES; i++) {
        ck_assert_double_le(cabs(y[i].value - 0.01), 1e-13);
        ck_assert(y[i].u < 1e-13 * 10.0 && y[i].nu >= 80.0);
    }
    free(window);
    plan_finish(&plan);
    grid_free(&grid);
}
END_TEST

/* sigma sqrt(2/n) x sqrt(2.0044) under the 4-term window. 100 degrees of freedom know one s to 7 %; 300 of them to 0.4 %. */
START_TEST(noise_has_the_deviation_it_claims)
{
    enum { TRIALS = 300 };
    static const struct grid_tone tone = {2075, 830, 19200};
    struct plan plan = one_step(&tone, 1);
    double *clean = window_of(&plan), *window = malloc(19200 * sizeof *window), sigma = 1e-4;
    double expected = sigma * sqrt(2.0 / 19200.0 * 2.0044), scatter = 0.0, claimed = 0.0;
    struct estimator *estimator = estimator_new();
    struct rng rng;
    rng_init(&rng, suite_seed(1));
    for (int t = 0; t < TRIALS; t++) {
        struct phasor y;
        for (int i = 0; i < 19200; i++)
            window[i] = clean[i] + sigma * rng_gauss(&rng);
        ck_assert_int_eq(estimator_step(estimator, &plan, 0, window, &y), CMRR_OK);
        scatter += pow(cabs(y.value - 0.01), 2.0) / 2.0 / TRIALS;
        claimed += y.u * y.u / TRIALS;
    }
    /* Mean squares: of 600 quadratures sqrt(2/600) = 5.8 %, of the claims sqrt(2/100/300) = 0.8 %; 4.5 of each. */
    ck_assert_double_eq_tol(scatter / (expected * expected), 1.0, 4.5 * 0.058);
    ck_assert_double_eq_tol(claimed / (expected * expected), 1.0, 4.5 * 0.0082);
    estimator_free(estimator);
    free(clean);
    free(window);
    plan_finish(&plan);
}
END_TEST

/* Harmonics of the tone, mains lines and direct current are no noise. */
START_TEST(harmonics_hum_and_direct_current_do_not_count_as_noise)
{
    static const struct grid_tone tone = {65, 65, RATE};
    struct plan plan = one_step(&tone, 1);
    double *window = window_of(&plan);
    struct phasor y;
    for (int i = 0; i < RATE; i++) {
        double t = (double)i / RATE;
        window[i] += 0.1 + 1e-3 * cos(2.0 * M_PI * 50.03 * t) + 1e-4 * cos(2.0 * M_PI * 150.09 * t) +
                     1e-4 * cos(2.0 * M_PI * 180.05 * t) + 1e-4 * cos(2.0 * M_PI * 240.0 * t);
        for (int harmonic = 2; harmonic <= 10; harmonic++)
            window[i] += 1e-3 * cos(2.0 * M_PI * 65.0 * harmonic * t);
    }
    read_step(&plan, window, &y);
    /* What leaks 4 bins and more away from a line of 1e-3: -92 dB of it at most, in a few bins. */
    ck_assert_double_le(y.u, 1e-3 * 2.5e-5);
    ck_assert_double_le(cabs(y.value - 0.01), 1e-3 * 2.5e-5 * 4.0);
    free(window);
    plan_finish(&plan);
}
END_TEST

START_TEST(noise_is_never_stated_as_nothing)
{
    static const struct grid_tone tone = {925, 925, RATE};
    struct plan plan = one_step(&tone, 1);
    double *window = calloc(RATE, sizeof *window);
    struct phasor y;
    read_step(&plan, window, &y);
    ck_assert_double_gt(y.u, 0.0);
    free(window);
    plan_finish(&plan);
}
END_TEST

/* More lengths than are kept: the estimator forgets one and makes it again. */
START_TEST(any_number_of_window_lengths_can_be_mixed)
{
    struct estimator *estimator = estimator_new();
    for (int round = 0; round < 2; round++)
        for (uint64_t length = 4800; length <= 48000; length += 4800) {
            struct grid_tone tone = {1000, length / 48, length};
            struct plan plan = one_step(&tone, 1);
            double *window = window_of(&plan);
            struct phasor y;
            ck_assert_int_eq(estimator_step(estimator, &plan, 0, window, &y), CMRR_OK);
            ck_assert_double_le(cabs(y.value - 0.01), 1e-14);
            free(window);
            plan_finish(&plan);
        }
    estimator_free(estimator);
    estimator_free(NULL);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {a_tone_as_played_reads_its_amplitude_at_phase_nothing,
                            a_delayed_tone_has_the_phase_of_the_delay,
                            tones_that_sound_together_are_told_apart,
                            noise_has_the_deviation_it_claims,
                            harmonics_hum_and_direct_current_do_not_count_as_noise,
                            noise_is_never_stated_as_nothing,
                            any_number_of_window_lengths_can_be_mixed};
    return suite_run("estimate", tests, sizeof tests / sizeof *tests);
}
