/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASK_H
#define ASK_H

#include "cmrr/client.h"
#include "command.h"

/* One question to the daemon that -s, or the usual order, finds: a new JSON value. */
enum cmrr_status ask_daemon(const struct command_line *line, enum client_start start, const char *path, json_t **body,
                            struct cmrr_error *why);

/* A string of an object, "" where there is none. Borrowed. */
const char *ask_text(const json_t *object, const char *key);

#endif
