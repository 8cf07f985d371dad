/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "ask.h"
#include "print.h"

/* cmrr runs: what is in the daemon's store. */

static void print_runs(const json_t *runs)
{
    size_t i;
    json_t *run;
    json_array_foreach(runs, i, run)
    {
        printf("%-44s %-12s %-18s %s\n", ask_text(run, "id"), ask_text(run, "state"), ask_text(run, "states"),
               ask_text(run, "name"));
    }
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    json_t *body = NULL;
    enum cmrr_status status = ask_daemon(line, CLIENT_START, "/v1/runs", &body, why);
    if (status != CMRR_OK)
        return status;
    if (line->is_json)
        return print_json(body, why);
    print_runs(json_object_get(body, "runs"));
    json_decref(body);
    return CMRR_OK;
}

const struct command command_runs = {
    .name = "runs", .arguments = "", .summary = "list the runs in the store", .takes = TAKES_SERVER, .run = run};
