/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/units.h"

/*
 * Points as the rows of run.csv and back. Columns that belong to imbalance states are there, and empty, in every run:
 * readers find columns by name and the file keeps one shape.
 */
enum column {
    FREQ,
    CMRR,
    LO95,
    HI95,
    KIND,
    FLOOR,
    METHOD,
    WORST_LEG,
    GAIN,
    GAIN_DEG,
    GAIN_CM,
    CMRR_0,
    CMRR_HOT,
    CMRR_COLD,
    RHO_RE,
    RHO_IM,
    Z_HOT,
    Z_HOT_DEG,
    Z_COLD,
    Z_COLD_DEG,
    FLAGS,
    RESIDUAL,
    COLUMNS
};
static const char *const names[COLUMNS] = {
    "freq_hz",   "cmrr_db",   "lo95_db",    "hi95_db",    "kind",        "floor_db",     "method", "worst_leg",
    "gain_db",   "gain_deg",  "gain_cm_db", "cmrr_0_db",  "cmrr_hot_db", "cmrr_cold_db", "rho_re", "rho_im",
    "z_hot_ohm", "z_hot_deg", "z_cold_ohm", "z_cold_deg", "flags",       "residual_db"};

static const char *const methods[] = {"normal", "normal-residual", "tied", "tied-residual"};

static void put_point(struct table *table, const struct point *point)
{
    char flags[FLAGS_TEXT];
    size_t row = table_add_row(table);
    const struct cmrr_result *result = &point->result;
    table_put_number(table, row, FREQ, point->freq_hz, 12);
    table_put_fixed(table, row, CMRR, result->cmrr_db, 4);
    table_put_fixed(table, row, LO95, result->lo95_db, 4);
    table_put_fixed(table, row, HI95, result->hi95_db, 4);
    table_put_text(table, row, KIND, cmrr_kind_name(result->kind));
    table_put_fixed(table, row, FLOOR, result->floor_db, 4);
    table_put_text(table, row, METHOD, point->method);
    table_put_text(table, row, FLAGS, flags_format(point->flags, flags));
    if (result->kind == CMRR_KIND_INVALID)
        return;
    table_put_fixed(table, row, GAIN, units_db(cabs(point->gain_dm)), 5);
    table_put_fixed(table, row, GAIN_DEG, units_deg(carg(point->gain_dm)), 4);
    table_put_fixed(table, row, GAIN_CM, units_db(cabs(point->gain_cm)), 4);
    table_put_number(table, row, RHO_RE, creal(point->rho.value), 12);
    table_put_number(table, row, RHO_IM, cimag(point->rho.value), 12);
    table_put_fixed(table, row, RESIDUAL, point->residual_db, 4);
}

struct table *run_points_table(const struct run_points *points)
{
    struct table *table = table_new();
    for (int i = 0; table && i < COLUMNS; i++)
        table_add_column(table, names[i]);
    for (size_t i = 0; table && i < points->count; i++)
        put_point(table, &points->at[i]);
    return table;
}

static enum cmrr_status refuse(const struct table *table, size_t row, const char *what, struct cmrr_error *why)
{
    return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: %s", table_name(table), row + 1, what);
}

static enum cmrr_status parse_words(const struct table *table, size_t row, const int *column, struct point *point,
                                    struct cmrr_error *why)
{
    const char *kind = table_text(table, row, column[KIND]), *method = table_text(table, row, column[METHOD]);
    unsigned k = 0;
    while (k <= CMRR_KIND_INVALID && strcmp(kind, cmrr_kind_name((enum cmrr_kind)k)) != 0)
        k++;
    if (k > CMRR_KIND_INVALID)
        return refuse(table, row, "kind is none of value, bound, invalid", why);
    point->result.kind = (enum cmrr_kind)k;
    point->method = "other"; /* from another version: shown, never computed with */
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(method, methods[i]) == 0)
            point->method = methods[i];
    if (flags_parse(table_text(table, row, column[FLAGS]), &point->flags) != CMRR_OK)
        return refuse(table, row, "unknown flag", why);
    return CMRR_OK;
}

static double or_zero(double value)
{
    return isnan(value) ? 0.0 : value;
}

static enum cmrr_status parse_point(const struct table *table, size_t row, const int *column, struct point *point,
                                    struct cmrr_error *why)
{
    static const enum column wanted[] = {FREQ,     CMRR,    LO95,   HI95,   FLOOR,   GAIN,
                                         GAIN_DEG, GAIN_CM, RHO_RE, RHO_IM, RESIDUAL};
    double value[COLUMNS];
    if (parse_words(table, row, column, point, why) != CMRR_OK)
        return CMRR_BAD_FILE;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        value[wanted[i]] = NAN;
        if (column[wanted[i]] >= 0 && table_number(table, row, column[wanted[i]], &value[wanted[i]], why) != CMRR_OK)
            return CMRR_BAD_FILE;
    }
    if (!(value[FREQ] > 0.0))
        return refuse(table, row, "freq_hz must be positive", why);
    if (point->result.kind != CMRR_KIND_INVALID && isnan(value[CMRR]))
        return refuse(table, row, "a value or bound without cmrr_db", why);
    point->freq_hz = value[FREQ];
    point->result.cmrr_db = value[CMRR];
    point->result.lo95_db = value[LO95];
    point->result.hi95_db = value[HI95];
    point->result.floor_db = value[FLOOR];
    point->residual_db = value[RESIDUAL];
    point->rho.value = or_zero(value[RHO_RE]) + I * or_zero(value[RHO_IM]);
    point->gain_dm = units_ratio(or_zero(value[GAIN])) * cexp(I * or_zero(value[GAIN_DEG]) * M_PI / 180.0);
    point->gain_cm = units_ratio(or_zero(value[GAIN_CM]));
    return CMRR_OK;
}

enum cmrr_status run_points_parse(struct run_points *points, const struct table *table, struct cmrr_error *why)
{
    static const enum column needed[] = {FREQ, CMRR, LO95, HI95, KIND, FLOOR, METHOD, FLAGS};
    int column[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        column[i] = table_column(table, names[i]);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (column[needed[i]] < 0)
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: no column %s: not a run.csv", table_name(table),
                             names[needed[i]]);
    struct run_points made = {.count = table_rows(table)};
    made.at = calloc(made.count + 1, sizeof *made.at);
    if (!made.at)
        return cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", table_name(table));
    for (size_t row = 0; row < made.count; row++) {
        enum cmrr_status status = parse_point(table, row, column, &made.at[row], why);
        if (status == CMRR_OK && row && made.at[row].freq_hz <= made.at[row - 1].freq_hz)
            status = refuse(table, row, "freq_hz must ascend", why);
        if (status != CMRR_OK) {
            run_points_free(&made);
            return status;
        }
        made.flags |= made.at[row].flags;
    }
    *points = made;
    return CMRR_OK;
}
