/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "points.h"

#include <math.h>
#include <string.h>
#include "cmrr/units.h"

const char *points_figure(const struct point *point, int columns, char *text)
{
    char figure[32];
    int width = columns;
    if (point->result.kind == CMRR_KIND_INVALID) {
        snprintf(figure, sizeof figure, "invalid");
    } else if (point->result.kind == CMRR_KIND_BOUND) {
        snprintf(figure, sizeof figure, "≥ %.2f", point->result.cmrr_db);
        width += (int)strlen("≥") - 1; /* three bytes, one column */
    } else {
        snprintf(figure, sizeof figure, "%.2f", point->result.cmrr_db);
    }
    snprintf(text, 48, "%*s", width, figure);
    return text;
}

static void print_number(FILE *out, int columns, double value)
{
    if (isfinite(value))
        fprintf(out, "%*.2f", columns, value);
    else
        fprintf(out, "%*s", columns, "");
}

static void print_point(FILE *out, const struct point *point)
{
    char figure[48], flags[FLAGS_TEXT];
    const struct cmrr_result *result = &point->result;
    fprintf(out, "%9.6g  %s", point->freq_hz, points_figure(point, 9, figure));
    print_number(out, 11, result->lo95_db);
    print_number(out, 9, result->hi95_db);
    print_number(out, 9, result->floor_db);
    print_number(out, 9, result->kind == CMRR_KIND_INVALID ? NAN : units_db(cabs(point->gain_dm)));
    fprintf(out, "%s%s\n", point->flags ? "  " : "", flags_format(point->flags, flags));
}

void points_print(FILE *out, const struct run_points *points)
{
    fprintf(out, "  freq Hz    CMRR dB    95 %% from       to    floor  gain dB\n");
    for (size_t i = 0; i < points->count; i++)
        print_point(out, &points->at[i]);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *point_json(const struct point *point)
{
    char flags[FLAGS_TEXT];
    const struct cmrr_result *result = &point->result;
    bool is_valid = result->kind != CMRR_KIND_INVALID;
    return json_pack("{s:f, s:o, s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:s}", "freq_hz", point->freq_hz, "cmrr_db",
                     number(result->cmrr_db), "lo95_db", number(result->lo95_db), "hi95_db", number(result->hi95_db),
                     "kind", cmrr_kind_name(result->kind), "floor_db", number(result->floor_db), "method",
                     point->method, "gain_db", number(is_valid ? units_db(cabs(point->gain_dm)) : NAN), "rho_re",
                     number(is_valid ? creal(point->rho.value) : NAN), "rho_im",
                     number(is_valid ? cimag(point->rho.value) : NAN), "flags", flags_format(point->flags, flags));
}

json_t *points_json(const struct run_points *points)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < points->count; i++)
        json_array_append_new(list, point_json(&points->at[i]));
    return list;
}
