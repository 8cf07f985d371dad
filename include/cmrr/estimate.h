/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_ESTIMATE_H
#define CMRR_ESTIMATE_H

#include "cmrr/plan.h"
#include "cmrr/quantity.h"

/*
 * From the captured samples of one analysis window to the complex amplitude of every tone of its step, with the noise
 * beside it. Keeps the transforms of the window lengths it has met.
 */
struct estimator;

struct estimator *estimator_new(void);
void estimator_free(struct estimator *estimator);

/*
 * Make ready for windows of this length. The first transform of a length takes FFTW milliseconds to plan (hundreds on a
 * slow computer), later ones next to nothing: do this before a stream runs. CMRR_NO_MEMORY.
 */
enum cmrr_status estimator_prepare(struct estimator *estimator, size_t window_frames);

/*
 * window  step->window_frames samples of one input, from the captured frame that belongs to step->window
 * y       out: step->tones readings: peak amplitude, full scale = 1, phase relative to the tone as played; u per
 *         quadrature, never 0; nu
 * CMRR_NO_MEMORY, or CMRR_RANGE where the spectrum has no room for noise beside a tone.
 */
enum cmrr_status estimator_step(struct estimator *estimator, const struct plan *plan, size_t step, const double *window,
                                struct phasor *y);

/*
 * Where a marker lies in a capture: the lag with the largest correlation among 0 .. frames - marker_frames.
 * gain is signed (negative: polarity inverted) and relative to the marker's samples; clearance is that peak over the
 * rms of the correlation elsewhere: white noise alone stays below MARKER_CLEARANCE.
 */
struct marker_hit {
    size_t lag;
    double gain;
    double clearance;
};
#define MARKER_CLEARANCE 8.0

/* Make ready to search captures of `frames` for markers of `marker_frames`: as estimator_prepare(). */
enum cmrr_status marker_prepare(size_t frames, size_t marker_frames);

enum cmrr_status marker_find(const double *capture, size_t frames, const double *marker, size_t marker_frames,
                             struct marker_hit *hit);

#endif
