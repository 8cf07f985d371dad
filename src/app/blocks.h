/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "look.h"

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
    double tilt_freq_hz, tilt_gain_dm; /* where the position is checked, and |g_dm| there */
    double complex tilted;             /* g_cm as read with the tilt, in the present position */
};

/* The whole grid in the present position: common mode, differential, or both. */
enum cmrr_status blocks_play(struct measurement *m, bool has_cm, bool has_dm, struct cmrr_error *why);

/* The frequency at which positions are checked. */
double blocks_check_freq_hz(const struct grid *grid);

/* Tell the observer; reading NULL: nothing was read. */
void blocks_report(const struct measurement *m, const struct reading *reading, const char *phase);

#endif
