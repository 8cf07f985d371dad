/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_OUTDIR_H
#define CMRR_OUTDIR_H

#include <limits.h>
#include <stdbool.h>
#include "cmrr/status.h"

/*
 * -o DIR: a folder that becomes a run folder, whole or not at all. It is filled as a hidden sibling and takes its name
 * at the end; until then nothing that was there is touched.
 *
 *     outdir_begin(&outdir, "report", false, &why);   refused here: not empty, no place, no permission
 *     outdir_make(&outdir, &why);                     when there is something to write
 *     ... write into outdir.work ...
 *     outdir_commit(&outdir, &why);                   or outdir_abandon(&outdir)
 */
struct outdir {
    char path[PATH_MAX]; /* what the user asked for */
    char work[PATH_MAX]; /* where to write between make and commit; "" when over */
};

/* path must be absent or an empty folder; with force also a run folder (it holds run.csv or steps.csv). Leaves nothing. CMRR_WRITE. */
enum cmrr_status outdir_begin(struct outdir *outdir, const char *path, bool force, struct cmrr_error *why);
/* Make outdir->work, mode 0777 less the umask. */
enum cmrr_status outdir_make(struct outdir *outdir, struct cmrr_error *why);
enum cmrr_status outdir_commit(struct outdir *outdir, struct cmrr_error *why);
/* Removes what was written so far. Fine after commit and after a failed begin. */
void outdir_abandon(struct outdir *outdir);

#endif
