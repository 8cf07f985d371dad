/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmrr/measure.h"
#include "api_json.h"
#include "devices.h"
#include "streams.h"

static void show_status(struct request *request)
{
    struct session_view view;
    const struct server_config *config = request->server->config;
    session_look(request->server->session, &view);
    json_t *body = json_pack("{s:s, s:s, s:i, s:b, s:b, s:s, s:I}", "version", build_version(), "build", build_id(),
                             "pid", (int)getpid(), "is_private", config->is_private, "is_system", config->is_system,
                             "store", config->store, "last_event", (json_int_t)event_log_last(request->server->log));
    json_t *state = api_state(&view);
    if (body && state)
        json_object_update(body, state);
    json_decref(state);
    reply_json(&request->reply, 200, body);
}

static void show_devices(struct request *request)
{
    struct server *server = request->server;
    struct session_view view;
    session_look(server->session, &view);
    if (!view.is_running || !server->devices) {
        json_decref(server->devices);
        server->devices = view.is_running ? NULL : devices_json();
    }
    json_t *list = server->devices ? json_incref(server->devices) : json_array();
    reply_json(&request->reply, 200, json_pack("{s:o}", "devices", list));
}

/* Whose id is given is stopped only if it is the one that is measured: a client stops its own run, not the next one. */
static void stop_run(struct request *request)
{
    struct session_view view;
    session_look(request->server->session, &view);
    const char *id = MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, "id");
    if (!view.is_running || (id && strcmp(id, view.id) != 0)) {
        reply_error(&request->reply, 404, "not_found",
                    id ? "that run is not being measured" : "nothing is being measured", "");
        return;
    }
    session_stop(request->server->session);
    reply_json(&request->reply, 202, json_pack("{s:s}", "id", view.id));
}

static void continue_run(struct request *request)
{
    reply_error(&request->reply, 409, "no_prompt", "no prompt is open", "");
}

static void send_events(struct request *request)
{
    struct server *server = request->server;
    const char *text = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Last-Event-ID");
    uint64_t last = event_log_last(server->log), after = last;
    if (text) {
        char *end;
        errno = 0;
        after = strtoull(text, &end, 10);
        if (*text < '0' || *text > '9' || *end || errno) {
            reply_error(&request->reply, 400, "usage", "Last-Event-ID is no number of an event", "");
            return;
        }
        /* An id from before this daemon's life, or of events that are gone: all that there is. */
        if (after > last || after + 1 < event_log_first(server->log))
            after = event_log_first(server->log) - 1;
    }
    request->reply.response = stream_open(server, request->connection, after);
    request->reply.http = request->reply.response ? 200 : 500;
    if (request->reply.response) {
        MHD_add_response_header(request->reply.response, "Content-Type", "text/event-stream");
        MHD_add_response_header(request->reply.response, "Cache-Control", "no-store");
    }
}

/* "*" stands for any one segment. */
static const struct route {
    const char *method;
    const char *segment[REQUEST_SEGMENTS];
    void (*handler)(struct request *request);
} routes[] = {
    {"GET", {"status"}, show_status},
    {"GET", {"devices"}, show_devices},
    {"GET", {"events"}, send_events},
    {"GET", {"runs"}, route_list_runs},
    {"POST", {"runs"}, route_start_run},
    {"DELETE", {"runs", "current"}, stop_run},
    {"POST", {"runs", "current", "continue"}, continue_run},
    {"GET", {"runs", "*"}, route_show_run},
    {"GET", {"runs", "*", "*"}, route_send_file},
};

static bool fits(const struct route *route, const struct request *request)
{
    for (size_t i = 0; i < REQUEST_SEGMENTS; i++) {
        const char *wanted = route->segment[i];
        if (!wanted || i >= request->segments)
            return !wanted && i >= request->segments;
        if (strcmp(wanted, "*") != 0 && strcmp(wanted, request->segment[i]) != 0)
            return false;
    }
    return true;
}

void request_route(struct request *request)
{
    struct reply *reply = &request->reply;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (!fits(&routes[i], request))
            continue;
        if (strcmp(routes[i].method, request->method) == 0) {
            reply->allow[0] = '\0';
            routes[i].handler(request);
            return;
        }
        if (!strstr(reply->allow, routes[i].method)) {
            strncat(reply->allow, reply->allow[0] ? ", " : "", sizeof reply->allow - strlen(reply->allow) - 1);
            strncat(reply->allow, routes[i].method, sizeof reply->allow - strlen(reply->allow) - 1);
        }
    }
    if (reply->allow[0])
        reply_error(reply, 405, "method_not_allowed", "this cannot be done with that", reply->allow);
    else
        reply_error(reply, 404, "not_found", "there is nothing of that name", "");
}
