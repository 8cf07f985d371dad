/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_RNG_H
#define CMRR_RNG_H

#include <stdint.h>

/*
 * The one source of random numbers, always handed in by the caller: xoshiro256++ (Blackman and Vigna, 2019),
 * seeded by splitmix64. The same seed gives the same numbers everywhere.
 */
struct rng {
    uint64_t state[4];
    double spare_gauss;
    int has_spare;
};

void rng_init(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
double rng_uniform(struct rng *rng); /* [0, 1) */
double rng_gauss(struct rng *rng);   /* mean 0, standard deviation 1 */

#endif
