/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_ALSA_CONVERT_H
#define CMRR_ALSA_CONVERT_H

#include <stddef.h>

/*
 * Doubles (full scale = 1.0) to and from the bytes of an interleaved frame. Pure; knows nothing of ALSA.
 *
 *     struct alsa_layout layout = {ALSA_S24_3, 24, 2};
 *     alsa_encode(&layout, 1, samples + 1, 2, raw, frames);      second channel of two
 */
enum alsa_sample {
    ALSA_S32,   /* 4 bytes, significant bits at the top */
    ALSA_S24_3, /* 3 bytes */
    ALSA_S24,   /* 4 bytes, significant bits at the bottom, the top byte repeats the sign */
    ALSA_FLOAT  /* 4 bytes, IEEE single */
};

struct alsa_layout {
    enum alsa_sample sample;
    unsigned bits;     /* significant ones, 2 to 24: what encoding rounds to */
    unsigned channels; /* in each frame */
};

size_t alsa_frame_bytes(const struct alsa_layout *layout);

/*
 * One channel (from 0) of `frames` frames; `step` is the distance from one double to the next. Encoding
 * rounds to the nearest code (a tie to the even one) and saturates: full scale plays as the largest code, one
 * below 1.0; what is not a number plays as silence. Decoding keeps every bit there is, so that -1.0 <= sample
 * < 1.0 for integers.
 */
void alsa_encode(const struct alsa_layout *layout, unsigned channel, const double *samples, size_t step,
                 unsigned char *raw, size_t frames);
void alsa_decode(const struct alsa_layout *layout, unsigned channel, const unsigned char *raw, double *samples,
                 size_t step, size_t frames);

/* The largest positive code, as a ratio of full scale: a captured sample of this size or more is clipped. */
double alsa_clip_ratio(const struct alsa_layout *layout);

#endif
