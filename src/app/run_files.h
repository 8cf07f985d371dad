/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_FILES_H
#define RUN_FILES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Files of run folders as the HTTP interface shows them: plain files right in the folder, no links, nothing hidden.
 * `id` has passed store_is_id().
 */

/* {"id", "state", "name", "device", "states", "folder"}; state is "measuring" where is_current, else as the run says itself. */
json_t *run_summary(const char *store, const char *id, bool is_current);
/* [{"name", "bytes"}], by name; NULL where there is no such run. */
json_t *run_file_list(const char *store, const char *id);
/* A descriptor of the caller's, and its size; -1 where there is no such file. */
int run_file_open(const char *store, const char *id, const char *name, uint64_t *size);
const char *run_file_type(const char *name); /* for Content-Type */

#endif
