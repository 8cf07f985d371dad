/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_RUN_H
#define CMRR_RUN_H

#include "cmrr/cmrr.h"
#include "cmrr/reading.h"

/*
 * From raw readings to the points of a run: which reading is combined with which, by docs/method.md ("Two ordinary
 * outputs"). Pure: the same readings and assumptions always give the same points.
 */
struct point {
    double freq_hz;
    struct cmrr_result result;
    const char *method;     /* "normal", "normal-residual", "tied", "tied-residual" */
    struct phasor rho;      /* after subtraction of the residual */
    double b;               /* radius of what is assumed */
    double complex gain_dm; /* g_dm */
    double complex gain_cm; /* g_cm after subtraction of the residual */
    double residual_db;     /* |g_terminated / g_dm| in dB as a CMRR; NAN where not measured */
    unsigned flags;
};

struct run_points {
    struct point *at;
    size_t count;
    double source_per_leg_ohm; /* the source for which the figures hold: source_ohm, 0 when tied */
    unsigned flags;            /* of the leg check, for the whole run */
};

/*
 * points->at is malloc'ed, ascending in frequency; free with run_points_free. `planned` frequencies matter only where
 * the leg check found the legs joined or missing: nothing more was measured then, and every planned point is invalid.
 */
struct planned {
    const double *freq_hz;
    size_t count;
};
enum cmrr_status run_points_make(struct run_points *points, const struct reading *readings, size_t count,
                                 const struct assumptions *assumed, const struct planned *planned,
                                 struct cmrr_error *why);
void run_points_free(struct run_points *points);

/* A table with the columns and rows of run.csv; NULL: no memory. */
struct table *run_points_table(const struct run_points *points);
enum cmrr_status run_points_parse(struct run_points *points, const struct table *table, struct cmrr_error *why);

/* 0 where every point is trustworthy, else CMRR_UNTRUSTED: any point invalid, or every point a bound. */
enum cmrr_status run_points_verdict(const struct run_points *points);

#endif
