/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/backends.h"
#include "finish.h"

/*
 * One run from settings to folder. The interface is opened before the folder is made, so that a busy or missing one
 * leaves nothing behind; from then on every reading is on the disk before the next tone ends.
 */
struct run {
    const struct settings *settings;
    const struct measure_events *events;
    struct measure_result *result;
    struct grid grid;
    struct position_list states;
    struct bench_devices devices;
    struct audio_info info;
    struct table *head;
    struct recorder *recorder;
    struct reading *reading;
    size_t readings, room;
    time_t started;
    struct planned planned;
};

static enum cmrr_status parse(struct run *run, struct cmrr_error *why)
{
    bool has_fixture = false;
    enum grid_kind kind = GRID_HUM_SAFE;
    const struct settings *settings = run->settings;
    enum cmrr_status status = settings_check(settings, why);
    if (status == CMRR_OK)
        status = backend_check(settings, &has_fixture, why);
    if (status == CMRR_OK)
        status = position_list_parse(&run->states, settings->states, why);
    if (status == CMRR_OK)
        status = instrument_check_states(&run->states, has_fixture, settings->device, why);
    if (status == CMRR_OK)
        status = grid_kind_parse(&kind, settings->grid, why);
    if (status == CMRR_OK)
        status = grid_make(&run->grid, settings->freqs, kind, (unsigned)settings->rate_hz, why);
    return status;
}

enum cmrr_status measure_check(const struct settings *settings, struct cmrr_error *why)
{
    struct run run = {.settings = settings};
    enum cmrr_status status = parse(&run, why);
    grid_free(&run.grid);
    return status;
}

static struct table *make_head(const struct run *run)
{
    struct table *head = finish_head(run->settings, run->started);
    if (!head)
        return NULL;
    table_set_key(head, "device_opened", run->info.device);
    table_set_key(head, "driver", run->info.driver);
    table_set_key(head, "format", run->info.format);
    table_set_key_format(head, "bits", "%u", run->info.bits);
    table_set_key_format(head, "buffer_frames", "%zu", run->info.buffer_frames);
    table_set_key(head, "linked", run->info.is_linked ? "1" : "0");
    if (run->info.is_simulated) {
        table_set_key(head, "simulated", "SIMULATED");
        table_set_key_format(head, "seed", "%llu", (unsigned long long)run->info.seed);
    }
    if (run->info.is_plug)
        table_set_key(head, "plug", "through a conversion layer: not the hardware itself");
    return head;
}

static enum cmrr_status begin(struct run *run, const char *store, struct cmrr_error *why)
{
    struct measure_result *result = run->result;
    run->started = time(NULL);
    run->planned = finish_planned(&run->grid);
    run->devices.audio->ops->info(run->devices.audio, &run->info);
    run->head = make_head(run);
    if (!run->head || !run->planned.freq_hz)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    enum cmrr_status status = store_create(store, run->settings->name, run->started, result->id, result->folder, why);
    if (status != CMRR_OK)
        result->folder[0] = '\0';
    else
        status = recorder_new(&run->recorder, result->folder, run->head, why);
    if (status == CMRR_OK) {
        recorder_log(run->recorder, "run %s begins on %s (%s)", result->id, run->info.device, run->info.driver);
        if (run->events->on_start)
            run->events->on_start(run->events->context, result->id, result->folder);
    }
    return status;
}

/* The point that a main reading may have completed. */
static void report_point(struct run *run, const struct reading *last)
{
    struct run_points points;
    if (!run->events->on_point || last->pass == PASS_LOOK ||
        run_points_make(&points, run->reading, run->readings, &run->settings->assumed, NULL, NULL) != CMRR_OK)
        return;
    for (size_t i = 0; i < points.count; i++)
        if (points.at[i].freq_hz == last->freq_hz && !(points.at[i].flags & FLAG_NO_RELEASED))
            run->events->on_point(run->events->context, &points.at[i]);
    run_points_free(&points);
}

static enum cmrr_status take_reading(void *context, const struct reading *reading, struct cmrr_error *why)
{
    struct run *run = context;
    if (run->readings == run->room) {
        size_t room = run->room ? 2 * run->room : 256;
        struct reading *larger = realloc(run->reading, room * sizeof *larger);
        if (!larger)
            return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
        run->reading = larger;
        run->room = room;
    }
    run->reading[run->readings++] = *reading;
    enum cmrr_status status = recorder_append(run->recorder, reading, why);
    if (status == CMRR_OK)
        report_point(run, reading);
    return status;
}

static void take_progress(void *context, const struct progress *progress)
{
    struct run *run = context;
    if (run->events->on_progress)
        run->events->on_progress(run->events->context, progress);
}

static bool should_stop(void *context)
{
    struct run *run = context;
    return run->events->should_stop && run->events->should_stop(run->events->context);
}

/* Whatever happened, what was read is combined and written; the first failure is the one that counts. */
static enum cmrr_status end(struct run *run, const struct instrument_outcome *outcome, enum cmrr_status measured,
                            struct cmrr_error *why)
{
    struct measure_result *result = run->result;
    struct run_points points = {.at = NULL};
    struct cmrr_error end_why = {0};
    const char *state = "done";
    if (measured != CMRR_OK)
        state = measured == CMRR_CANCELLED ? "aborted" : "interrupted";
    enum cmrr_status status = run_points_make(&points, run->reading, run->readings, &run->settings->assumed,
                                              measured == CMRR_OK ? &run->planned : NULL, &end_why);
    struct finish finish = {.folder = result->folder,
                            .id = result->id,
                            .settings = run->settings,
                            .head = run->head,
                            .points = &points,
                            .outcome = outcome,
                            .state = state,
                            .device = run->info.device,
                            .is_simulated = run->info.is_simulated,
                            .started = run->started};
    if (status == CMRR_OK)
        status = finish_run(&finish, result, &end_why);
    run_points_free(&points);
    return measured != CMRR_OK ? measured : status == CMRR_OK ? CMRR_OK : cmrr_fail(why, status, "%s", end_why.text);
}

static enum cmrr_status measure_and_end(struct run *run, struct cmrr_error *why)
{
    struct instrument_outcome outcome = {0};
    struct instrument_config config = {.settings = run->settings,
                                       .grid = &run->grid,
                                       .states = &run->states,
                                       .audio = run->devices.audio,
                                       .fixture = run->devices.fixture,
                                       .events = {run, take_reading, take_progress, should_stop}};
    enum cmrr_status status = instrument_measure(&config, &outcome, why);
    run->result->audio_s = outcome.audio_s;
    /* The interface is given back before files are drawn. */
    audio_close(run->devices.audio);
    run->devices.audio = NULL;
    enum cmrr_status flushed = recorder_flush(run->recorder, status == CMRR_OK ? why : NULL);
    status = end(run, &outcome, status == CMRR_OK ? flushed : status, why);
    if (status != CMRR_OK) {
        run->result->verdict = status;
        recorder_log(run->recorder, "run %s %s: %s", run->result->id, run->result->state, why ? why->text : "");
    } else {
        recorder_log(run->recorder, "run %s done, %s; %s", run->result->id, cmrr_strerror(run->result->verdict),
                     run->result->message);
    }
    return status;
}

enum cmrr_status measure_run(const struct settings *settings, const char *store, const struct measure_events *events,
                             struct measure_result *result, struct cmrr_error *why)
{
    struct run run = {.settings = settings, .events = events, .result = result};
    struct cmrr_error own = {0};
    why = why ? why : &own;
    memset(result, 0, sizeof *result);
    enum cmrr_status status = parse(&run, why);
    if (status == CMRR_OK)
        status = backend_open(&run.devices, settings, why);
    if (status == CMRR_OK)
        status = begin(&run, store, why);
    if (status == CMRR_OK)
        status = measure_and_end(&run, why);
    audio_close(run.devices.audio);
    recorder_free(run.recorder);
    table_free(run.head);
    free((void *)run.planned.freq_hz);
    free(run.reading);
    grid_free(&run.grid);
    if (status != CMRR_OK)
        result->verdict = status;
    return status;
}
