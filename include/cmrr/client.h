/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_CLIENT_H
#define CMRR_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include "cmrr/settings.h"

/*
 * The daemon as the commands see it. client_open() finds the one that answers, or starts a private one; all else is
 * HTTP and JSON over it (docs/design.md, "Interface"). A daemon that dies is noticed at once: CMRR_DAEMON.
 *
 *     struct client *client = NULL;
 *     if (client_open(&client, server, CLIENT_START, &why) == CMRR_OK)
 *         status = client_get(client, "/v1/status", &json, &why);
 *     client_close(client);
 */
struct client;

enum client_start {
    CLIENT_START,   /* start a private daemon where none answers, or where one of another build answers */
    CLIENT_NO_START /* CMRR_DAEMON where none answers; any build will do (status, abort) */
};

/* server: what -s says, or NULL for $CMRR_SERVER, the user's, the system's socket in turn. */
enum cmrr_status client_open(struct client **client, const char *server, enum client_start start,
                             struct cmrr_error *why);
void client_close(struct client *client);

/* GET a path below the server into a new JSON value. An error of the daemon becomes its status and sentence. */
enum cmrr_status client_get(struct client *client, const char *path, json_t **body, struct cmrr_error *why);

/* DELETE runs/current: CMRR_OK also where the run had just ended; CMRR_USAGE where none was running. */
enum cmrr_status client_abort(struct client *client, struct cmrr_error *why);

/* GET runs/{id}/{name} into a file, whole or not at all. */
enum cmrr_status client_fetch(struct client *client, const char *id, const char *name, const char *path,
                              struct cmrr_error *why);

/*
 * POST a run of all settings that differ from their defaults (task "measure"), then follow its events until done. The
 * callbacks come from this call. should_stop is asked at least every 0.2 s; once it says so the run is aborted through
 * the interface, and the call returns CMRR_CANCELLED when the daemon says that it is over.
 */
struct client_events {
    void *context;
    void (*on_start)(void *context, const char *id);
    void (*on_event)(void *context, const char *event, const json_t *data); /* "state", "progress", "point" */
    bool (*should_stop)(void *context);
};
struct client_run {
    char id[128];
    char folder[4096];        /* on the daemon's side */
    char state[16];           /* "done", "aborted", "interrupted" */
    enum cmrr_status verdict; /* CMRR_OK, CMRR_UNTRUSTED */
    char message[1024];
};
/* CMRR_OK: measured (look at run->verdict); else the sentence of the daemon or of what happened to it. */
enum cmrr_status client_measure(struct client *client, const struct settings *settings,
                                const struct client_events *events, struct client_run *run, struct cmrr_error *why);

#endif
