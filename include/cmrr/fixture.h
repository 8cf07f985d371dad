/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_FIXTURE_H
#define CMRR_FIXTURE_H

#include "cmrr/status.h"
#include "cmrr/position.h"

/*
 * What sets the wiring between the outputs and the device under test. Never blocks: begin asks for a position, poll
 * tells how far it is. The instrument waits by advancing silence.
 */
enum fixture_state { FIXTURE_PENDING, FIXTURE_DONE, FIXTURE_FAILED };

struct fixture;

struct fixture_ops {
    const char *name;
    /* CMRR_FIXTURE with a sentence when the position cannot be asked for at all. */
    enum cmrr_status (*begin)(struct fixture *fixture, const struct position *position, struct cmrr_error *why);
    /* FIXTURE_FAILED fills `why`. */
    enum fixture_state (*poll)(struct fixture *fixture, struct cmrr_error *why);
};

struct fixture {
    const struct fixture_ops *ops;
};

#endif
