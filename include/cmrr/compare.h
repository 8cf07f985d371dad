/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_COMPARE_H
#define CMRR_COMPARE_H

#include "cmrr/plot.h"
#include "cmrr/store.h"

/* Runs side by side, at the frequencies at which each was really measured. */
struct comparison {
    struct run_file run[PLOT_CURVES_MAX];
    char label[PLOT_CURVES_MAX][128]; /* the run's name; where it has none, or two have the same, the folder's */
    size_t count;
    double *freq_hz; /* all frequencies of all runs, ascending, each once */
    size_t freqs;
};

/* Read 1 .. PLOT_CURVES_MAX run folders. Free with comparison_free, also after a failure. */
enum cmrr_status comparison_read(struct comparison *comparison, const char *const *folders, size_t count,
                                 struct cmrr_error *why);
void comparison_free(struct comparison *comparison);

/* The point of a run at a frequency of the comparison; NULL where that run has none. */
const struct point *comparison_at(const struct comparison *comparison, size_t run, double freq_hz);

/* freq_hz, then for every run cmrr_db_N, kind_N, lo95_db_N, hi95_db_N; the labels as header keys run_N. */
struct table *comparison_table(const struct comparison *comparison);

/* The overlay; the ending of the path decides, as in plot_draw(). */
enum cmrr_status comparison_draw(const struct comparison *comparison, const char *path, struct cmrr_error *why);

#endif
