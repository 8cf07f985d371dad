/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/tone.h"

/*
 * A step is ramp up, settling, window, ramp down, then the next: the signal never jumps, and nothing is played that
 * is not needed. Tones start at their step's first frame with their own phase, so a window's phase reference is an
 * integer computation.
 */

void plan_init(struct plan *plan, unsigned rate_hz)
{
    *plan = (struct plan){.rate_hz = rate_hz};
}

void plan_finish(struct plan *plan)
{
    free(plan->step);
    free(plan->tone);
    *plan = (struct plan){.rate_hz = plan->rate_hz};
}

static uint64_t frames_of(const struct plan *plan, double seconds)
{
    return (uint64_t)llrint(seconds * plan->rate_hz);
}

enum cmrr_status plan_add_silence(struct plan *plan, double seconds)
{
    if (!(seconds >= 0.0))
        return CMRR_RANGE;
    plan->frames += frames_of(plan, seconds);
    return CMRR_OK;
}

enum cmrr_status plan_add_marker(struct plan *plan, enum mode mode, double amplitude, double seconds)
{
    if (plan->markers == PLAN_MARKERS_MAX || !(amplitude > 0.0 && amplitude <= 1.0) || !(seconds > 0.0))
        return CMRR_RANGE;
    struct plan_marker marker = {mode, plan->frames, frames_of(plan, seconds), amplitude};
    plan->marker[plan->markers++] = marker;
    plan->frames += marker.frames;
    return CMRR_OK;
}

double plan_settle_s(double freq_hz)
{
    return freq_hz < 100.0 ? 1.2 : 0.2;
}

/*
 * Newman phases on log-spaced tones peak at about 4.5 times the rms, sqrt(n / 2), snapped to a grid or spaced
 * otherwise at up to 6.4 (the worst of thousands of random sets); 7.2 leaves 1 dB more. A few tones cannot reach more
 * than their number.
 */
double plan_crest(size_t tones)
{
    return fmin((double)tones, 7.2 * sqrt((double)tones / 2.0));
}

static enum cmrr_status reserve(struct plan *plan, size_t tones)
{
    struct plan_step *step = realloc(plan->step, (plan->steps + 1) * sizeof *step);
    if (step)
        plan->step = step;
    struct plan_tone *tone = realloc(plan->tone, (plan->tones + tones) * sizeof *tone);
    if (tone)
        plan->tone = tone;
    return step && tone ? CMRR_OK : CMRR_NO_MEMORY;
}

static uint64_t longest_window(const struct plan_step_config *config)
{
    uint64_t longest = 0;
    for (size_t i = 0; i < config->tones; i++)
        if (config->tone[i].window_frames > longest)
            longest = config->tone[i].window_frames;
    return longest;
}

enum cmrr_status plan_add_step(struct plan *plan, const struct plan_step_config *config)
{
    if (config->tones == 0 || !(config->amplitude > 0.0 && config->amplitude <= 1.0) ||
        !(config->settle_s >= PLAN_RAMP_S))
        return CMRR_RANGE;
    if (reserve(plan, config->tones) != CMRR_OK)
        return CMRR_NO_MEMORY;
    uint64_t window = longest_window(config);
    struct plan_step step = {.mode = config->mode,
                             .pass = config->pass,
                             .start = plan->frames,
                             .window = plan->frames + frames_of(plan, config->settle_s),
                             .window_frames = window,
                             .amplitude = config->amplitude,
                             .tilt = config->tilt,
                             .first_tone = plan->tones,
                             .tones = config->tones};
    step.frames = step.window + window + frames_of(plan, PLAN_RAMP_S) - step.start;
    for (size_t i = 0; i < config->tones; i++)
        plan->tone[plan->tones++] =
            (struct plan_tone){.freq_hz = config->tone[i].freq_hz,
                               .cycles = (uint64_t)llrint(config->tone[i].freq_hz * (double)window / plan->rate_hz),
                               .phase_rad = config->tones > 1 ? tone_newman_phase(i, config->tones) : 0.0};
    plan->step[plan->steps++] = step;
    plan->frames += step.frames;
    return CMRR_OK;
}

void plan_render_marker(const struct plan *plan, size_t marker, double *samples)
{
    double top_hz = fmin(PLAN_MARKER_HIGH_HZ, 0.4 * plan->rate_hz);
    tone_marker(samples, plan->marker[marker].frames, 1.0, PLAN_MARKER_LOW_HZ, top_hz, plan->rate_hz);
}

/* Add one channel of sound to both outputs as the mode drives them. */
static void mix(double *samples, const double *mono, uint64_t start, uint64_t frames, enum mode mode,
                const double gain[2])
{
    for (size_t output = 0; output < 2; output++) {
        double drive = gain[output] * mode_drive(mode, output);
        if (drive != 0.0)
            for (uint64_t i = 0; i < frames; i++)
                samples[2 * (start + i) + output] += drive * mono[i];
    }
}

static enum cmrr_status render_marker(const struct plan *plan, size_t index, double *samples)
{
    const struct plan_marker *marker = &plan->marker[index];
    double *mono = malloc(marker->frames * sizeof *mono);
    if (!mono)
        return CMRR_NO_MEMORY;
    plan_render_marker(plan, index, mono);
    mix(samples, mono, marker->start, marker->frames, marker->mode,
        (const double[2]){marker->amplitude, marker->amplitude});
    free(mono);
    return CMRR_OK;
}

/* One tone of a step, with the ramps of the step: ramped tones add up to the ramped sum. */
static enum cmrr_status render_tone(const struct plan *plan, const struct plan_step *step, const struct plan_tone *tone,
                                    double *samples)
{
    const double gain[2] = {step->amplitude * (1.0 - 0.5 * step->tilt), step->amplitude * (1.0 + 0.5 * step->tilt)};
    double *mono = calloc(step->frames, sizeof *mono);
    if (!mono)
        return CMRR_NO_MEMORY;
    tone_add(mono, step->frames, 1.0, tone->cycles, step->window_frames, tone->phase_rad, 0);
    tone_ramp(mono, step->frames, frames_of(plan, PLAN_RAMP_S));
    mix(samples, mono, step->start, step->frames, step->mode, gain);
    free(mono);
    return CMRR_OK;
}

size_t plan_parts(const struct plan *plan)
{
    return plan->markers + plan->tones;
}

enum cmrr_status plan_render_part(const struct plan *plan, size_t part, double *samples, struct plan_part *done)
{
    if (part < plan->markers) {
        *done = (struct plan_part){plan->marker[part].start, plan->marker[part].frames, true};
        return render_marker(plan, part, samples);
    }
    size_t tone = part - plan->markers;
    const struct plan_step *step = plan->step;
    while (tone >= step->first_tone + step->tones)
        step++;
    *done = (struct plan_part){step->start, step->frames, tone + 1 == step->first_tone + step->tones};
    return render_tone(plan, step, &plan->tone[tone], samples);
}

enum cmrr_status plan_render(const struct plan *plan, double *samples)
{
    enum cmrr_status status = CMRR_OK;
    struct plan_part done;
    memset(samples, 0, 2 * plan->frames * sizeof *samples);
    for (size_t part = 0; part < plan_parts(plan) && status == CMRR_OK; part++)
        status = plan_render_part(plan, part, samples, &done);
    return status;
}

double plan_peak(const struct plan *plan)
{
    double peak = 0.0;
    for (size_t i = 0; i < plan->markers; i++)
        peak = fmax(peak, plan->marker[i].amplitude);
    for (size_t i = 0; i < plan->steps; i++)
        peak = fmax(peak,
                    plan->step[i].amplitude * (1.0 + 0.5 * fabs(plan->step[i].tilt)) * plan_crest(plan->step[i].tones));
    return peak;
}
