/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_noise.h"

#include <complex.h>
#include <math.h>
#include "cmrr/units.h"

/*
 * NOISE_DBFS is the rms in 0 to 20 kHz relative to a full-scale sine's rms, 1/sqrt(2); white noise of deviation s per
 * sample has s^2 20000/(rate/2) in that band. Hum: a fundamental and its harmonics, 1/n for odd and 0.3/n for even ones
 * (rectifiers), each with a phase of its own from the seed, at frequencies that no window of ours was chosen for.
 */
#define NOISE_BAND_HZ 20000.0
#define NOTHING_DB (-300.0)

double sim_hum_harmonic(unsigned n)
{
    return (n % 2 ? 1.0 : 0.3) / n;
}

void sim_noise_init(struct sim_noise *noise, const struct sim_args *args, unsigned rate_hz)
{
    *noise = (struct sim_noise){.hum_hz = args->hum_hz, .rate_hz = rate_hz};
    rng_init(&noise->rng, (uint64_t)args->seed);
    if (args->noise_dbfs > NOTHING_DB)
        noise->deviation = units_ratio(args->noise_dbfs) * M_SQRT1_2 * sqrt(rate_hz / 2.0 / NOISE_BAND_HZ);
    if (args->hum_dbfs <= NOTHING_DB)
        return;
    while (noise->harmonics < SIM_HARMONICS && (noise->harmonics + 1) * args->hum_hz < 0.45 * rate_hz) {
        unsigned n = ++noise->harmonics;
        noise->hum_amplitude[n] = units_ratio(args->hum_dbfs) * sim_hum_harmonic(n);
        noise->hum_phase_rad[n] = 2.0 * M_PI * rng_uniform(&noise->rng);
    }
}

void sim_noise_add(struct sim_noise *noise, double *x, size_t frames)
{
    if (noise->deviation > 0.0)
        for (size_t i = 0; i < frames; i++)
            x[i] += noise->deviation * rng_gauss(&noise->rng);
}

void sim_noise_add_hum(const struct sim_noise *noise, double *x, size_t frames, uint64_t first)
{
    for (unsigned n = 1; n <= noise->harmonics; n++) {
        double cycles = noise->hum_hz * n / noise->rate_hz;
        double start = fmod(cycles * (double)first, 1.0);
        double complex phasor = noise->hum_amplitude[n] * cexp(I * (2.0 * M_PI * start + noise->hum_phase_rad[n]));
        double re = creal(phasor), im = cimag(phasor);
        double c = cos(2.0 * M_PI * cycles), s = sin(2.0 * M_PI * cycles);
        for (size_t i = 0; i < frames; i++) {
            x[i] += re;
            double next = re * c - im * s;
            im = re * s + im * c;
            re = next;
        }
    }
}
