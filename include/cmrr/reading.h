/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_READING_H
#define CMRR_READING_H

#include <stdint.h>
#include "cmrr/position.h"
#include "cmrr/quantity.h"
#include "cmrr/table.h"

/*
 * One raw reading: one tone of one step, as a row of steps.csv holds it. A run is made of these and can be made
 * again from them at any time.
 */
enum mode { MODE_DM, MODE_CM, MODE_HOT, MODE_COLD, MODE_OFF, MODE_COUNT };
enum pass { PASS_LOOK, PASS_MAIN, PASS_REFINE, PASS_COUNT };

const char *mode_name(enum mode mode);
const char *pass_name(enum pass pass);

/* What output 1 and output 2 play in a mode: dm +1 -1, cm +1 +1, hot +1 0, cold 0 +1. */
double mode_drive(enum mode mode, size_t output);

enum flag {
    FLAG_CLIP = 1 << 0,         /* samples at full scale at the input */
    FLAG_NO_SIGNAL = 1 << 1,    /* no differential output above noise and crosstalk */
    FLAG_LEG_HOT = 1 << 2,      /* the hot leg alone gives too little */
    FLAG_LEG_COLD = 1 << 3,     /* the cold leg alone gives too little */
    FLAG_SHORTED = 1 << 4,      /* both legs give the same: joined together */
    FLAG_DISCONNECTED = 1 << 5, /* neither leg arrives above the crosstalk */
    FLAG_INVERTED = 1 << 6,     /* polarity inverted: a warning */
    FLAG_FEW_BINS = 1 << 7,     /* noise known from too few bins for a value */
    FLAG_NO_RELEASED = 1 << 8,  /* no differential gain to refer to */
    FLAG_COUNT = 9
};

enum { FLAGS_TEXT = 160 };
/* Words joined by '|', "" for none; text has room for FLAGS_TEXT bytes. Returns text. */
const char *flags_format(unsigned flags, char *text);
enum cmrr_status flags_parse(const char *text, unsigned *flags);

struct reading {
    unsigned stream; /* counts opens of the interface, from 1 */
    unsigned block;  /* counts blocks within the run, from 1 */
    enum pass pass;
    struct position position;
    enum mode mode;
    double freq_hz;
    double t_s;             /* middle of the window, seconds of played audio since the stream opened */
    uint64_t frames;        /* length of the window */
    int64_t latency_frames; /* removed from the phase */
    double drive_dbfs;      /* peak of this tone per output */
    double complex drive2;  /* output 2 relative to output 1 as played */
    struct phasor y;        /* peak amplitude, full scale = 1, phase as played, not divided by the drive */
    unsigned attempt;       /* from 1 */
    unsigned flags;
};

/* A table with the columns of steps.csv and no row yet (NULL: no memory); one reading appended to it. */
struct table *readings_table(void);
void readings_append(struct table *table, const struct reading *reading);

/* All rows of a steps.csv; *readings is malloc'ed. Channels other than "in" are skipped. */
enum cmrr_status readings_parse(const struct table *table, struct reading **readings, size_t *count,
                                struct cmrr_error *why);

#endif
