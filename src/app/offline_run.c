/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/offline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/units.h"
#include "cmrr/wav.h"
#include "finish.h"

/* From a capture to a run folder, as if measured: nothing is written before the capture has been analysed whole. */

static struct table *make_head(const struct settings *settings, const struct wav *wav, const char *capture_path,
                               time_t started)
{
    struct table *head = finish_head(settings, started);
    if (!head)
        return NULL;
    table_set_key(head, "device_opened", capture_path);
    table_set_key(head, "driver", "sound file");
    table_set_key(head, "capture", capture_path);
    table_set_key_format(head, "capture_channels", "%u", wav->channels);
    table_set_key_format(head, "capture_s", "%.3f", (double)wav->frames / wav->rate_hz);
    return head;
}

static enum cmrr_status record(const char *folder, const struct table *head, const struct reading *reading,
                               size_t readings, struct cmrr_error *why)
{
    struct recorder *recorder = NULL;
    enum cmrr_status status = recorder_new(&recorder, folder, head, why);
    for (size_t i = 0; i < readings && status == CMRR_OK; i++)
        status = recorder_append(recorder, &reading[i], why);
    if (status == CMRR_OK)
        status = recorder_flush(recorder, why);
    if (status == CMRR_OK)
        recorder_log(recorder, "analysed %s", table_key(head, "capture"));
    recorder_free(recorder);
    return status;
}

static double level_of(const struct plan *plan, enum mode mode)
{
    for (size_t i = 0; i < plan->steps; i++)
        if (plan->step[i].mode == mode && plan->step[i].pass == PASS_MAIN)
            return units_db(plan->step[i].amplitude);
    return NAN;
}

static enum cmrr_status write_run(const struct finish *finish, const struct reading *reading, size_t readings,
                                  struct measure_result *result, struct cmrr_error *why)
{
    enum cmrr_status status = record(finish->folder, finish->head, reading, readings, why);
    return status == CMRR_OK ? finish_run(finish, result, why) : status;
}

enum cmrr_status offline_run(const struct settings *settings, const struct plan *plan, const char *capture_path,
                             const char *folder, struct measure_result *result, struct cmrr_error *why)
{
    struct wav wav = {.samples = NULL};
    struct reading *reading = NULL;
    struct run_points points = {.at = NULL};
    size_t readings = 0;
    time_t started = time(NULL);
    struct instrument_outcome outcome = {.level_cm_dbfs = level_of(plan, MODE_CM),
                                         .level_dm_dbfs = level_of(plan, MODE_DM)};
    snprintf(result->folder, sizeof result->folder, "%s", folder);
    enum cmrr_status status = wav_read(&wav, capture_path, (unsigned)settings->in_channel, why);
    if (status == CMRR_OK)
        status = offline_analyze(plan, &wav, capture_path, &reading, &readings, &outcome.latency_frames, why);
    if (status == CMRR_OK)
        status = run_points_make(&points, reading, readings, &settings->assumed, NULL, why);
    struct table *head = status == CMRR_OK ? make_head(settings, &wav, capture_path, started) : NULL;
    if (status == CMRR_OK && !head)
        status = cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    outcome.audio_s = (double)plan->frames / plan->rate_hz;
    outcome.leg_flags = points.flags;
    struct finish finish = {.folder = result->folder,
                            .id = result->id,
                            .settings = settings,
                            .head = head,
                            .points = &points,
                            .outcome = &outcome,
                            .state = "done",
                            .device = capture_path,
                            .started = started};
    if (status == CMRR_OK)
        status = write_run(&finish, reading, readings, result, why);
    table_free(head);
    run_points_free(&points);
    free(reading);
    free(wav.samples);
    return status;
}
