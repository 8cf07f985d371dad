/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/cmrr.h"

#include <math.h>
#include "cmrr/units.h"

/*
 * Gains from phasors, what is assumed, and the one rule that says what may be printed: a value when the reading
 * stands clear of what is assumed (|x| >= 2 b) and of noise (|x| - b >= 2.716 s), else a bound. The floor is
 * b + 2.716 s, and no printed CMRR is ever above it.
 */

struct phasor cmrr_gain_dm(struct phasor y, double drive_ratio)
{
    return phasor_scale(y, 1.0 / (2.0 * drive_ratio));
}

struct phasor cmrr_gain_cm(struct phasor y, double drive_ratio)
{
    return phasor_scale(y, 1.0 / drive_ratio);
}

double cmrr_assumed_radius(const struct assumptions *assumed, double freq_hz, double gain_dm, int is_tied,
                           int is_residual_subtracted)
{
    double mismatch = units_ratio(assumed->mismatch_db) - 1.0;
    double skew = 2.0 * M_PI * freq_hz * assumed->skew_ns * 1e-9;
    double match = hypot(mismatch, skew);
    if (is_tied)
        match *= assumed->tie_ohm / (2.0 * assumed->source_ohm);
    double crosstalk = is_residual_subtracted ? 0.0 : 2.0 * units_ratio(assumed->crosstalk_db) / gain_dm;
    return match + crosstalk + units_ratio(assumed->ground_db) / gain_dm;
}

const char *cmrr_kind_name(enum cmrr_kind kind)
{
    static const char *const names[] = {"value", "bound", "invalid"};
    return names[kind];
}

struct cmrr_result cmrr_judge(struct phasor rho, double b)
{
    double s = fmax(rho.u, CMRR_S_MIN);
    double x = cabs(rho.value);
    /* What is no number would fail every comparison below and stand there as a bound. */
    if (!isfinite(x) || !isfinite(rho.u) || !isfinite(b))
        return (struct cmrr_result){CMRR_KIND_INVALID, NAN, NAN, NAN, NAN};
    double floor_ratio = b + CMRR_DETECT * s;
    double upper = s * cmrr_rice_upper(x / s) + b;
    struct cmrr_result result = {.floor_db = -units_db(floor_ratio), .hi95_db = NAN};
    if (x >= 2.0 * b && x - b >= CMRR_DETECT * s && rho.nu >= CMRR_NU_MIN) {
        double lower = s * cmrr_rice_lower(x / s) - b;
        result.kind = CMRR_KIND_VALUE;
        result.cmrr_db = -units_db(fmax(sqrt(x * x - 2.0 * s * s), floor_ratio));
        result.lo95_db = -units_db(upper);
        result.hi95_db = lower > 0.0 ? -units_db(lower) : NAN;
    } else {
        result.kind = CMRR_KIND_BOUND;
        result.cmrr_db = result.lo95_db = -units_db(fmax(upper, floor_ratio));
    }
    return result;
}
