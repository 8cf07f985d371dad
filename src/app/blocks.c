/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "blocks.h"

#include <math.h>
#include "cmrr/units.h"

/*
 * A block is a marker, then the steps of a slice of the grid, common mode before differential, so that what rings after
 * a change is in proportion to what is measured.
 */
#define BLOCK_MARKER_S 0.04
#define BLOCK_MARKER_GAP_S 0.05
#define BLOCK_MARKER_DBFS (-40.0)
#define TILT 0.02

/* A block: which modes it plays for a slice of the grid. */
struct slice {
    size_t first, count;
    enum mode mode[2];
    size_t modes;
};

static double mode_level_dbfs(const struct measurement *m, enum mode mode)
{
    return mode == MODE_CM ? m->levels.cm_dbfs : m->levels.dm_dbfs;
}

void blocks_report(const struct measurement *m, const struct reading *reading, const char *phase)
{
    const struct instrument_events *events = &m->config->events;
    struct progress progress = {.phase = phase,
                                .freq_hz = reading ? reading->freq_hz : 0.0,
                                .level_dbfs = reading ? units_db(cabs(reading->y.value)) : NAN,
                                .step = m->step,
                                .steps = m->steps,
                                .left_s = m->left_s};
    position_format(&m->position, progress.state);
    if (events->on_progress)
        events->on_progress(events->context, &progress);
}

/*
 * The tone at which positions are checked: in the middle of the first block, or the one that the device passes best
 * where it passes that one with less than half of it (a low-pass would answer with nothing but noise).
 */
static size_t check_tone(const struct measurement *m)
{
    size_t count = m->config->grid->count < BLOCK_TONES ? m->config->grid->count : BLOCK_TONES;
    size_t middle = count / 2, best = middle;
    for (size_t i = 0; i < count; i++)
        if (m->gain_dm[i] > m->gain_dm[best])
            best = i;
    return m->gain_dm[middle] >= 0.5 * m->gain_dm[best] ? middle : best;
}

/* Where a frequency stands in the first block; BLOCK_TONES: not there. */
static size_t first_block_index(const struct measurement *m, double freq_hz)
{
    const struct grid *grid = m->config->grid;
    for (size_t i = 0; i < BLOCK_TONES && i < grid->count; i++)
        if (grid->tone[i].freq_hz == freq_hz)
            return i;
    return BLOCK_TONES;
}

/*
 * Did the fixture really close? With the outputs tilted against each other by 2 % (no more than two unequal outputs
 * are anyway) a released input answers with 2 % of its differential gain; tied legs and a terminated input do not
 * answer at all.
 */
static enum cmrr_status check_position(struct measurement *m, const struct step_result *result, struct cmrr_error *why)
{
    const struct plan_step *step = &result->plan->step[result->step];
    double complex gain = result->y[0].value / step->amplitude;
    if (step->pass == PASS_LOOK) {
        m->tilted = gain;
        return CMRR_OK;
    }
    if (cabs(m->tilted - gain) < 0.5 * TILT * m->gain_dm[check_tone(m)])
        return CMRR_OK;
    return cmrr_fail(why, CMRR_FIXTURE,
                     "the fixture says %s, but the outputs still reach the device's legs apart: it did not move, "
                     "or pins 2 and 3 of the input are joined; check its wiring and supply, and the cable",
                     wiring_name(m->position.wiring));
}

static enum cmrr_status take_step(void *context, const struct step_result *result, struct cmrr_error *why)
{
    struct measurement *m = context;
    const struct plan_step *step = &result->plan->step[result->step];
    struct reading reading = {.stream = 1,
                              .block = m->look.block,
                              .pass = step->pass,
                              .position = m->position,
                              .mode = step->mode,
                              .freq_hz = result->plan->tone[step->first_tone].freq_hz,
                              .t_s = result->t_s,
                              .frames = step->window_frames,
                              .latency_frames = m->stream.latency_frames,
                              .drive_dbfs = units_db(step->amplitude * (1.0 - 0.5 * step->tilt)),
                              .drive2 = mode_drive(step->mode, 1) * (1.0 + 0.5 * step->tilt) / (1.0 - 0.5 * step->tilt),
                              .y = result->y[0],
                              .attempt = 1,
                              .flags = result->has_clipped ? FLAG_CLIP : 0};
    enum cmrr_status status = m->config->events.on_reading(m->config->events.context, &reading, why);
    bool is_closed = m->position.wiring == WIRING_TIED || m->position.wiring == WIRING_TERMINATED;
    size_t index = first_block_index(m, reading.freq_hz);
    if (reading.mode == MODE_DM && index < BLOCK_TONES)
        m->gain_dm[index] = cabs(reading.y.value) / (2.0 * step->amplitude);
    if (status == CMRR_OK && is_closed && index == check_tone(m))
        status = check_position(m, result, why);
    if (step->pass == PASS_LOOK)
        return status;
    m->step++;
    m->left_s -= (double)step->frames / m->stream.rate_hz;
    blocks_report(m, &reading, mode_name(step->mode));
    return status;
}

static enum cmrr_status add_steps(const struct measurement *m, struct plan *plan, const struct slice *slice)
{
    enum cmrr_status status = CMRR_OK;
    for (size_t i = 0; i < slice->modes; i++)
        for (size_t j = 0; j < slice->count && status == CMRR_OK; j++) {
            const struct grid_tone *tone = &m->config->grid->tone[slice->first + j];
            double level_dbfs = mode_level_dbfs(m, slice->mode[i]);
            status = plan_add_step(plan, &(struct plan_step_config){.mode = slice->mode[i],
                                                                    .pass = PASS_MAIN,
                                                                    .tone = tone,
                                                                    .tones = 1,
                                                                    .amplitude = units_ratio(level_dbfs),
                                                                    .settle_s = plan_settle_s(tone->freq_hz)});
        }
    return status;
}

/* The step that check_position() compares, before the first sweep of a closed position. */
static enum cmrr_status add_check(const struct measurement *m, struct plan *plan, const struct slice *slice)
{
    const struct grid *grid = m->config->grid;
    if (m->position.wiring == WIRING_NORMAL || slice->first > 0)
        return CMRR_OK;
    const struct grid_tone *tone = &grid->tone[check_tone(m)];
    double amplitude = units_ratio(m->levels.cm_dbfs) / (1.0 + 0.5 * TILT);
    return plan_add_step(plan, &(struct plan_step_config){.mode = MODE_CM,
                                                          .pass = PASS_LOOK,
                                                          .tone = tone,
                                                          .tones = 1,
                                                          .amplitude = amplitude,
                                                          .tilt = TILT,
                                                          .settle_s = plan_settle_s(tone->freq_hz)});
}

/* Where the latency can be seen, it is seen again at the end: lost samples would have moved it. */
static enum cmrr_status add_end_marker(struct plan *plan, double level_dbfs)
{
    enum cmrr_status status = plan_add_silence(plan, BLOCK_MARKER_GAP_S);
    return status == CMRR_OK ? plan_add_marker(plan, MODE_DM, units_ratio(level_dbfs), BLOCK_MARKER_S) : status;
}

static enum cmrr_status play_slice(struct measurement *m, const struct slice *slice, struct cmrr_error *why)
{
    struct plan plan;
    enum mode marker = slice->mode[slice->modes - 1];
    double marker_dbfs = fmin(BLOCK_MARKER_DBFS, mode_level_dbfs(m, marker));
    plan_init(&plan, m->stream.rate_hz);
    enum cmrr_status status = plan_add_marker(&plan, marker, units_ratio(marker_dbfs), BLOCK_MARKER_S);
    if (status == CMRR_OK)
        status = plan_add_silence(&plan, BLOCK_MARKER_GAP_S);
    if (status == CMRR_OK)
        status = add_check(m, &plan, slice);
    if (status == CMRR_OK)
        status = add_steps(m, &plan, slice);
    if (status == CMRR_OK && marker == MODE_DM)
        status = add_end_marker(&plan, marker_dbfs);
    m->look.block++;
    if (status == CMRR_OK)
        status = stream_play(&m->stream, &plan, take_step, m, why);
    else
        cmrr_fail(why, status, "plan: %s", cmrr_strerror(status));
    plan_finish(&plan);
    return status;
}

enum cmrr_status blocks_play(struct measurement *m, bool has_cm, bool has_dm, struct cmrr_error *why)
{
    enum cmrr_status status = CMRR_OK;
    struct slice slice = {.modes = 0};
    if (has_cm)
        slice.mode[slice.modes++] = MODE_CM;
    if (has_dm)
        slice.mode[slice.modes++] = MODE_DM;
    for (; slice.first < m->config->grid->count && status == CMRR_OK; slice.first += BLOCK_TONES) {
        size_t left = m->config->grid->count - slice.first;
        slice.count = left < BLOCK_TONES ? left : BLOCK_TONES;
        status = play_slice(m, &slice, why);
    }
    return status;
}
