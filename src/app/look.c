/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/legs.h"
#include "cmrr/units.h"

/*
 * Probe: a differential marker of 40 ms at -60 dBFS, then at -40 where nothing came: through a closed tie or a missing
 * cable no differential signal returns, and the look ends there, at low level, within 0.1 s each. A common-mode
 * marker then tells joined legs from missing ones. Otherwise each leg is driven alone with all tones of the grid (at
 * most 64 of them) so that the input sees about -20 dBFS; clipping lowers that by 20 dB and repeats.
 */
#define MARKER_S 0.04
#define LATENCY_MAX_S 2.5
#define LOOK_OUTPUT_DBFS (-20.0)
#define LOOK_SETTLE_S 0.3
#define LOOK_APART_HZ 4.0
#define WATCH_CLEARANCE 60.0
#define HEADROOM_DM 0.708 /* 3 dB below clipping */
#define HEADROOM_CM 0.5   /* 6 dB: unequal coupling capacitors make a tone that sets in overshoot by 3 to 4 dB */
enum { LOOK_TONES_MAX = 64, LOOK_TRIES = 4 };

enum cmrr_status look_prepare(struct stream *stream, const struct grid *grid, struct cmrr_error *why)
{
    size_t marker = (size_t)llrint(MARKER_S * stream->rate_hz);
    size_t capture = marker + (size_t)(LATENCY_MAX_S * stream->rate_hz);
    enum cmrr_status status = marker_prepare(capture, marker);
    for (size_t i = 0; i < grid->count && status == CMRR_OK; i++)
        status = estimator_prepare(stream->estimator, grid->tone[i].window_frames);
    return status == CMRR_OK ? CMRR_OK : cmrr_fail(why, status, "out of memory");
}

static void report(struct stream *stream, const char *phase)
{
    struct progress progress = {.phase = phase, .state = "normal", .left_s = NAN};
    if (stream->events.on_progress)
        stream->events.on_progress(stream->events.context, &progress);
}

/* One marker as it came back: the transfer of the mode's drive, 0 where none was found. */
struct probe_hit {
    double gain;
    bool is_clear; /* of noise, so well that its place and size can be held against later markers */
    int64_t latency_frames;
};

static enum cmrr_status probe_once(struct stream *stream, enum mode mode, double level_dbfs, struct probe_hit *found,
                                   struct cmrr_error *why)
{
    struct plan plan;
    bool clipped = false;
    struct marker_hit hit = {0};
    double *capture = NULL;
    size_t frames = 0;
    plan_init(&plan, stream->rate_hz);
    plan_add_marker(&plan, mode, units_ratio(level_dbfs), MARKER_S);
    double *marker = calloc(plan.marker[0].frames, sizeof *marker);
    enum cmrr_status status = marker ? CMRR_OK : cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    if (status == CMRR_OK) {
        plan_render_marker(&plan, 0, marker);
        status = stream_capture(stream, &plan, LATENCY_MAX_S, &capture, &frames, &clipped, why);
    }
    if (status == CMRR_OK)
        status = marker_find(capture, frames, marker, plan.marker[0].frames, &hit);
    if (status == CMRR_OK)
        *found =
            (struct probe_hit){.gain = hit.clearance >= MARKER_CLEARANCE ? hit.gain / units_ratio(level_dbfs) : 0.0,
                               .is_clear = hit.clearance >= WATCH_CLEARANCE,
                               .latency_frames = (int64_t)hit.lag};
    free(marker);
    free(capture);
    plan_finish(&plan);
    return status;
}

/* What a marker alone has shown, as a reading of the look: the run's record of why nothing more was measured. */
static enum cmrr_status record_fault(struct look *look, struct stream *stream, enum mode mode, double level_dbfs,
                                     double gain, unsigned flags, struct cmrr_error *why)
{
    look->flags |= flags;
    struct reading reading = {.stream = 1,
                              .block = look->block,
                              .pass = PASS_LOOK,
                              .mode = mode,
                              .freq_hz = sqrt(PLAN_MARKER_LOW_HZ * PLAN_MARKER_HIGH_HZ),
                              .t_s = (double)stream->captured / stream->rate_hz,
                              .frames = (uint64_t)(MARKER_S * stream->rate_hz),
                              .latency_frames = stream->latency_frames < 0 ? 0 : stream->latency_frames,
                              .drive_dbfs = level_dbfs,
                              .drive2 = mode == MODE_CM ? 1.0 : -1.0,
                              .y = {gain * units_ratio(level_dbfs), 0.0, 1.0},
                              .attempt = 1,
                              .flags = flags};
    return stream->events.on_reading(stream->events.context, &reading, why);
}

/* Find the latency by a differential marker; where none returns, say why by a common-mode one. *gain_dm 0 then. */
static enum cmrr_status probe(struct look *look, struct stream *stream, const struct settings *settings,
                              double *gain_dm, struct cmrr_error *why)
{
    static const double levels_dbfs[] = {-60.0, -40.0};
    double threshold = legs_threshold(&settings->assumed);
    struct probe_hit hit = {0};
    report(stream, "probe");
    for (size_t i = 0; i < 2; i++) {
        double level = fmin(levels_dbfs[i], settings->max_level_dbfs);
        look->block++;
        enum cmrr_status status = probe_once(stream, MODE_DM, level, &hit, why);
        if (status != CMRR_OK)
            return status;
        if (fabs(hit.gain) <= 2.0 * threshold)
            continue;
        stream->latency_frames = hit.latency_frames;
        stream->marker_gain = hit.is_clear ? fabs(hit.gain) : 0.0;
        *gain_dm = 0.5 * fabs(hit.gain);
        return CMRR_OK;
    }
    double level = fmin(LOOK_OUTPUT_DBFS, settings->max_level_dbfs);
    look->block++;
    enum cmrr_status status = probe_once(stream, MODE_CM, level, &hit, why);
    if (status != CMRR_OK)
        return status;
    *gain_dm = 0.0;
    /* A device that rejects the common mode better than the crosstalk leaves the two faults alike. */
    double crosstalk = fmax(2.0 * units_ratio(settings->assumed.crosstalk_db), 1e-6);
    return record_fault(look, stream, MODE_CM, level, hit.gain,
                        fabs(hit.gain) > crosstalk ? FLAG_SHORTED : FLAG_DISCONNECTED, why);
}

/*
 * At most LOOK_TONES_MAX tones of the grid, the lowest among them, in a window of 1 s or more. Under the 4-term window
 * a line reaches 3 bins: tones less than 4 Hz apart would be read as mixtures, so the next one is passed over.
 */
static size_t choose_tones(const struct grid *grid, struct grid_tone *tone)
{
    size_t wanted = grid->count < LOOK_TONES_MAX ? grid->count : LOOK_TONES_MAX, count = 0;
    for (size_t i = 0; i < wanted; i++) {
        const struct grid_tone *next = &grid->tone[wanted > 1 ? i * (grid->count - 1) / (wanted - 1) : 0];
        if (count == 0 || next->freq_hz >= tone[count - 1].freq_hz + LOOK_APART_HZ)
            tone[count++] = *next;
    }
    return count;
}

struct look_step {
    struct look *look;
    struct stream *stream;
    const struct instrument_config *config;
    double level_dbfs; /* of each tone */
    double complex hot[LOOK_TONES_MAX], cold[LOOK_TONES_MAX];
    bool has_clipped;
};

static enum cmrr_status take_step(void *context, const struct step_result *result, struct cmrr_error *why)
{
    struct look_step *in = context;
    const struct plan_step *step = &result->plan->step[result->step];
    enum cmrr_status status = CMRR_OK;
    in->has_clipped |= result->has_clipped;
    for (size_t i = 0; i < step->tones && status == CMRR_OK; i++) {
        struct reading reading = {.stream = 1,
                                  .block = in->look->block,
                                  .pass = PASS_LOOK,
                                  .mode = step->mode,
                                  .freq_hz = result->plan->tone[step->first_tone + i].freq_hz,
                                  .t_s = result->t_s,
                                  .frames = step->window_frames,
                                  .latency_frames = in->stream->latency_frames,
                                  .drive_dbfs = in->level_dbfs,
                                  .drive2 = step->mode == MODE_COLD ? 1.0 : 0.0,
                                  .y = result->y[i],
                                  .attempt = 1,
                                  .flags = result->has_clipped ? FLAG_CLIP : 0};
        (step->mode == MODE_HOT ? in->hot : in->cold)[i] = reading.y.value / step->amplitude;
        status = in->stream->events.on_reading(in->stream->events.context, &reading, why);
    }
    return status;
}

static void judge(struct look *look, const struct look_step *in, size_t tones)
{
    const struct assumptions *assumed = &in->config->settings->assumed;
    struct legs_tally tally = {0};
    for (size_t i = 0; i < tones; i++) {
        legs_add(&tally, in->hot[i], in->cold[i], assumed);
        look->gain_dm = fmax(look->gain_dm, 0.5 * cabs(in->hot[i] - in->cold[i]));
        look->gain_cm = fmax(look->gain_cm, cabs(in->hot[i] + in->cold[i]));
    }
    look->flags |= legs_flags(&tally, assumed);
}

static enum cmrr_status drive_legs(struct look_step *in, const struct grid_tone *tone, size_t tones, double peak_dbfs,
                                   struct cmrr_error *why)
{
    static const enum mode modes[] = {MODE_HOT, MODE_COLD};
    double amplitude = units_ratio(peak_dbfs) / plan_crest(tones);
    struct plan plan;
    enum cmrr_status status = CMRR_OK;
    plan_init(&plan, in->stream->rate_hz);
    for (size_t i = 0; i < 2 && status == CMRR_OK; i++)
        status = plan_add_step(&plan, &(struct plan_step_config){.mode = modes[i],
                                                                 .pass = PASS_LOOK,
                                                                 .tone = tone,
                                                                 .tones = tones,
                                                                 .amplitude = amplitude,
                                                                 .settle_s = LOOK_SETTLE_S});
    in->level_dbfs = units_db(amplitude);
    in->has_clipped = false;
    if (status == CMRR_OK)
        status = stream_play(in->stream, &plan, take_step, in, why);
    else
        cmrr_fail(why, status, "look: %s", cmrr_strerror(status));
    plan_finish(&plan);
    return status;
}

enum cmrr_status look_run(struct look *look, struct stream *stream, const struct instrument_config *config,
                          struct cmrr_error *why)
{
    struct grid_tone tone[LOOK_TONES_MAX];
    size_t tones = choose_tones(config->grid, tone);
    struct look_step in = {.look = look, .stream = stream, .config = config};
    double gain = 0.0;
    enum cmrr_status status = probe(look, stream, config->settings, &gain, why);
    if (status != CMRR_OK || gain == 0.0)
        return status;
    double peak_dbfs = LOOK_OUTPUT_DBFS - units_db(gain);
    report(stream, "look");
    for (int attempt = 0; attempt < LOOK_TRIES; attempt++) {
        peak_dbfs = fmax(fmin(peak_dbfs, fmin(config->settings->max_level_dbfs, -10.0)), -90.0);
        look->block++;
        status = drive_legs(&in, tone, tones, peak_dbfs, why);
        if (status != CMRR_OK || !in.has_clipped)
            break;
        peak_dbfs -= 20.0;
    }
    if (status == CMRR_OK && in.has_clipped)
        return cmrr_fail(why, CMRR_UNTRUSTED, "the input clips even at %.0f dBFS out: turn the device's gain down",
                         peak_dbfs + 20.0);
    if (status == CMRR_OK)
        judge(look, &in, tones);
    return status;
}

static double below_clipping_dbfs(double output_per_drive, double limit_ratio)
{
    return output_per_drive > 0.0 ? units_db(limit_ratio / output_per_drive) : INFINITY;
}

struct levels look_levels(const struct look *look, const struct settings *settings, double clip_ratio)
{
    struct levels levels = {.dm_dbfs = settings->level_dm_dbfs};
    /* 2: driving +d and -d is a differential drive of 2 d. */
    if (isnan(levels.dm_dbfs))
        levels.dm_dbfs =
            fmin(below_clipping_dbfs(2.0 * look->gain_dm, HEADROOM_DM * clip_ratio), settings->max_level_dbfs);
    levels.cm_dbfs = fmin(settings->level_cm_dbfs, below_clipping_dbfs(look->gain_cm, HEADROOM_CM * clip_ratio));
    return levels;
}
