/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "server.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "cmrr/log.h"
#include "api_json.h"
#include "request.h"
#include "streams.h"

/*
 * The loop: the HTTP library by its epoll descriptor and timer, the worker by its eventfd, the signals, and the timer
 * that ends a private daemon. A daemon that was just started gives its client longer to come.
 */
enum {
    END_US = 2000000,
    FIRST_CLIENT_US = 5000000,
    LAST_WORDS_US = 300000,
    HEARTBEAT_US = 10000000,
    ACCURACY_US = 10000
};

static void arm(sd_event_source *timer, uint64_t from_now_us)
{
    sd_event_source_set_time_relative(timer, from_now_us);
    sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static bool is_running(struct server *server)
{
    struct session_view view;
    session_look(server->session, &view);
    return view.is_running;
}

void server_consider_end(struct server *server)
{
    bool is_busy = is_running(server);
    if (server->is_ending && !is_busy)
        arm(server->end_timer, LAST_WORDS_US);
    else if (server->config->is_private && !server->is_ending && server->clients == 0 && !is_busy)
        arm(server->end_timer, END_US);
    else
        sd_event_source_set_enabled(server->end_timer, SD_EVENT_OFF);
}

static void hand_on(struct server *server, const struct session_event *event)
{
    struct session_view view;
    session_look(server->session, &view);
    switch (event->kind) {
    case SESSION_STARTED:
        event_log_add(server->log, "state", api_state(&view));
        request_started(server, &view);
        break;
    case SESSION_PROGRESS:
        event_log_add(server->log, "progress", api_progress(view.id, &event->progress));
        break;
    case SESSION_POINT:
        event_log_add(server->log, "point", api_point(view.id, &event->point));
        break;
    case SESSION_DONE:
        log_line(LOG_NOTE, "%s: %s: %s", view.id[0] ? view.id : "no run", view.result.state,
                 view.status ? view.why.text : cmrr_strerror(view.result.verdict));
        if (view.id[0])
            event_log_add(server->log, "done", api_done(&view));
        event_log_add(server->log, "state", api_state(&view));
        request_failed(server, &view);
        server_consider_end(server);
        break;
    }
}

void server_drain(struct server *server)
{
    struct session_event *events = calloc(SESSION_EVENTS, sizeof *events);
    size_t count = events ? session_take(server->session, events) : 0;
    for (size_t i = 0; i < count; i++)
        hand_on(server, &events[i]);
    free(events);
    if (count)
        streams_wake(server);
}

static int on_session(sd_event_source *source, int fd, uint32_t revents, void *context)
{
    (void)source, (void)fd, (void)revents;
    server_drain(context);
    http_pump(context);
    return 0;
}

static int on_heartbeat(sd_event_source *source, uint64_t usec, void *context)
{
    (void)usec;
    streams_heartbeat(context);
    http_pump(context);
    sd_event_source_set_time_relative(source, HEARTBEAT_US);
    return 0;
}

/* Nobody finds the socket any more; a client that was just coming in is told by the closed connection, and starts anew. */
static int on_end(sd_event_source *source, uint64_t usec, void *context)
{
    struct server *server = context;
    (void)source, (void)usec;
    listener_remove(&server->listener);
    return sd_event_exit(server->loop, 0);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
    struct server *server = context;
    (void)source;
    log_line(LOG_NOTE, "signal %u: ending", info->ssi_signo);
    server->is_ending = true;
    session_stop(server->session);
    server_consider_end(server);
    return 0;
}

static int add_sources(struct server *server)
{
    sd_event_source *heartbeat = NULL;
    int rc = sd_event_add_io(server->loop, NULL, session_fd(server->session), EPOLLIN, on_session, server);
    if (rc >= 0)
        rc = sd_event_add_signal(server->loop, NULL, SIGTERM, on_signal, server);
    if (rc >= 0)
        rc = sd_event_add_signal(server->loop, NULL, SIGINT, on_signal, server);
    if (rc >= 0)
        rc = sd_event_add_time_relative(server->loop, &heartbeat, CLOCK_MONOTONIC, HEARTBEAT_US, ACCURACY_US,
                                        on_heartbeat, server);
    if (rc >= 0) {
        sd_event_source_set_enabled(heartbeat, SD_EVENT_ON);
        sd_event_source_set_floating(heartbeat, 1);
        sd_event_source_unref(heartbeat);
        rc = sd_event_add_time_relative(server->loop, &server->end_timer, CLOCK_MONOTONIC, FIRST_CLIENT_US, ACCURACY_US,
                                        on_end, server);
    }
    if (rc >= 0 && !server->config->is_private)
        sd_event_source_set_enabled(server->end_timer, SD_EVENT_OFF);
    return rc;
}

static enum cmrr_status open_parts(struct server *server, struct cmrr_error *why)
{
    const struct server_config *config = server->config;
    enum cmrr_status status =
        listener_open(&server->listener, &config->address, config->is_system ? LISTENER_GROUP : LISTENER_PRIVATE, why);
    if (status != CMRR_OK)
        return status;
    server->log = event_log_new();
    server->session = session_new(config->store);
    if (!server->log || !server->session || sd_event_new(&server->loop) < 0 || add_sources(server) < 0)
        return cmrr_fail(why, CMRR_FAILED, "the system gives the daemon no memory, thread or descriptor");
    return http_start(server, why);
}

enum cmrr_status server_run(const struct server_config *config, struct cmrr_error *why)
{
    struct server server = {.config = config, .listener = {.fd = -1, .lock = -1}};
    sigset_t signals;
    char text[160];
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* in the worker too: the loop reads them */
    signal(SIGPIPE, SIG_IGN);
    enum cmrr_status status = open_parts(&server, why);
    if (status == CMRR_OK) {
        log_line(LOG_NOTE, "listening on %s", address_format(&config->address, text, sizeof text));
        http_pump(&server);
        if (sd_event_loop(server.loop) < 0)
            status = cmrr_fail(why, CMRR_FAILED, "the event loop failed");
    }
    http_stop(&server); /* its last calls still look at the session */
    session_free(server.session);
    sd_event_source_unref(server.end_timer);
    sd_event_source_unref(server.http_timer);
    sd_event_unref(server.loop);
    event_log_free(server.log);
    json_decref(server.devices);
    listener_finish(&server.listener);
    return status;
}
