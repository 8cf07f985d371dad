/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "session.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct session {
    pthread_t worker;
    int wake; /* eventfd: there is something to take */
    char store[PATH_MAX];
    atomic_bool should_stop; /* read between two blocks of audio: without the lock */

    pthread_mutex_t lock; /* all below */
    pthread_cond_t plan_in;
    bool is_ending;
    bool has_plan;
    session_task *task;
    struct settings settings;
    struct session_view view;
    struct session_event event[SESSION_EVENTS];
    size_t events;
};

/* The last two places are for the start and the end of a run: those are never dropped. */
static void post(struct session *session, const struct session_event *event)
{
    bool is_news = event->kind == SESSION_PROGRESS || event->kind == SESSION_POINT;
    if (event->kind == SESSION_PROGRESS && session->events &&
        session->event[session->events - 1].kind == SESSION_PROGRESS)
        session->events--;
    if (session->events < (is_news ? SESSION_EVENTS - 2 : SESSION_EVENTS))
        session->event[session->events++] = *event;
    uint64_t one = 1;
    if (write(session->wake, &one, sizeof one) < 0)
        return; /* the counter is full: it is readable already */
}

static void on_start(void *context, const char *id, const char *folder)
{
    struct session *session = context;
    pthread_mutex_lock(&session->lock);
    snprintf(session->view.id, sizeof session->view.id, "%s", id);
    snprintf(session->view.folder, sizeof session->view.folder, "%s", folder);
    post(session, &(struct session_event){.kind = SESSION_STARTED});
    pthread_mutex_unlock(&session->lock);
}

static void on_progress(void *context, const struct progress *progress)
{
    struct session *session = context;
    pthread_mutex_lock(&session->lock);
    post(session, &(struct session_event){.kind = SESSION_PROGRESS, .progress = *progress});
    pthread_mutex_unlock(&session->lock);
}

static void on_point(void *context, const struct point *point)
{
    struct session *session = context;
    pthread_mutex_lock(&session->lock);
    post(session, &(struct session_event){.kind = SESSION_POINT, .point = *point});
    pthread_mutex_unlock(&session->lock);
}

static bool should_stop(void *context)
{
    return atomic_load(&((struct session *)context)->should_stop);
}

/* Wait for a plan; false: the session ends. */
static bool next_plan(struct session *session, struct settings *settings, session_task **task)
{
    pthread_mutex_lock(&session->lock);
    while (!session->has_plan && !session->is_ending)
        pthread_cond_wait(&session->plan_in, &session->lock);
    bool has_plan = session->has_plan;
    session->has_plan = false;
    *settings = session->settings;
    *task = session->task;
    pthread_mutex_unlock(&session->lock);
    return has_plan;
}

static void *work(void *context)
{
    struct session *session = context;
    struct measure_events events = {session, on_start, on_progress, on_point, should_stop};
    struct settings settings;
    session_task *task;
    while (next_plan(session, &settings, &task)) {
        struct measure_result result = {.verdict = CMRR_OK};
        struct cmrr_error why = {0};
        enum cmrr_status status = task(&settings, session->store, &events, &result, &why);
        pthread_mutex_lock(&session->lock);
        session->view.is_running = false;
        session->view.status = status;
        session->view.result = result;
        session->view.why = why;
        post(session, &(struct session_event){.kind = SESSION_DONE});
        pthread_mutex_unlock(&session->lock);
    }
    return NULL;
}

struct session *session_new(const char *store)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return NULL;
    snprintf(session->store, sizeof session->store, "%s", store);
    session->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&session->lock, NULL);
    pthread_cond_init(&session->plan_in, NULL);
    if (session->wake >= 0 && pthread_create(&session->worker, NULL, work, session) == 0)
        return session;
    if (session->wake >= 0)
        close(session->wake);
    free(session);
    return NULL;
}

void session_free(struct session *session)
{
    if (!session)
        return;
    atomic_store(&session->should_stop, true);
    pthread_mutex_lock(&session->lock);
    session->is_ending = true;
    pthread_cond_signal(&session->plan_in);
    pthread_mutex_unlock(&session->lock);
    pthread_join(session->worker, NULL);
    pthread_cond_destroy(&session->plan_in);
    pthread_mutex_destroy(&session->lock);
    close(session->wake);
    free(session);
}

int session_fd(const struct session *session)
{
    return session->wake;
}

static enum cmrr_status busy(const struct session_view *view, struct cmrr_error *why)
{
    char since[32];
    struct tm utc;
    strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&view->since, &utc));
    return cmrr_fail(why, CMRR_RUN_BUSY, "%s%s%.60s%s is being %s on %.160s since %s",
                     view->id[0] ? view->id : "another run", view->label[0] ? " (" : "", view->label,
                     view->label[0] ? ")" : "", view->is_stopping ? "stopped" : "measured",
                     view->device[0] ? view->device : "the only interface", since);
}

enum cmrr_status session_start(struct session *session, session_task *task, const struct settings *settings,
                               struct cmrr_error *why)
{
    pthread_mutex_lock(&session->lock);
    if (session->view.is_running) {
        enum cmrr_status status = busy(&session->view, why);
        pthread_mutex_unlock(&session->lock);
        return status;
    }
    atomic_store(&session->should_stop, false);
    session->view = (struct session_view){.is_running = true, .since = time(NULL)};
    snprintf(session->view.device, sizeof session->view.device, "%s", settings->device);
    snprintf(session->view.label, sizeof session->view.label, "%s", settings->name);
    session->settings = *settings;
    session->task = task;
    session->has_plan = true;
    pthread_cond_signal(&session->plan_in);
    pthread_mutex_unlock(&session->lock);
    return CMRR_OK;
}

void session_stop(struct session *session)
{
    pthread_mutex_lock(&session->lock);
    if (session->view.is_running) {
        session->view.is_stopping = true;
        atomic_store(&session->should_stop, true);
    }
    pthread_mutex_unlock(&session->lock);
}

void session_look(struct session *session, struct session_view *view)
{
    pthread_mutex_lock(&session->lock);
    *view = session->view;
    pthread_mutex_unlock(&session->lock);
}

size_t session_take(struct session *session, struct session_event events[SESSION_EVENTS])
{
    uint64_t count;
    pthread_mutex_lock(&session->lock);
    if (read(session->wake, &count, sizeof count) < 0)
        count = 0; /* nothing new; what is in the queue is taken all the same */
    size_t taken = session->events;
    memcpy(events, session->event, taken * sizeof *events);
    session->events = 0;
    pthread_mutex_unlock(&session->lock);
    return taken;
}
