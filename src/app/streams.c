/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "streams.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct stream {
    struct server *server;
    struct MHD_Connection *connection;
    uint64_t next;  /* event to send */
    size_t sent;    /* bytes of it that are sent */
    bool is_asleep; /* suspended: at most once, and resumed before anything else */
    bool is_beat_due;
    bool is_gone; /* the client hung up */
    sd_event_source *watch;
    struct stream *following;
};

static const char beat[] = ": still here\n\n";

static size_t at_most(size_t size, size_t room)
{
    return size < room ? size : room;
}

/* The HTTP library asks for what comes next. */
static ssize_t on_read(void *context, uint64_t position, char *buffer, size_t room)
{
    struct stream *stream = context;
    const struct event_log *log = stream->server->log;
    (void)position;
    if (stream->is_gone || stream->next < event_log_first(log))
        return MHD_CONTENT_READER_END_WITH_ERROR; /* too slow: what it misses is gone */
    if (stream->next <= event_log_last(log)) {
        size_t size;
        const char *text = event_log_text(log, stream->next, &size);
        size_t chunk = at_most(size - stream->sent, room);
        memcpy(buffer, text + stream->sent, chunk);
        stream->sent += chunk;
        if (stream->sent == size) {
            stream->next++;
            stream->sent = 0;
        }
        return (ssize_t)chunk;
    }
    if (stream->is_beat_due && room >= sizeof beat - 1) {
        stream->is_beat_due = false;
        memcpy(buffer, beat, sizeof beat - 1);
        return sizeof beat - 1;
    }
    stream->is_asleep = true;
    MHD_suspend_connection(stream->connection);
    return 0;
}

static void on_closed(void *context)
{
    struct stream *stream = context;
    struct stream **link = &stream->server->streams;
    while (*link != stream)
        link = &(*link)->following;
    *link = stream->following;
    sd_event_source_disable_unref(stream->watch);
    free(stream);
}

static void wake(struct stream *stream)
{
    if (stream->is_asleep) {
        stream->is_asleep = false;
        MHD_resume_connection(stream->connection);
    }
}

static int on_hangup(sd_event_source *source, int fd, uint32_t revents, void *context)
{
    struct stream *stream = context;
    struct server *server = stream->server;
    (void)fd, (void)revents;
    sd_event_source_set_enabled(source, SD_EVENT_OFF);
    stream->is_gone = true;
    wake(stream);
    http_pump(server);
    return 0;
}

/* The HTTP library does not look at a suspended connection: a private daemon would wait for a client that is gone. */
static void watch_hangup(struct stream *stream)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(stream->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int fd = info ? fcntl(info->connect_fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (fd < 0)
        return; /* noticed at the next heartbeat then */
    if (sd_event_add_io(stream->server->loop, &stream->watch, fd, EPOLLRDHUP | EPOLLHUP, on_hangup, stream) < 0)
        close(fd);
    else
        sd_event_source_set_io_fd_own(stream->watch, 1);
}

struct MHD_Response *stream_open(struct server *server, struct MHD_Connection *connection, uint64_t after)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    *stream = (struct stream){.server = server, .connection = connection, .next = after + 1, .is_beat_due = true};
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 2048, on_read, stream, on_closed);
    if (!response) {
        free(stream);
        return NULL;
    }
    stream->following = server->streams;
    server->streams = stream;
    watch_hangup(stream);
    return response;
}

void streams_wake(struct server *server)
{
    for (struct stream *stream = server->streams; stream; stream = stream->following)
        wake(stream);
}

void streams_heartbeat(struct server *server)
{
    for (struct stream *stream = server->streams; stream; stream = stream->following)
        stream->is_beat_due = true;
    streams_wake(server);
}
