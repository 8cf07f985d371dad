/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bench.h"
#include "cmrr/offline.h"
#include "cmrr/tone.h"
#include "cmrr/wav.h"

/*
 * Speeds as ratios, taken side by side in one run: processor time of analysing a 60 s stereo 24-bit capture against
 * that of a fixed yardstick (transforms of the same length), and audio time of a measurement on the simulated bench
 * against the time it takes. Nothing here passes or fails: machines are noisy.
 */
static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *what, const struct cmrr_error *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why->text);
    exit(1);
}

/* A stimulus of about 60 s: third octaves from 50 Hz up. */
static void make_stimulus(const char *path, char plan_path[PATH_MAX], struct cmrr_error *why)
{
    struct settings settings;
    settings_init(&settings);
    settings_set(&settings, "freqs", "95:20000/3", why);
    if (offline_write_stimulus(&settings, path, true, plan_path, why) != CMRR_OK)
        die("stimulus", why);
}

/* The device between: y = 0.501 a - 0.499 b in both channels of a 24-bit file, cut or padded to 60 s. */
static void make_capture(const char *stimulus, const char *path, struct cmrr_error *why)
{
    struct wav hot, cold;
    if (wav_read(&hot, stimulus, 1, why) != CMRR_OK || wav_read(&cold, stimulus, 2, why) != CMRR_OK)
        die("capture", why);
    size_t frames = 60 * 48000;
    double *samples = calloc(2 * frames, sizeof *samples);
    for (size_t i = 0; i < frames && i < hot.frames; i++)
        samples[2 * i] = samples[2 * i + 1] = 0.501 * hot.samples[i] - 0.499 * cold.samples[i];
    if (hot.frames > frames)
        printf("note: the stimulus is %.1f s long\n", (double)hot.frames / 48000.0);
    if (wav_write(path, samples, frames, 48000, why) != CMRR_OK)
        die("capture", why);
    free(samples);
    free(hot.samples);
    free(cold.samples);
}

static double analyse_once(const char *capture, const char *plan_path, struct cmrr_error *why)
{
    struct plan plan;
    struct settings settings;
    struct wav wav;
    struct reading *readings;
    struct run_points points;
    size_t count;
    int64_t latency;
    double start = cpu_s();
    if (offline_read_plan(&plan, &settings, plan_path, why) != CMRR_OK || wav_read(&wav, capture, 1, why) != CMRR_OK ||
        offline_analyze(&plan, &wav, capture, &readings, &count, &latency, why) != CMRR_OK ||
        run_points_make(&points, readings, count, &settings.assumed, NULL, why) != CMRR_OK)
        die("analyse", why);
    double seconds = cpu_s() - start;
    run_points_free(&points);
    free(readings);
    free(wav.samples);
    plan_finish(&plan);
    return seconds;
}

static void bench_analysis(const char *folder, struct cmrr_error *why)
{
    char stimulus[PATH_MAX], capture[PATH_MAX], plan_path[PATH_MAX];
    snprintf(stimulus, sizeof stimulus, "%s/stim.wav", folder);
    snprintf(capture, sizeof capture, "%s/capture.wav", folder);
    make_stimulus(stimulus, plan_path, why);
    make_capture(stimulus, capture, why);
    double best = INFINITY;
    for (int i = 0; i < 7; i++)
        best = fmin(best, analyse_once(capture, plan_path, why));
    printf("analysis of a 60 s, 48 kHz, stereo, 24-bit capture: %.3f s of one core (%.0f times real time)\n", best,
           60.0 / best);
    unlink(stimulus);
    unlink(capture);
    unlink(plan_path);
}

static void bench_simulation(void)
{
    double start = cpu_s();
    struct bench_run *run =
        bench_measure((const char *const[]){"device=sim:DUT=transformer", "states=tied,terminated", NULL});
    double seconds = cpu_s() - start;
    if (run->status != CMRR_OK)
        die("simulation", &run->why);
    printf("simulated bench, whole measurement with analysis: %.1f s of audio in %.2f s of one core (%.0f times real "
           "time)\n",
           run->outcome.audio_s, seconds, run->outcome.audio_s / seconds);
    bench_run_free(run);
}

int main(void)
{
    char folder[] = "/tmp/cmrr-bench-XXXXXX";
    struct cmrr_error why = {0};
    if (!mkdtemp(folder))
        return 1;
    bench_analysis(folder, &why);
    bench_simulation();
    rmdir(folder);
    return 0;
}
