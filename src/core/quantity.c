/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/quantity.h"

#include <math.h>

/*
 * Propagation of standard deviations per quadrature through the few operations that ratios need. Two independent
 * circular deviations add in squares; a quotient's is |q| times the relative ones in squares (GUM, 5.1). The degrees
 * of freedom of a sum of variances follow Welch and Satterthwaite: nu = (sum v)^2 / sum(v^2 / nu_i) (GUM, G.4).
 */

double quantity_expanded(struct quantity q, double k)
{
    return q.u * k;
}

static double effective_nu(double variance_a, double nu_a, double variance_b, double nu_b)
{
    double sum = variance_a + variance_b;
    if (sum <= 0.0)
        return fmin(nu_a, nu_b);
    /* Scaled by the sum first: the squares of variances of 1e-24 would leave the range of a double. */
    double a = variance_a / sum, b = variance_b / sum;
    return 1.0 / (a * a / nu_a + b * b / nu_b);
}

struct phasor phasor_subtract(struct phasor a, struct phasor b)
{
    double variance_a = a.u * a.u, variance_b = b.u * b.u;
    return (struct phasor){
        .value = a.value - b.value,
        .u = sqrt(variance_a + variance_b),
        .nu = effective_nu(variance_a, a.nu, variance_b, b.nu),
    };
}

struct phasor phasor_divide(struct phasor a, struct phasor b)
{
    double complex quotient = a.value / b.value;
    double size_b = cabs(b.value);
    double from_a = a.u / size_b, from_b = cabs(quotient) * b.u / size_b;
    double variance_a = from_a * from_a, variance_b = from_b * from_b;
    return (struct phasor){
        .value = quotient,
        .u = sqrt(variance_a + variance_b),
        .nu = effective_nu(variance_a, a.nu, variance_b, b.nu),
    };
}

struct phasor phasor_scale(struct phasor a, double complex factor)
{
    return (struct phasor){.value = a.value * factor, .u = a.u * cabs(factor), .nu = a.nu};
}
