/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include <string.h>
#include "cmrr/words.h"
#include "find_run.h"
#include "points.h"
#include "print.h"

/* cmrr show: a finished run as a table, with -v all that explains it. */

static json_t *head_json(const struct table *table)
{
    json_t *object = json_object();
    for (size_t i = 0; object && i < table_keys(table); i++) {
        const char *key, *value;
        table_key_at(table, i, &key, &value);
        json_object_set_new(object, key, json_string(value));
    }
    return object;
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    char folder[PATH_MAX];
    struct run_file file;
    enum cmrr_status status = find_run(line->args[0], folder, why);
    if (status == CMRR_OK)
        status = run_file_read(&file, folder, why);
    if (status != CMRR_OK)
        return status;
    words_clean(folder, '?'); /* for printing only, from here on */
    if (line->is_json) {
        status = print_json(json_pack("{s:s, s:o, s:o}", "folder", folder, "head", head_json(file.table), "points",
                                      points_json(&file.points)),
                            why);
    } else {
        if (line->is_verbose)
            print_head(file.table);
        const char *name = table_key(file.table, "name"), *state = table_key(file.table, "status");
        printf("%s%s%s, states %s, %s\n", name && *name ? name : folder,
               table_key(file.table, "simulated") ? " (SIMULATED)" : "",
               state && strcmp(state, "done") != 0 ? " (not complete)" : "",
               table_key(file.table, "states") ? table_key(file.table, "states") : "?",
               table_key(file.table, "started") ? table_key(file.table, "started") : "?");
        points_print(stdout, &file.points);
    }
    run_file_free(&file);
    return status;
}

const struct command command_show = {.name = "show",
                                     .arguments = "RUN",
                                     .summary = "print a finished run as a table",
                                     .details = "RUN is a folder (with a '/'), an id, a unique piece of one, or last.",
                                     .min_args = 1,
                                     .max_args = 1,
                                     .run = run};
