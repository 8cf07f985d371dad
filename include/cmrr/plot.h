/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_PLOT_H
#define CMRR_PLOT_H

#include <stdbool.h>
#include "cmrr/run.h"

/*
 * Pictures of one run or of several, drawn by gnuplot (found on PATH, run without a shell in a private folder).
 * Texts may hold anything: they cannot reach gnuplot as commands.
 */
enum { PLOT_CURVES_MAX = 12 };

struct plot_curve {
    const char *label;               /* in the legend of a comparison */
    const struct run_points *points; /* borrowed */
};

struct plot {
    const char *title;    /* "Mixer ch 1: common-mode rejection" */
    const char *subtitle; /* conditions, one line */
    const char *verdict;  /* right of the title, may be "" */
    const char *foot_left;
    const char *foot_right;
    bool is_simulated; /* the word SIMULATED stands in the picture */
    struct plot_curve curve[PLOT_CURVES_MAX];
    size_t curves; /* 1: curve, band, floor, bounds as arrows; more: an overlay with a legend */
};

/*
 * Draw into `path`; the ending decides: .svg, .png or .pdf, else CMRR_USAGE. Written beside it, checked to be whole,
 * then renamed into place: on failure nothing of that name is left or changed. CMRR_WRITE where
 * `path` cannot be written; CMRR_FAILED where nothing can be drawn: no gnuplot (names the package), its first line of
 * complaint, no place to draw in ($TMPDIR).
 */
enum cmrr_status plot_draw(const struct plot *plot, const char *path, struct cmrr_error *why);

#endif
