/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ask.h"

enum cmrr_status ask_daemon(const struct command_line *line, enum client_start start, const char *path, json_t **body,
                            struct cmrr_error *why)
{
    struct client *client = NULL;
    enum cmrr_status status = client_open(&client, line->server, start, why);
    if (status == CMRR_OK)
        status = client_get(client, path, body, why);
    client_close(client);
    return status;
}

const char *ask_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}
