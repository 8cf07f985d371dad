/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "cmrr/client.h"
#include "points.h"

/* cmrr runs: what is in the daemon's store. */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void print_runs(const json_t *runs)
{
    size_t i;
    json_t *run;
    json_array_foreach(runs, i, run)
    {
        printf("%-44s %-12s %-18s %s\n", text_of(run, "id"), text_of(run, "state"), text_of(run, "states"),
               text_of(run, "name"));
    }
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    struct client *client = NULL;
    json_t *body = NULL;
    enum cmrr_status status = client_open(&client, line->server, CLIENT_START, why);
    if (status == CMRR_OK)
        status = client_get(client, "/v1/runs", &body, why);
    client_close(client);
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
