/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "ask.h"
#include "print.h"

/* cmrr devices: the interfaces that can be named behind -D. */

static void print_list(const json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (json_is_string(item))
            printf("%s%s", i ? "," : "", json_string_value(item));
        else
            printf("%s%lld", i ? "," : "", (long long)json_integer_value(item));
    }
}

static void print_device(const json_t *device)
{
    printf("%-28s %2lld out %2lld in  ", ask_text(device, "name"),
           (long long)json_integer_value(json_object_get(device, "outputs")),
           (long long)json_integer_value(json_object_get(device, "inputs")));
    print_list(json_object_get(device, "rates_hz"));
    printf(" Hz  ");
    print_list(json_object_get(device, "formats"));
    printf("  %s", ask_text(device, "card"));
    if (json_is_true(json_object_get(device, "is_busy")))
        printf("  busy%s%s", *ask_text(device, "holder") ? ": held by " : "", ask_text(device, "holder"));
    putchar('\n');
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    json_t *body = NULL;
    enum cmrr_status status = ask_daemon(line, CLIENT_START, "/v1/devices", &body, why);
    if (status != CMRR_OK)
        return status;
    if (line->is_json)
        return print_json(body, why);
    size_t i;
    json_t *device;
    json_array_foreach(json_object_get(body, "devices"), i, device)
    {
        print_device(device);
    }
    json_decref(body);
    return CMRR_OK;
}

const struct command command_devices = {.name = "devices",
                                        .arguments = "",
                                        .summary = "list the interfaces that can measure",
                                        .takes = TAKES_SERVER,
                                        .run = run};
