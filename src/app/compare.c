/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/measure.h"
#include "cmrr/words.h"

/* No interpolation: a figure stands at the frequency where it was measured, and nowhere else. */

static const char *folder_name(const char *folder, char *text, size_t size)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    size_t start = length;
    while (start > 0 && folder[start - 1] != '/')
        start--;
    snprintf(text, size, "%.*s", (int)(length - start), folder + start);
    return text;
}

static void label_runs(struct comparison *c, const char *const *folders)
{
    for (size_t i = 0; i < c->count; i++) {
        const char *name = table_key(c->run[i].table, "name");
        if (name && *name)
            snprintf(c->label[i], sizeof c->label[i], "%.127s", name);
        else
            folder_name(folders[i], c->label[i], sizeof c->label[i]);
    }
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(c->label[i], c->label[j]) == 0) {
                folder_name(folders[i], c->label[i], sizeof c->label[i]);
                folder_name(folders[j], c->label[j], sizeof c->label[j]);
            }
    for (size_t i = 0; i < c->count; i++)
        words_clean(c->label[i], '?'); /* cut in the middle of a character, or a folder named in hostility */
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static enum cmrr_status list_frequencies(struct comparison *c, struct cmrr_error *why)
{
    size_t all = 0;
    for (size_t i = 0; i < c->count; i++)
        all += c->run[i].points.count;
    c->freq_hz = calloc(all + 1, sizeof *c->freq_hz);
    if (!c->freq_hz)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    size_t n = 0;
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->run[i].points.count; j++)
            c->freq_hz[n++] = c->run[i].points.at[j].freq_hz;
    qsort(c->freq_hz, n, sizeof *c->freq_hz, ascending);
    for (size_t i = 0; i < n; i++)
        if (c->freqs == 0 || c->freq_hz[i] > c->freq_hz[c->freqs - 1])
            c->freq_hz[c->freqs++] = c->freq_hz[i];
    return CMRR_OK;
}

enum cmrr_status comparison_read(struct comparison *comparison, const char *const *folders, size_t count,
                                 struct cmrr_error *why)
{
    memset(comparison, 0, sizeof *comparison);
    if (count < 1 || count > PLOT_CURVES_MAX)
        return cmrr_fail(why, CMRR_USAGE, "%zu runs: between 1 and %d can be compared", count, PLOT_CURVES_MAX);
    enum cmrr_status status = CMRR_OK;
    for (; comparison->count < count && status == CMRR_OK; comparison->count += status == CMRR_OK)
        status = run_file_read(&comparison->run[comparison->count], folders[comparison->count], why);
    if (status != CMRR_OK)
        return status;
    label_runs(comparison, folders);
    return list_frequencies(comparison, why);
}

void comparison_free(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++)
        run_file_free(&comparison->run[i]);
    free(comparison->freq_hz);
    memset(comparison, 0, sizeof *comparison);
}

const struct point *comparison_at(const struct comparison *comparison, size_t run, double freq_hz)
{
    const struct run_points *points = &comparison->run[run].points;
    for (size_t i = 0; i < points->count; i++)
        if (points->at[i].freq_hz == freq_hz)
            return &points->at[i];
    return NULL;
}

static void put_point(struct table *table, size_t row, int column, const struct point *point)
{
    table_put_fixed(table, row, column, point->result.cmrr_db, 4);
    table_put_text(table, row, column + 1, cmrr_kind_name(point->result.kind));
    table_put_fixed(table, row, column + 2, point->result.lo95_db, 4);
    table_put_fixed(table, row, column + 3, point->result.hi95_db, 4);
}

struct table *comparison_table(const struct comparison *comparison)
{
    static const char *const columns[] = {"cmrr_db", "kind", "lo95_db", "hi95_db"};
    struct table *table = table_new();
    if (!table)
        return NULL;
    table_add_column(table, "freq_hz");
    for (size_t i = 0; i < comparison->count; i++) {
        char name[32];
        snprintf(name, sizeof name, "run_%zu", i + 1);
        table_set_key(table, name, comparison->label[i]);
        for (size_t j = 0; j < 4; j++) {
            snprintf(name, sizeof name, "%s_%zu", columns[j], i + 1);
            table_add_column(table, name);
        }
    }
    for (size_t i = 0; i < comparison->freqs; i++) {
        size_t row = table_add_row(table);
        table_put_number(table, row, 0, comparison->freq_hz[i], 12);
        for (size_t j = 0; j < comparison->count; j++) {
            const struct point *point = comparison_at(comparison, j, comparison->freq_hz[i]);
            if (point)
                put_point(table, row, 1 + 4 * (int)j, point);
        }
    }
    return table;
}

/* The same for all runs, or "various". */
static const char *common_key(const struct comparison *comparison, const char *key)
{
    const char *first = table_key(comparison->run[0].table, key);
    for (size_t i = 1; i < comparison->count; i++) {
        const char *other = table_key(comparison->run[i].table, key);
        if (!first || !other || strcmp(first, other) != 0)
            return "various";
    }
    return first ? first : "";
}

enum cmrr_status comparison_draw(const struct comparison *comparison, const char *path, struct cmrr_error *why)
{
    char conditions[512], foot[96];
    snprintf(conditions, sizeof conditions, "states %.100s   ·   source %.20s Ω per leg   ·   %.20s Hz sampling",
             common_key(comparison, "states"), common_key(comparison, "source_per_leg_ohm"),
             common_key(comparison, "rate"));
    snprintf(foot, sizeof foot, "cmrr %s", build_version());
    struct plot plot = {.title = "Common-mode rejection compared",
                        .subtitle = conditions,
                        .verdict = "",
                        .foot_left = "",
                        .foot_right = foot,
                        .curves = comparison->count};
    for (size_t i = 0; i < comparison->count; i++) {
        plot.curve[i] = (struct plot_curve){comparison->label[i], &comparison->run[i].points};
        plot.is_simulated |= table_key(comparison->run[i].table, "simulated") != NULL;
    }
    return plot_draw(&plot, path, why);
}
