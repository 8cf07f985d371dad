/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_UNITS_H
#define CMRR_UNITS_H

#include "cmrr/status.h"

/* Amplitude ratios: dB = 20 log10(ratio). units_db(0) is -INFINITY. */
double units_db(double ratio);
double units_ratio(double db);

/* Degrees of a phase in radians, in (-180, 180]. */
double units_deg(double rad);

/*
 * The one reader of numbers: decimal point in every locale, finite, nothing behind it.
 * Returns CMRR_RANGE, `value` untouched, when `text` is no such number.
 */
enum cmrr_status units_parse(const char *text, double *value);

#endif
