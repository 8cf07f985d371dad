/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "request.h"

#include <stdio.h>
#include <string.h>
#include "cmrr/log.h"
#include "cmrr/store.h"
#include "run_files.h"
#include "run_request.h"

/* A POST is answered when the run folder is there, or when it is known that there will be none: until then it waits. */
void route_start_run(struct request *request)
{
    struct server *server = request->server;
    struct settings settings;
    session_task *task = NULL;
    struct cmrr_error why = {0};
    server_drain(server); /* what the last run had to say comes before the next one */
    enum cmrr_status status = CMRR_OK;
    if (server->is_ending)
        status = cmrr_fail(&why, CMRR_DAEMON, "the daemon is ending");
    if (status == CMRR_OK)
        status = run_request_parse(request->body, request->size, &settings, &task, &why);
    if (status == CMRR_OK)
        status = session_start(server->session, task, &settings, &why);
    if (status != CMRR_OK) {
        reply_failure(&request->reply, &why);
        return;
    }
    server->starting = request;
    server_consider_end(server);
    MHD_suspend_connection(request->connection);
}

static struct request *take_waiting(struct server *server)
{
    struct request *request = server->starting;
    server->starting = NULL;
    if (request)
        MHD_resume_connection(request->connection);
    return request;
}

void request_started(struct server *server, const struct session_view *view)
{
    struct request *request = take_waiting(server);
    log_line(LOG_NOTE, "%s: measuring on %s", view->id, view->device);
    if (!request)
        return;
    snprintf(request->reply.location, sizeof request->reply.location, "/v1/runs/%s", view->id);
    /* The events of this run come behind last_event, which is that of its start. */
    reply_json(&request->reply, 201,
               json_pack("{s:s, s:s, s:I}", "id", view->id, "folder", view->folder, "last_event",
                         (json_int_t)event_log_last(server->log)));
}

void request_failed(struct server *server, const struct session_view *view)
{
    struct request *request = take_waiting(server);
    if (!request)
        return;
    struct cmrr_error why = view->why;
    if (why.status == CMRR_OK)
        why.status = view->status ? view->status : CMRR_FAILED;
    reply_failure(&request->reply, &why);
}

static json_t *summary(struct server *server, const char *id)
{
    struct session_view view;
    session_look(server->session, &view);
    bool is_current = view.is_running && strcmp(view.id, id) == 0;
    return run_summary(server->config->store, id, is_current);
}

void route_list_runs(struct request *request)
{
    char **ids = NULL;
    size_t count = 0;
    struct cmrr_error why = {0};
    if (store_list(request->server->config->store, &ids, &count, &why) != CMRR_OK) {
        reply_failure(&request->reply, &why);
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, summary(request->server, ids[i]));
    store_list_free(ids, count);
    reply_json(&request->reply, 200, json_pack("{s:o}", "runs", list));
}

static void no_such_run(struct request *request)
{
    reply_error(&request->reply, 404, "not_found", "there is no such run", "'cmrr runs' lists what there is");
}

void route_show_run(struct request *request)
{
    const char *id = request->segment[1], *store = request->server->config->store;
    json_t *files = store_is_id(id) ? run_file_list(store, id) : NULL;
    if (!files) {
        no_such_run(request);
        return;
    }
    json_t *body = summary(request->server, id);
    if (body)
        json_object_set(body, "files", files);
    json_decref(files);
    reply_json(&request->reply, 200, body);
}

void route_send_file(struct request *request)
{
    uint64_t size;
    const char *id = request->segment[1], *name = request->segment[2];
    int fd = store_is_id(id) ? run_file_open(request->server->config->store, id, name, &size) : -1;
    if (fd < 0) {
        reply_error(&request->reply, 404, "not_found", "there is no such file of that run", "");
        return;
    }
    request->reply.response = MHD_create_response_from_fd64(size, fd);
    request->reply.http = 200;
    MHD_add_response_header(request->reply.response, "Content-Type", run_file_type(name));
}
