/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_TESTS_RIG_H
#define CMRR_TESTS_RIG_H

#include <stddef.h>
#include <stdint.h>

#include "cmrr/audio.h"

/*
 * For tests that stream through a loop from two outputs to two inputs (tests/support/with-jack). Failures are
 * Check's.
 *
 * Every 24 bit sample of a coded block tells the number of its frame, so that one captured sample is enough
 * to know the delay, and any that is missing, doubled or changed is seen.
 */
double coded_sample(uint64_t frame, unsigned column);
uint64_t coded_frame(double sample); /* of column 0; frame numbers below 2^24 */
double *coded_block(size_t frames);  /* 2 columns, to be freed */

double rig_now_s(void);
unsigned rig_rate_hz(void); /* $RIG_RATE */
struct audio_config rig_config(void);
struct audio *rig_open(const struct audio_config *config);
/* The sentence with which an open is refused, until the next call. */
const char *rig_refusal(const struct audio_config *config, enum cmrr_status expected);

/* What came back while a block was played, from captured frame 0 until all of it must have come back. */
struct rig_capture {
    double *samples; /* 2 columns, to be freed */
    size_t frames;
    size_t sound;   /* the first frame that is not silence; `frames` if there is none */
    uint64_t first; /* number of the block's first frame as played */
};

void rig_play(struct audio *audio, const double *block, size_t frames, struct rig_capture *capture);

#endif
