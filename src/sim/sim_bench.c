/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/sim.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sim_noise.h"
#include "sim_response.h"

/*
 * The bench as an audio interface and a fixture in one. It works in blocks of 8192 frames: whatever is queued when a
 * block begins is committed, as a real interface's buffer is. Order: what is played is quantised and clipped, output
 * noise added (it passes through the device as a signal does), responses applied, delayed, hum and input noise added,
 * clipped and quantised. Captured frame n so belongs to played frame n - LATENCY.
 */
enum { BLOCK = 8192 };
#define FADE_S 0.01
#define FIXTURE_MOVES_S 0.02
#define QUANTUM 0x1p-23

struct bench {
    struct audio audio; /* first: the instrument calls by its table */
    struct fixture fixture;
    struct sim_args args;
    struct device *device;
    struct audio_config config;
    char name[256];
    struct filter *filter;
    struct filter_response *response[WIRING_COUNT]; /* of the positions without a resistor, made when first needed */
    struct filter_response *special;                /* of a position with one */
    struct position position, wanted, special_position;
    uint64_t moves_done_at;
    struct sim_noise noise;
    double *delay; /* ring of `delay_frames` outputs */
    size_t delay_frames, delay_at;
    double x[2][BLOCK], y[BLOCK], capture[BLOCK];
    size_t capture_at, capture_end;
    uint64_t committed, delivered; /* played frames taken; captured frames handed out */
    const double *queued;
    size_t queued_frames, queued_at;
    size_t fade_left, fade_length; /* frames of a fade still to play; fade_length 0 = none */
    struct timespec opened_at;
};

static struct bench *bench_of(struct audio *audio)
{
    return (struct bench *)(void *)audio;
}

static struct bench *bench_of_fixture(struct fixture *fixture)
{
    return (struct bench *)(void *)((char *)fixture - offsetof(struct bench, fixture));
}

/* The response of the present position, made at the first use of it. */
static const struct filter_response *current_response(struct bench *bench)
{
    struct filter_response **slot = &bench->response[bench->position.wiring];
    if (bench->position.leg != LEG_NONE) {
        slot = &bench->special;
        if (!position_is_same(&bench->special_position, &bench->position)) {
            filter_response_free(*slot);
            *slot = NULL;
            bench->special_position = bench->position;
        }
    }
    if (!*slot)
        *slot = sim_response_new(bench->filter, &bench->args, bench->device, &bench->position, bench->config.rate_hz);
    return *slot;
}

static double converted(const struct bench *bench, double x, double top)
{
    x = fmin(fmax(x, -top), top);
    return bench->args.is_ideal ? x : rint(x / QUANTUM) * QUANTUM;
}

/* The next frame that is played, both outputs. */
static void next_frame(struct bench *bench, double frame[2])
{
    frame[0] = frame[1] = 0.0;
    if (!bench->queued)
        return;
    double gain = 1.0;
    if (bench->fade_length)
        gain = 0.5 - 0.5 * cos(M_PI * (double)bench->fade_left-- / (double)bench->fade_length);
    for (size_t column = 0; column < 2; column++)
        frame[bench->config.out_channels[column] - 1] = gain * bench->queued[2 * bench->queued_at + column];
    bench->queued_at++;
    if (bench->queued_at == bench->queued_frames || (bench->fade_length && bench->fade_left == 0)) {
        bench->queued = NULL;
        bench->fade_length = 0;
    }
}

static void play_block(struct bench *bench)
{
    for (size_t i = 0; i < BLOCK; i++) {
        double frame[2];
        next_frame(bench, frame);
        for (size_t output = 0; output < 2; output++)
            bench->x[output][i] = converted(bench, frame[output], 1.0);
    }
    for (size_t output = 0; output < 2; output++)
        sim_noise_add(&bench->noise, bench->x[output], BLOCK);
}

static void delay_block(struct bench *bench)
{
    for (size_t i = 0; bench->delay_frames && i < BLOCK; i++) {
        double out = bench->delay[bench->delay_at];
        bench->delay[bench->delay_at] = bench->y[i];
        bench->y[i] = out;
        bench->delay_at = (bench->delay_at + 1) % bench->delay_frames;
    }
}

static enum cmrr_status make_block(struct bench *bench, struct cmrr_error *why)
{
    const struct filter_response *response = current_response(bench);
    if (!response)
        return cmrr_fail(why, CMRR_NO_MEMORY, "sim: out of memory");
    play_block(bench);
    filter_run(bench->filter, response, (const double *const[2]){bench->x[0], bench->x[1]}, bench->y);
    delay_block(bench);
    sim_noise_add_hum(&bench->noise, bench->y, BLOCK, bench->committed);
    sim_noise_add(&bench->noise, bench->y, BLOCK);
    double top = pow(10.0, bench->args.clip_dbfs / 20.0);
    for (size_t i = 0; i < BLOCK; i++)
        bench->capture[i] = converted(bench, bench->y[i], top);
    bench->committed += BLOCK;
    bench->capture_at = 0;
    bench->capture_end = BLOCK;
    return CMRR_OK;
}

/* Real time at SPEED=1: wait until the frames handed out so far would have been captured. */
static void pace(const struct bench *bench)
{
    if (!(bench->args.speed > 0.0))
        return;
    double due_s = (double)bench->delivered / bench->config.rate_hz / bench->args.speed;
    struct timespec until = bench->opened_at;
    until.tv_sec += (time_t)due_s;
    until.tv_nsec += (long)((due_s - floor(due_s)) * 1e9);
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static enum cmrr_status bench_play(struct audio *audio, const double *samples, size_t frames, uint64_t *first,
                                   struct cmrr_error *why)
{
    struct bench *bench = bench_of(audio);
    if (bench->queued || frames == 0)
        return cmrr_fail(why, CMRR_RANGE, "sim: a block is queued already, or the new one is empty");
    bench->queued = samples;
    bench->queued_frames = frames;
    bench->queued_at = 0;
    *first = bench->committed;
    return CMRR_OK;
}

static enum cmrr_status bench_advance(struct audio *audio, struct audio_chunk *chunk, size_t frames,
                                      struct cmrr_error *why)
{
    struct bench *bench = bench_of(audio);
    if (bench->capture_at == bench->capture_end) {
        enum cmrr_status status = make_block(bench, why);
        if (status != CMRR_OK)
            return status;
    }
    size_t left = bench->capture_end - bench->capture_at;
    chunk->samples = bench->capture + bench->capture_at;
    chunk->frames = frames < left ? frames : left;
    chunk->first = bench->delivered;
    bench->capture_at += chunk->frames;
    bench->delivered += chunk->frames;
    pace(bench);
    return CMRR_OK;
}

static void bench_fade(struct audio *audio)
{
    struct bench *bench = bench_of(audio);
    if (!bench->queued || bench->fade_length)
        return;
    bench->fade_length = bench->fade_left = (size_t)(FADE_S * bench->config.rate_hz);
}

static void bench_info(const struct audio *audio, struct audio_info *info)
{
    const struct bench *bench = (const struct bench *)(const void *)audio;
    *info = (struct audio_info){.bits = bench->args.is_ideal ? 0 : 24,
                                .clip_ratio = pow(10.0, bench->args.clip_dbfs / 20.0) - 1.5 * QUANTUM,
                                .buffer_frames = BLOCK,
                                .is_simulated = true,
                                .is_linked = true,
                                .seed = (uint64_t)bench->args.seed};
    snprintf(info->device, sizeof info->device, "%s", bench->name);
    snprintf(info->driver, sizeof info->driver, "simulated bench, device %s", device_name(bench->device));
    snprintf(info->format, sizeof info->format, "%s", bench->args.is_ideal ? "double" : "24 bit");
}

static void bench_close(struct audio *audio)
{
    struct bench *bench = bench_of(audio);
    for (size_t i = 0; i < WIRING_COUNT; i++)
        filter_response_free(bench->response[i]);
    filter_response_free(bench->special);
    filter_free(bench->filter);
    device_free(bench->device);
    free(bench->delay);
    free(bench);
}

static enum cmrr_status fixture_begin(struct fixture *fixture, const struct position *position, struct cmrr_error *why)
{
    struct bench *bench = bench_of_fixture(fixture);
    if (bench->args.fixture == SIM_FIXTURE_FAIL)
        return cmrr_fail(why, CMRR_FIXTURE, "sim: the fixture does not take the position %s (FIXTURE=fail)",
                         wiring_name(position->wiring));
    bench->wanted = *position;
    bench->moves_done_at = bench->delivered + (uint64_t)(FIXTURE_MOVES_S * bench->config.rate_hz);
    return CMRR_OK;
}

static enum fixture_state fixture_poll(struct fixture *fixture, struct cmrr_error *why)
{
    (void)why;
    struct bench *bench = bench_of_fixture(fixture);
    if (bench->args.fixture == SIM_FIXTURE_HANG || bench->delivered < bench->moves_done_at)
        return FIXTURE_PENDING;
    if (bench->args.fixture == SIM_FIXTURE_OK)
        bench->position = bench->wanted;
    return FIXTURE_DONE;
}

static const struct audio_ops bench_ops = {
    .play = bench_play, .advance = bench_advance, .fade = bench_fade, .info = bench_info, .close = bench_close};
static const struct fixture_ops bench_fixture_ops = {.name = "sim", .begin = fixture_begin, .poll = fixture_poll};

struct fixture *sim_fixture(struct audio *audio)
{
    return &bench_of(audio)->fixture;
}

static enum cmrr_status check_config(const struct audio_config *config, struct cmrr_error *why)
{
    static const unsigned rates[] = {44100, 48000, 88200, 96000, 176400, 192000};
    size_t i = 0;
    while (i < sizeof rates / sizeof *rates && rates[i] != config->rate_hz)
        i++;
    if (i == sizeof rates / sizeof *rates)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN,
                         "sim: %u Hz refused, the bench offers 44100, 48000, 88200, 96000, 176400, 192000",
                         config->rate_hz);
    if (config->out_count != 2 || config->out_channels[0] + config->out_channels[1] != 3 ||
        config->out_channels[0] < 1 || config->out_channels[0] > 2)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "sim: outputs %u,%u: the bench has outputs 1 and 2",
                         config->out_channels[0], config->out_channels[1]);
    if (config->in_count != 1 || config->in_channels[0] != 1)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "sim: input %u: the bench has input 1 only", config->in_channels[0]);
    return CMRR_OK;
}

enum cmrr_status sim_open(struct audio **audio, const struct sim_args *args, struct device *device,
                          const struct audio_config *config, struct cmrr_error *why)
{
    enum cmrr_status status = check_config(config, why);
    struct bench *bench = status == CMRR_OK ? calloc(1, sizeof *bench) : NULL;
    if (!bench) {
        device_free(device);
        return status != CMRR_OK ? status : cmrr_fail(why, CMRR_NO_MEMORY, "sim: out of memory");
    }
    bench->audio.ops = &bench_ops;
    bench->fixture.ops = &bench_fixture_ops;
    bench->args = *args;
    bench->device = device;
    bench->config = *config;
    bench->config.device = bench->name;
    snprintf(bench->name, sizeof bench->name, "%.255s", config->device);
    bench->filter = filter_new(BLOCK, sim_response_taps(config->rate_hz));
    bench->delay_frames = (size_t)args->latency_frames - SIM_FILTER_DELAY;
    bench->delay = calloc(bench->delay_frames + 1, sizeof *bench->delay);
    sim_noise_init(&bench->noise, args, config->rate_hz);
    clock_gettime(CLOCK_MONOTONIC, &bench->opened_at);
    if (!bench->filter || !bench->delay) {
        bench_close(&bench->audio);
        return cmrr_fail(why, CMRR_NO_MEMORY, "sim: out of memory");
    }
    *audio = &bench->audio;
    return CMRR_OK;
}
