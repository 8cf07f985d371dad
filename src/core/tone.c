/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/tone.h"

#include <complex.h>
#include <math.h>

/*
 * Tones are made by a rotating phasor that is set anew from the exact phase every 256 frames: the rounding of a turn
 * (1e-16) never adds up to more than about 3e-14, and a cosine is paid once in 256 frames.
 */
enum { ANCHOR_FRAMES = 256 };

double tone_phase(uint64_t cycles, uint64_t period, int64_t offset)
{
    int64_t folded = offset % (int64_t)period;
    if (folded < 0)
        folded += (int64_t)period;
    uint64_t step = (cycles % period) * (uint64_t)folded % period;
    return 2.0 * M_PI * (double)step / (double)period;
}

void tone_add(double *x, size_t frames, double amplitude, uint64_t cycles, uint64_t period, double phase_rad,
              uint64_t offset)
{
    double complex turn = cexp(I * tone_phase(cycles, period, 1));
    for (size_t start = 0; start < frames; start += ANCHOR_FRAMES) {
        double phase = tone_phase(cycles, period, (int64_t)(offset + start)) + phase_rad;
        double complex phasor = amplitude * cexp(I * phase);
        size_t stop = start + ANCHOR_FRAMES < frames ? start + ANCHOR_FRAMES : frames;
        double re = creal(phasor), im = cimag(phasor), c = creal(turn), s = cimag(turn);
        for (size_t i = start; i < stop; i++) {
            x[i] += re;
            double next = re * c - im * s;
            im = re * s + im * c;
            re = next;
        }
    }
}

void tone_ramp(double *x, size_t frames, size_t ramp)
{
    for (size_t i = 0; i < ramp && i < frames / 2; i++) {
        double gain = 0.5 - 0.5 * cos(M_PI * ((double)i + 0.5) / (double)ramp);
        x[i] *= gain;
        x[frames - 1 - i] *= gain;
    }
}

double tone_newman_phase(size_t i, size_t count)
{
    return fmod(M_PI * (double)i * (double)i / (double)count, 2.0 * M_PI);
}

/* A logarithmic sweep puts the same energy into every octave: it passes whatever part of the band the device passes. */
void tone_marker(double *x, size_t frames, double amplitude, double f0_hz, double f1_hz, double rate_hz)
{
    double seconds = (double)frames / rate_hz;
    double octaves = log(f1_hz / f0_hz);
    for (size_t i = 0; i < frames; i++) {
        double t = (double)i / rate_hz;
        double phase = 2.0 * M_PI * f0_hz * seconds / octaves * expm1(t / seconds * octaves);
        x[i] = amplitude * sin(phase);
    }
    tone_ramp(x, frames, frames / 8);
}

void tone_quantise(double *x, size_t samples, unsigned bits, struct rng *rng)
{
    double scale = ldexp(1.0, (int)bits - 1);
    for (size_t i = 0; i < samples; i++) {
        double dither = rng_uniform(rng);
        dither -= rng_uniform(rng); /* two statements: the order of calls within one is not fixed */
        double code = rint(x[i] * scale + dither);
        x[i] = fmin(fmax(code, -scale), scale - 1.0) / scale;
    }
}
