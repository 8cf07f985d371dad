/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/instrument.h"

#include <math.h>
#include "blocks.h"

/*
 * The order of docs/method.md ("Two ordinary outputs"): the released part first (leg check, common mode before
 * differential), then the legs are tied once, then terminated.
 */
#define FIXTURE_LIMIT_S 60.0
#define FIXTURE_POLL_S 0.02

static bool is_wanted(const struct measurement *m, enum wiring wiring)
{
    return position_list_has(m->config->states, wiring);
}

static enum cmrr_status set_position(struct measurement *m, enum wiring wiring, struct cmrr_error *why)
{
    struct fixture *fixture = m->config->fixture;
    struct position wanted = {.wiring = wiring};
    enum cmrr_status status = fixture->ops->begin(fixture, &wanted, why);
    blocks_report(m, NULL, "fixture");
    for (double waited_s = 0.0; status == CMRR_OK; waited_s += FIXTURE_POLL_S) {
        enum fixture_state state = fixture->ops->poll(fixture, why);
        if (state == FIXTURE_DONE)
            break;
        if (state == FIXTURE_FAILED)
            return cmrr_fail(why, CMRR_FIXTURE, "the fixture did not take the position %s", wiring_name(wiring));
        if (waited_s >= FIXTURE_LIMIT_S)
            return cmrr_fail(why, CMRR_FIXTURE, "the fixture did not reach the position %s within %.0f s",
                             wiring_name(wiring), FIXTURE_LIMIT_S);
        status = stream_wait(&m->stream, FIXTURE_POLL_S, why);
    }
    if (status == CMRR_OK)
        m->position = wanted;
    return status;
}

static double grid_seconds(const struct measurement *m)
{
    double seconds = 0.0;
    for (size_t i = 0; i < m->config->grid->count; i++) {
        const struct grid_tone *tone = &m->config->grid->tone[i];
        seconds += plan_settle_s(tone->freq_hz) + (double)tone->window_frames / m->stream.rate_hz + PLAN_RAMP_S;
    }
    return seconds;
}

static void plan_progress(struct measurement *m)
{
    size_t sweeps = 1 + is_wanted(m, WIRING_NORMAL) + is_wanted(m, WIRING_TIED) + is_wanted(m, WIRING_TERMINATED);
    m->steps = sweeps * m->config->grid->count;
    m->left_s = (double)sweeps * grid_seconds(m);
}

static enum cmrr_status measure_states(struct measurement *m, struct cmrr_error *why)
{
    static const enum wiring closed[] = {WIRING_TIED, WIRING_TERMINATED};
    enum cmrr_status status = blocks_play(m, is_wanted(m, WIRING_NORMAL), true, why);
    for (size_t i = 0; i < 2 && status == CMRR_OK; i++) {
        if (!is_wanted(m, closed[i]))
            continue;
        status = set_position(m, closed[i], why);
        if (status == CMRR_OK)
            status = blocks_play(m, true, false, why);
    }
    return status;
}

static enum cmrr_status look_and_measure(struct measurement *m, struct cmrr_error *why)
{
    enum cmrr_status status = stream_wait(&m->stream, 0.1, why);
    if (status == CMRR_OK)
        status = look_run(&m->look, &m->stream, m->config, why);
    m->outcome->leg_flags = m->look.flags;
    m->outcome->latency_frames = m->stream.latency_frames;
    /* Joined or missing legs: there is nothing to measure, and a closed tie must not be driven differentially. */
    if (status != CMRR_OK || (m->look.flags & (FLAG_SHORTED | FLAG_DISCONNECTED)))
        return status;
    m->levels = look_levels(&m->look, m->config->settings, m->stream.info.clip_ratio);
    m->outcome->level_cm_dbfs = m->levels.cm_dbfs;
    m->outcome->level_dm_dbfs = m->levels.dm_dbfs;
    plan_progress(m);
    return measure_states(m, why);
}

enum cmrr_status instrument_measure(const struct instrument_config *config, struct instrument_outcome *outcome,
                                    struct cmrr_error *why)
{
    struct measurement m = {.config = config, .outcome = outcome, .position = {.wiring = WIRING_NORMAL}};
    *outcome = (struct instrument_outcome){.level_cm_dbfs = NAN, .level_dm_dbfs = NAN};
    enum cmrr_status status =
        stream_init(&m.stream, config->audio, (unsigned)config->settings->rate_hz, &config->events, why);
    if (status != CMRR_OK)
        return status;
    status = look_prepare(&m.stream, config->grid, why);
    if (status == CMRR_OK)
        status = look_and_measure(&m, why);
    outcome->audio_s = (double)m.stream.captured / m.stream.rate_hz;
    stream_finish(&m.stream);
    return status;
}

enum cmrr_status instrument_check_states(const struct position_list *states, bool has_fixture, const char *device,
                                         struct cmrr_error *why)
{
    for (size_t i = 0; i < states->count; i++) {
        char text[POSITION_TEXT];
        const struct position *state = &states->at[i];
        position_format(state, text);
        if (state->leg != LEG_NONE || state->wiring == WIRING_SWAPPED)
            return cmrr_fail(why, CMRR_USAGE, "states: '%s' cannot be measured yet; there are normal, tied, terminated",
                             text);
        if (state->wiring != WIRING_NORMAL && !has_fixture)
            return cmrr_fail(why, CMRR_USAGE,
                             "states: '%s' needs a fixture that can set it, and %.80s has none: measure -S normal",
                             text, device);
    }
    if (!position_list_has(states, WIRING_NORMAL) && !position_list_has(states, WIRING_TIED))
        return cmrr_fail(why, CMRR_USAGE, "states: terminated alone is no measurement: add tied or normal");
    return CMRR_OK;
}
