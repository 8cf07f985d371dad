/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "marker_watch.h"

#include <math.h>
#include <stdlib.h>
#include "pick.h"

/*
 * The correlation at the expected lag must be nearly the largest around it (a device that lets little of the marker's
 * band pass has a broad peak: its place is uncertain, the height at the right place is not), and half of what the probe
 * found at least (more than the guard was lost, or the gain was turned).
 */
#define GUARD_S 0.002
#define OF_PEAK 0.96
#define OF_GAIN 0.5

static void find_next(struct marker_watch *watch)
{
    while (watch->next < watch->plan->markers && watch->plan->marker[watch->next].mode != MODE_DM)
        watch->next++;
}

enum cmrr_status marker_watch_init(struct marker_watch *watch, const struct plan *plan, double gain,
                                   struct cmrr_error *why)
{
    uint64_t longest = 0;
    *watch = (struct marker_watch){.plan = plan, .gain = gain, .next = gain > 0.0 ? 0 : plan->markers};
    watch->guard = (uint64_t)llrint(GUARD_S * plan->rate_hz);
    for (size_t i = 0; i < plan->markers; i++)
        longest = plan->marker[i].frames > longest ? plan->marker[i].frames : longest;
    watch->kept = calloc(longest + 2 * watch->guard + 1, sizeof *watch->kept);
    find_next(watch);
    return watch->kept ? CMRR_OK : cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
}

void marker_watch_finish(struct marker_watch *watch)
{
    free(watch->kept);
    watch->kept = NULL;
}

uint64_t marker_watch_end(const struct marker_watch *watch)
{
    if (watch->next == watch->plan->markers)
        return 0;
    const struct plan_marker *marker = &watch->plan->marker[watch->next];
    return marker->start + marker->frames + watch->guard;
}

/* Transfer that a marker at this lag would mean. */
static double gain_at(const struct marker_watch *watch, const double *sound, const struct plan_marker *marker,
                      uint64_t lag)
{
    double product = 0.0, energy = 0.0;
    for (uint64_t i = 0; i < marker->frames; i++) {
        product += sound[i] * watch->kept[lag + i];
        energy += sound[i] * sound[i];
    }
    return fabs(product / energy / marker->amplitude);
}

static enum cmrr_status judge(const struct marker_watch *watch, const struct plan_marker *marker, const double *sound,
                              struct cmrr_error *why)
{
    double expected = gain_at(watch, sound, marker, watch->guard), peak = 0.0;
    uint64_t at = 0;
    for (uint64_t lag = 0; lag <= 2 * watch->guard; lag++) {
        double gain = gain_at(watch, sound, marker, lag);
        if (gain > peak) {
            peak = gain;
            at = lag;
        }
    }
    if (expected >= OF_PEAK * peak && expected >= OF_GAIN * watch->gain)
        return CMRR_OK;
    if (peak >= OF_GAIN * watch->gain)
        return cmrr_fail(why, CMRR_SAMPLES_LOST,
                         "the latency changed by %+lld frames within the run: samples were lost or doubled, and the "
                         "driver did not say so; measure again",
                         (long long)at - (long long)watch->guard);
    return cmrr_fail(why, CMRR_SAMPLES_LOST,
                     "the marker of a block did not come back where it should: samples were lost and the driver did "
                     "not say so, or the device's gain was changed during the run; measure again");
}

enum cmrr_status marker_watch_take(struct marker_watch *watch, const struct audio_chunk *chunk, uint64_t origin,
                                   struct cmrr_error *why)
{
    if (watch->next == watch->plan->markers)
        return CMRR_OK;
    size_t index = watch->next;
    const struct plan_marker *marker = &watch->plan->marker[index];
    uint64_t from = origin + marker->start - watch->guard;
    if (!pick_frames(chunk, from, marker->frames + 2 * watch->guard, watch->kept))
        return CMRR_OK;
    double *sound = malloc(marker->frames * sizeof *sound);
    if (!sound)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    plan_render_marker(watch->plan, index, sound);
    enum cmrr_status status = judge(watch, marker, sound, why);
    free(sound);
    watch->next++;
    find_next(watch);
    return status;
}
