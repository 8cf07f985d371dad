/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_WAV_H
#define CMRR_WAV_H

#include <stdbool.h>
#include <stddef.h>
#include "cmrr/status.h"

/* Sound files in and out, by libsndfile. */
struct wav {
    double *samples; /* one channel, full scale = 1; free() */
    size_t frames;
    unsigned rate_hz;
    unsigned channels; /* of the file */
    bool is_integer;   /* a sample at the end of the range is clipped; floating point has no end */
};

enum { WAV_SECONDS_MAX = 4 * 3600 };

/* Read one channel (from 1) of any file that libsndfile knows. CMRR_BAD_FILE: one sentence with path, value, cure. */
enum cmrr_status wav_read(struct wav *wav, const char *path, unsigned channel, struct cmrr_error *why);

/*
 * Write frames x 2 samples that lie on the 24-bit grid as a 24-bit WAV file: beside the path, checked, then renamed
 * into place. CMRR_WRITE.
 */
enum cmrr_status wav_write(const char *path, const double *samples, size_t frames, unsigned rate_hz,
                           struct cmrr_error *why);

#endif
