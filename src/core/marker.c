/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/fft.h"

/*
 * Cross-correlation by overlap-save: pieces of `size` samples of the capture, transformed, multiplied by the
 * marker's conjugate spectrum, transformed back; of each piece the first size - marker + 1 lags are linear.
 */
struct correlator {
    struct fft *fft;
    double complex *marker, *spectrum;
    double *piece;
    size_t size, marker_frames;
    double energy;
};

static void correlator_finish(struct correlator *c)
{
    fft_free(c->fft);
    free(c->marker);
    free(c->spectrum);
    free(c->piece);
}

/* Pieces of eight markers at most: longer ones would only cost memory. */
static size_t piece_frames(size_t marker_frames, size_t lags)
{
    return fft_good_length(marker_frames + (lags < 7 * marker_frames ? lags : 7 * marker_frames));
}

/* FFTW remembers how it planned a length: made and thrown away, a plan of the same length costs little later. */
enum cmrr_status marker_prepare(size_t frames, size_t marker_frames)
{
    struct fft *fft = fft_new(piece_frames(marker_frames, frames - marker_frames + 1));
    fft_free(fft);
    return fft ? CMRR_OK : CMRR_NO_MEMORY;
}

static enum cmrr_status correlator_init(struct correlator *c, const double *marker, size_t marker_frames, size_t lags)
{
    *c = (struct correlator){.size = piece_frames(marker_frames, lags), .marker_frames = marker_frames};
    c->fft = fft_new(c->size);
    c->marker = calloc(c->size / 2 + 1, sizeof *c->marker);
    c->spectrum = calloc(c->size / 2 + 1, sizeof *c->spectrum);
    c->piece = calloc(c->size, sizeof *c->piece);
    if (!c->fft || !c->marker || !c->spectrum || !c->piece)
        return CMRR_NO_MEMORY;
    for (size_t i = 0; i < marker_frames; i++)
        c->energy += marker[i] * marker[i];
    memcpy(c->piece, marker, marker_frames * sizeof *marker);
    fft_forward(c->fft, c->piece, c->marker);
    return CMRR_OK;
}

/* Correlations of one piece of the capture into c->piece. */
static void correlate(struct correlator *c, const double *capture, size_t frames)
{
    memset(c->piece, 0, c->size * sizeof *c->piece);
    memcpy(c->piece, capture, (frames < c->size ? frames : c->size) * sizeof *capture);
    fft_forward(c->fft, c->piece, c->spectrum);
    for (size_t k = 0; k < fft_bins(c->fft); k++)
        c->spectrum[k] *= conj(c->marker[k]);
    fft_inverse(c->fft, c->spectrum, c->piece);
}

enum cmrr_status marker_find(const double *capture, size_t frames, const double *marker, size_t marker_frames,
                             struct marker_hit *hit)
{
    if (marker_frames < 16 || frames < marker_frames)
        return CMRR_RANGE;
    size_t lags = frames - marker_frames + 1;
    struct correlator c;
    enum cmrr_status status = correlator_init(&c, marker, marker_frames, lags);
    double peak = 0.0, squares = 0.0;
    size_t at = 0;
    for (size_t start = 0; status == CMRR_OK && start < lags;) {
        size_t fresh = c.size - marker_frames + 1;
        fresh = fresh < lags - start ? fresh : lags - start;
        correlate(&c, capture + start, frames - start);
        for (size_t i = 0; i < fresh; i++) {
            squares += c.piece[i] * c.piece[i];
            if (fabs(c.piece[i]) > fabs(peak)) {
                peak = c.piece[i];
                at = start + i;
            }
        }
        start += fresh;
    }
    if (status == CMRR_OK) {
        double rms = sqrt((squares - peak * peak) / (double)(lags > 1 ? lags - 1 : 1));
        *hit = (struct marker_hit){at, peak / c.energy, rms > 0.0 ? fabs(peak) / rms : 0.0};
    }
    correlator_finish(&c);
    return status;
}
