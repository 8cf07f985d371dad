/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_RATIONAL_H
#define CMRR_RATIONAL_H

#include <complex.h>
#include <stddef.h>

/*
 * A response of a real circuit as a quotient of polynomials in s = j x with real coefficients:
 * (a_0 + a_1 s + ...) / (1 + b_1 s + ...). What is fitted over a part of the axis goes on beyond it as the circuit
 * itself would.
 */
enum { RATIONAL_ORDER_MAX = 4 };

struct rational {
    size_t order;
    double a[RATIONAL_ORDER_MAX + 1];
    double b[RATIONAL_ORDER_MAX + 1]; /* b[0] = 1 */
};

double complex rational_at(const struct rational *rational, double x);

/*
 * Least squares over `count` points h(x), x > 0: the lowest order whose largest error is below `tolerance` times the
 * largest |h|, else the order with the smallest error. Returns that error relative to the largest |h|; 0 where all h
 * are 0. Needs count >= 1.
 */
double rational_fit(struct rational *rational, const double *x, const double complex *h, size_t count,
                    double tolerance);

#endif
