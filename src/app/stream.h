/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STREAM_H
#define STREAM_H

#include "cmrr/estimate.h"
#include "cmrr/instrument.h"
#include "cmrr/rng.h"

/*
 * An open stream as the instrument uses it: play a plan, hand every step's window over as soon as its last frame is
 * in, wait by advancing silence. Frames are captured ones, so that played frame n comes back as n + latency.
 */
struct stream {
    struct audio *audio;
    struct audio_info info;
    unsigned rate_hz;
    struct instrument_events events;
    struct estimator *estimator;
    struct rng rng;         /* dither */
    int64_t latency_frames; /* -1 until the probe found it */
    double marker_gain;     /* transfer of a differential marker, as the probe found it; 0: not clear of noise */
    uint64_t captured;      /* frames captured since open */
    double *block;          /* what is queued */
};

enum cmrr_status stream_init(struct stream *stream, struct audio *audio, unsigned rate_hz,
                             const struct instrument_events *events, struct cmrr_error *why);
/* Fades what still sounds, lets it leave the buffer, frees. Does not close the audio. */
void stream_finish(struct stream *stream);

/* Advance silence for so long. */
enum cmrr_status stream_wait(struct stream *stream, double seconds, struct cmrr_error *why);

/* Play a plan and capture it with `tail_s` more: *capture is malloc'ed, frame 0 belongs to the plan's frame 0. */
enum cmrr_status stream_capture(struct stream *stream, const struct plan *plan, double tail_s, double **capture,
                                size_t *frames, bool *has_clipped, struct cmrr_error *why);

/* One step's result, as it becomes known. `y` of step->tones phasors. */
struct step_result {
    const struct plan *plan;
    size_t step;
    const struct phasor *y;
    bool has_clipped;
    double t_s; /* middle of the window since the stream opened */
};
typedef enum cmrr_status step_handler(void *context, const struct step_result *result, struct cmrr_error *why);

/* Play a plan; the latency must be known. Every step is analysed while the next one sounds. */
enum cmrr_status stream_play(struct stream *stream, const struct plan *plan, step_handler *handler, void *context,
                             struct cmrr_error *why);

#endif
