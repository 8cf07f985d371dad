/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SERVER_H
#define SERVER_H

#include <microhttpd.h>
#include <systemd/sd-event.h>
#include "cmrr/server.h"
#include "event_log.h"
#include "listener.h"
#include "session.h"

/* What the parts of the daemon's loop thread have in common; no other thread sees it. */
struct server {
    const struct server_config *config;
    struct listener listener;
    sd_event *loop;
    sd_event_source *http_timer, *end_timer;
    struct MHD_Daemon *http;
    struct session *session;
    struct event_log *log;
    struct stream *streams;   /* open event streams */
    struct request *starting; /* a POST that waits for its run to start; suspended */
    json_t *devices;          /* as listed last: a run must not meet a listing that opens its device */
    unsigned clients;         /* connections */
    bool is_ending;           /* told to end */
};

/* http.c: requests and the HTTP library's own needs. */
enum cmrr_status http_start(struct server *server, struct cmrr_error *why);
void http_stop(struct server *server);
/* Let the HTTP library work, then set the timer that it asks for: after everything that may give it work. */
void http_pump(struct server *server);

/* server.c */
/* Hand on what the worker says: events to the streams, start or failure to the POST that waits. */
void server_drain(struct server *server);
/* A client came or went, or a run ended: a private daemon may have to end. */
void server_consider_end(struct server *server);

#endif
