/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef POINTS_H
#define POINTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include "cmrr/run.h"

/* Points of a run for people and for programs. */

/* A table with a line per frequency: value or bound, 95 % limits, floor, gain, flags. */
void points_print(FILE *out, const struct run_points *points);

/* "46.06", "≥ 35.16", "invalid", padded on the left to `columns` screen columns. text: 48 bytes. Returns text. */
const char *points_figure(const struct point *point, int columns, char *text);

/* An array of objects, names as the columns of run.csv; null where there is no value. NULL: no memory. */
json_t *points_json(const struct run_points *points);

#endif
