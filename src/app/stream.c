/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cmrr/tone.h"
#include "marker_watch.h"
#include "pick.h"

/*
 * The stimulus of a block is computed, dithered and queued first; then frames move in small pieces, and of what comes
 * back only the present step's window is kept. Analysis of a window (a few ms) runs between two advances, while the
 * next step sounds.
 */
enum { PIECE = 4096 };
#define CATCH_UP_S 0.02

enum cmrr_status stream_init(struct stream *stream, struct audio *audio, unsigned rate_hz,
                             const struct instrument_events *events, struct cmrr_error *why)
{
    *stream = (struct stream){.audio = audio, .rate_hz = rate_hz, .events = *events, .latency_frames = -1};
    audio->ops->info(audio, &stream->info);
    rng_init(&stream->rng, stream->info.seed + 1);
    stream->estimator = estimator_new();
    return stream->estimator ? CMRR_OK : cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
}

void stream_finish(struct stream *stream)
{
    struct audio_chunk chunk;
    audio_fade(stream->audio);
    /* What is already in the interface's buffer still sounds, the fade last. */
    uint64_t until = stream->captured + stream->info.buffer_frames + stream->rate_hz / 50;
    while (stream->block && stream->captured < until) {
        if (audio_advance(stream->audio, &chunk, PIECE, NULL) != CMRR_OK)
            break;
        stream->captured += chunk.frames;
    }
    estimator_free(stream->estimator);
    free(stream->block);
    stream->estimator = NULL;
    stream->block = NULL;
}

/* Move frames; a stop that was asked for ends everything here. */
static enum cmrr_status advance(struct stream *stream, struct audio_chunk *chunk, uint64_t frames,
                                struct cmrr_error *why)
{
    if (stream->events.should_stop && stream->events.should_stop(stream->events.context))
        return cmrr_fail(why, CMRR_CANCELLED, "cancelled");
    enum cmrr_status status = audio_advance(stream->audio, chunk, frames < PIECE ? (size_t)frames : PIECE, why);
    if (status == CMRR_OK)
        stream->captured = chunk->first + chunk->frames;
    return status;
}

enum cmrr_status stream_wait(struct stream *stream, double seconds, struct cmrr_error *why)
{
    uint64_t until = stream->captured + (uint64_t)(seconds * stream->rate_hz);
    enum cmrr_status status = CMRR_OK;
    struct audio_chunk chunk;
    while (status == CMRR_OK && stream->captured < until)
        status = advance(stream, &chunk, until - stream->captured, why);
    return status;
}

/*
 * Silence for as long as was spent computing, so that the interface's buffer of a few tenths of a second never runs dry
 * on a slow computer. A simulated interface waits for us, and its samples must not depend on the time of day.
 */
static enum cmrr_status catch_up(struct stream *stream, struct timespec *last, struct cmrr_error *why)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double away_s = (double)(now.tv_sec - last->tv_sec) + 1e-9 * (double)(now.tv_nsec - last->tv_nsec);
    if (stream->info.is_simulated || away_s < CATCH_UP_S)
        return CMRR_OK;
    *last = now;
    return stream_wait(stream, away_s, why);
}

/* Compute and dither the block, part by part. */
static enum cmrr_status compute(struct stream *stream, const struct plan *plan, double *block, struct cmrr_error *why)
{
    enum cmrr_status status = CMRR_OK;
    struct timespec last;
    clock_gettime(CLOCK_MONOTONIC, &last);
    for (size_t part = 0; part < plan_parts(plan) && status == CMRR_OK; part++) {
        struct plan_part done;
        status = plan_render_part(plan, part, block, &done);
        if (status != CMRR_OK)
            return cmrr_fail(why, status, "out of memory");
        if (done.is_complete && stream->info.bits)
            tone_quantise(block + 2 * done.start, 2 * done.frames, stream->info.bits, &stream->rng);
        status = catch_up(stream, &last, why);
    }
    return status;
}

/* Queue a computed block; *first is the played frame at which it begins. */
static enum cmrr_status queue(struct stream *stream, const struct plan *plan, uint64_t *first, struct cmrr_error *why)
{
    free(stream->block);
    stream->block = calloc(2 * plan->frames, sizeof *stream->block);
    if (!stream->block)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory for a block of %.0f s",
                         (double)plan->frames / stream->rate_hz);
    enum cmrr_status status = compute(stream, plan, stream->block, why);
    return status == CMRR_OK ? audio_play(stream->audio, stream->block, plan->frames, first, why) : status;
}

static bool has_clipped(const struct stream *stream, const double *samples, uint64_t frames)
{
    for (uint64_t i = 0; i < frames; i++)
        if (fabs(samples[i]) >= stream->info.clip_ratio)
            return true;
    return false;
}

enum cmrr_status stream_capture(struct stream *stream, const struct plan *plan, double tail_s, double **capture,
                                size_t *frames, bool *clipped, struct cmrr_error *why)
{
    uint64_t first = 0, wanted = plan->frames + (uint64_t)(tail_s * stream->rate_hz);
    double *kept = calloc(wanted, sizeof *kept);
    if (!kept)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    enum cmrr_status status = queue(stream, plan, &first, why);
    for (bool is_done = false; status == CMRR_OK && !is_done;) {
        struct audio_chunk chunk = {NULL, 0, 0};
        uint64_t end = first + wanted;
        status = advance(stream, &chunk, end - stream->captured, why);
        if (status == CMRR_OK)
            is_done = pick_frames(&chunk, first, wanted, kept);
    }
    if (status != CMRR_OK) {
        free(kept);
        return status;
    }
    *capture = kept;
    *frames = wanted;
    *clipped = has_clipped(stream, kept, wanted);
    return CMRR_OK;
}

/* The step under way: its window's samples, and whether anything in the whole step clipped. */
struct tap {
    double *window;
    bool has_clipped;
};

static void tap_take(struct stream *stream, struct tap *tap, const struct audio_chunk *chunk, uint64_t origin,
                     const struct plan_step *step)
{
    uint64_t from = origin + step->start, to = from + step->frames;
    uint64_t begin = chunk->first > from ? chunk->first : from;
    uint64_t end = chunk->first + chunk->frames < to ? chunk->first + chunk->frames : to;
    if (end > begin && has_clipped(stream, chunk->samples + (begin - chunk->first), end - begin))
        tap->has_clipped = true;
    pick_frames(chunk, origin + step->window, step->window_frames, tap->window);
}

static enum cmrr_status finish_step(struct stream *stream, const struct plan *plan, size_t index, struct tap *tap,
                                    uint64_t first, step_handler *handler, void *context, struct cmrr_error *why)
{
    const struct plan_step *step = &plan->step[index];
    struct phasor *y = calloc(step->tones, sizeof *y);
    enum cmrr_status status = y ? estimator_step(stream->estimator, plan, index, tap->window, y) : CMRR_NO_MEMORY;
    if (status == CMRR_OK) {
        double middle = (double)(first + step->window) + 0.5 * (double)step->window_frames;
        struct step_result result = {plan, index, y, tap->has_clipped, middle / stream->rate_hz};
        status = handler(context, &result, why);
    } else {
        cmrr_fail(why, status, "%g Hz: %s", plan->tone[step->first_tone].freq_hz, cmrr_strerror(status));
    }
    free(y);
    tap->has_clipped = false;
    return status;
}

static uint64_t longest_window(const struct plan *plan)
{
    uint64_t longest = 0;
    for (size_t i = 0; i < plan->steps; i++)
        longest = plan->step[i].window_frames > longest ? plan->step[i].window_frames : longest;
    return longest;
}

/* Up to the end of a step: a chunk belongs to one. Behind the last one the rest of the block is played, and all of it. */
static uint64_t end_of(const struct plan *plan, size_t step, const struct marker_watch *watch)
{
    uint64_t watched = marker_watch_end(watch);
    if (step < plan->steps)
        return plan->step[step].start + plan->step[step].frames;
    return watched > plan->frames ? watched : plan->frames;
}

static enum cmrr_status play_steps(struct stream *stream, const struct plan *plan, uint64_t first, struct tap *tap,
                                   struct marker_watch *watch, step_handler *handler, void *context,
                                   struct cmrr_error *why)
{
    enum cmrr_status status = CMRR_OK;
    uint64_t origin = first + (uint64_t)stream->latency_frames;
    size_t step = 0;
    while (status == CMRR_OK && (step < plan->steps || stream->captured < origin + end_of(plan, step, watch))) {
        struct audio_chunk chunk = {NULL, 0, 0};
        uint64_t end = origin + end_of(plan, step, watch);
        status = advance(stream, &chunk, end - stream->captured, why);
        if (status == CMRR_OK)
            status = marker_watch_take(watch, &chunk, origin, why);
        if (status != CMRR_OK || step == plan->steps)
            continue;
        tap_take(stream, tap, &chunk, origin, &plan->step[step]);
        if (stream->captured >= end)
            status = finish_step(stream, plan, step++, tap, first, handler, context, why);
    }
    return status;
}

enum cmrr_status stream_play(struct stream *stream, const struct plan *plan, step_handler *handler, void *context,
                             struct cmrr_error *why)
{
    uint64_t first = 0;
    struct marker_watch watch;
    struct tap tap = {.window = calloc(longest_window(plan) + 1, sizeof *tap.window)};
    if (!tap.window)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    enum cmrr_status status = marker_watch_init(&watch, plan, stream->marker_gain, why);
    if (status == CMRR_OK)
        status = queue(stream, plan, &first, why);
    if (status == CMRR_OK)
        status = play_steps(stream, plan, first, &tap, &watch, handler, context, why);
    /* The block has been played whole: the buffer is free for the next. */
    marker_watch_finish(&watch);
    free(tap.window);
    return status;
}
