/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STREAMS_H
#define STREAMS_H

#include "server.h"

/*
 * Server-sent events: one stream per client that asked. A stream that has nothing to send is suspended; a client that
 * does not read is dropped, by the HTTP library's time limit or when the events it misses are gone.
 */

/* A response for `connection` that begins behind event `after`. NULL: no memory. */
struct MHD_Response *stream_open(struct server *server, struct MHD_Connection *connection, uint64_t after);
void streams_wake(struct server *server);      /* there are new events */
void streams_heartbeat(struct server *server); /* a comment to every stream, so that both ends notice a dead one */

#endif
