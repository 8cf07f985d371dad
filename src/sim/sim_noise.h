/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIM_NOISE_H
#define SIM_NOISE_H

#include "cmrr/rng.h"
#include "cmrr/sim.h"

/* What is random or not coherent in the bench: converter noise and hum. Seeded; one object per bench. */
struct sim_noise {
    struct rng rng;
    double deviation; /* of each sample, in each converter */
    double hum_amplitude[SIM_HARMONICS + 1], hum_phase_rad[SIM_HARMONICS + 1];
    double hum_hz, rate_hz;
    unsigned harmonics; /* below half the rate; 0 = no hum */
};

void sim_noise_init(struct sim_noise *noise, const struct sim_args *args, unsigned rate_hz);

/* Add converter noise to x. */
void sim_noise_add(struct sim_noise *noise, double *x, size_t frames);

/* Add the hum of frames first .. first + frames - 1. */
void sim_noise_add_hum(const struct sim_noise *noise, double *x, size_t frames, uint64_t first);

#endif
