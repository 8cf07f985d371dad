/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SESSION_H
#define SESSION_H

#include <time.h>
#include "cmrr/measure.h"

/*
 * All that the loop thread and the worker thread share: one mutex, an eventfd, a plan in, events and snapshots out. One
 * run at a time. Every function is for the loop thread; the worker is inside.
 *
 *     session_start(session, measure_run, &settings, &why);
 *     ... session_fd() becomes readable ...
 *     size_t count = session_take(session, events, SESSION_EVENTS);
 */
struct session;

/* What the worker runs: measure_run(), or another with its contract. */
typedef enum cmrr_status session_task(const struct settings *settings, const char *store,
                                      const struct measure_events *events, struct measure_result *result,
                                      struct cmrr_error *why);

enum session_event_kind {
    SESSION_STARTED,  /* the run folder exists: the view has id and folder */
    SESSION_PROGRESS, /* of several in a row the last */
    SESSION_POINT,
    SESSION_DONE /* over: the view has result and why; comes without SESSION_STARTED where there is no folder */
};

struct session_event {
    enum session_event_kind kind;
    struct progress progress;
    struct point point;
};

struct session_view {
    bool is_running;
    bool is_stopping;    /* told to stop */
    char id[RUN_ID_MAX]; /* "" before the folder exists */
    char folder[PATH_MAX];
    time_t since; /* when it was asked for */
    char device[1024], label[256];
    enum cmrr_status status; /* of the last run that ended */
    struct measure_result result;
    struct cmrr_error why;
};

enum { SESSION_EVENTS = 1024 }; /* that are kept for the loop; when it is late, progress and points are dropped */

struct session *session_new(const char *store); /* NULL: the system refuses memory, thread or eventfd */
/* Stops what runs and waits for it. NULL is fine. */
void session_free(struct session *session);

int session_fd(const struct session *session); /* readable when there are events */

/* CMRR_RUN_BUSY names what is measured since when. */
enum cmrr_status session_start(struct session *session, session_task *task, const struct settings *settings,
                               struct cmrr_error *why);
void session_stop(struct session *session); /* the run, if there is one; it ends with SESSION_DONE */
void session_look(struct session *session, struct session_view *view);
/* Move out what has happened, oldest first; at most SESSION_EVENTS. */
size_t session_take(struct session *session, struct session_event events[SESSION_EVENTS]);

#endif
