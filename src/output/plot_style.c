/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

/*
 * The whole look of a picture: page, type scale, colours, lines and marks. Colours differ in lightness as
 * well as in hue, and each curve in dash and mark too, so that a colour-blind reader or a grey print loses
 * nothing.
 */

/* K maps px of the SVG page to each terminal's points, P does so for marks: one type scale for all three. */
static const char *const terminal[PLOT_FORMATS] = {
    [PLOT_SVG] = "K = 1.0\nP = 1.0\n"
                 "set terminal svg size 960,600 dynamic enhanced background rgb '#ffffff' font "
                 "'DejaVu Sans,13' "
                 "name 'cmrr'\n",
    [PLOT_PNG] = "K = 0.72\nP = 1.35\n"
                 "set terminal pngcairo size 1920,1200 enhanced background rgb '#ffffff' font "
                 "'DejaVu Sans,9.36' "
                 "fontscale 2 linewidth 2 pointscale 2\n",
    [PLOT_PDF] = "K = 0.80\nP = 1.35\n"
                 "set terminal pdfcairo size 8.8in,5.5in enhanced background rgb '#ffffff' font "
                 "'DejaVu Sans,10.4' "
                 "linewidth 1.3 pointscale 0.65\n",
};

static const char page[] = "set decimalsign '.'\n"
                           "Q = sprintf('%c', 39)\n"
                           "fs(px) = sprintf('DejaVu Sans,%.4g', px*K)\n"
                           "fb(px) = sprintf('DejaVu Sans Bold,%.4g', px*K)\n"
                           "C_FLOOR = '#5f6770'\n"
                           "C_RESIDUAL = '#8a5a00'\n"
                           "C_LIMIT = '#b3261e'\n"
                           "C_OK = '#1b6b3a'\n"
                           "C_GRID = '#cbd0d6'\n"
                           "C_GRID2 = '#e6e9ec'\n"
                           "C_TEXT = '#1f2429'\n"
                           "C_SUB = '#565e66'\n"
                           "unset key\n"
                           "set border 3 lc rgb C_SUB lw 1\n"
                           "set tics out nomirror scale 0.6,0.3 textcolor rgb C_TEXT\n"
                           "set logscale x 10\n"
                           "unset mytics\n"
                           "set grid xtics mxtics ytics back lt 1 lw 0.8 lc rgb C_GRID, lt 1 lw 0.6 lc rgb C_GRID2\n"
                           "set xlabel 'Frequency (Hz)' offset 0,0.3 textcolor rgb C_TEXT font fs(13)\n"
                           "set ylabel 'CMRR (dB)' offset 1.2,0 textcolor rgb C_TEXT font fs(13)\n"
                           "C_TAG = '#f3d3cf'\n";

void plot_style_write_preamble(FILE *out, enum plot_format format)
{
    fprintf(out, "set encoding utf8\n%sset output '%s'\n%s", terminal[format], PLOT_PICTURE_NAME, page);
    fprintf(out, "set lmargin at screen %g\nset rmargin at screen %g\nset bmargin at screen %g\n", PLOT_LEFT,
            PLOT_RIGHT, PLOT_BOTTOM);
}

/* Neighbours in the list differ in lightness; the first is the colour of a single run. */
static const struct plot_look looks[PLOT_CURVES_MAX] = {
    {"#0b3c6f", "solid", "#0b3c6f", 0.14, "#0b3c6f", 7, 0.40},
    {"#d9730d", "(14,4)", "#d9730d", 0.16, "#d9730d", 5, 0.40},
    {"#1a8a6e", "(6,4)", "#1a8a6e", 0.16, "#1a8a6e", 9, 0.50},
    {"#9b1f6e", "(14,3,3,3)", "#9b1f6e", 0.12, "#9b1f6e", 13, 0.55},
    {"#4d9fe0", "(3,3)", "#4d9fe0", 0.18, "#4d9fe0", 11, 0.50},
    {"#5b3a12", "(10,3,2,3,2,3)", "#5b3a12", 0.12, "#5b3a12", 6, 0.50},
    {"#c99700", "solid", "#c99700", 0.18, "#c99700", 4, 0.50},
    {"#5b3fa8", "(14,4)", "#5b3fa8", 0.12, "#5b3fa8", 8, 0.55},
    {"#7c9a16", "(6,4)", "#7c9a16", 0.16, "#7c9a16", 12, 0.60},
    {"#1f2429", "(14,3,3,3)", "#1f2429", 0.10, "#1f2429", 10, 0.55},
    {"#e0788c", "(3,3)", "#e0788c", 0.16, "#e0788c", 14, 0.55},
    {"#6b747d", "(10,3,2,3,2,3)", "#6b747d", 0.12, "#6b747d", 15, 0.50},
};

struct plot_look plot_style_look(const struct plot *plot, size_t curve)
{
    enum { FEW = 12 };
    struct plot_look look = looks[curve % PLOT_CURVES_MAX];
    if (plot->curves == 1) {
        look.band = "#8fbbe3";
        look.opacity = 0.80;
        look.invalid = "#b3261e";
        look.point_size = 0.32;
    }
    if (plot->curve[curve].points->count < FEW)
        look.point_size *= 2.2;
    return look;
}

void plot_style_write_layer(FILE *out, enum plot_layer layer, const struct plot_look *look, const char *file)
{
    switch (layer) {
    case PLOT_BAND:
        fprintf(out, "'%s' using 1:2:3 with filledcurves fs transparent solid %g noborder fc rgb '%s'", file,
                look->opacity, look->band);
        break;
    case PLOT_STEM:
        fprintf(out, "'%s' using 1:2:4:5:2:3 with boxxyerror fs transparent solid %g noborder fc rgb '%s'", file,
                look->opacity, look->band);
        break;
    case PLOT_FLOOR:
        fprintf(out, "'%s' using 1:2 with lines lw 1.3 dt (5,4) lc rgb C_FLOOR", file);
        break;
    case PLOT_RESIDUAL:
        fprintf(out, "'%s' using 1:2 with lines lw 1.3 dt (12,3,2,3) lc rgb C_RESIDUAL", file);
        break;
    case PLOT_VALUE:
        fprintf(out,
                "'%s' using 1:2 with lines lw 2.4 dt %s lc rgb '%s' notitle, "
                "'%s' using 1:2 with points pt %d ps %g*P lc rgb '%s'",
                file, look->dash, look->colour, file, look->point, look->point_size, look->colour);
        break;
    case PLOT_BOUND:
        fprintf(out,
                "'%s' using 1:2:(0):3 with vectors head filled size screen 0.0065,18 lw 1.3 lc rgb '%s' notitle, "
                "'%s' using 4:2:5:(0) with vectors nohead lw 2.4 lc rgb '%s'",
                file, look->colour, file, look->colour);
        break;
    case PLOT_INVALID:
        fprintf(out, "'%s' using 1:2 with points pt 2 ps 0.6*P lw 1.6 lc rgb '%s'", file, look->invalid);
        break;
    case PLOT_LAYERS:
        break;
    }
    fputs(" notitle", out);
}

/* The middle of a sample, as gnuplot places labels and arrows. */
static void write_at(FILE *out, const char *before, double x, double y)
{
    fprintf(out, "%s screen %.5f,%.5f", before, x / PLOT_PAGE_WIDTH, y / PLOT_PAGE_HEIGHT);
}

static void write_stroke(FILE *out, double x, double y, double dx, double dy, const char *style)
{
    write_at(out, "set arrow from", x, y);
    write_at(out, " to", x + dx, y + dy);
    fprintf(out, " %s ", style);
}

static void write_mark(FILE *out, double x, double y, int point, double size, const char *colour)
{
    write_at(out, "set label '' at", x, y);
    fprintf(out, " point pt %d ps %g*P lw 1.6 lc rgb '%s'\n", point, size, colour);
}

void plot_style_write_sample(FILE *out, enum plot_layer layer, const struct plot_look *look, double x, double y)
{
    double middle = x + PLOT_SAMPLE_WIDTH / 2.0;
    switch (layer) {
    case PLOT_BAND:
    case PLOT_STEM:
        write_at(out, "set object rectangle from", x, y - 4.5);
        write_at(out, " to", x + PLOT_SAMPLE_WIDTH, y + 4.5);
        fprintf(out, " fs transparent solid %g noborder fc rgb '%s'\n", look->opacity, look->band);
        break;
    case PLOT_FLOOR:
        write_stroke(out, x, y, PLOT_SAMPLE_WIDTH, 0, "nohead lw 1.3 dt (5,4) lc rgb C_FLOOR\n");
        break;
    case PLOT_RESIDUAL:
        write_stroke(out, x, y, PLOT_SAMPLE_WIDTH, 0, "nohead lw 1.3 dt (12,3,2,3) lc rgb C_RESIDUAL\n");
        break;
    case PLOT_VALUE:
        write_stroke(out, x, y, PLOT_SAMPLE_WIDTH, 0, "nohead lw 2.4");
        fprintf(out, "dt %s lc rgb '%s'\n", look->dash, look->colour);
        write_mark(out, middle, y, look->point, look->point_size * 1.2, look->colour);
        break;
    case PLOT_BOUND:
        write_stroke(out, middle, y - 5.5, 0, 12, "head filled size screen 0.0065,18 lw 1.3");
        fprintf(out, "lc rgb '%s'\n", look->colour);
        write_stroke(out, middle - 7, y - 5.5, 14, 0, "nohead lw 2.4");
        fprintf(out, "lc rgb '%s'\n", look->colour);
        break;
    case PLOT_INVALID:
        write_mark(out, middle, y, 2, 0.6, look->invalid);
        break;
    case PLOT_LAYERS:
        break;
    }
}

/* Dark on pale, not white on dark: where another font is wider than its box the word stays readable. */
void plot_style_write_tag(FILE *out, double x, double y)
{
    static const char tag[] = "SIMULATED";
    enum { PX = 12, MARGIN_PX = 6 };
    double width = PX * plot_text_width(tag, true) + 2 * MARGIN_PX;
    write_at(out, "set object rectangle from", x - width, y - 9);
    write_at(out, " to", x, y + 9);
    fputs(" fs solid noborder fc rgb C_TAG\n", out);
    write_at(out, "set label 'SIMULATED' at", x - width / 2, y);
    fprintf(out, " center noenhanced font fb(%d) textcolor rgb C_LIMIT front\n", PX);
}
