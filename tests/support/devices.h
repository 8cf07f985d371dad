/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_DEVICES_H
#define TEST_DEVICES_H

#include "cmrr/device.h"

/* Devices whose behaviour is known in closed form. */

/* A device file in memory with the same values at 1 Hz, 1 kHz and 1 MHz. */
struct device *devices_flat(const struct device_point *point);

/*
 * Difference amplifier of one ideal op-amp: R1 from each pin, R2 from the inverting input to the output and from the
 * other to ground. y = (R2/R1)(V_hot - V_cold); I_hot = V_hot/(R1+R2); I_cold = (V_cold - V_hot R2/(R1+R2))/R1.
 */
struct device_point devices_diffamp(double r1_ohm, double r2_ohm);

/* Gain 1, `z_ohm` from each pin to ground, and rho_0 = 10^(-rho0_db/20), real and positive. */
struct device_point devices_legs(double z_ohm, double rho0_db);

#endif
