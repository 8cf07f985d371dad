/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "look.h"

enum { BLOCK_TONES = 64 };

/*
 * One measurement under way, and the blocks that it plays in a position: long grids are cut, each block with its
 * common-mode and its differential steps, and a closed position is checked before its first sweep.
 */
struct measurement {
    const struct instrument_config *config;
    struct instrument_outcome *outcome;
    struct stream stream;
    struct look look;
    struct levels levels;
    struct position position;
    size_t step, steps;
    double left_s;
    double gain_dm[BLOCK_TONES]; /* |g_dm| of the first block's tones, once they were read */
    double complex tilted;       /* g_cm as read with the tilt, in the present position */
};

/* The whole grid in the present position: common mode, differential, or both. */
enum cmrr_status blocks_play(struct measurement *m, bool has_cm, bool has_dm, struct cmrr_error *why);

/* Tell the observer; reading NULL: nothing was read. */
void blocks_report(const struct measurement *m, const struct reading *reading, const char *phase);

#endif
