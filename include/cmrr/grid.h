/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_GRID_H
#define CMRR_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmrr/status.h"

/*
 * The frequencies of a sweep. Every one makes whole cycles in its analysis window (coherent). The hum-safe grid keeps
 * clear of mains harmonics and of the USB frame rate; the exact grid takes the nearest coherent frequency.
 */
enum grid_kind { GRID_HUM_SAFE, GRID_EXACT };

struct grid_tone {
    double freq_hz;
    uint64_t cycles;        /* whole cycles in the window */
    uint64_t window_frames; /* 1 s below 2 kHz and everywhere on the exact grid, else 0.4 s; 4 s below 4 Hz */
};

struct grid {
    struct grid_tone *tone; /* ascending, none twice */
    size_t count;
};

enum { GRID_TONES_MAX = 1000 };
#define GRID_TOP 0.4536 /* highest frequency as a part of the rate: 20 kHz at 44.1 kHz */

/*
 * spec  "20:20000/3" (1, 3, 6, 12 or 24 to the octave), "20:20000/10dec" (that many to the decade), or a list
 *       "60,1000,10000"; in Hz, 1 Hz .. GRID_TOP x rate
 * grid  out: free with grid_free; untouched on failure. CMRR_USAGE names what cannot be read.
 */
enum cmrr_status grid_make(struct grid *grid, const char *spec, enum grid_kind kind, unsigned rate_hz,
                           struct cmrr_error *why);
void grid_free(struct grid *grid);

enum cmrr_status grid_kind_parse(enum grid_kind *kind, const char *text, struct cmrr_error *why);

/*
 * Whether a tone keeps at least 5 Hz from every multiple of 50 and of 60 Hz up to 800 Hz, at least 25 Hz above.
 */
bool grid_is_hum_safe(double freq_hz);

/* The nearest hum-safe whole frequency within [low_hz, high_hz]; NAN where there is none. */
double grid_snap_hum_safe(double freq_hz, double low_hz, double high_hz);

#endif
