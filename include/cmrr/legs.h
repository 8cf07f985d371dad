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

/* The same over several frequencies: a fault at any of them; what is known of a leg wins over "disconnected". */
unsigned legs_merge(unsigned a, unsigned b);

/* The leg check of a run: hot and cold readings of its look, paired by frequency. */
unsigned legs_check(const struct reading *readings, size_t count, const struct assumptions *assumed);

/* Less than this transfer, or than twice the assumed crosstalk, is no connection (ratio). */
#define LEGS_SIGNAL_MIN 1e-4

/* A transfer that counts as a connection. */
double legs_threshold(const struct assumptions *assumed);

/* The fault in words, naming the leg and the cure; "" where there is none. */
const char *legs_sentence(unsigned flags);

#endif
