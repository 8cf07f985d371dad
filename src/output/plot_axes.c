/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <math.h>

/*
 * Ranges and marks of the axes. The values and bounds decide the height; floor, residual and upper limits may
 * widen it by a little, so that a floor of 200 dB on an ideal bench does not squash a curve at 46 dB.
 */

#define HEADROOM_DB 30.0 /* how far above the highest value others may widen the picture; below the lowest likewise */
#define SPAN_MIN_DB 30.0 /* ripple of a tenth of a decibel shall not look like mountains */
#define DECADES_MIN 1.05 /* a single frequency gets its neighbourhood */
#define CROSSES_DB 3.0   /* room at the bottom for the crosses of invalid points */
#define PADDING 0.015    /* of the width, left and right, so that marks do not sit on the frame */

struct range {
    double min, max;
};

static void range_add(struct range *range, double value)
{
    if (isfinite(value)) {
        range->min = fmin(range->min, value);
        range->max = fmax(range->max, value);
    }
}

static bool range_is_empty(struct range range)
{
    return range.min > range.max;
}

static const struct range nothing = {INFINITY, -INFINITY};

bool plot_point_has_place(const struct point *point)
{
    return isfinite(point->freq_hz) && point->freq_hz > 0;
}

enum cmrr_kind plot_point_kind(const struct point *point)
{
    return isfinite(point->result.cmrr_db) ? point->result.kind : CMRR_KIND_INVALID;
}

/* The smallest distance of neighbours, in decades, keeps bars of neighbouring points apart. */
static double fit_x(struct plot_axes *axes, const struct plot *plot)
{
    struct range range = nothing;
    double spacing = INFINITY;
    for (size_t c = 0; c < plot->curves; c++) {
        const struct run_points *points = plot->curve[c].points;
        for (size_t i = 0; i < points->count; i++) {
            if (!plot_point_has_place(&points->at[i]))
                continue;
            range_add(&range, log10(points->at[i].freq_hz));
            if (i > 0 && plot_point_has_place(&points->at[i - 1]))
                spacing = fmin(spacing, fabs(log10(points->at[i].freq_hz / points->at[i - 1].freq_hz)));
        }
    }
    if (range_is_empty(range))
        range = (struct range){log10(20), log10(20000)};
    double missing = fmax(0, DECADES_MIN - (range.max - range.min)) / 2;
    double padding = missing + PADDING * (range.max - range.min);
    axes->x_min = pow(10, range.min - padding);
    axes->x_max = pow(10, range.max + padding);
    return spacing;
}

static struct range measured_db(const struct plot *plot)
{
    struct range range = nothing;
    for (size_t c = 0; c < plot->curves; c++)
        for (size_t i = 0; i < plot->curve[c].points->count; i++) {
            const struct point *point = &plot->curve[c].points->at[i];
            enum cmrr_kind kind = plot_point_kind(point);
            if (kind == CMRR_KIND_INVALID || !plot_point_has_place(point))
                continue;
            range_add(&range, point->result.cmrr_db);
            /* Room for the arrow above a bound. */
            if (kind == CMRR_KIND_BOUND)
                range_add(&range, point->result.cmrr_db + 4);
        }
    return range;
}

/* Widen by what else there is, as far as some of it comes near the measured curve at all. */
static void widen(struct range *range, struct range other, struct range limit)
{
    if (other.min > limit.max || other.max < limit.min)
        return;
    range_add(range, fmin(other.max, limit.max));
    range_add(range, fmax(other.min, limit.min));
}

static struct range company_db(const struct plot *plot, struct range measured)
{
    struct range range = measured, floor_db = nothing, residual_db = nothing, limits_db = nothing;
    for (size_t c = 0; c < plot->curves; c++)
        for (size_t i = 0; i < plot->curve[c].points->count; i++) {
            const struct point *point = &plot->curve[c].points->at[i];
            /* An overlay shows neither floor nor residual. */
            if (plot->curves == 1) {
                range_add(&floor_db, point->result.floor_db);
                range_add(&residual_db, point->residual_db);
            }
            if (plot_point_kind(point) == CMRR_KIND_VALUE) {
                range_add(&limits_db, point->result.lo95_db);
                range_add(&limits_db, point->result.hi95_db);
            }
        }
    if (range_is_empty(measured))
        measured = range_is_empty(floor_db) ? residual_db : floor_db;
    struct range limit = {measured.min - HEADROOM_DB, measured.max + HEADROOM_DB};
    widen(&range, floor_db, limit);
    widen(&range, residual_db, limit);
    widen(&range, limits_db, limit);
    return range;
}

static bool has_invalid(const struct plot *plot)
{
    for (size_t c = 0; c < plot->curves; c++)
        for (size_t i = 0; i < plot->curve[c].points->count; i++)
            if (plot_point_kind(&plot->curve[c].points->at[i]) == CMRR_KIND_INVALID)
                return true;
    return false;
}

struct plot_axes plot_axes_fit(const struct plot *plot)
{
    struct plot_axes axes = {0};
    double spacing = fit_x(&axes, plot);
    double decades = log10(axes.x_max / axes.x_min);
    axes.bar_ratio = pow(10, fmin(0.008 * decades, 0.35 * spacing));

    struct range range = company_db(plot, measured_db(plot));
    if (range_is_empty(range))
        range = (struct range){2, 99};
    else if (has_invalid(plot))
        range.min -= CROSSES_DB;
    axes.y_min = 10 * floor((range.min - 2) / 10);
    axes.y_max = 10 * ceil((range.max + 1) / 10);
    /* Missing height is added on both sides, the odd ten on top. */
    while (axes.y_max - axes.y_min < SPAN_MIN_DB) {
        axes.y_max += 10;
        if (axes.y_max - axes.y_min < SPAN_MIN_DB)
            axes.y_min -= 10;
    }
    return axes;
}

static void write_freq_tic(FILE *out, int mantissa, int exponent, bool has_number)
{
    double freq_hz = mantissa * pow(10, exponent);
    if (!has_number)
        fprintf(out, ", '' %.9g 1", freq_hz);
    else if (exponent >= 6)
        fprintf(out, ", '%.9gM' %.9g", freq_hz / 1e6, freq_hz);
    else if (exponent >= 3)
        fprintf(out, ", '%.9gk' %.9g", freq_hz / 1e3, freq_hz);
    else
        fprintf(out, ", '%.9g' %.9g", freq_hz, freq_hz);
}

static bool is_125(int mantissa)
{
    return mantissa == 1 || mantissa == 2 || mantissa == 5;
}

/*
 * Less than a decade: every mark has its number; several: 1 2 5; very many: the decades. The outermost mark
 * has one in any case where it is far enough from the next: a list that begins at 60 Hz shall not leave the
 * left end unnamed.
 */
static bool is_labelled(const struct plot_axes *axes, int mantissa, double freq_hz)
{
    double decades = log10(axes->x_max / axes->x_min);
    if (decades < 1 || mantissa == 1 || (is_125(mantissa) && decades < 5.5))
        return true;
    int next = mantissa < 5 ? 5 : 10, last = mantissa < 5 ? 2 : 5;
    double apart = pow(10, 0.06 * decades);
    bool is_first = freq_hz * (mantissa - 1) / mantissa < axes->x_min;
    bool is_last = freq_hz * (mantissa + 1) / mantissa > axes->x_max;
    return (is_first && next > mantissa * apart) || (is_last && mantissa > last * apart);
}

void plot_axes_write(FILE *out, const struct plot_axes *axes)
{
    double span_db = axes->y_max - axes->y_min;
    fprintf(out, "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\nset ytics %d\n", axes->x_min, axes->x_max,
            axes->y_min, axes->y_max,
            span_db <= 40    ? 5
            : span_db <= 120 ? 10
                             : 20);
    /* The first mark lies off the axis; it only begins the list. */
    fprintf(out, "set xtics ('' %.9g 1", axes->x_min / 2);
    for (int exponent = (int)floor(log10(axes->x_min)); exponent <= (int)floor(log10(axes->x_max)); exponent++)
        for (int mantissa = 1; mantissa <= 9; mantissa++) {
            double freq_hz = mantissa * pow(10, exponent);
            if (freq_hz >= axes->x_min && freq_hz <= axes->x_max)
                write_freq_tic(out, mantissa, exponent, is_labelled(axes, mantissa, freq_hz));
        }
    fputs(")\n", out);
}
