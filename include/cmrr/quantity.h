/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_QUANTITY_H
#define CMRR_QUANTITY_H

#include <complex.h>

/* A value with its standard uncertainty, in the same unit. */
struct quantity {
    double value;
    double u;
};

/*
 * A complex value with its standard deviation per quadrature (real and imaginary part alike, uncorrelated) and the
 * effective degrees of freedom of that deviation. u >= 0, nu > 0.
 */
struct phasor {
    double complex value;
    double u;
    double nu;
};

/* Half width of the interval with coverage factor k (2 for about 95 %). */
double quantity_expanded(struct quantity q, double k);

/* First order propagation; degrees of freedom after Welch and Satterthwaite. */
struct phasor phasor_subtract(struct phasor a, struct phasor b);
struct phasor phasor_divide(struct phasor a, struct phasor b);
struct phasor phasor_scale(struct phasor a, double complex factor);

#endif
