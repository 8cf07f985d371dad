/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <math.h>

/*
 * The numbers of each layer as text, finite ones only. A blank line makes gnuplot lift the pen, which is how
 * invalid points and bounds leave a gap in the curve of values.
 */

static double clamp(double value, double min, double max)
{
    return fmin(fmax(value, min), max);
}

struct band {
    double lo, hi;
};

/* Without an upper limit the band reaches the floor, above which nothing is known; without that, the frame.
 */
static struct band band_of(const struct cmrr_result *result, const struct plot_axes *axes)
{
    double hi = isfinite(result->hi95_db)    ? result->hi95_db
                : isfinite(result->floor_db) ? fmax(result->floor_db, result->cmrr_db)
                                             : axes->y_max;
    double lo = isfinite(result->lo95_db) ? result->lo95_db : axes->y_min;
    return (struct band){clamp(lo, axes->y_min, axes->y_max), clamp(hi, axes->y_min, axes->y_max)};
}

static bool is_value(const struct run_points *points, size_t i)
{
    return i < points->count && plot_point_has_place(&points->at[i]) &&
           plot_point_kind(&points->at[i]) == CMRR_KIND_VALUE;
}

static bool has_neighbour(const struct run_points *points, size_t i)
{
    return (i > 0 && is_value(points, i - 1)) || is_value(points, i + 1);
}

/* Values, their band, and the stems of the lonely ones. */
static size_t write_values(FILE *out, enum plot_layer layer, const struct run_points *points,
                           const struct plot_axes *axes)
{
    size_t rows = 0;
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->at[i];
        if (!is_value(points, i)) {
            fputs("\n", out);
            continue;
        }
        struct band band = band_of(&point->result, axes);
        if (layer == PLOT_VALUE)
            fprintf(out, "%.9g %.9g\n", point->freq_hz, point->result.cmrr_db);
        else if (layer == PLOT_BAND && has_neighbour(points, i))
            fprintf(out, "%.9g %.9g %.9g\n", point->freq_hz, band.lo, band.hi);
        else if (layer == PLOT_STEM && !has_neighbour(points, i))
            fprintf(out, "%.9g %.9g %.9g %.9g %.9g\n", point->freq_hz, band.lo, band.hi,
                    point->freq_hz / sqrt(axes->bar_ratio), point->freq_hz * sqrt(axes->bar_ratio));
        else
            continue;
        rows++;
    }
    return rows;
}

static double line_db(const struct run_points *points, size_t i, enum plot_layer layer)
{
    if (i >= points->count || !plot_point_has_place(&points->at[i]))
        return NAN;
    return layer == PLOT_FLOOR ? points->at[i].result.floor_db : points->at[i].residual_db;
}

/* Floor and residual have no marks: a lonely point becomes a short bar. */
static size_t write_line(FILE *out, enum plot_layer layer, const struct run_points *points,
                         const struct plot_axes *axes)
{
    size_t rows = 0;
    for (size_t i = 0; i < points->count; i++) {
        double db = line_db(points, i, layer), freq_hz = points->at[i].freq_hz;
        if (!isfinite(db)) {
            fputs("\n", out);
            continue;
        }
        if (isfinite(line_db(points, i + 1, layer)) || (i > 0 && isfinite(line_db(points, i - 1, layer))))
            fprintf(out, "%.9g %.9g\n", freq_hz, db);
        else
            fprintf(out, "%.9g %.9g\n%.9g %.9g\n", freq_hz / axes->bar_ratio / axes->bar_ratio, db,
                    freq_hz * axes->bar_ratio * axes->bar_ratio, db);
        rows++;
    }
    return rows;
}

static size_t write_bounds(FILE *out, const struct run_points *points, const struct plot_axes *axes)
{
    size_t rows = 0;
    double arrow_db = 0.05 * (axes->y_max - axes->y_min);
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->at[i];
        if (!plot_point_has_place(point) || plot_point_kind(point) != CMRR_KIND_BOUND)
            continue;
        double left_hz = point->freq_hz / axes->bar_ratio;
        fprintf(out, "%.9g %.9g %.9g %.9g %.9g\n", point->freq_hz, point->result.cmrr_db, arrow_db, left_hz,
                point->freq_hz * axes->bar_ratio - left_hz);
        rows++;
    }
    return rows;
}

/* Crosses of several curves stand above each other. */
static size_t write_invalid(FILE *out, const struct run_points *points, const struct plot_axes *axes, size_t level)
{
    size_t rows = 0;
    double height_db = axes->y_min + (0.02 + 0.025 * (double)level) * (axes->y_max - axes->y_min);
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->at[i];
        if (!plot_point_has_place(point) || plot_point_kind(point) != CMRR_KIND_INVALID)
            continue;
        fprintf(out, "%.9g %.9g\n", point->freq_hz, height_db);
        rows++;
    }
    return rows;
}

size_t plot_layer_write(FILE *out, enum plot_layer layer, const struct run_points *points, const struct plot_axes *axes,
                        size_t level)
{
    switch (layer) {
    case PLOT_BAND:
    case PLOT_STEM:
    case PLOT_VALUE:
        return write_values(out, layer, points, axes);
    case PLOT_FLOOR:
    case PLOT_RESIDUAL:
        return write_line(out, layer, points, axes);
    case PLOT_BOUND:
        return write_bounds(out, points, axes);
    case PLOT_INVALID:
        return write_invalid(out, points, axes, level);
    case PLOT_LAYERS:
        break;
    }
    return 0;
}

void plot_layer_name(char *name, size_t size, enum plot_layer layer, size_t curve)
{
    static const char *const word[PLOT_LAYERS] = {"band", "stem", "floor", "residual", "value", "bound", "invalid"};
    snprintf(name, size, "%s%zu.dat", word[layer], curve % 100);
}
