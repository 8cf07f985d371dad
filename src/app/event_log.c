/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "event_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api_json.h"

/* A ring of texts: event n lies in place n modulo its size. */
struct event_log {
    uint64_t last;
    char *text[EVENT_LOG_KEPT];
};

struct event_log *event_log_new(void)
{
    return calloc(1, sizeof(struct event_log));
}

void event_log_free(struct event_log *log)
{
    for (size_t i = 0; log && i < EVENT_LOG_KEPT; i++)
        free(log->text[i]);
    free(log);
}

void event_log_add(struct event_log *log, const char *name, json_t *data)
{
    char **place = &log->text[++log->last % EVENT_LOG_KEPT];
    char *body = api_format(data);
    free(*place);
    if (!body || asprintf(place, "id: %" PRIu64 "\nevent: %s\ndata: %s\n\n", log->last, name, body) < 0)
        *place = NULL;
    free(body);
    json_decref(data);
}

uint64_t event_log_last(const struct event_log *log)
{
    return log->last;
}

uint64_t event_log_first(const struct event_log *log)
{
    return log->last < EVENT_LOG_KEPT ? 1 : log->last - EVENT_LOG_KEPT + 1;
}

const char *event_log_text(const struct event_log *log, uint64_t id, size_t *size)
{
    const char *text = log->text[id % EVENT_LOG_KEPT];
    *size = text ? strlen(text) : 0;
    return text ? text : "";
}
