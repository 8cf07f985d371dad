/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/store.h"
#include "follow.h"

/* One run as its client sees it: asked for, followed, stopped where the client says so. */
struct following {
    struct client *client;
    const struct client_events *events;
    struct client_run *run;
    enum cmrr_status status; /* how it ended */
    bool is_over, is_stopped;
};

/* Settings that differ from their defaults: the daemon has the others. */
static json_t *request_body(const struct settings *settings, struct cmrr_error *why)
{
    char text[1100], preset[1100];
    struct settings defaults;
    settings_init(&defaults);
    json_t *body = json_pack("{s:s}", "task", "measure");
    for (size_t i = 0; body && i < settings_count; i++) {
        const struct setting *setting = &settings_table[i];
        settings_format(settings, setting, text, sizeof text);
        if (strcmp(text, settings_format(&defaults, setting, preset, sizeof preset)) == 0)
            continue;
        if (json_object_set_new(body, setting->name, json_string(text)) != 0) {
            cmrr_fail(why, CMRR_USAGE, "%s: the value is not UTF-8 text", setting->name);
            json_decref(body);
            return NULL;
        }
    }
    if (!body)
        cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    return body;
}

static void copy_word(char *to, size_t size, const json_t *data, const char *key)
{
    const char *text = json_string_value(json_object_get(data, key));
    snprintf(to, size, "%s", text ? text : "");
}

static void take_end(struct following *following, const json_t *data)
{
    struct client_run *run = following->run;
    char code[32];
    copy_word(run->state, sizeof run->state, data, "state");
    copy_word(run->message, sizeof run->message, data, "message");
    copy_word(code, sizeof code, data, "verdict");
    run->verdict = following->status = cmrr_status_from_code(code);
    following->is_over = true;
}

static bool on_event(void *context, const char *name, const json_t *data)
{
    struct following *following = context;
    const struct client_events *events = following->events;
    const char *run = json_string_value(json_object_get(data, "run"));
    if (!run || strcmp(run, following->run->id) != 0)
        return true;
    if (strcmp(name, "done") == 0)
        take_end(following, data);
    else if (events->on_event)
        events->on_event(events->context, name, data);
    return !following->is_over;
}

/* Our run alone is stopped; where the daemon says that it is over, the event that says how is on its way. */
static void on_tick(void *context)
{
    struct following *following = context;
    const struct client_events *events = following->events;
    char path[160];
    if (following->is_stopped || !events->should_stop || !events->should_stop(events->context))
        return;
    following->is_stopped = true;
    snprintf(path, sizeof path, "/v1/runs/current?id=%s", following->run->id);
    transfer_json(following->client, "DELETE", path, NULL, NULL, NULL);
}

static enum cmrr_status post(struct client *client, const struct settings *settings, struct client_run *run,
                             json_int_t *after, struct cmrr_error *why)
{
    json_t *answer = NULL, *body = request_body(settings, why);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    enum cmrr_status status = text ? transfer_json(client, NULL, "/v1/runs", text, &answer, why)
                                   : cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    free(text);
    json_decref(body);
    if (status != CMRR_OK)
        return why ? why->status : status;
    copy_word(run->id, sizeof run->id, answer, "id");
    copy_word(run->folder, sizeof run->folder, answer, "folder");
    *after = json_integer_value(json_object_get(answer, "last_event"));
    json_decref(answer);
    if (!store_is_id(run->id))
        return cmrr_fail(why, CMRR_DAEMON, "the daemon names no run that it started");
    return CMRR_OK;
}

/* Where the run has no complete folder, the sentence says where what was read lies. */
static enum cmrr_status verdict(const struct following *following, struct cmrr_error *why)
{
    const struct client_run *run = following->run;
    if (strcmp(run->state, "done") == 0 && (following->status == CMRR_OK || following->status == CMRR_UNTRUSTED))
        return CMRR_OK;
    enum cmrr_status status = following->status == CMRR_OK ? CMRR_FAILED : following->status;
    return cmrr_fail(why, status, "%s; what was read is in %.200s",
                     run->message[0] ? run->message : cmrr_strerror(status), run->folder);
}

enum cmrr_status client_measure(struct client *client, const struct settings *settings,
                                const struct client_events *events, struct client_run *run, struct cmrr_error *why)
{
    struct following following = {.client = client, .events = events, .run = run};
    const struct follow follow = {&following, on_event, on_tick};
    struct cmrr_error lost = {0};
    json_int_t after = 0;
    *run = (struct client_run){.verdict = CMRR_OK};
    enum cmrr_status status = post(client, settings, run, &after, why);
    if (status != CMRR_OK)
        return status;
    if (events->on_start)
        events->on_start(events->context, run->id);
    status = follow_events(client, after, &follow, &lost);
    if (status != CMRR_OK)
        return cmrr_fail(why, status, "%s before the measurement did; what was read is in %.200s", lost.text,
                         run->folder);
    return verdict(&following, why);
}
