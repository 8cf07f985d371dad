/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/cmrr.h"

#include <math.h>

/*
 * The size R of a complex reading with noise of unit deviation per quadrature around a true amplitude A has Rice's
 * distribution, P(R < x | A) = integral_0^x r exp(-(r - A)^2 / 2) [exp(-r A) I0(r A)] dr. Its one-sided 97.5 % limits
 * as functions of x are the A where that is 0.025 (upper) and 0.975 (lower). Simpson's rule over the part that
 * matters, bisection in A: 1e-6 throughout; above x = 30 the normal approximation with Rice's mean A + 1/(2 A) and
 * deviation 1 - 1/(4 A^2) is good to 1e-4.
 */
#define TAIL 0.025
#define NORMAL_QUANTILE 1.959963984540054
#define LARGE_RATIO 30.0

/* exp(-x) I0(x), x >= 0: Abramowitz and Stegun 9.8.1 and 9.8.2 (relative 2e-7). */
static double bessel_i0_scaled(double x)
{
    static const double small[] = {1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813};
    static const double large[] = {0.39894228,  0.01328592, 0.00225319,  -0.00157565, 0.00916281,
                                   -0.02057706, 0.02635537, -0.01647633, 0.00392377};
    double sum = 0.0;
    if (x < 3.75) {
        double t = x * x / (3.75 * 3.75);
        for (int i = 6; i >= 0; i--)
            sum = sum * t + small[i];
        return sum * exp(-x);
    }
    double t = 3.75 / x;
    for (int i = 8; i >= 0; i--)
        sum = sum * t + large[i];
    return sum / sqrt(x);
}

static double density(double r, double amplitude)
{
    return r * exp(-0.5 * (r - amplitude) * (r - amplitude)) * bessel_i0_scaled(r * amplitude);
}

/* P(R < x | amplitude) */
static double rice_below(double x, double amplitude)
{
    enum { STEPS = 400 };
    double from = fmax(0.0, amplitude - 9.0);
    if (x <= from)
        return 0.0;
    double h = (x - from) / STEPS, sum = density(from, amplitude) + density(x, amplitude);
    for (int i = 1; i < STEPS; i++)
        sum += (i % 2 ? 4.0 : 2.0) * density(from + i * h, amplitude);
    return sum * h / 3.0;
}

/* The amplitude for which P(R < x) is `probability`; it falls as the amplitude grows. 0 where none is low enough. */
static double solve(double x, double probability)
{
    double low = 0.0, high = x + 5.0;
    if (rice_below(x, 0.0) <= probability)
        return 0.0;
    for (int i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        if (rice_below(x, middle) > probability)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

double cmrr_rice_upper(double ratio)
{
    if (ratio < LARGE_RATIO)
        return solve(ratio, TAIL);
    double shifted = ratio + NORMAL_QUANTILE * (1.0 - 0.25 / (ratio * ratio));
    return shifted - 0.5 / shifted;
}

double cmrr_rice_lower(double ratio)
{
    if (ratio < LARGE_RATIO)
        return solve(ratio, 1.0 - TAIL);
    double shifted = ratio - NORMAL_QUANTILE * (1.0 - 0.25 / (ratio * ratio));
    return shifted - 0.5 / shifted;
}
