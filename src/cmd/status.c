/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "ask.h"
#include "print.h"

/* cmrr status: which daemon answers and what it does. Starts none. */

static void print_value(const char *key, const json_t *value)
{
    if (json_is_string(value))
        printf("%-12s %s\n", key, json_string_value(value));
    else if (json_is_integer(value))
        printf("%-12s %lld\n", key, (long long)json_integer_value(value));
    else if (json_is_boolean(value))
        printf("%-12s %s\n", key, json_is_true(value) ? "yes" : "no");
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    json_t *body = NULL;
    enum cmrr_status status = ask_daemon(line, CLIENT_NO_START, "/v1/status", &body, why);
    if (status != CMRR_OK)
        return status;
    if (line->is_json)
        return print_json(body, why);
    const char *key;
    json_t *value;
    json_object_foreach(body, key, value)
    {
        print_value(key, value);
    }
    json_decref(body);
    return CMRR_OK;
}

const struct command command_status = {.name = "status",
                                       .arguments = "",
                                       .summary = "which daemon answers, and what it is doing",
                                       .takes = TAKES_SERVER,
                                       .run = run};
