/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_INSTRUMENT_H
#define CMRR_INSTRUMENT_H

#include <stdbool.h>
#include "cmrr/audio.h"
#include "cmrr/fixture.h"
#include "cmrr/grid.h"
#include "cmrr/reading.h"
#include "cmrr/settings.h"

/*
 * One measurement, from the first silence to the last reading: the only owner of an audio interface and a fixture.
 * Released position: probe (latency, is anything there), look (each leg alone, all tones at once: leg check, gain,
 * levels), then common-mode steps (`normal`) and differential steps; then the legs tied; then terminated. The stream
 * stays open from first to last; whatever is waited for is waited for by advancing silence.
 */
struct progress {
    const char *phase; /* "probe", "look", "fixture", "cm", "dm" */
    char state[POSITION_TEXT];
    double freq_hz;     /* of the step that was just read; 0 = none */
    double level_dbfs;  /* amplitude that was read */
    size_t step, steps; /* of the steps to read; steps is known after the look */
    double left_s;      /* audio time still to play; NAN while not known */
};

/* Called from the measuring thread, between two advances: must return within a tenth of a second. */
struct instrument_events {
    void *context;
    enum cmrr_status (*on_reading)(void *context, const struct reading *reading, struct cmrr_error *why);
    void (*on_progress)(void *context, const struct progress *progress);
    bool (*should_stop)(void *context);
};

struct instrument_config {
    const struct settings *settings; /* checked */
    const struct grid *grid;
    const struct position_list *states;
    struct audio *audio;     /* open; stays the caller's */
    struct fixture *fixture; /* NULL: nothing can set a position; only `normal` */
    struct instrument_events events;
};

struct instrument_outcome {
    unsigned leg_flags;
    double level_cm_dbfs, level_dm_dbfs; /* as played; NAN where not played */
    int64_t latency_frames;
    double audio_s; /* played in all */
};

/*
 * CMRR_OK when everything planned was measured, also where the leg check failed (outcome->leg_flags); else the first
 * failure: CMRR_CANCELLED when should_stop said so, audio's, the fixture's, on_reading's. *outcome holds what is known.
 */
enum cmrr_status instrument_measure(const struct instrument_config *config, struct instrument_outcome *outcome,
                                    struct cmrr_error *why);

/* Which of the states this instrument can measure with what is there; CMRR_USAGE names what is missing. */
enum cmrr_status instrument_check_states(const struct position_list *states, bool has_fixture, const char *device,
                                         struct cmrr_error *why);

#endif
