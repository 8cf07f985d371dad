/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FINISH_H
#define FINISH_H

#include "cmrr/measure.h"

/* What measured and offline runs have in common: their head, their end, and what is said about them. */

/* The head of steps.csv: version, time, all settings. NULL: no memory. */
struct table *finish_head(const struct settings *settings, time_t started);

/* Everything that belongs to the end of a run. */
struct finish {
    const char *folder;
    const char *id;
    const struct settings *settings;
    const struct table *head; /* as written above steps.csv */
    const struct run_points *points;
    const struct instrument_outcome *outcome;
    const char *state;  /* "done", "aborted", "interrupted" */
    const char *device; /* for the foot of the plot */
    bool is_simulated;
    time_t started;
};

/*
 * run.csv, then cmrr.svg and cmrr.png where there is a point; each whole or not there. Fills state, verdict and message
 * of the result; a plot that gnuplot could not make is a sentence in the message, not a failure.
 */
enum cmrr_status finish_run(const struct finish *finish, struct measure_result *result, struct cmrr_error *why);

/* What to say: the failed leg, why all is a bound and what to do, what is clipped; "" where all is well. */
void finish_message(const struct run_points *points, const struct settings *settings, char *text, size_t size);

/* The planned frequencies of a grid; free(freq_hz). */
struct planned finish_planned(const struct grid *grid);

#endif
