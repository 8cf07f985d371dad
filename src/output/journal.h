/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stddef.h>
#include "cmrr/status.h"

/*
 * A file that grows piece by piece, each synced to the disk, without making its writer wait: a disk that is busy with
 * somebody else's data takes seconds for a sync, an interface's buffer holds a few tenths of one. A thread of its own
 * writes and syncs; what went wrong is said at the next call. One caller at a time.
 */
struct journal;

/* The file must not exist. CMRR_WRITE. */
enum cmrr_status journal_new(struct journal **journal, const char *path, struct cmrr_error *why);

/* Takes the text over (malloc'ed; NULL: CMRR_NO_MEMORY). CMRR_WRITE where an earlier piece could not be written. */
enum cmrr_status journal_append(struct journal *journal, char *text, struct cmrr_error *why);

/* Wait until all is on the disk. */
enum cmrr_status journal_flush(struct journal *journal, struct cmrr_error *why);

/* Writes what is left, then closes. NULL is fine. */
void journal_free(struct journal *journal);

#endif
