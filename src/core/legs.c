/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/legs.h"

#include <math.h>
#include "cmrr/units.h"

/*
 * (h_hot, h_cold) of a balanced input is near (1, -1) g_dm; hot open (0, -1), cold open (0.5, 0), unbalanced (1, 0),
 * exchanged pins (-1, 1), joined legs (e, e) with e the little that the device makes of a common mode. A leg is dead
 * when it gives less than half (6 dB) of the legs' mean; legs are joined when both give much the same: the difference
 * is less than a quarter of the sum.
 */
#define FAULTS (FLAG_LEG_HOT | FLAG_LEG_COLD | FLAG_SHORTED | FLAG_DISCONNECTED)

double legs_threshold(const struct assumptions *assumed)
{
    return fmax(LEGS_SIGNAL_MIN, 2.0 * units_ratio(assumed->crosstalk_db));
}

unsigned legs_judge(double complex hot, double complex cold, const struct assumptions *assumed)
{
    double threshold = legs_threshold(assumed), mean = 0.5 * (cabs(hot) + cabs(cold));
    if (fmax(cabs(hot), cabs(cold)) <= threshold)
        return FLAG_DISCONNECTED;
    if (cabs(hot) < 0.5 * mean)
        return FLAG_LEG_HOT;
    if (cabs(cold) < 0.5 * mean)
        return FLAG_LEG_COLD;
    return 0.5 * cabs(hot - cold) < 0.25 * cabs(hot + cold) ? FLAG_SHORTED : 0;
}

unsigned legs_merge(unsigned a, unsigned b)
{
    unsigned merged = a | b;
    if (merged & (FLAG_SHORTED | FLAG_LEG_HOT | FLAG_LEG_COLD))
        merged &= ~(unsigned)FLAG_DISCONNECTED;
    return merged;
}

/*
 * Polarity is the sign of the real part of g_dm where the device is neither at its low nor at its high corner; a
 * device that turns the phase by a right angle in the middle of the band has none, and is not called inverted.
 */
static unsigned judge_polarity(const struct reading *hot, const struct reading *cold, double drive)
{
    double complex gain_dm = (hot->y.value - cold->y.value) / (2.0 * drive);
    return creal(gain_dm) < -0.7 * cabs(gain_dm) && hot->freq_hz >= 300.0 && hot->freq_hz <= 3000.0 ? FLAG_INVERTED : 0;
}

unsigned legs_check(const struct reading *readings, size_t count, const struct assumptions *assumed)
{
    unsigned flags = 0;
    for (size_t i = 0; i < count; i++) {
        if (readings[i].pass == PASS_LOOK)
            flags = legs_merge(flags, readings[i].flags & FAULTS); /* what the marker alone has shown */
        if (readings[i].pass != PASS_LOOK || readings[i].mode != MODE_HOT)
            continue;
        for (size_t j = 0; j < count; j++) {
            const struct reading *hot = &readings[i], *cold = &readings[j];
            if (cold->pass != PASS_LOOK || cold->mode != MODE_COLD || cold->freq_hz != hot->freq_hz ||
                cold->block != hot->block)
                continue;
            double drive = units_ratio(hot->drive_dbfs);
            unsigned found = legs_judge(hot->y.value / drive, cold->y.value / units_ratio(cold->drive_dbfs), assumed);
            if (!(found & FAULTS))
                found |= judge_polarity(hot, cold, drive);
            flags = legs_merge(flags, found);
        }
    }
    return flags;
}

const char *legs_sentence(unsigned flags)
{
    if (flags & FLAG_SHORTED)
        return "no differential output: hot and cold are joined together (shorted legs, or a tie left closed); "
               "open the tie, check pins 2 and 3";
    if (flags & FLAG_DISCONNECTED)
        return "neither leg arrives above the crosstalk: the input is disconnected, or its legs are shorted together; "
               "check the cable, the channels and the input's gain";
    if ((flags & FLAG_LEG_HOT) && (flags & FLAG_LEG_COLD))
        return "leg check failed on hot and cold; check pins 2 and 3";
    if (flags & FLAG_LEG_HOT)
        return "the hot leg (pin 2, tip) is dead: hot open or grounded; check its wire";
    if (flags & FLAG_LEG_COLD)
        return "the cold leg (pin 3, ring) is dead: cold open, or an unbalanced input (cold tied to ground); "
               "check its wire and the plug";
    if (flags & FLAG_INVERTED)
        return "polarity is inverted: hot and cold exchanged somewhere, or an inverting device";
    return "";
}
