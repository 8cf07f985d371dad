/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_CIRCUIT_H
#define CMRR_CIRCUIT_H

#include <complex.h>
#include <stdbool.h>
#include "cmrr/device.h"
#include "cmrr/position.h"

/*
 * What stands between two EMFs and the pins of a device, and what comes out. From output to pin: source resistance,
 * reversing switch, tie, imbalance resistor, pin (docs/method.md, "Two ordinary outputs").
 */
enum fault {
    FAULT_NONE,
    FAULT_HOT_OPEN,
    FAULT_COLD_OPEN,
    FAULT_SHORTED,
    FAULT_SWAPPED,
    FAULT_UNBALANCED,
    FAULT_DISCONNECTED,
    FAULT_COUNT
};

const char *fault_name(enum fault fault); /* "none", "hot-open", ... */

struct circuit {
    enum wiring wiring;      /* terminated: the device sees nothing, both transfers are 0 */
    double source_ohm[2];    /* behind output 1 and output 2; > 0 unless not tied */
    double tie_ohm;          /* between the legs where tied; 0 is allowed */
    double imbalance_ohm[2]; /* added at the hot and at the cold pin */
    enum fault fault;
};

/* y = from[0] e_1 + from[1] e_2 for EMFs e_1, e_2 of output 1 and output 2; sum = from[0] + from[1], exactly. */
struct transfer {
    double complex from[2];
    double complex sum;
};

struct transfer circuit_transfer(const struct circuit *circuit, const struct device_point *point);

#endif
