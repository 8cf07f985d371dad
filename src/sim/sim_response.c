/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_response.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include "cmrr/fft.h"
#include "cmrr/units.h"

/*
 * The response is known at every multiple of 1/4 Hz; its inverse transform is an impulse response of 4 s whose
 * spectrum is exact at those frequencies, and between them as good as the response is smooth. A band limit at
 * 0.48 of the rate (a Kaiser-windowed sinc of 2 x 256 + 1 taps, flat to 1e-9 below 0.46) takes away the jump at half the
 * rate, as every converter does; centred, it rings 256 frames ahead, which is the converters' delay.
 */
#define BAND_EDGE 0.48
#define KAISER_BETA 20.0 /* stop band -200 dB; with 513 taps the transition is 0.026 of the rate wide */

size_t sim_response_taps(unsigned rate_hz)
{
    return 4 * (size_t)rate_hz;
}

/* Modified Bessel function I0 by its power series; x <= 20 here. */
static double bessel_i0(double x)
{
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 80; k++) {
        term *= (0.5 * x / k) * (0.5 * x / k);
        sum += term;
    }
    return sum;
}

/* The band limit at every bin: real, because its taps are centred on 0. */
static void make_band_limit(struct fft *fft, double *taps, double complex *limit)
{
    size_t n = fft_frames(fft);
    for (size_t i = 0; i < n; i++)
        taps[i] = 0.0;
    double scale = bessel_i0(KAISER_BETA);
    for (int i = -SIM_FILTER_DELAY; i <= SIM_FILTER_DELAY; i++) {
        double t = (double)i / (SIM_FILTER_DELAY + 1);
        double sinc = i ? sin(2.0 * M_PI * BAND_EDGE * i) / (M_PI * i) : 2.0 * BAND_EDGE;
        taps[i < 0 ? n + i : (size_t)i] = sinc * bessel_i0(KAISER_BETA * sqrt(1.0 - t * t)) / scale;
    }
    fft_forward(fft, taps, limit);
}

static struct circuit circuit_in(const struct sim_args *args, const struct position *position)
{
    struct circuit circuit = {.wiring = position->wiring,
                              .source_ohm = {args->r_source_ohm, args->r_source_ohm + args->r_source_diff_ohm},
                              .tie_ohm = args->r_tie_ohm,
                              .imbalance_ohm = {args->dr_hot_ohm, args->dr_cold_ohm},
                              .fault = args->fault};
    if (position->leg == LEG_HOT)
        circuit.imbalance_ohm[0] += position->r_ohm;
    if (position->leg == LEG_COLD)
        circuit.imbalance_ohm[1] += position->r_ohm;
    return circuit;
}

/* What an output adds of its own: half the mismatch each way in dB, the skew as a delay of output 2. */
static double complex output_gain(const struct sim_args *args, int output, double freq_hz)
{
    double gain = units_ratio((output == 0 ? 0.5 : -0.5) * args->mismatch_db);
    double delay_s = output == 0 ? 0.0 : args->skew_ns * 1e-9;
    return gain * cexp(-2.0 * M_PI * I * freq_hz * delay_s);
}

static double complex crosstalk_at(const struct sim_args *args, double freq_hz)
{
    double complex slope = args->crosstalk_slope > 0.0 ? I * freq_hz / 1000.0 : 1.0;
    return args->crosstalk_db > -300.0 ? units_ratio(args->crosstalk_db) * slope : 0.0;
}

static void make_responses(const struct sim_args *args, const struct device *device, const struct circuit *circuit,
                           double bin_hz, size_t bins, const double complex *limit, double complex *const response[2])
{
    size_t hint = 0;
    for (size_t k = 0; k < bins; k++) {
        struct device_point point;
        double freq_hz = (double)k * bin_hz;
        device_at(device, freq_hz, &hint, &point);
        struct transfer transfer = circuit_transfer(circuit, &point);
        double complex crosstalk = crosstalk_at(args, freq_hz);
        for (int output = 0; output < 2; output++)
            response[output][k] =
                creal(limit[k]) * output_gain(args, output, freq_hz) * (transfer.from[output] + crosstalk);
    }
}

/* Delayed by the filter's own 256 frames: the pre-ringing stands at the end of the inverse transform. */
static void rotate_taps(const double *centred, double *taps, size_t n)
{
    for (size_t i = 0; i < n; i++)
        taps[(i + SIM_FILTER_DELAY) % n] = centred[i];
}

struct filter_response *sim_response_new(struct filter *filter, const struct sim_args *args,
                                         const struct device *device, const struct position *position, unsigned rate_hz)
{
    size_t n = sim_response_taps(rate_hz), bins = n / 2 + 1, room = n + 65536;
    struct fft *fft = fft_new(n);
    double *centred = calloc(n, sizeof *centred), *taps[2] = {calloc(room, sizeof **taps), calloc(room, sizeof **taps)};
    double complex *limit = calloc(bins, sizeof *limit);
    double complex *response[2] = {calloc(bins, sizeof *limit), calloc(bins, sizeof *limit)};
    struct filter_response *made = NULL;
    if (fft && centred && taps[0] && taps[1] && limit && response[0] && response[1]) {
        struct circuit circuit = circuit_in(args, position);
        make_band_limit(fft, centred, limit);
        make_responses(args, device, &circuit, (double)rate_hz / (double)n, bins, limit, response);
        for (int output = 0; output < 2; output++) {
            fft_inverse(fft, response[output], centred);
            rotate_taps(centred, taps[output], n);
        }
        made = filter_response_new(filter, (const double *const[2]){taps[0], taps[1]});
    }
    fft_free(fft);
    free(centred);
    free(limit);
    for (int output = 0; output < 2; output++) {
        free(taps[output]);
        free(response[output]);
    }
    return made;
}
