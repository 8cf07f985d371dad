/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/circuit.h"

#include <math.h>

/*
 * Nodes n (behind the source resistances, where a tie joins the legs) and pins p (behind the imbalance resistors D):
 *
 *     n = (1 + D Y) p          the imbalance drops D times the pin current I = Y p
 *     e = n + R (I + T n)      the source resistance R carries the pin current and that of the tie, T = g [1 -1; -1 1]
 *     e = [(1 + R T)(1 + D Y) + R Y] p = M p
 *
 * and the output is t_sum (p_hot + p_cold)/2 + t_diff (p_hot - p_cold). A perfect tie (0 ohm) is the limit of a small
 * one: 0.1 uohm leaves 2e-9 of the mismatch and keeps M well conditioned in double precision.
 *
 * Faults are circuits too: an open leg is 1 Tohm in series with the pin, which leaks 1 Gohm to ground; legs shorted
 * together and a cold pin strapped to ground are 1 mohm.
 */
#define OPEN_OHM 1e12
#define LEAK_SIEMENS 1e-9
#define STRAP_SIEMENS 1e3
#define TIE_OHM_MIN 1e-7

typedef double complex matrix[2][2];

const char *fault_name(enum fault fault)
{
    static const char *const names[] = {"none",    "hot-open",   "cold-open",   "shorted",
                                        "swapped", "unbalanced", "disconnected"};
    return names[fault];
}

static void multiply(const matrix a, const matrix b, matrix product)
{
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            product[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j];
}

/* The admittance that the plug sees and the resistance in series with each pin, faults included. */
static void apply_fault(enum fault fault, matrix y, double series_ohm[2])
{
    int is_open[2] = {fault == FAULT_HOT_OPEN || fault == FAULT_DISCONNECTED,
                      fault == FAULT_COLD_OPEN || fault == FAULT_DISCONNECTED};
    for (int pin = 0; pin < 2; pin++)
        if (is_open[pin]) {
            series_ohm[pin] = OPEN_OHM;
            y[pin][pin] += LEAK_SIEMENS;
        }
    if (fault == FAULT_UNBALANCED)
        y[1][1] += STRAP_SIEMENS;
    if (fault == FAULT_SHORTED) {
        y[0][0] += STRAP_SIEMENS;
        y[1][1] += STRAP_SIEMENS;
        y[0][1] -= STRAP_SIEMENS;
        y[1][0] -= STRAP_SIEMENS;
    }
}

/* M of the head comment, rows and columns in the order hot, cold. */
static void source_matrix(const struct circuit *circuit, const matrix y, const double series_ohm[2],
                          const double source_ohm[2], matrix m)
{
    double tie = circuit->wiring == WIRING_TIED ? 1.0 / fmax(circuit->tie_ohm, TIE_OHM_MIN) : 0.0;
    matrix node, source;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            node[i][j] = (i == j) + series_ohm[i] * y[i][j];
            source[i][j] = (i == j) + source_ohm[i] * (i == j ? tie : -tie);
        }
    multiply(source, node, m);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            m[i][j] += source_ohm[i] * y[i][j];
}

/* What an EMF pair (hot side, cold side of the plug) gives at the output: t M^-1 e, by Cramer's rule. */
static double complex output(const struct device_point *point, const matrix m, double hot_emf, double cold_emf)
{
    double complex determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    double complex hot = (m[1][1] * hot_emf - m[0][1] * cold_emf) / determinant;
    double complex cold = (m[0][0] * cold_emf - m[1][0] * hot_emf) / determinant;
    return point->t_sum * 0.5 * (hot + cold) + point->t_diff * (hot - cold);
}

struct transfer circuit_transfer(const struct circuit *circuit, const struct device_point *point)
{
    struct transfer transfer = {{0.0, 0.0}, 0.0};
    if (circuit->wiring == WIRING_TERMINATED)
        return transfer;
    matrix y, m;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            y[i][j] = point->y[i][j];
    double series_ohm[2] = {circuit->imbalance_ohm[0], circuit->imbalance_ohm[1]};
    apply_fault(circuit->fault, y, series_ohm);
    int is_swapped = (circuit->wiring == WIRING_SWAPPED) != (circuit->fault == FAULT_SWAPPED);
    double source_ohm[2] = {circuit->source_ohm[is_swapped], circuit->source_ohm[!is_swapped]};
    source_matrix(circuit, y, series_ohm, source_ohm, m);
    transfer.from[is_swapped] = output(point, m, 1.0, 0.0);
    transfer.from[!is_swapped] = output(point, m, 0.0, 1.0);
    transfer.sum = output(point, m, 1.0, 1.0);
    return transfer;
}
