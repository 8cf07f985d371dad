/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_SERVER_H
#define CMRR_SERVER_H

#include <stdbool.h>
#include "cmrr/address.h"

/*
 * The daemon: one loop thread with the whole HTTP interface, one worker thread with the instrument. server_run() serves
 * until SIGTERM or SIGINT (a run that goes on is stopped first, with a fade) or, where private, until 2 s after the
 * last run and the last client. On CMRR_OK the socket is gone and nothing is left behind. Call it from the only thread
 * of the process; the two signals stay blocked.
 */
struct server_config {
    struct address address;
    const char *store; /* where the run folders lie */
    bool is_private;
    bool is_system; /* the socket is open to its group */
};

enum cmrr_status server_run(const struct server_config *config, struct cmrr_error *why);

#endif
