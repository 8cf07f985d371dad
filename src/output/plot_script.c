/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <math.h>
#include <string.h>

/*
 * The gnuplot script: heading, legend, axes, layers. What comes from outside enters it through
 * plot_text_write() only.
 */

#define INNER_PX ((PLOT_RIGHT - PLOT_LEFT) * PLOT_PAGE_WIDTH)
#define TAG_PX 112.0       /* room for the tag at the right end of the subtitle's line */
#define BETWEEN_PX 24.0    /* between a text at the left and one at the right */
#define LEGEND_LINE 0.0334 /* height of a legend line beyond the first, as part of the page */

struct text {
    const char *text;
    bool is_bold;
    bool is_right;
    double y;            /* as part of the page */
    double px, px_least; /* a text too wide for its room is set smaller, then cut */
    const char *colour;  /* a name of the style's */
};

static double width_px(const struct text *text, double px)
{
    return px * plot_text_width(text->text, text->is_bold);
}

static void write_text(FILE *out, const struct text *text, double room_px)
{
    double px = text->px;
    while (px > text->px_least && width_px(text, px) > room_px)
        px--;
    fputs("set label ", out);
    plot_text_write(out, text->text, text->is_bold, room_px / px);
    fprintf(out, " at screen %g,%g %s noenhanced font %s(%g) textcolor rgb %s\n",
            text->is_right ? PLOT_RIGHT : PLOT_LEFT, text->y, text->is_right ? "right" : "left",
            text->is_bold ? "fb" : "fs", px, text->colour);
}

/* Two texts on one line: the right one may take half, the left one gets what remains. */
static void write_pair(FILE *out, const struct text *left, const struct text *right)
{
    double right_px = fmin(width_px(right, right->px), INNER_PX / 2);
    if (width_px(left, left->px_least) < INNER_PX / 2)
        right_px = fmin(width_px(right, right->px), INNER_PX - BETWEEN_PX - width_px(left, left->px_least));
    write_text(out, right, right_px);
    write_text(out, left, INNER_PX - right_px - (right_px > 0 ? BETWEEN_PX : 0));
}

/* The word carries the meaning; the colour only repeats it. */
static const char *verdict_colour(const char *verdict)
{
    if (verdict && strncmp(verdict, "PASS", 4) == 0)
        return "C_OK";
    if (verdict && strncmp(verdict, "FAIL", 4) == 0)
        return "C_LIMIT";
    return "C_TEXT";
}

static void write_heading(FILE *out, const struct plot *plot)
{
    write_pair(out, &(struct text){plot->title, true, false, 0.945, 18, 14, "C_TEXT"},
               &(struct text){plot->verdict, true, true, 0.945, 18, 13, verdict_colour(plot->verdict)});
    write_text(out, &(struct text){plot->subtitle, false, false, 0.895, 12, 10, "C_SUB"},
               INNER_PX - (plot->is_simulated ? TAG_PX : 0));
    write_pair(out, &(struct text){plot->foot_left, false, false, 0.030, 10, 9, "C_SUB"},
               &(struct text){plot->foot_right, false, true, 0.030, 10, 9, "C_SUB"});
    if (plot->is_simulated)
        plot_style_write_tag(out, PLOT_RIGHT * PLOT_PAGE_WIDTH, 0.895 * PLOT_PAGE_HEIGHT);
}

/* An empty frame says so itself. */
static void write_notice(FILE *out, const struct plot *plot, const plot_rows rows)
{
    for (size_t c = 0; c < plot->curves; c++)
        if (rows[c][PLOT_VALUE] + rows[c][PLOT_BOUND] > 0)
            return;
    fputs("set label 'no valid point' at graph 0.5,0.5 center noenhanced font fs(18) textcolor rgb C_SUB "
          "front\n",
          out);
}

/* Layer by layer, not curve by curve: no band covers a line. */
static void write_layers(FILE *out, const struct plot *plot, const plot_rows rows)
{
    fputs("plot ", out);
    for (int layer = 0; layer < PLOT_LAYERS; layer++)
        for (size_t c = 0; c < plot->curves; c++) {
            if (rows[c][layer] == 0)
                continue;
            struct plot_look look = plot_style_look(plot, c);
            char name[16];
            plot_layer_name(name, sizeof name, (enum plot_layer)layer, c);
            plot_style_write_layer(out, (enum plot_layer)layer, &look, name);
            fputs(", \\\n     ", out);
        }
    /* Closes the list; draws nothing, also where nothing else is drawn. */
    fputs("NaN notitle\nset output\n", out);
}

void plot_script_write(FILE *out, const struct plot *plot, enum plot_format format, const struct plot_axes *axes,
                       const plot_rows rows)
{
    plot_style_write_preamble(out, format);
    write_heading(out, plot);
    size_t lines = plot_legend_write(out, plot, axes, rows);
    fprintf(out, "set tmargin at screen %g\n", PLOT_TOP - LEGEND_LINE * (lines > 1 ? (double)lines - 1 : 0));
    plot_axes_write(out, axes);
    write_notice(out, plot, rows);
    write_layers(out, plot, rows);
}
