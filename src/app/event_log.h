/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EVENT_LOG_H
#define EVENT_LOG_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The latest server-sent events as they go over the wire, numbered from 1, so that a client that was away goes on where
 * it was. One thread.
 */
struct event_log;
enum { EVENT_LOG_KEPT = 4096 };

struct event_log *event_log_new(void); /* NULL: no memory */
void event_log_free(struct event_log *log);

/* Append; `data` is taken over. Without memory the event is empty but keeps its number. */
void event_log_add(struct event_log *log, const char *name, json_t *data);
uint64_t event_log_last(const struct event_log *log); /* 0: none yet */
/* The oldest that is still there; last + 1 where there is none. */
uint64_t event_log_first(const struct event_log *log);
/* Text of one that is there, borrowed until the next event_log_add(). */
const char *event_log_text(const struct event_log *log, uint64_t id, size_t *size);

#endif
