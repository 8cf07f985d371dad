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

void legs_add(struct legs_tally *tally, double complex hot, double complex cold, const struct assumptions *assumed)
{
    tally->flags |= legs_judge(hot, cold, assumed) & ~(unsigned)FLAG_DISCONNECTED;
    tally->largest = fmax(tally->largest, fmax(cabs(hot), cabs(cold)));
    tally->count++;
}

/* Too little arrives to tell a leg: what leaks into open leads need not be alike. Joined legs stay joined. */
unsigned legs_flags(const struct legs_tally *tally, const struct assumptions *assumed)
{
    double connected = fmax(LEGS_CONNECTED_MIN, legs_threshold(assumed));
    if (tally->count == 0 || tally->largest > connected)
        return tally->flags;
    return tally->flags & FLAG_SHORTED ? FLAG_SHORTED : FLAG_DISCONNECTED;
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

/* One leg's reading and the other's of the same tone; what clipped was repeated and says nothing. */
static int is_pair(const struct reading *hot, const struct reading *cold)
{
    return cold->pass == PASS_LOOK && cold->mode == MODE_COLD && cold->freq_hz == hot->freq_hz &&
           cold->block == hot->block && !((hot->flags | cold->flags) & FLAG_CLIP);
}

unsigned legs_check(const struct reading *readings, size_t count, const struct assumptions *assumed)
{
    struct legs_tally tally = {0};
    unsigned shown = 0, polarity = 0;
    for (size_t i = 0; i < count; i++) {
        if (readings[i].pass == PASS_LOOK)
            shown |= readings[i].flags & FAULTS; /* what the marker alone has shown */
        if (readings[i].pass != PASS_LOOK || readings[i].mode != MODE_HOT)
            continue;
        for (size_t j = 0; j < count; j++) {
            const struct reading *hot = &readings[i], *cold = &readings[j];
            if (!is_pair(hot, cold))
                continue;
            double drive = units_ratio(hot->drive_dbfs);
            double complex h_hot = hot->y.value / drive, h_cold = cold->y.value / units_ratio(cold->drive_dbfs);
            legs_add(&tally, h_hot, h_cold, assumed);
            if (!legs_judge(h_hot, h_cold, assumed))
                polarity |= judge_polarity(hot, cold, drive);
        }
    }
    unsigned flags = legs_flags(&tally, assumed);
    return shown | flags | (flags & FLAG_DISCONNECTED ? 0 : polarity);
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
