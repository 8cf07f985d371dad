/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/offline.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/estimate.h"
#include "cmrr/units.h"
#include "cmrr/wav.h"
#include "finish.h"

/*
 * The first marker gives the latency: it is looked for where the capture leaves room for the whole plan behind it
 * (a search through all of it comes only to say what is wrong), the last one must then stand exactly where the plan
 * says.
 */
#define SILENT_DBFS (-100.0)
#define CLIP_RATIO (1.0 - 1.5 * 0x1p-23)
#define END_SEARCH_S 0.05

struct capture {
    const struct plan *plan;
    const struct wav *wav;
    const char *name;
    struct cmrr_error *why;
};

static double peak_of(const struct wav *wav, size_t from, size_t to)
{
    double peak = 0.0;
    for (size_t i = from; i < to; i++)
        peak = fmax(peak, fabs(wav->samples[i]));
    return peak;
}

/* Find marker `index` among the lags from .. to; hit->lag counts from the capture's first frame. */
static enum cmrr_status find(const struct capture *capture, size_t index, size_t from, size_t to,
                             struct marker_hit *hit)
{
    size_t marker_frames = capture->plan->marker[index].frames;
    double *marker = malloc(marker_frames * sizeof *marker);
    if (!marker)
        return cmrr_fail(capture->why, CMRR_NO_MEMORY, "out of memory");
    plan_render_marker(capture->plan, index, marker);
    size_t end = to + marker_frames < capture->wav->frames ? to + marker_frames : capture->wav->frames;
    enum cmrr_status status =
        from < end ? marker_find(capture->wav->samples + from, end - from, marker, marker_frames, hit) : CMRR_RANGE;
    free(marker);
    hit->lag += from;
    return status;
}

/* Frames from the start of the first marker to the end of the last. */
static uint64_t span_of(const struct plan *plan)
{
    const struct plan_marker *last = &plan->marker[plan->markers - 1];
    return last->start + last->frames - plan->marker[0].start;
}

static enum cmrr_status cut_short(const struct capture *capture, double missing_s)
{
    return cmrr_fail(capture->why, CMRR_BAD_FILE,
                     "%s: cut short at its end or its beginning: %.1f s of the stimulus are missing; start recording "
                     "before it and stop after it",
                     capture->name, missing_s);
}

static enum cmrr_status find_first(const struct capture *capture, size_t *lag)
{
    const struct wav *wav = capture->wav;
    uint64_t span = span_of(capture->plan);
    size_t room = wav->frames > span ? (size_t)(wav->frames - span) : 0;
    struct marker_hit hit = {0};
    /* At least a second of lags, so that a peak can stand out of something. */
    size_t lags = room > wav->rate_hz ? room : wav->rate_hz;
    enum cmrr_status status = find(capture, 0, 0, lags, &hit);
    if (status == CMRR_OK && hit.clearance < MARKER_CLEARANCE)
        status = find(capture, 0, 0, wav->frames, &hit);
    if (status != CMRR_OK && status != CMRR_RANGE)
        return status;
    if (status == CMRR_RANGE || hit.clearance < MARKER_CLEARANCE)
        return cmrr_fail(capture->why, CMRR_BAD_FILE,
                         "%s: the stimulus's first marker is not in it: another stimulus, a recording that began too "
                         "late, or the wrong channel (--in-channel)",
                         capture->name);
    if (hit.lag + span > wav->frames)
        return cut_short(capture, (double)(hit.lag + span - wav->frames) / wav->rate_hz);
    *lag = hit.lag;
    return CMRR_OK;
}

/* The second marker of a stimulus stands where the plan says, to the frame, or the clocks are two. */
static enum cmrr_status check_last(const struct capture *capture, size_t first_lag)
{
    const struct plan *plan = capture->plan;
    size_t expected = first_lag + (size_t)(plan->marker[plan->markers - 1].start - plan->marker[0].start);
    size_t around = (size_t)(END_SEARCH_S * plan->rate_hz);
    struct marker_hit hit = {0};
    enum cmrr_status status =
        find(capture, plan->markers - 1, expected > around ? expected - around : 0, expected + around, &hit);
    if (status == CMRR_NO_MEMORY)
        return status;
    /* A short search leaves little to stand out of: three times is clear of chance among quiet lags. */
    if (status != CMRR_OK || hit.clearance < 3.0)
        return cmrr_fail(capture->why, CMRR_BAD_FILE,
                         "%s: the marker at the end is missing: samples were lost on the way", capture->name);
    if (hit.lag != expected)
        return cmrr_fail(capture->why, CMRR_BAD_FILE,
                         "%s: %+" PRId64 " frames between its markers: player and recorder do not share one clock, or "
                         "samples were lost",
                         capture->name, (int64_t)hit.lag - (int64_t)expected);
    return CMRR_OK;
}

static enum cmrr_status check_samples(const struct capture *capture)
{
    const struct wav *wav = capture->wav;
    double peak = peak_of(wav, 0, wav->frames);
    if (wav->rate_hz != capture->plan->rate_hz)
        return cmrr_fail(capture->why, CMRR_BAD_FILE, "%s: %u Hz, but the stimulus has %u Hz: record at the same rate",
                         capture->name, wav->rate_hz, capture->plan->rate_hz);
    if (wav->frames < span_of(capture->plan))
        return cut_short(capture, (double)(span_of(capture->plan) - wav->frames) / wav->rate_hz);
    if (peak < units_ratio(SILENT_DBFS))
        return cmrr_fail(capture->why, CMRR_UNTRUSTED,
                         "%s: silent (peak below %g dBFS): check the cable and the channel", capture->name,
                         SILENT_DBFS);
    return CMRR_OK;
}

static enum cmrr_status check_clipping(const struct capture *capture, size_t first_lag)
{
    size_t from = first_lag, to = first_lag + (size_t)span_of(capture->plan);
    double top = capture->wav->is_integer ? CLIP_RATIO : 1.0;
    for (size_t i = from; i < to && i < capture->wav->frames; i++)
        if (fabs(capture->wav->samples[i]) >= top)
            return cmrr_fail(capture->why, CMRR_UNTRUSTED,
                             "%s: clipped at %.2f s: lower the input's gain, or --level-dm and --level-cm of the "
                             "stimulus",
                             capture->name, (double)i / capture->wav->rate_hz);
    return CMRR_OK;
}

static enum cmrr_status read_step(const struct capture *capture, struct estimator *estimator, size_t index,
                                  int64_t latency, struct reading *reading)
{
    const struct plan *plan = capture->plan;
    const struct plan_step *step = &plan->step[index];
    struct phasor *y = calloc(step->tones, sizeof *y);
    enum cmrr_status status = y ? CMRR_OK : CMRR_NO_MEMORY;
    if (status == CMRR_OK)
        status = estimator_step(estimator, plan, index, capture->wav->samples + (int64_t)step->window + latency, y);
    for (size_t i = 0; i < step->tones && status == CMRR_OK; i++)
        reading[i] = (struct reading){.stream = 1,
                                      .block = 1,
                                      .pass = step->pass,
                                      .mode = step->mode,
                                      .freq_hz = plan->tone[step->first_tone + i].freq_hz,
                                      .t_s = ((double)step->window + 0.5 * (double)step->window_frames) / plan->rate_hz,
                                      .frames = step->window_frames,
                                      .latency_frames = latency,
                                      .drive_dbfs = units_db(step->amplitude),
                                      .drive2 = step->mode == MODE_COLD ? 1.0 : mode_drive(step->mode, 1),
                                      .y = y[i],
                                      .attempt = 1};
    free(y);
    if (status != CMRR_OK)
        cmrr_fail(capture->why, status == CMRR_RANGE ? CMRR_BAD_FILE : status, "%s: step %zu: %s", capture->name,
                  index + 1, cmrr_strerror(status));
    return status == CMRR_RANGE ? CMRR_BAD_FILE : status;
}

/* A plan may have been edited: every window must lie between its markers. */
static enum cmrr_status check_plan(const struct capture *capture)
{
    const struct plan *plan = capture->plan;
    const struct plan_marker *first = &plan->marker[0], *last = &plan->marker[plan->markers - 1];
    uint64_t end = last->start + last->frames;
    bool is_good = plan->markers >= 2 && last->start > first->start;
    for (size_t i = 0; i < plan->steps && is_good; i++)
        is_good = plan->step[i].window >= first->start && plan->step[i].window + plan->step[i].window_frames <= end;
    return is_good ? CMRR_OK
                   : cmrr_fail(capture->why, CMRR_BAD_FILE,
                               "the plan's steps do not lie between its markers: not a plan that stimulus wrote");
}

static enum cmrr_status read_steps(const struct capture *capture, int64_t latency, struct reading *reading)
{
    struct estimator *estimator = estimator_new();
    enum cmrr_status status = estimator ? CMRR_OK : cmrr_fail(capture->why, CMRR_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < capture->plan->steps && status == CMRR_OK; i++)
        status = read_step(capture, estimator, i, latency, reading + capture->plan->step[i].first_tone);
    estimator_free(estimator);
    return status;
}

enum cmrr_status offline_analyze(const struct plan *plan, const struct wav *wav, const char *name,
                                 struct reading **readings, size_t *count, int64_t *latency_frames,
                                 struct cmrr_error *why)
{
    struct capture capture = {plan, wav, name, why};
    size_t lag = 0;
    enum cmrr_status status = check_plan(&capture);
    if (status == CMRR_OK)
        status = check_samples(&capture);
    if (status == CMRR_OK)
        status = find_first(&capture, &lag);
    if (status == CMRR_OK)
        status = check_last(&capture, lag);
    if (status == CMRR_OK)
        status = check_clipping(&capture, lag);
    if (status != CMRR_OK)
        return status;
    int64_t latency = (int64_t)lag - (int64_t)plan->marker[0].start;
    struct reading *made = calloc(plan->tones + 1, sizeof *made);
    status = made ? read_steps(&capture, latency, made) : cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    if (status != CMRR_OK) {
        free(made);
        return status;
    }
    *readings = made;
    *count = plan->tones;
    *latency_frames = latency;
    return CMRR_OK;
}
