/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FOLLOW_H
#define FOLLOW_H

#include "transfer.h"

/*
 * Follow the server-sent events behind number `after`, until on_event says stop. on_tick is called at least every 0.1 s;
 * both may use the client for other requests. CMRR_DAEMON when the daemon ends or is silent for too long.
 */
struct follow {
    void *context;
    bool (*on_event)(void *context, const char *name, const json_t *data); /* false: stop */
    void (*on_tick)(void *context);
};
enum cmrr_status follow_events(struct client *client, json_int_t after, const struct follow *follow,
                               struct cmrr_error *why);

#endif
