/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_PLOT_PARTS_H
#define CMRR_PLOT_PARTS_H

#include <stdio.h>
#include "cmrr/plot.h"

/*
 * What the files behind plot_draw() show each other. A picture is composed in memory as a sheet, one gnuplot
 * script and the data files that it reads, and only then drawn. Everything here but gnuplot.c and plot.c is
 * pure formatting; the writer computes nothing but axis ranges. Numbers are printed with printf: the caller
 * has set the "C" locale.
 */

/* ---- the sheet ---- */

/* What can be seen of one curve, in drawing order. Each layer of each curve is a data file of its own. */
enum plot_layer {
    PLOT_BAND,     /* 95 % band of neighbouring values: frequency, low, high; blank line: a gap */
    PLOT_STEM,     /* the band of a value without neighbours, a box: frequency, low, high, left, right */
    PLOT_FLOOR,    /* frequency, dB */
    PLOT_RESIDUAL, /* frequency, dB */
    PLOT_VALUE,    /* frequency, dB; blank line: a gap */
    PLOT_BOUND,    /* frequency, dB, length of the arrow, left end and length of the bar at its foot */
    PLOT_INVALID,  /* frequency, dB (just above the bottom) */
    PLOT_LAYERS
};

enum plot_format { PLOT_SVG, PLOT_PNG, PLOT_PDF, PLOT_FORMATS };

struct plot_file {
    char name[16];
    char *text;
    size_t size;
};

enum { PLOT_FILES_MAX = 1 + PLOT_CURVES_MAX * PLOT_LAYERS };

struct plot_sheet {
    struct plot_file file[PLOT_FILES_MAX]; /* the script is the first */
    size_t files;
};

#define PLOT_SCRIPT_NAME "plot.gp"
#define PLOT_PICTURE_NAME "picture" /* what the script makes */

/* Compose the sheet; free it with plot_sheet_free, also after failure. */
enum cmrr_status plot_sheet_make(struct plot_sheet *sheet, const struct plot *plot, enum plot_format format,
                                 struct cmrr_error *why);
void plot_sheet_free(struct plot_sheet *sheet);

/* ---- axes: the only thing that is computed ---- */

struct plot_axes {
    double x_min, x_max; /* Hz */
    double y_min, y_max; /* dB, multiples of ten */
    double bar_ratio;    /* half a short horizontal bar, as a ratio of frequencies */
};

struct plot_axes plot_axes_fit(const struct plot *plot);
void plot_axes_write(FILE *out, const struct plot_axes *axes);

/* The kind as drawn: a value or bound that is no finite number is invalid. */
enum cmrr_kind plot_point_kind(const struct point *point);
/* Points without a positive frequency have no place on the axis. */
bool plot_point_has_place(const struct point *point);

/* ---- data ---- */

/*
 * Rows of one layer of a curve; returns how many. level: how many curves before it have invalid points; their
 * crosses stand above each other.
 */
size_t plot_layer_write(FILE *out, enum plot_layer layer, const struct run_points *points, const struct plot_axes *axes,
                        size_t level);
void plot_layer_name(char *name, size_t size, enum plot_layer layer, size_t curve);

/* ---- text ---- */

/* Width in em in DejaVu Sans, nearly; of what plot_text_write would leave of `text`. */
double plot_text_width(const char *text, bool is_bold);

/*
 * `text` as a gnuplot string expression in single quotes: inside them gnuplot expands nothing. Needs the
 * variable Q of the preamble. Control and direction characters are dropped, bytes that are not UTF-8 become
 * U+FFFD, and what is wider than room_em ends in an ellipsis. text may be NULL.
 */
void plot_text_write(FILE *out, const char *text, bool is_bold, double room_em);

/* ---- look ---- */

struct plot_look {
    const char *colour;
    const char *dash;    /* gnuplot's dashtype */
    const char *band;    /* fill of the band */
    double opacity;      /* of the band */
    const char *invalid; /* colour of the crosses */
    int point;           /* gnuplot's point type */
    double point_size;
};

/* Size of the page in px at the scale of SVG; margins as parts of it. */
enum { PLOT_PAGE_WIDTH = 960, PLOT_PAGE_HEIGHT = 600 };
#define PLOT_LEFT 0.080
#define PLOT_RIGHT 0.968
#define PLOT_BOTTOM 0.150
#define PLOT_TOP 0.805

void plot_style_write_preamble(FILE *out, enum plot_format format);
/* Few points get larger marks. */
struct plot_look plot_style_look(const struct plot *plot, size_t curve);

/* The word SIMULATED as a tag, its right end and middle at x, y px from the lower left corner. */
void plot_style_write_tag(FILE *out, double x, double y);

/* What follows the file name in the plot command. */
void plot_style_write_layer(FILE *out, enum plot_layer layer, const struct plot_look *look, const char *file);

/* The sample before a legend entry, left end and middle at x, y px from the lower left corner. */
enum { PLOT_SAMPLE_WIDTH = 28 };
void plot_style_write_sample(FILE *out, enum plot_layer layer, const struct plot_look *look, double x, double y);

/* ---- script ---- */

/* rows[curve][layer] says which data files have something in them. */
typedef size_t plot_rows[PLOT_CURVES_MAX][PLOT_LAYERS];

void plot_script_write(FILE *out, const struct plot *plot, enum plot_format format, const struct plot_axes *axes,
                       const plot_rows rows);

/* The legend between heading and axes; returns how many lines it took. */
size_t plot_legend_write(FILE *out, const struct plot *plot, const struct plot_axes *axes, const plot_rows rows);

/* ---- gnuplot ---- */

/* A folder that only we can enter. */
struct plot_folder {
    char *path;
    int fd;
};

/* {.fd = -1} before; remove it also after failure. CMRR_FAILED, naming what could not be made. */
enum cmrr_status plot_folder_open(struct plot_folder *folder, struct cmrr_error *why);
void plot_folder_remove(struct plot_folder *folder);
enum cmrr_status plot_folder_put(const struct plot_folder *folder, const struct plot_file *file,
                                 struct cmrr_error *why);
/* The whole of a file, malloc'ed, a zero byte behind it; NULL where it is absent, too large or there is no
 * memory. */
char *plot_folder_get(const struct plot_folder *folder, const char *name, size_t *size);

/*
 * Draw the sheet in a private folder of its own, which is gone afterwards; *picture is malloc'ed. gnuplot
 * exits with 0 on a full disk too: look at the picture's end. CMRR_FAILED with gnuplot's complaint, or after
 * limit_s seconds.
 */
enum cmrr_status gnuplot_run(const struct plot_sheet *sheet, double limit_s, char **picture, size_t *size,
                             struct cmrr_error *why);

#endif
