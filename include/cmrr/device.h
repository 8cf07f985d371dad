/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_DEVICE_H
#define CMRR_DEVICE_H

#include <complex.h>
#include "cmrr/table.h"

/*
 * A linear balanced input as its pins see it: y = t_hot V_hot + t_cold V_cold, I = Y V; 1 = hot, 2 = cold
 * (docs/method.md, "Definitions"). Read from a device file, interpolated on log f by cubic splines through the sum
 * and the difference of the transfers (the sum is what a good input nulls) and through each admittance. Below the
 * first row a quotient of polynomials in j f goes on, fitted to the first two octaves, as a real circuit would; above
 * the last row its values are held.
 */
struct device;

struct device_point {
    double complex t_sum;   /* t_hot + t_cold */
    double complex t_diff;  /* (t_hot - t_cold) / 2 */
    double complex y[2][2]; /* siemens */
};

/* CMRR_BAD_FILE names what is missing, not finite or not ascending. *device is new, or untouched. */
enum cmrr_status device_new(struct device **device, const struct table *table, struct cmrr_error *why);
void device_free(struct device *device);

const char *device_name(const struct device *device);

/* freq_hz >= 0. Fastest when called with ascending frequencies; `hint` keeps the place (start with 0). */
void device_at(const struct device *device, double freq_hz, size_t *hint, struct device_point *point);

#endif
