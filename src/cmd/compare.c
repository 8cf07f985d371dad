/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include <stdlib.h>
#include <string.h>
#include "cmrr/compare.h"
#include "cmrr/file.h"
#include "find_run.h"
#include "points.h"
#include "print.h"

/* cmrr compare: runs side by side, as a table at the frequencies that were measured, and as an overlay. */

static void print_labels(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++)
        printf("[%zu] %s%s\n", i + 1, comparison->label[i],
               table_key(comparison->run[i].table, "simulated") ? " (SIMULATED)" : "");
}

static void print_table(const struct comparison *comparison)
{
    print_labels(comparison);
    printf("  freq Hz");
    for (size_t i = 0; i < comparison->count; i++)
        printf("     dB [%zu]", i + 1);
    putchar('\n');
    for (size_t i = 0; i < comparison->freqs; i++) {
        printf("%9.6g", comparison->freq_hz[i]);
        for (size_t j = 0; j < comparison->count; j++) {
            char text[48];
            const struct point *point = comparison_at(comparison, j, comparison->freq_hz[i]);
            printf("  %s", point ? points_figure(point, 9, text) : "         ");
        }
        putchar('\n');
    }
}

static json_t *comparison_json(const struct comparison *comparison)
{
    json_t *runs = json_array();
    for (size_t i = 0; runs && i < comparison->count; i++)
        json_array_append_new(runs, json_pack("{s:s, s:o}", "label", comparison->label[i], "points",
                                              points_json(&comparison->run[i].points)));
    return json_pack("{s:o}", "runs", runs);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), wanted = strlen(ending);
    return length > wanted && strcmp(text + length - wanted, ending) == 0;
}

/* -o NAME.csv is the table, any other ending a picture. */
static enum cmrr_status write_output(const struct comparison *comparison, const struct command_line *line,
                                     struct cmrr_error *why)
{
    enum cmrr_status status = file_check_place(line->output, line->is_forced, why);
    if (status != CMRR_OK)
        return status;
    if (!ends_with(line->output, ".csv"))
        return comparison_draw(comparison, line->output, why);
    struct table *table = comparison_table(comparison);
    status = table ? file_write_table(line->output, table, why) : cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    table_free(table);
    return status;
}

static enum cmrr_status read_runs(struct comparison *comparison, const struct command_line *line,
                                  struct cmrr_error *why)
{
    char folder[PLOT_CURVES_MAX][PATH_MAX];
    const char *folders[PLOT_CURVES_MAX];
    size_t count = (size_t)line->arg_count;
    memset(comparison, 0, sizeof *comparison);
    if (count > PLOT_CURVES_MAX)
        return cmrr_fail(why, CMRR_USAGE, "compare: %zu runs: at most %d fit one picture", count, PLOT_CURVES_MAX);
    for (size_t i = 0; i < count; i++) {
        enum cmrr_status status = find_run(line->args[i], folder[i], why);
        if (status != CMRR_OK)
            return status;
        folders[i] = folder[i];
    }
    return comparison_read(comparison, folders, count, why);
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    struct comparison comparison;
    enum cmrr_status status = read_runs(&comparison, line, why);
    if (status == CMRR_OK && line->output)
        status = write_output(&comparison, line, why);
    if (status == CMRR_OK && line->is_json)
        status = print_json(comparison_json(&comparison), why);
    else if (status == CMRR_OK)
        print_table(&comparison);
    comparison_free(&comparison);
    return status;
}

const struct command command_compare = {
    .name = "compare",
    .arguments = "RUN RUN...",
    .summary = "overlay runs and tabulate them",
    .details =
        "RUN is a folder (with a '/'), an id, a unique piece of one, or last. -o NAME.svg, .png or .pdf draws the\n"
        "overlay, -o NAME.csv writes the table.",
    .takes = TAKES_OUTPUT | TAKES_FORCE,
    .min_args = 2,
    .max_args = -1,
    .run = run};
