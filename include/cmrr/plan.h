/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_PLAN_H
#define CMRR_PLAN_H

#include <stdbool.h>
#include "cmrr/grid.h"
#include "cmrr/reading.h"
#include "cmrr/table.h"

/*
 * One block of stimulus: a wideband marker, then steps without a gap between them; where every analysis window lies.
 * Frames are counted from the start of the block. The same plan makes the stimulus, tells what to analyse in the
 * capture, and is what `stimulus` writes beside its WAV file.
 *
 *     plan_init(&plan, 48000);
 *     plan_add_marker(&plan, MODE_DM, 0.1, 0.04);
 *     plan_add_step(&plan, &(struct plan_step_config){.mode = MODE_CM, .tone = tones, .tones = 1, ...});
 *     plan_render(&plan, samples);
 *
 * Adding returns CMRR_NO_MEMORY, or CMRR_RANGE for what cannot be played.
 */
struct plan_tone {
    double freq_hz;
    uint64_t cycles;  /* in the window of its step */
    double phase_rad; /* at the first frame of the step */
};

struct plan_step {
    enum mode mode;
    enum pass pass;
    uint64_t start, frames;         /* the step, ramps included */
    uint64_t window, window_frames; /* the analysis window, before latency */
    double amplitude;               /* peak of each tone per output, full scale = 1 */
    double tilt;                    /* output 1 plays (1 - tilt/2), output 2 (1 + tilt/2) of it; 0 but in one check */
    size_t first_tone, tones;       /* in plan->tone */
};

struct plan_marker {
    enum mode mode;
    uint64_t start, frames;
    double amplitude;
};

enum { PLAN_MARKERS_MAX = 4 };

struct plan {
    unsigned rate_hz;
    uint64_t frames;
    struct plan_step *step;
    size_t steps;
    struct plan_tone *tone;
    size_t tones;
    struct plan_marker marker[PLAN_MARKERS_MAX];
    size_t markers;
};

struct plan_step_config {
    enum mode mode;
    enum pass pass;
    const struct grid_tone *tone; /* several sound together, with Newman phases, in the longest of their windows */
    size_t tones;
    double amplitude; /* of each tone */
    double tilt;      /* as in struct plan_step */
    double settle_s;  /* from the start of the step to its window, ramp included */
};

#define PLAN_RAMP_S 0.01         /* raised cosine at both ends of every step */
#define PLAN_MARKER_LOW_HZ 200.0 /* band of the marker */
#define PLAN_MARKER_HIGH_HZ 12000.0

void plan_init(struct plan *plan, unsigned rate_hz);
void plan_finish(struct plan *plan);

enum cmrr_status plan_add_silence(struct plan *plan, double seconds);
enum cmrr_status plan_add_marker(struct plan *plan, enum mode mode, double amplitude, double seconds);
enum cmrr_status plan_add_step(struct plan *plan, const struct plan_step_config *config);

/* Settling of a step at this frequency, seconds, before it is judged from the signal itself: 1.2 below 100 Hz, else 0.2. */
double plan_settle_s(double freq_hz);

/* Peak of `tones` tones of amplitude 1 sounding together; never less than what they reach. */
double plan_crest(size_t tones);

/*
 * The block as 2 x plan->frames interleaved samples: output 1 (hot), output 2 (cold). No dither. Either whole, or part
 * by part (markers, then tones: 0 .. plan_parts() - 1, in this order) into samples that were zero at first, for callers
 * who must not be away for long.
 */
struct plan_part {
    uint64_t start, frames; /* what it added to */
    bool is_complete;       /* nothing more will be added there */
};
enum cmrr_status plan_render(const struct plan *plan, double *samples);
size_t plan_parts(const struct plan *plan);
enum cmrr_status plan_render_part(const struct plan *plan, size_t part, double *samples, struct plan_part *done);

/* One marker alone, marker->frames samples of amplitude 1. */
void plan_render_marker(const struct plan *plan, size_t marker, double *samples);

/* Peak over both outputs of everything in the plan by its amplitudes, full scale = 1. */
double plan_peak(const struct plan *plan);

/* As a table (rows: markers, then one per tone) and back; what is read is checked as hostile. */
struct table *plan_table(const struct plan *plan);
enum cmrr_status plan_parse(struct plan *plan, const struct table *table, struct cmrr_error *why);

#endif
