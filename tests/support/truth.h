/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_TRUTH_H
#define TEST_TRUTH_H

#include <stdbool.h>
#include <stddef.h>

/* The tables of tests/data/truth, row by row. */
struct truth_row {
    char device[64];
    char state[16]; /* "normal" or "tied" */
    double r_tie_ohm, dr_hot_ohm, dr_cold_ohm;
    double freq_hz, cmrr_db;
    double gain_db; /* differential gain; NAN where the table has none */
    double g_cm;    /* size of the common-mode gain; NAN where the table has none */
};

/* All rows of "expected" or "extra-expected"; *rows malloc'ed. Fails the test where the file cannot be read. */
size_t truth_read(const char *name, struct truth_row **rows);

/* One run: the rows from `first` on that differ in frequency only; returns how many (their frequencies ascend). */
size_t truth_group(const struct truth_row *rows, size_t count, size_t first);

/*
 * Measure one run of rows through the whole chain on a perfect bench (exact grid, no assumptions) and compare every
 * row: a value, within `tolerance_db`, and the gain within 0.0005 dB.
 * Tied rows with a resistor are compared by their common-mode gain: the table refers to a differential gain without the
 * resistor, and DR_HOT and DR_COLD stand in the bench's leg in every position. `every` takes only each n-th frequency. Fails the test with the worst row; returns the largest difference, dB.
 */
double truth_check(const struct truth_row *rows, size_t count, size_t every, double tolerance_db);

#endif
