/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <math.h>

/*
 * A strip between heading and axes, so that it can never hide the curve. It is laid out here: gnuplot's own
 * key gives every entry the width of the longest. Only what is in the picture is listed.
 */

#define TEXT_PX 12.0
#define TEXT_ROOM_EM 26.0 /* a longer label is cut; two of that length still share a line */
#define GAP_PX 24.0       /* between entries */
#define SAMPLE_GAP_PX 8.0 /* between sample and text */
#define FIRST_LINE_PX 513.0
#define LINE_PX 20.0

struct legend {
    FILE *out;
    double x;     /* where the next entry begins, px */
    size_t lines; /* begun so far */
};

static void write_entry(struct legend *legend, enum plot_layer layer, const struct plot_look *look, const char *text)
{
    double text_px = fmin(plot_text_width(text, false), TEXT_ROOM_EM) * TEXT_PX;
    double width_px = PLOT_SAMPLE_WIDTH + SAMPLE_GAP_PX + text_px;
    double left = PLOT_LEFT * PLOT_PAGE_WIDTH, right = PLOT_RIGHT * PLOT_PAGE_WIDTH;
    if (legend->lines == 0 || legend->x + width_px > right) {
        legend->lines++;
        legend->x = left;
    }
    double y = FIRST_LINE_PX - LINE_PX * (double)(legend->lines - 1);
    plot_style_write_sample(legend->out, layer, look, legend->x, y);
    fputs("set label ", legend->out);
    plot_text_write(legend->out, text, false, TEXT_ROOM_EM);
    fprintf(legend->out, " at screen %.5f,%.5f left noenhanced font fs(%g) textcolor rgb C_TEXT\n",
            (legend->x + PLOT_SAMPLE_WIDTH + SAMPLE_GAP_PX) / PLOT_PAGE_WIDTH, y / PLOT_PAGE_HEIGHT, TEXT_PX);
    legend->x += width_px + GAP_PX;
}

/* A floor or residual that lies wholly beyond the frame would be looked for in vain: say where it is. */
static void name_line(char *name, size_t size, const char *word, const struct run_points *points,
                      const struct plot_axes *axes, enum plot_layer layer)
{
    double min = INFINITY, max = -INFINITY;
    for (size_t i = 0; i < points->count; i++) {
        double db = layer == PLOT_FLOOR ? points->at[i].result.floor_db : points->at[i].residual_db;
        min = isfinite(db) ? fmin(min, db) : min;
        max = isfinite(db) ? fmax(max, db) : max;
    }
    if (min > axes->y_max)
        snprintf(name, size, "%s (off scale: %.0f dB and above)", word, floor(min));
    else if (max < axes->y_min)
        snprintf(name, size, "%s (off scale: %.0f dB and below)", word, ceil(max));
    else
        snprintf(name, size, "%s", word);
}

static void write_single(struct legend *legend, const struct plot *plot, const struct plot_axes *axes,
                         const plot_rows rows)
{
    static const struct {
        enum plot_layer layer;
        const char *text;
    } entry[] = {
        {PLOT_VALUE, "CMRR"},  {PLOT_BAND, "95 % band"},    {PLOT_BOUND, "at least (bound)"},
        {PLOT_FLOOR, "floor"}, {PLOT_RESIDUAL, "residual"}, {PLOT_INVALID, "invalid"},
    };
    struct plot_look look = plot_style_look(plot, 0);
    for (size_t i = 0; i < sizeof entry / sizeof *entry; i++) {
        enum plot_layer layer = entry[i].layer;
        char name[64];
        if (layer == PLOT_FLOOR || layer == PLOT_RESIDUAL)
            name_line(name, sizeof name, entry[i].text, plot->curve[0].points, axes, layer);
        else
            snprintf(name, sizeof name, "%s", entry[i].text);
        if (rows[0][layer] > 0 || (layer == PLOT_BAND && rows[0][PLOT_STEM] > 0))
            write_entry(legend, layer, &look, name);
    }
}

/* All curves by name, then what the marks mean, in grey because they come in every colour. */
static void write_overlay(struct legend *legend, const struct plot *plot, const plot_rows rows)
{
    static const struct plot_look grey = {
        .colour = "#565e66", .band = "#5f6770", .opacity = 0.25, .invalid = "#565e66"};
    size_t total[PLOT_LAYERS] = {0};
    for (size_t c = 0; c < plot->curves; c++) {
        struct plot_look look = plot_style_look(plot, c);
        write_entry(legend, PLOT_VALUE, &look, plot->curve[c].label);
        for (int layer = 0; layer < PLOT_LAYERS; layer++)
            total[layer] += rows[c][layer];
    }
    if (total[PLOT_BAND] + total[PLOT_STEM] > 0)
        write_entry(legend, PLOT_BAND, &grey, "95 % band");
    if (total[PLOT_BOUND] > 0)
        write_entry(legend, PLOT_BOUND, &grey, "at least (bound)");
    if (total[PLOT_INVALID] > 0)
        write_entry(legend, PLOT_INVALID, &grey, "invalid");
}

size_t plot_legend_write(FILE *out, const struct plot *plot, const struct plot_axes *axes, const plot_rows rows)
{
    struct legend legend = {.out = out};
    if (plot->curves == 1)
        write_single(&legend, plot, axes, rows);
    else
        write_overlay(&legend, plot, rows);
    return legend.lines;
}
