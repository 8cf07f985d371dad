/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_BENCH_H
#define TEST_BENCH_H

#include "cmrr/instrument.h"
#include "cmrr/run.h"
#include "cmrr/sim.h"

/* A whole measurement in this process, on the simulated bench: no daemon, no files but the device's. */
struct bench_run {
    struct reading *reading;
    size_t readings, room;
    struct run_points points;
    struct instrument_outcome outcome;
    struct cmrr_error why;
    enum cmrr_status status;
};

/* Path of a file of the source tree ($CMRR_SOURCE, else the present folder); a static buffer. */
const char *bench_source(const char *path);

/*
 * Settings as "name=value" strings, ended by NULL; "device=sim:..." names the bench (DUT=... as a path from the tree's
 * root where it holds a '/', else under calib/duts). Runs, combines; look at ->status first. Free with bench_run_free.
 */
struct bench_run *bench_measure(const char *const *settings);
void bench_run_free(struct bench_run *run);

/* With a device that the test made itself (taken over). */
struct bench_run *bench_measure_device(struct device *device, const char *const *settings);

/* The point nearest to a frequency. */
const struct point *bench_point(const struct bench_run *run, double freq_hz);

/* Assumptions at nothing: what the instrument reads is then all it says. */
#define BENCH_NO_ASSUMPTIONS                                                                                           \
    "assume_mismatch_db=0", "assume_skew_ns=0", "assume_crosstalk_db=-200", "assume_tie_ohm=0", "assume_ground_db=-200"

#endif
