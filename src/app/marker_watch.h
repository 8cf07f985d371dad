/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MARKER_WATCH_H
#define MARKER_WATCH_H

#include "cmrr/audio.h"
#include "cmrr/plan.h"

/*
 * Are the differential markers of a block where the latency says? A driver or a sound server may lose or double samples
 * without a word: then every phase behind is wrong. Markers in common mode prove nothing, the device rejects them.
 */
struct marker_watch {
    const struct plan *plan;
    size_t next;    /* marker to look at; plan->markers: none is left */
    double gain;    /* with which they must come back; 0: not known well enough, nothing is watched */
    uint64_t guard; /* frames on either side */
    double *kept;
};

enum cmrr_status marker_watch_init(struct marker_watch *watch, const struct plan *plan, double gain,
                                   struct cmrr_error *why);
void marker_watch_finish(struct marker_watch *watch);

/* Frames of the block, before latency, that must be captured before all markers are seen. */
uint64_t marker_watch_end(const struct marker_watch *watch);

/* origin: the captured frame that belongs to the block's frame 0. CMRR_SAMPLES_LOST says by how much. */
enum cmrr_status marker_watch_take(struct marker_watch *watch, const struct audio_chunk *chunk, uint64_t origin,
                                   struct cmrr_error *why);

#endif
