/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/legs.h"
#include "cmrr/units.h"

/*
 * Combination of readings into points. At every frequency: the differential gain from the released block; the
 * common-mode gain from `tied` where that was measured, else from `normal`; the residual from `terminated`,
 * subtracted as a vector (one open stream, one latency). rho = (g_cm - g_terminated) / g_dm.
 */
struct ingredients {
    const struct reading *dm, *normal, *tied, *terminated;
};

static double drive_of(const struct reading *reading)
{
    return units_ratio(reading->drive_dbfs);
}

/* The last reading of a kind wins: a repeat replaces what it repeats. */
static struct ingredients gather(const struct reading *readings, size_t count, double freq_hz)
{
    struct ingredients in = {NULL, NULL, NULL, NULL};
    for (size_t i = 0; i < count; i++) {
        const struct reading *r = &readings[i];
        if (r->freq_hz != freq_hz || r->pass == PASS_LOOK || r->position.leg != LEG_NONE)
            continue;
        if (r->mode == MODE_DM && r->position.wiring == WIRING_NORMAL)
            in.dm = r;
        else if (r->mode == MODE_CM && r->position.wiring == WIRING_NORMAL)
            in.normal = r;
        else if (r->mode == MODE_CM && r->position.wiring == WIRING_TIED)
            in.tied = r;
        else if (r->mode == MODE_CM && r->position.wiring == WIRING_TERMINATED)
            in.terminated = r;
    }
    return in;
}

static const char *method_name(int is_tied, int has_residual)
{
    static const char *const names[2][2] = {{"normal", "normal-residual"}, {"tied", "tied-residual"}};
    return names[is_tied != 0][has_residual != 0];
}

/* Differential output that stands clear of noise and of what crosstalk alone could make. */
static int has_signal(const struct ingredients *in, struct phasor gain_dm, const struct assumptions *assumed)
{
    return cabs(in->dm->y.value) > 10.0 * in->dm->y.u && cabs(gain_dm.value) > legs_threshold(assumed);
}

static unsigned point_flags(const struct ingredients *in, const struct reading *cm, unsigned leg_flags)
{
    unsigned flags = leg_flags | cm->flags;
    if (in->dm)
        flags |= in->dm->flags;
    if (in->terminated)
        flags |= in->terminated->flags;
    return flags;
}

/*
 * What makes a point invalid: no gain to refer to, clipping, a position that was not taken; with the legs tied every
 * failed leg check, because the tie hides it. In `normal` a dead leg leaves a true figure (-6 dB), but joined or
 * missing legs leave none.
 */
static int is_invalid(unsigned flags, int is_tied)
{
    unsigned fatal = FLAG_CLIP | FLAG_NO_SIGNAL | FLAG_NO_RELEASED | FLAG_SHORTED | FLAG_DISCONNECTED;
    if (is_tied)
        fatal |= FLAG_LEG_HOT | FLAG_LEG_COLD;
    return (flags & fatal) != 0;
}

static void make_point(struct point *point, const struct ingredients *in, unsigned leg_flags,
                       const struct assumptions *assumed)
{
    int is_tied = in->tied != NULL, has_residual = in->terminated != NULL;
    const struct reading *cm = is_tied ? in->tied : in->normal;
    point->method = method_name(is_tied, has_residual);
    point->residual_db = NAN;
    point->result = (struct cmrr_result){CMRR_KIND_INVALID, NAN, NAN, NAN, NAN};
    point->flags = leg_flags;
    if (!cm)
        return;
    point->flags = point_flags(in, cm, leg_flags);
    struct phasor gain_cm = cmrr_gain_cm(cm->y, drive_of(cm));
    struct phasor gain_dm = in->dm ? cmrr_gain_dm(in->dm->y, drive_of(in->dm)) : (struct phasor){0.0, 0.0, 1.0};
    if (!in->dm)
        point->flags |= FLAG_NO_RELEASED;
    else if (!has_signal(in, gain_dm, assumed))
        point->flags |= FLAG_NO_SIGNAL;
    if (has_residual) {
        struct phasor residual = cmrr_gain_cm(in->terminated->y, drive_of(in->terminated));
        gain_cm = phasor_subtract(gain_cm, residual);
        if (in->dm)
            point->residual_db = -units_db(cabs(residual.value / gain_dm.value));
    }
    point->gain_dm = gain_dm.value;
    point->gain_cm = gain_cm.value;
    if (is_invalid(point->flags, is_tied))
        return;
    point->rho = phasor_divide(gain_cm, gain_dm);
    point->b = cmrr_assumed_radius(assumed, point->freq_hz, cabs(gain_dm.value), is_tied, has_residual);
    if (point->rho.nu < CMRR_NU_MIN)
        point->flags |= FLAG_FEW_BINS;
    point->result = cmrr_judge(point->rho, point->b);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Joined or missing legs end a measurement in its first block: what was planned stands there as invalid. */
static size_t list_planned(double *freq_hz, const struct planned *planned, unsigned flags)
{
    if (!planned || !(flags & (FLAG_SHORTED | FLAG_DISCONNECTED)))
        return 0;
    memcpy(freq_hz, planned->freq_hz, planned->count * sizeof *freq_hz);
    return planned->count;
}

/* The frequencies of all common-mode readings of the device, ascending, each once. */
static size_t list_frequencies(double *freq_hz, const struct reading *readings, size_t count)
{
    size_t all = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        if (readings[i].pass != PASS_LOOK && readings[i].mode == MODE_CM &&
            (readings[i].position.wiring == WIRING_NORMAL || readings[i].position.wiring == WIRING_TIED))
            freq_hz[all++] = readings[i].freq_hz;
    qsort(freq_hz, all, sizeof *freq_hz, ascending);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || freq_hz[i] > freq_hz[kept - 1])
            freq_hz[kept++] = freq_hz[i];
    return kept;
}

enum cmrr_status run_points_make(struct run_points *points, const struct reading *readings, size_t count,
                                 const struct assumptions *assumed, const struct planned *planned,
                                 struct cmrr_error *why)
{
    struct run_points made = {.source_per_leg_ohm = assumed->source_ohm};
    size_t room = count + (planned ? planned->count : 0) + 1;
    double *freq_hz = calloc(room, sizeof *freq_hz);
    made.at = calloc(room, sizeof *made.at);
    if (!freq_hz || !made.at) {
        free(freq_hz);
        free(made.at);
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    }
    made.flags = legs_check(readings, count, assumed);
    made.count = list_planned(freq_hz, planned, made.flags);
    if (made.count == 0)
        made.count = list_frequencies(freq_hz, readings, count);
    for (size_t i = 0; i < made.count; i++) {
        struct ingredients in = gather(readings, count, freq_hz[i]);
        made.at[i].freq_hz = freq_hz[i];
        make_point(&made.at[i], &in, made.flags, assumed);
        if (in.tied)
            made.source_per_leg_ohm = 0.0;
    }
    free(freq_hz);
    *points = made;
    return CMRR_OK;
}

void run_points_free(struct run_points *points)
{
    free(points->at);
    *points = (struct run_points){.at = NULL};
}

enum cmrr_status run_points_verdict(const struct run_points *points)
{
    size_t bounds = 0;
    for (size_t i = 0; i < points->count; i++) {
        if (points->at[i].result.kind == CMRR_KIND_INVALID)
            return CMRR_UNTRUSTED;
        bounds += points->at[i].result.kind == CMRR_KIND_BOUND;
    }
    return bounds == points->count ? CMRR_UNTRUSTED : CMRR_OK;
}
