/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_MEASURE_H
#define CMRR_MEASURE_H

#include "cmrr/instrument.h"
#include "cmrr/store.h"

/*
 * One run: opens the interface, measures, records, draws. What the daemon's worker thread calls for the task
 * "measure". Blocks until the run is over; all callbacks come from the calling thread.
 */
struct measure_events {
    void *context;
    void (*on_start)(void *context, const char *id, const char *folder); /* the folder exists, nothing sounds yet */
    void (*on_progress)(void *context, const struct progress *progress);
    void (*on_point)(void *context, const struct point *point); /* a frequency is complete; may come again */
    bool (*should_stop)(void *context);
};

struct measure_result {
    char id[RUN_ID_MAX];
    char folder[PATH_MAX];    /* "" where none was made */
    char state[16];           /* "done", "aborted", "interrupted" */
    enum cmrr_status verdict; /* CMRR_OK: to be trusted; CMRR_UNTRUSTED; else how the run failed */
    char message[1024]; /* what to say about it: warnings, why not to be trusted and the cure; "" where all is well */
    double audio_s;
};

/*
 * Settings are checked here. On CMRR_OK the run folder is complete, also where the verdict is CMRR_UNTRUSTED. On any other
 * status `why` has the sentence; a folder that was begun keeps what was read, marked aborted or interrupted.
 */
enum cmrr_status measure_run(const struct settings *settings, const char *store, const struct measure_events *events,
                             struct measure_result *result, struct cmrr_error *why);

/* Without playing anything: can these settings be measured? The sentences of the client before it asks the daemon. */
enum cmrr_status measure_check(const struct settings *settings, struct cmrr_error *why);

/* Version and build id, such as "0.1.0" and "0.1.0-1a2b3c4d". */
const char *build_version(void);
const char *build_id(void);

/*
 * Path of a data file such as "duts/active.csv": in $CMRR_DATADIR, else in the build's own tree (calib/), else in
 * PREFIX/share/cmrr. CMRR_BAD_FILE names where it was looked for.
 */
enum cmrr_status data_path(const char *name, char path[PATH_MAX], struct cmrr_error *why);

#endif
