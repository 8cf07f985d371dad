/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOOK_H
#define LOOK_H

#include "stream.h"

/*
 * The first glance, in the released position, at low level: where is the latency, does anything come through, are both
 * legs there, how large are the gains. From it follow the levels of the measurement.
 */
struct look {
    unsigned flags;          /* of the leg check so far */
    double gain_dm, gain_cm; /* largest over the band, ratios; gain_cm as far as two unequal outputs show it */
    unsigned block;          /* number of the block that was played last */
};

/* What takes long the first time, before the stream runs: its buffer holds a few tenths of a second. */
enum cmrr_status look_prepare(struct stream *stream, const struct grid *grid, struct cmrr_error *why);

/* Says every reading of the look to the observer; sets stream->latency_frames. */
enum cmrr_status look_run(struct look *look, struct stream *stream, const struct instrument_config *config,
                          struct cmrr_error *why);

struct levels {
    double dm_dbfs, cm_dbfs;
};

/* Levels at which the input stays 3 dB (differential) or 6 dB (common mode) below clipping, as the settings allow. */
struct levels look_levels(const struct look *look, const struct settings *settings, double clip_ratio);

#endif
