/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REQUEST_H
#define REQUEST_H

#include "server.h"

/* What is answered: a body as JSON, or a response that was made already (a file, an event stream). */
struct reply {
    unsigned http; /* status; 0: not yet, the connection is suspended */
    json_t *body;  /* owned */
    struct MHD_Response *response;
    char location[RUN_ID_MAX + 16];
    char allow[32]; /* of a 405 */
};

enum { REQUEST_BODY_MAX = 64 * 1024, REQUEST_PATH_MAX = 512, REQUEST_SEGMENTS = 4 };

struct request {
    struct server *server;
    struct MHD_Connection *connection;
    const char *method;
    char path[REQUEST_PATH_MAX]; /* decoded, cut into its segments behind "/v1" */
    const char *segment[REQUEST_SEGMENTS];
    size_t segments;
    char *body;
    size_t size, refused; /* bytes of the body; bytes over the limit */
    struct reply reply;
};

void reply_json(struct reply *reply, unsigned http, json_t *body); /* takes body over; NULL makes it a 500 */
void reply_error(struct reply *reply, unsigned http, const char *code, const char *message, const char *hint);
/* What a failed function said, with the HTTP status and the hint that belong to it. */
void reply_failure(struct reply *reply, const struct cmrr_error *why);

/* What the HTTP library calls; `context` is the server. */
enum MHD_Result request_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **request_context);

/* Find the one who answers and let him. The reply is there afterwards, or the connection suspended. */
void request_route(struct request *request);

/* The POST that waits for its run: it started, or it ended without starting. */
void request_started(struct server *server, const struct session_view *view);
void request_failed(struct server *server, const struct session_view *view);

/* The handlers of run_routes.c and routes.c, named in the table of routes.c. */
void route_start_run(struct request *request);
void route_list_runs(struct request *request);
void route_show_run(struct request *request);
void route_send_file(struct request *request);

#endif
