/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/rational.h"

#include <math.h>
#include <string.h>

/*
 * Levy's linear equations, sum a_k s^k - h sum b_k s^k = h, weighted by 1/|D| of the solution before (Sanathanan and
 * Koerner, IEEE Trans. Autom. Control 8, 1963), solved by Householder reflections. The lowest sufficient order is
 * taken: a higher one would have poles and zeros left over that cancel only where it was fitted.
 */
enum { POINTS_MAX = 128, UNKNOWNS_MAX = 2 * RATIONAL_ORDER_MAX + 1, ROUNDS = 4 };
#define DEPENDENT 1e-13 /* a column that is this much smaller after reflection than before adds nothing */

static double complex polynomial(const double *c, size_t order, double complex s)
{
    double complex sum = 0.0;
    for (size_t k = order + 1; k-- > 0;)
        sum = sum * s + c[k];
    return sum;
}

double complex rational_at(const struct rational *rational, double x)
{
    double complex s = I * x;
    return polynomial(rational->a, rational->order, s) / polynomial(rational->b, rational->order, s);
}

struct system {
    double row[2 * POINTS_MAX][UNKNOWNS_MAX + 1]; /* the last column is the right-hand side */
    size_t rows, unknowns;
};

static void set_rows(struct system *system, const struct rational *last, const double *x, const double complex *h,
                     size_t count)
{
    size_t order = last->order;
    system->unknowns = 2 * order + 1;
    system->rows = 2 * count;
    for (size_t i = 0; i < count; i++) {
        double weight = 1.0 / cabs(polynomial(last->b, order, I * x[i]));
        double complex power = weight;
        for (size_t k = 0; k <= order; k++, power *= I * x[i]) {
            system->row[2 * i][k] = creal(power);
            system->row[2 * i + 1][k] = cimag(power);
            if (k == 0)
                continue;
            system->row[2 * i][order + k] = -creal(power * h[i]);
            system->row[2 * i + 1][order + k] = -cimag(power * h[i]);
        }
        system->row[2 * i][system->unknowns] = weight * creal(h[i]);
        system->row[2 * i + 1][system->unknowns] = weight * cimag(h[i]);
    }
}

/* Reflect column c to a multiple of the unit vector; 0 where it depends on those before it. */
static double reflect(struct system *system, size_t c)
{
    double below = 0.0, all = 0.0;
    for (size_t i = 0; i < system->rows; i++) {
        double square = system->row[i][c] * system->row[i][c];
        all += square;
        below += i >= c ? square : 0.0;
    }
    double norm = sqrt(below);
    if (norm <= DEPENDENT * sqrt(all))
        return 0.0;
    double alpha = system->row[c][c] > 0.0 ? -norm : norm;
    double v[2 * POINTS_MAX] = {0.0}, square = 0.0;
    for (size_t i = c; i < system->rows; i++) {
        v[i] = system->row[i][c] - (i == c ? alpha : 0.0);
        square += v[i] * v[i];
    }
    for (size_t j = c; j <= system->unknowns; j++) {
        double dot = 0.0;
        for (size_t i = c; i < system->rows; i++)
            dot += v[i] * system->row[i][j];
        for (size_t i = c; i < system->rows; i++)
            system->row[i][j] -= 2.0 * dot / square * v[i];
    }
    return alpha;
}

static void solve(struct system *system, double *unknown)
{
    double diagonal[UNKNOWNS_MAX] = {0.0};
    for (size_t c = 0; c < system->unknowns; c++)
        diagonal[c] = reflect(system, c);
    for (size_t c = system->unknowns; c-- > 0;) {
        double sum = system->row[c][system->unknowns];
        for (size_t j = c + 1; j < system->unknowns; j++)
            sum -= system->row[c][j] * unknown[j];
        unknown[c] = diagonal[c] != 0.0 ? sum / diagonal[c] : 0.0;
    }
}

static void fit_order(struct rational *rational, size_t order, const double *x, const double complex *h, size_t count)
{
    struct system system; /* 20 KB */
    double unknown[UNKNOWNS_MAX] = {0.0};
    memset(rational, 0, sizeof *rational);
    rational->order = order;
    rational->b[0] = 1.0;
    for (int round = 0; round < ROUNDS; round++) {
        set_rows(&system, rational, x, h, count);
        solve(&system, unknown);
        for (size_t k = 0; k <= order; k++)
            rational->a[k] = unknown[k];
        for (size_t k = 1; k <= order; k++)
            rational->b[k] = unknown[order + k];
    }
}

static double largest_error(const struct rational *rational, const double *x, const double complex *h, size_t count)
{
    double worst = 0.0;
    for (size_t i = 0; i < count; i++)
        worst = fmax(worst, cabs(rational_at(rational, x[i]) - h[i]));
    return isfinite(worst) ? worst : INFINITY;
}

double rational_fit(struct rational *rational, const double *x, const double complex *h, size_t count, double tolerance)
{
    double largest = 0.0, best = INFINITY;
    count = count < POINTS_MAX ? count : POINTS_MAX;
    memset(rational, 0, sizeof *rational);
    rational->b[0] = 1.0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, cabs(h[i]));
    if (largest == 0.0)
        return 0.0;
    for (size_t order = 0; order <= RATIONAL_ORDER_MAX && count >= 2 * order + 1; order++) {
        struct rational tried;
        fit_order(&tried, order, x, h, count);
        double error = largest_error(&tried, x, h, count) / largest;
        if (error < best) {
            best = error;
            *rational = tried;
        }
        if (best <= tolerance)
            break;
    }
    return best;
}
