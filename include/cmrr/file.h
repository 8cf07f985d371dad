/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_FILE_H
#define CMRR_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include "cmrr/status.h"
#include "cmrr/table.h"

/* Whole text files in and out; every failure is one sentence with the path and the system's reason. */
enum { FILE_BYTES_MAX = 64 << 20 };

/* *text is malloc'ed, ends in a NUL that is not counted; regular files up to FILE_BYTES_MAX. */
enum cmrr_status file_read(const char *path, char **text, size_t *size, struct cmrr_error *why);
enum cmrr_status file_read_table(const char *path, struct table **table, struct cmrr_error *why);

/*
 * Written beside the path, synced, renamed into place, folder synced: on failure nothing of that name is left or
 * changed. CMRR_WRITE.
 */
enum cmrr_status file_write(const char *path, const char *text, size_t size, struct cmrr_error *why);
enum cmrr_status file_write_table(const char *path, const struct table *table, struct cmrr_error *why);

/* Make a folder's entries durable. */
enum cmrr_status file_sync_folder(const char *folder, struct cmrr_error *why);

/*
 * May a file be written at this path? Absent, or with force a regular file or a link, which is then replaced; never a
 * device, a FIFO or a folder, which the rename would take away. CMRR_WRITE.
 */
enum cmrr_status file_check_place(const char *path, bool force, struct cmrr_error *why);

bool file_exists(const char *path);
bool file_is_folder(const char *path);

/* Like mkdir -p with mode 0777 less the umask. */
enum cmrr_status file_make_folders(const char *path, struct cmrr_error *why);

#endif
