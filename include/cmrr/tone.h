/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_TONE_H
#define CMRR_TONE_H

#include <stddef.h>
#include <stdint.h>
#include "cmrr/rng.h"

/*
 * Add amplitude cos(2 pi cycles (offset + i) / period + phase_rad) to x[0 .. frames-1]. The tone makes `cycles`
 * whole cycles in `period` frames; the phase is computed from integers, so it is exact at any offset.
 */
void tone_add(double *x, size_t frames, double amplitude, uint64_t cycles, uint64_t period, double phase_rad,
              uint64_t offset);

/* Phase of the tone at frame `offset`, radians in [0, 2 pi), by integers. */
double tone_phase(uint64_t cycles, uint64_t period, int64_t offset);

/* Raised-cosine rise over the first and fall over the last `ramp` frames of x (ramp <= frames / 2). */
void tone_ramp(double *x, size_t frames, size_t ramp);

/*
 * Newman's phases, pi i^2 / count: the sum of `count` equal tones peaks at about 4.5 (log-spaced) or 1.8 (equally
 * spaced) times its rms instead of sqrt(2 count) times.
 */
double tone_newman_phase(size_t i, size_t count);

/*
 * A logarithmic sine sweep from f0 to f1 (Hz) of constant amplitude, raised-cosine at both ends, peak `amplitude`: the wideband marker
 * that every block begins with. Its autocorrelation is one narrow peak.
 */
void tone_marker(double *x, size_t frames, double amplitude, double f0_hz, double f1_hz, double rate_hz);

/*
 * Quantise to `bits` (16 or 24) with TPDF dither of 2 LSB peak to peak from `rng`: the error is white, has
 * the deviation LSB / 2 and does not depend on the signal. Saturates at the integer limits; full scale = 1.
 */
void tone_quantise(double *x, size_t samples, unsigned bits, struct rng *rng);

#endif
