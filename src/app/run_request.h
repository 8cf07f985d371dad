/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_REQUEST_H
#define RUN_REQUEST_H

#include "session.h"

/*
 * Read the body of a POST: one object with the task and settings by their names, the values as text, number or truth
 * value. CMRR_USAGE names the key that cannot be used. Settings and task are checked as far as that goes without playing.
 */
enum cmrr_status run_request_parse(const char *body, size_t size, struct settings *settings, session_task **task,
                                   struct cmrr_error *why);

#endif
