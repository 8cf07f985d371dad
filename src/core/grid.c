/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/units.h"

/*
 * From what the user writes behind -f to coherent tones. Third octaves are the nominal ones of IEC 61260 (R10
 * numbers: 20, 25, 31.5 ...); other fractions are its exact base-ten mid-band frequencies 1000 x 10^(0.3 k / n).
 * A range "a:b/n" holds those within [a, b]; "a:b/ndec" starts at a. Hum-safe tones above 800 Hz are 300 m +- 25 Hz:
 * the only ones 25 Hz clear of all multiples of 50 and of 60 Hz, and so of 1 kHz, the frame rate of USB, too.
 */
#define LOWEST_HZ 1.0
#define LONG_WINDOW_BELOW_HZ 2000.0
#define LONGEST_WINDOW_BELOW_HZ 4.0
#define FINE_CLEARANCE_HZ 5.0
#define FINE_TOP_HZ 800.0
#define WIDE_CLEARANCE_HZ 25.0

struct wish {
    double *freq_hz;
    size_t count;
    double low_hz, high_hz;
    const char *spec;
    struct cmrr_error *why;
};

static double distance_to_multiple(double freq_hz, double of_hz)
{
    double nearest = fmax(1.0, rint(freq_hz / of_hz)) * of_hz;
    return fabs(freq_hz - nearest);
}

bool grid_is_hum_safe(double freq_hz)
{
    double clear = freq_hz <= FINE_TOP_HZ ? FINE_CLEARANCE_HZ : WIDE_CLEARANCE_HZ;
    return fmin(distance_to_multiple(freq_hz, 50.0), distance_to_multiple(freq_hz, 60.0)) >= clear - 1e-9;
}

double grid_snap_hum_safe(double freq_hz, double low_hz, double high_hz)
{
    double nearest = rint(freq_hz);
    for (double away = 0.0; away <= 300.0; away += 1.0)
        for (int side = -1; side <= 1; side += 2) {
            double candidate = nearest + side * away;
            if (candidate >= fmax(low_hz, LOWEST_HZ) && candidate <= high_hz && grid_is_hum_safe(candidate))
                return candidate;
        }
    return NAN;
}

static enum cmrr_status wish_add(struct wish *wish, double freq_hz)
{
    if (wish->count == GRID_TONES_MAX)
        return cmrr_fail(wish->why, CMRR_USAGE, "freqs: '%.60s' gives more than %d frequencies", wish->spec,
                         GRID_TONES_MAX);
    wish->freq_hz[wish->count++] = freq_hz;
    return CMRR_OK;
}

static enum cmrr_status wish_octaves(struct wish *wish, int fraction)
{
    static const double r10[] = {1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0};
    enum cmrr_status status = CMRR_OK;
    int from = (int)floor(log10(wish->low_hz / 1000.0) * fraction / 0.3) - 1;
    int to = (int)ceil(log10(wish->high_hz / 1000.0) * fraction / 0.3) + 1;
    for (int k = from; k <= to && status == CMRR_OK; k++) {
        double freq_hz = 1000.0 * pow(10.0, 0.3 * k / fraction);
        int tenth = fraction == 1 ? 3 * k : k;
        if (fraction == 1 || fraction == 3)
            freq_hz = 1000.0 * r10[((tenth % 10) + 10) % 10] * pow(10.0, floor(tenth / 10.0));
        if (freq_hz >= wish->low_hz * (1.0 - 1e-9) && freq_hz <= wish->high_hz * (1.0 + 1e-9))
            status = wish_add(wish, freq_hz);
    }
    return status;
}

static enum cmrr_status wish_decades(struct wish *wish, int per_decade)
{
    enum cmrr_status status = CMRR_OK;
    for (int i = 0; status == CMRR_OK; i++) {
        double freq_hz = wish->low_hz * pow(10.0, (double)i / per_decade);
        if (freq_hz > wish->high_hz * (1.0 + 1e-9))
            break;
        status = wish_add(wish, freq_hz);
    }
    return status;
}

static enum cmrr_status refuse_spec(const struct wish *wish)
{
    return cmrr_fail(wish->why, CMRR_USAGE,
                     "freqs: '%.60s' is neither LOW:HIGH/N (N of 1, 3, 6, 12, 24 to the octave), LOW:HIGH/Ndec "
                     "(N of 1 to 100), nor a list in Hz such as 60,1000,10000",
                     wish->spec);
}

/* A number that ends at one of `stops`; *at moves behind it. */
static bool take_number(const char **at, const char *stops, double *value)
{
    char text[64];
    size_t length = strcspn(*at, stops);
    if (length >= sizeof text)
        return false;
    memcpy(text, *at, length);
    text[length] = '\0';
    *at += length;
    return units_parse(text, value) == CMRR_OK;
}

static enum cmrr_status wish_range(struct wish *wish)
{
    const char *at = wish->spec;
    double low, high, steps;
    if (!take_number(&at, ":", &low) || *at++ != ':' || !take_number(&at, "/", &high) || *at++ != '/' ||
        !take_number(&at, "d", &steps))
        return refuse_spec(wish);
    bool is_decade = strcmp(at, "dec") == 0;
    bool is_octave = *at == '\0' && (steps == 1 || steps == 3 || steps == 6 || steps == 12 || steps == 24);
    if (!is_octave && !(is_decade && steps >= 1 && steps <= 100 && steps == rint(steps)))
        return refuse_spec(wish);
    if (!(low >= LOWEST_HZ) || !(high >= low) || high > 1e6)
        return cmrr_fail(wish->why, CMRR_USAGE, "freqs: '%.60s': the range must ascend and begin at %g Hz or above",
                         wish->spec, LOWEST_HZ);
    wish->low_hz = low;
    wish->high_hz = high;
    return is_octave ? wish_octaves(wish, (int)steps) : wish_decades(wish, (int)steps);
}

static enum cmrr_status wish_list(struct wish *wish)
{
    const char *at = wish->spec;
    for (;;) {
        double freq_hz;
        if (!take_number(&at, ",", &freq_hz))
            return refuse_spec(wish);
        if (wish_add(wish, freq_hz) != CMRR_OK)
            return CMRR_USAGE;
        if (*at == '\0')
            return CMRR_OK;
        at++;
    }
}

static int ascending(const void *a, const void *b)
{
    double x = ((const struct grid_tone *)a)->freq_hz, y = ((const struct grid_tone *)b)->freq_hz;
    return (x > y) - (x < y);
}

/* Snap every wish, sort, drop what fell together. */
static enum cmrr_status snap(struct grid *grid, const struct wish *wish, enum grid_kind kind, unsigned rate_hz)
{
    double top_hz = floor(GRID_TOP * rate_hz);
    for (size_t i = 0; i < wish->count; i++) {
        double wanted = wish->freq_hz[i];
        if (!(wanted >= LOWEST_HZ) || wanted > top_hz)
            return cmrr_fail(wish->why, CMRR_USAGE, "freqs: %g Hz: at %u Hz the range is %g to %g Hz", wanted, rate_hz,
                             LOWEST_HZ, top_hz);
        double freq_hz =
            kind == GRID_EXACT ? rint(wanted) : grid_snap_hum_safe(wanted, wish->low_hz, fmin(wish->high_hz, top_hz));
        if (isnan(freq_hz))
            return cmrr_fail(wish->why, CMRR_USAGE,
                             "freqs: no hum-safe frequency near %g Hz within the range: widen it or use --grid exact",
                             wanted);
        bool is_short = kind == GRID_HUM_SAFE && freq_hz >= LONG_WINDOW_BELOW_HZ;
        /* The 4-term window reaches 3 bins: 1 to 3 Hz need 4 s to stand clear of DC and of their own image. */
        uint64_t window = is_short ? rate_hz / 5 * 2 : freq_hz < LONGEST_WINDOW_BELOW_HZ ? 4 * rate_hz : rate_hz;
        grid->tone[i] = (struct grid_tone){freq_hz, (uint64_t)rint(freq_hz * (double)window / rate_hz), window};
    }
    qsort(grid->tone, wish->count, sizeof *grid->tone, ascending);
    for (size_t i = 0; i < wish->count; i++)
        if (grid->count == 0 || grid->tone[i].freq_hz > grid->tone[grid->count - 1].freq_hz)
            grid->tone[grid->count++] = grid->tone[i];
    return CMRR_OK;
}

enum cmrr_status grid_make(struct grid *grid, const char *spec, enum grid_kind kind, unsigned rate_hz,
                           struct cmrr_error *why)
{
    struct wish wish = {.spec = spec, .why = why, .low_hz = LOWEST_HZ, .high_hz = INFINITY};
    struct grid made = {.count = 0};
    enum cmrr_status status = CMRR_NO_MEMORY;
    wish.freq_hz = calloc(GRID_TONES_MAX, sizeof *wish.freq_hz);
    made.tone = calloc(GRID_TONES_MAX, sizeof *made.tone);
    if (wish.freq_hz && made.tone)
        status = strchr(spec, ':') ? wish_range(&wish) : wish_list(&wish);
    if (status == CMRR_OK && wish.count == 0)
        status = cmrr_fail(why, CMRR_USAGE, "freqs: '%.60s' holds no frequency of its series", spec);
    if (status == CMRR_OK)
        status = snap(&made, &wish, kind, rate_hz);
    free(wish.freq_hz);
    if (status == CMRR_OK)
        *grid = made;
    else
        grid_free(&made);
    return status;
}

void grid_free(struct grid *grid)
{
    free(grid->tone);
    *grid = (struct grid){.count = 0};
}

enum cmrr_status grid_kind_parse(enum grid_kind *kind, const char *text, struct cmrr_error *why)
{
    if (strcmp(text, "hum-safe") == 0)
        *kind = GRID_HUM_SAFE;
    else if (strcmp(text, "exact") == 0)
        *kind = GRID_EXACT;
    else
        return cmrr_fail(why, CMRR_USAGE, "grid: '%.40s' is neither hum-safe nor exact", text);
    return CMRR_OK;
}
