/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LISTENER_H
#define LISTENER_H

#include "cmrr/address.h"

/*
 * The socket on which the daemon listens. Of a Unix socket one daemon is the holder, by a lock on a file beside it that
 * the system drops with the process; a socket that a killed daemon left is replaced under that lock.
 */
struct listener {
    int fd;   /* listening, close-on-exec, non-blocking */
    int lock; /* -1: TCP, where the port itself is the lock */
    struct address address;
};

/* How far a socket is open: to its owner alone, or to its group as well (the system's daemon). */
enum listener_access { LISTENER_PRIVATE, LISTENER_GROUP };

/* CMRR_DAEMON with a sentence: folder not ours, another daemon holds it, port taken; CMRR_USAGE: no loopback address. */
enum cmrr_status listener_open(struct listener *listener, const struct address *address, enum listener_access access,
                               struct cmrr_error *why);
/* Remove the socket, so that nobody finds it any more; what is connected stays. */
void listener_remove(struct listener *listener);
/* Drop the lock, and the socket if it is still there. Whoever took fd over (the HTTP library) closes that. */
void listener_finish(struct listener *listener);

#endif
