/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_STORE_H
#define CMRR_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <time.h>
#include "cmrr/reading.h"
#include "cmrr/run.h"
#include "cmrr/settings.h"

/*
 * The store: one folder per run, YYYYMMDD-HHMMSS-slug (UTC; -2, -3 on collision), in which steps.csv is synced row by
 * row while the run is measured, and run.csv, the plots and the log stand at the end, each whole or not there.
 */
enum { RUN_ID_MAX = 96 };

/* The user's store ($XDG_STATE_HOME/cmrr/runs, else ~/.local/state/cmrr/runs) or the system's (/var/lib/cmrr/runs). */
enum cmrr_status store_root(char path[PATH_MAX], bool is_system, struct cmrr_error *why);

/* A new empty run folder; id gets its name, path the whole. The root is made where it is missing. */
enum cmrr_status store_create(const char *root, const char *label, time_t utc, char id[RUN_ID_MAX], char path[PATH_MAX],
                              struct cmrr_error *why);

/* Ids of all run folders, oldest first; *ids and each id malloc'ed. An absent root is an empty store. */
enum cmrr_status store_list(const char *root, char ***ids, size_t *count, struct cmrr_error *why);
void store_list_free(char **ids, size_t count);

/*
 * RUN on the command line: a folder (has a '/'), an id, a unique piece of one, or "last". CMRR_USAGE says what does not
 * fit, or which ids it could be. path gets the folder.
 */
enum cmrr_status store_find(const char *root, const char *word, char path[PATH_MAX], struct cmrr_error *why);

/* Whether text can be an id: no '/', no leading '.', only letters, digits, '-' and '_'. */
bool store_is_id(const char *text);

/* The recorder of one run: writes its folder from the first header to the last picture. */
struct recorder;

/* Write and sync steps.csv with its head before the first tone. `head` is copied. */
enum cmrr_status recorder_new(struct recorder **recorder, const char *folder, const struct table *head,
                              struct cmrr_error *why);
/*
 * The row is written and synced by a thread of its own, so that a busy disk cannot make the stream run dry; a failure is
 * said at the next call. recorder_flush() waits until all rows are on the disk.
 */
enum cmrr_status recorder_append(struct recorder *recorder, const struct reading *reading, struct cmrr_error *why);
enum cmrr_status recorder_flush(struct recorder *recorder, struct cmrr_error *why);
/* One line into the run's log, with the time. */
void recorder_log(struct recorder *recorder, const char *format, ...) __attribute__((format(printf, 2, 3)));
void recorder_free(struct recorder *recorder);

/* A finished run as it was written. */
struct run_file {
    struct table *table; /* of run.csv */
    struct run_points points;
};
/* Read FOLDER/run.csv; an interrupted run (steps.csv only) is refused in one sentence. Free with run_file_free. */
enum cmrr_status run_file_read(struct run_file *file, const char *folder, struct cmrr_error *why);
void run_file_free(struct run_file *file);

#endif
