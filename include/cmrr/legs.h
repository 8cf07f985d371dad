/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_LEGS_H
#define CMRR_LEGS_H

#include <complex.h>
#include "cmrr/cmrr.h"
#include "cmrr/reading.h"

/*
 * Is the input really balanced, and are both legs there? From the transfers of each leg driven alone, in the released
 * position (docs/method.md, "Wiring faults"). A tie hides a dead leg, so a tied figure is valid only behind this.
 *
 * hot, cold  complex transfers h_hot, h_cold at one frequency
 * Returns FLAG_LEG_HOT, FLAG_LEG_COLD, FLAG_SHORTED, FLAG_DISCONNECTED, FLAG_INVERTED as far as they hold, 0 if well.
 */
unsigned legs_judge(double complex hot, double complex cold, const struct assumptions *assumed);

/*
 * The same over the frequencies of a look: a dead leg or joined legs at any of them; disconnected only where nothing
 * connected arrives at all of them, for inputs that pass a part of the band are connected. Begin with {0}.
 */
struct legs_tally {
    unsigned flags; /* but FLAG_DISCONNECTED */
    double largest; /* transfer of a leg, ratio */
    size_t count;
};
void legs_add(struct legs_tally *tally, double complex hot, double complex cold, const struct assumptions *assumed);
unsigned legs_flags(const struct legs_tally *tally, const struct assumptions *assumed);

/* The leg check of a run: hot and cold readings of its look, paired by frequency. */
unsigned legs_check(const struct reading *readings, size_t count, const struct assumptions *assumed);

/* Less than this transfer, or than twice the assumed crosstalk, is no signal (ratio). */
#define LEGS_SIGNAL_MIN 1e-4

/* An input that nowhere passes more than this is not connected: open leads leak so much into 60 dB of gain (ratio). */
#define LEGS_CONNECTED_MIN 3e-3

/* A transfer that counts as a signal. */
double legs_threshold(const struct assumptions *assumed);

/* The fault in words, naming the leg and the cure; "" where there is none. */
const char *legs_sentence(unsigned flags);

#endif
