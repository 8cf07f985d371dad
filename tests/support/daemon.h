/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_DAEMON_H
#define TEST_DAEMON_H

#include <stdbool.h>
#include <sys/types.h>

/* A real daemon in a process of its own, on a Unix socket and a store in a temporary folder; and raw bytes to it. */
struct daemon {
    char folder[64], socket[80], store[80], server[96]; /* server: "unix:..." */
    pid_t pid;
};

void daemon_start(struct daemon *daemon, bool is_private);
/* SIGTERM; returns its exit code (asserts that it ends by itself within 10 s). Removes the folder. */
int daemon_stop(struct daemon *daemon);
/* Whether it has ended by itself within so many seconds. */
bool daemon_ends_within(struct daemon *daemon, double seconds);

/* Connect and send; the descriptor. */
int daemon_send(const struct daemon *daemon, const char *bytes, size_t size);
/* Read until `wanted` is seen (NULL: until the end) or 5 s are over; a static text. */
const char *daemon_read(int fd, const char *wanted);
/* One request on a connection of its own, "METHOD /path", with a body unless NULL; the whole answer, a static text. */
const char *daemon_ask(const struct daemon *daemon, const char *what, const char *headers, const char *body);

#endif
