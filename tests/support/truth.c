/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"
#include "cmrr/file.h"
#include "cmrr/units.h"
#include "suite.h"

static double number(const struct table *table, size_t row, const char *name)
{
    double value = NAN;
    int column = table_column(table, name);
    if (column >= 0)
        ck_assert_int_eq(table_number(table, row, column, &value, NULL), CMRR_OK);
    return value;
}

size_t truth_read(const char *name, struct truth_row **rows)
{
    char path[256];
    struct table *table = NULL;
    struct cmrr_error why = {0};
    snprintf(path, sizeof path, "tests/data/truth/%s.csv", name);
    ck_assert_msg(file_read_table(bench_source(path), &table, &why) == CMRR_OK, "%s", why.text);
    size_t count = table_rows(table);
    int state = table_column(table, "state");
    *rows = calloc(count, sizeof **rows);
    for (size_t i = 0; i < count; i++) {
        struct truth_row *row = &(*rows)[i];
        snprintf(row->device, sizeof row->device, "%s", table_text(table, i, table_column(table, "device")));
        snprintf(row->state, sizeof row->state, "%s", state < 0 ? "normal" : table_text(table, i, state));
        row->r_tie_ohm = number(table, i, "r_tie_ohm");
        row->dr_hot_ohm = number(table, i, "dr_hot_ohm");
        row->dr_cold_ohm = number(table, i, "dr_cold_ohm");
        row->freq_hz = number(table, i, "freq_hz");
        row->cmrr_db = number(table, i, "cmrr_db");
        row->gain_db = number(table, i, "gain_db");
        row->g_cm = hypot(number(table, i, "g_cm_re"), number(table, i, "g_cm_im"));
    }
    table_free(table);
    return count;
}

size_t truth_group(const struct truth_row *rows, size_t count, size_t first)
{
    size_t end = first + 1;
    while (end < count && strcmp(rows[end].device, rows[first].device) == 0 &&
           strcmp(rows[end].state, rows[first].state) == 0 && rows[end].dr_hot_ohm == rows[first].dr_hot_ohm &&
           rows[end].dr_cold_ohm == rows[first].dr_cold_ohm && rows[end].freq_hz > rows[end - 1].freq_hz)
        end++;
    return end - first;
}

/* The exact grid takes whole Hz: rows between them (31.5 Hz) are left out. */
static bool is_whole(const struct truth_row *row)
{
    return row->freq_hz == rint(row->freq_hz);
}

static struct bench_run *measure(const struct truth_row *rows, size_t count, size_t every)
{
    static char device[512], freqs[1024], states[64];
    snprintf(device, sizeof device, "device=sim:DUT=tests/data/truth/%s.csv,IDEAL=1,DR_HOT=%g,DR_COLD=%g,R_TIE=%g",
             rows->device, rows->dr_hot_ohm, rows->dr_cold_ohm, isnan(rows->r_tie_ohm) ? 0.0 : rows->r_tie_ohm);
    snprintf(states, sizeof states, "states=%s", rows->state);
    snprintf(freqs, sizeof freqs, "freqs=");
    for (size_t i = 0; i < count; i += every)
        if (is_whole(&rows[i]))
            snprintf(freqs + strlen(freqs), sizeof freqs - strlen(freqs), "%s%.17g", freqs[6] ? "," : "",
                     rows[i].freq_hz);
    return bench_measure(
        (const char *const[]){device, freqs, states, "grid=exact", "max_level=0", BENCH_NO_ASSUMPTIONS, NULL});
}

static double difference_db(const struct point *point, const struct truth_row *row)
{
    if (strcmp(row->state, "tied") == 0 && row->dr_hot_ohm + row->dr_cold_ohm > 0.0)
        return fabs(units_db(cabs(point->gain_cm) / row->g_cm));
    return fabs(point->result.cmrr_db - row->cmrr_db);
}

double truth_check(const struct truth_row *rows, size_t count, size_t every, double tolerance_db)
{
    struct bench_run *run = measure(rows, count, every);
    double worst = 0.0;
    ck_assert_msg(run->status == CMRR_OK, "%s", run->why.text);
    for (size_t i = 0; i < count; i += every) {
        if (!is_whole(&rows[i]))
            continue;
        const struct point *point = bench_point(run, rows[i].freq_hz);
        ck_assert_double_eq(point->freq_hz, rows[i].freq_hz);
        double off = difference_db(point, &rows[i]);
        ck_assert_msg(point->result.kind == CMRR_KIND_VALUE && off <= tolerance_db,
                      "%s %s +%g +%g ohm, %g Hz: %s %.5f dB, truth %.5f", rows->device, rows->state, rows->dr_hot_ohm,
                      rows->dr_cold_ohm, rows[i].freq_hz, cmrr_kind_name(point->result.kind), point->result.cmrr_db,
                      rows[i].cmrr_db);
        /* The splines' 0.0002 dB and the table's rounding of 0.000005. */
        double gain_db = units_db(cabs(point->gain_dm));
        ck_assert_msg(isnan(rows[i].gain_db) || fabs(gain_db - rows[i].gain_db) < 0.0005, "%s %g Hz: gain %.5f of %.5f",
                      rows->device, rows[i].freq_hz, gain_db, rows[i].gain_db);
        worst = fmax(worst, off);
    }
    bench_run_free(run);
    return worst;
}
