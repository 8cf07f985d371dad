/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "cmrr/log.h"
#include "streams.h"

/*
 * libmicrohttpd in our own loop: its epoll descriptor and its time limit. Every call of it is made by the loop thread.
 * What it must never see is a suspended connection when it is stopped.
 */
/* Without an accuracy of its own a timer of the loop may come a quarter of a second late. */
enum { TIMER_ACCURACY_US = 1000 };
enum { IDLE_LIMIT_S = 30, CONNECTIONS_MAX = 64, CONNECTION_MEMORY = 32 * 1024 };

static void on_log(void *context, const char *format, va_list args)
{
    char text[256];
    (void)context;
    vsnprintf(text, sizeof text, format, args);
    log_line(LOG_DETAIL, "http: %s", text);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    (void)connection, (void)socket_context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        server->clients++;
    else
        server->clients--;
    server_consider_end(server);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    struct server *server = context;
    struct request *request = *request_context;
    (void)connection, (void)code;
    if (!request)
        return;
    if (server->starting == request)
        server->starting = NULL;
    json_decref(request->reply.body);
    free(request->body);
    free(request);
    *request_context = NULL;
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *context)
{
    (void)source, (void)fd, (void)revents;
    http_pump(context);
    return 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *context)
{
    (void)source, (void)usec;
    http_pump(context);
    return 0;
}

void http_pump(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;
    MHD_run(server->http);
    if (MHD_get_timeout(server->http, &wait_ms) != MHD_YES) {
        sd_event_source_set_enabled(server->http_timer, SD_EVENT_OFF);
        return;
    }
    sd_event_source_set_time_relative(server->http_timer, wait_ms * 1000);
    sd_event_source_set_enabled(server->http_timer, SD_EVENT_ONESHOT);
}

enum cmrr_status http_start(struct server *server, struct cmrr_error *why)
{
    server->http = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, request_handle, server,
        MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, server->listener.fd,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_LIMIT_S, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->http) {
        close(server->listener.fd);
        return cmrr_fail(why, CMRR_FAILED, "the HTTP server cannot be started");
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->http, MHD_DAEMON_INFO_EPOLL_FD);
    if (!info || sd_event_add_io(server->loop, NULL, info->epoll_fd, EPOLLIN, on_io, server) < 0 ||
        sd_event_add_time_relative(server->loop, &server->http_timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY_US, on_time,
                                   server) < 0)
        return cmrr_fail(why, CMRR_FAILED, "the HTTP server cannot be watched");
    return CMRR_OK;
}

/* A POST that still waits is answered that the daemon ends: no connection may stay suspended. */
void http_stop(struct server *server)
{
    if (!server->http)
        return;
    if (server->starting) {
        struct session_view view = {.status = CMRR_DAEMON};
        cmrr_fail(&view.why, CMRR_DAEMON, "the daemon is ending");
        request_failed(server, &view);
    }
    streams_wake(server);
    MHD_run(server->http);
    streams_wake(server); /* those that fell asleep again */
    MHD_stop_daemon(server->http);
    server->http = NULL;
}
