/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_SPECTRUM_H
#define CMRR_SPECTRUM_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include "cmrr/status.h"

/*
 * The complex amplitude of tones that make whole cycles in a window, and the noise beside them.
 *
 *     struct spectrum *spectrum = spectrum_new(48000, WINDOW_BLACKMAN_HARRIS);
 *     spectrum_transform(spectrum, samples);
 *     spectrum_tone(spectrum, 1000, &amplitude);
 */
enum window { WINDOW_RECTANGULAR, WINDOW_BLACKMAN_HARRIS };

struct spectrum;

struct spectrum *spectrum_new(size_t frames, enum window window); /* NULL: no memory; frames >= 16 */
void spectrum_free(struct spectrum *spectrum);
size_t spectrum_frames(const struct spectrum *spectrum);

/* Bins on either side of a line that it can reach: 0 for a coherent tone under a rectangle, 3 under Blackman-Harris. */
size_t spectrum_reach(const struct spectrum *spectrum);

/* Take in `frames` samples, full scale = 1. All readings below are of the last transform. */
void spectrum_transform(struct spectrum *spectrum, const double *x);

/*
 * cycles  1 .. frames/2 - 1
 * amplitude  out: peak amplitude and phase (cosine reference at x[0]); untouched on CMRR_RANGE
 */
enum cmrr_status spectrum_tone(const struct spectrum *spectrum, size_t cycles, double complex *amplitude);

/* Bins that hold something else than noise. */
struct spectrum_mask {
    bool *is_taken; /* frames/2 + 1 of them, the caller's */
    size_t bins;
};
/* Take out the bins within `width` bins of `centre` (both in bins, need not be whole). */
void spectrum_mask_take(struct spectrum_mask *mask, double centre, double width);

/*
 * Noise beside a tone: standard deviation per quadrature of the amplitude that noise adds at bin `cycles`, from the
 * nearest bins that the mask leaves free, on both sides, until `nu_wanted` degrees of freedom are reached or the
 * spectrum ends. Bins under a window are correlated; nu counts what is independent (docs/method.md, "Noise").
 * s = sqrt(mean |a|^2 / 2) over the bins used. CMRR_RANGE where not even four bins are free.
 */
struct spectrum_noise {
    double s;
    double nu;
    size_t bins;
};
enum cmrr_status spectrum_noise(const struct spectrum *spectrum, size_t cycles, const struct spectrum_mask *mask,
                                double nu_wanted, struct spectrum_noise *noise);

#endif
