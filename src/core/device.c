/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/device.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/rational.h"

/*
 * Six complex quantities (sum and difference of the transfers, four admittances) on one axis u = ln f, each a natural
 * cubic spline: continuous up to the second derivative, so that the impulse response of the simulated bench has no
 * echoes from kinks between rows (straight lines put one at -100 dB). Below the first row a quotient of polynomials in
 * j f goes on that was fitted to the first two octaves: an extension that no circuit could have would answer before
 * it is asked (polynomials alone put -70 dB there, for a coupling capacitor's corner near the first row).
 */
enum { QUANTITIES = 6 };
#define FIT_OCTAVES 2.0
#define FIT_TOLERANCE 1e-9
#define VALUE_MAX 1e12 /* of every number in a file: products of them must stay finite */

struct device {
    char name[96];
    size_t rows;
    double *log_freq;
    double complex *value[QUANTITIES];
    double complex *second[QUANTITIES]; /* second derivatives with respect to u */
    struct rational below[QUANTITIES];  /* of f / f_0, below the first row */
    double complex step[QUANTITIES];    /* from there to the first row: what the fit leaves */
};

static const char *const columns[] = {"freq_hz", "t_hot_re", "t_hot_im", "t_cold_re", "t_cold_im", "y11_re", "y11_im",
                                      "y12_re",  "y12_im",   "y21_re",   "y21_im",    "y22_re",    "y22_im"};
enum { COLUMNS = sizeof columns / sizeof *columns };

void device_free(struct device *device)
{
    if (!device)
        return;
    free(device->log_freq);
    for (size_t q = 0; q < QUANTITIES; q++) {
        free(device->value[q]);
        free(device->second[q]);
    }
    free(device);
}

const char *device_name(const struct device *device)
{
    return device->name;
}

static struct device *device_allocate(size_t rows)
{
    struct device *device = calloc(1, sizeof *device);
    if (!device)
        return NULL;
    device->rows = rows;
    int has_all = (device->log_freq = calloc(rows, sizeof *device->log_freq)) != NULL;
    for (size_t q = 0; q < QUANTITIES; q++) {
        has_all &= (device->value[q] = calloc(rows, sizeof **device->value)) != NULL;
        has_all &= (device->second[q] = calloc(rows, sizeof **device->second)) != NULL;
    }
    if (has_all)
        return device;
    device_free(device);
    return NULL;
}

static enum cmrr_status read_row(struct device *device, const struct table *table, size_t row, const int *column,
                                 struct cmrr_error *why)
{
    double field[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        if (table_number(table, row, column[i], &field[i], why) != CMRR_OK)
            return CMRR_BAD_FILE;
        if (isnan(field[i]))
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: %s is empty", table_name(table), row + 1, columns[i]);
        if (fabs(field[i]) > VALUE_MAX)
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: %s is above %g: no such device", table_name(table),
                             row + 1, columns[i], VALUE_MAX);
    }
    if (!(field[0] > 0.0) || (row && log(field[0]) <= device->log_freq[row - 1]))
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: freq_hz %g: must be positive and ascending",
                         table_name(table), row + 1, field[0]);
    device->log_freq[row] = log(field[0]);
    double complex hot = field[1] + I * field[2], cold = field[3] + I * field[4];
    device->value[0][row] = hot + cold;
    device->value[1][row] = 0.5 * (hot - cold);
    for (size_t q = 2; q < QUANTITIES; q++)
        device->value[q][row] = field[2 * q + 1] + I * field[2 * q + 2];
    return CMRR_OK;
}

/* Natural spline by Thomas' algorithm; `work` of as many doubles as there are rows. */
static void make_spline(const double *u, const double complex *v, double complex *second, double *work, size_t rows)
{
    second[0] = second[rows - 1] = work[0] = 0.0;
    for (size_t i = 1; i + 1 < rows; i++) {
        double before = u[i] - u[i - 1], after = u[i + 1] - u[i];
        double pivot = 2.0 * (before + after) - before * work[i - 1];
        double complex bend = 6.0 * ((v[i + 1] - v[i]) / after - (v[i] - v[i - 1]) / before);
        work[i] = after / pivot;
        second[i] = (bend - before * second[i - 1]) / pivot;
    }
    for (size_t i = rows - 1; i-- > 1;)
        second[i] -= work[i] * second[i + 1];
}

static enum cmrr_status make_splines(struct device *device)
{
    double *work = calloc(device->rows, sizeof *work);
    if (!work)
        return CMRR_NO_MEMORY;
    const double *u = device->log_freq;
    for (size_t q = 0; q < QUANTITIES; q++)
        make_spline(u, device->value[q], device->second[q], work, device->rows);
    size_t fitted = 0;
    while (fitted < device->rows && u[fitted] <= u[0] + FIT_OCTAVES * M_LN2) {
        work[fitted] = exp(u[fitted] - u[0]);
        fitted++;
    }
    for (size_t q = 0; q < QUANTITIES; q++) {
        rational_fit(&device->below[q], work, device->value[q], fitted, FIT_TOLERANCE);
        device->step[q] = device->value[q][0] - rational_at(&device->below[q], 1.0);
    }
    free(work);
    return CMRR_OK;
}

enum cmrr_status device_new(struct device **device, const struct table *table, struct cmrr_error *why)
{
    int column[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        if ((column[i] = table_column(table, columns[i])) < 0)
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: no column %s: not a device file (see docs/method.md)",
                             table_name(table), columns[i]);
    if (table_rows(table) < 3)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: %zu rows: a device file needs at least 3", table_name(table),
                         table_rows(table));
    struct device *made = device_allocate(table_rows(table));
    if (!made)
        return cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", table_name(table));
    const char *name = table_key(table, "name");
    snprintf(made->name, sizeof made->name, "%s", name ? name : table_name(table));
    enum cmrr_status status = CMRR_OK;
    for (size_t row = 0; row < made->rows && status == CMRR_OK; row++)
        status = read_row(made, table, row, column, why);
    if (status == CMRR_OK)
        status = make_splines(made);
    if (status == CMRR_OK)
        *device = made;
    else
        device_free(made);
    return status;
}

/* What the fit leaves at the first row goes on as a constant real and a proportional imaginary part. */
static double complex below_first(const struct device *device, size_t q, double x)
{
    return rational_at(&device->below[q], x) + creal(device->step[q]) + I * x * cimag(device->step[q]);
}

static double complex inside(const struct device *device, size_t q, size_t i, double u)
{
    const double complex *v = device->value[q], *m = device->second[q];
    double h = device->log_freq[i + 1] - device->log_freq[i];
    double right = (u - device->log_freq[i]) / h, left = 1.0 - right;
    double bend = h * h / 6.0;
    return left * v[i] + right * v[i + 1] +
           bend * ((left * left * left - left) * m[i] + (right * right * right - right) * m[i + 1]);
}

/* The row at or before u, walking from the hint. */
static size_t find_row(const struct device *device, double u, size_t hint)
{
    size_t i = hint + 1 < device->rows ? hint : device->rows - 2;
    while (i > 0 && u < device->log_freq[i])
        i--;
    while (i + 2 < device->rows && u >= device->log_freq[i + 1])
        i++;
    return i;
}

void device_at(const struct device *device, double freq_hz, size_t *hint, struct device_point *point)
{
    double complex value[QUANTITIES];
    double u = freq_hz > 0.0 ? log(freq_hz) : -INFINITY;
    if (u >= device->log_freq[0])
        *hint = find_row(device, u, *hint);
    for (size_t q = 0; q < QUANTITIES; q++) {
        if (u < device->log_freq[0])
            value[q] = below_first(device, q, freq_hz / exp(device->log_freq[0]));
        else if (u >= device->log_freq[device->rows - 1])
            value[q] = device->value[q][device->rows - 1];
        else
            value[q] = inside(device, q, *hint, u);
    }
    *point =
        (struct device_point){.t_sum = value[0], .t_diff = value[1], .y = {{value[2], value[3]}, {value[4], value[5]}}};
}
