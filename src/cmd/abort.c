/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "cmrr/client.h"
#include "print.h"

/* cmrr abort: let the run under way fade out and end. */

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    struct client *client = NULL;
    enum cmrr_status status = client_open(&client, line->server, CLIENT_NO_START, why);
    if (status == CMRR_OK)
        status = client_abort(client, why);
    client_close(client);
    return status == CMRR_OK && line->is_json ? print_json(json_pack("{s:b}", "aborted", 1), why) : status;
}

const struct command command_abort = {.name = "abort",
                                      .arguments = "",
                                      .summary = "stop the measurement that is running",
                                      .takes = TAKES_SERVER,
                                      .run = run};
