/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRINT_H
#define PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include "cmrr/table.h"

/* What every command prints in the same way: data on standard output, remarks on standard error. */

/* The head of a run, a "# key: value" line each: all that explains it. */
void print_head(const struct table *table);

/* On standard error: what a run has to say about itself, and unless quiet where it lies. */
void print_remarks(const char *message, enum cmrr_status verdict, const char *folder, bool is_quiet);

/* One object on standard output; takes the reference over. CMRR_NO_MEMORY where it is NULL. */
enum cmrr_status print_json(json_t *object, struct cmrr_error *why);

/* Text that need not be UTF-8, such as a path: what JSON cannot say becomes '?'. NULL: no memory. */
json_t *text_json(const char *text);

#endif
