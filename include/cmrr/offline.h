/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_OFFLINE_H
#define CMRR_OFFLINE_H

#include "cmrr/measure.h"
#include "cmrr/plan.h"

/*
 * The same measurement through sound files, for any player and recorder on one clock: the stimulus and its plan go
 * out, a capture comes back. State `normal`: output 1 drives hot, output 2 cold.
 */

#define OFFLINE_LEVEL_DM_DBFS (-10.0) /* without a look nobody knows the gain: fits gains up to 3 dB */

/* The plan of a stimulus; plan_finish it. Settings are checked here; only the state `normal` is known. */
enum cmrr_status offline_plan(struct plan *plan, const struct settings *settings, struct cmrr_error *why);

/*
 * Write `wav_path` (24 bit, dithered) and the plan beside it: stim.wav, stim.plan.csv. An existing file is refused
 * unless `force`. Nothing is left of a stimulus whose plan could not be written.
 */
enum cmrr_status offline_write_stimulus(const struct settings *settings, const char *wav_path, bool force,
                                        char plan_path[PATH_MAX], struct cmrr_error *why);

/*
 * Read a plan: its file, or the stimulus beside which it lies. `settings` gets what the plan's head says. plan_finish
 * it.
 */
enum cmrr_status offline_read_plan(struct plan *plan, struct settings *settings, const char *path,
                                   struct cmrr_error *why);

/*
 * Analyse one captured channel: find the markers, read every step. *readings is malloc'ed. CMRR_BAD_FILE: cut short,
 * no marker, samples lost or two clocks between the markers. CMRR_UNTRUSTED: silent or clipped.
 */
struct wav;
enum cmrr_status offline_analyze(const struct plan *plan, const struct wav *wav, const char *name,
                                 struct reading **readings, size_t *count, int64_t *latency_frames,
                                 struct cmrr_error *why);

/*
 * The whole of `analyze`: capture and plan to a run folder. `folder` must exist and be empty. result as measure_run
 * fills it.
 */
enum cmrr_status offline_run(const struct settings *settings, const struct plan *plan, const char *capture_path,
                             const char *folder, struct measure_result *result, struct cmrr_error *why);

#endif
