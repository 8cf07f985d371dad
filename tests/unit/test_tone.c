/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/tone.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include "cmrr/fft.h"
#include "../support/suite.h"

/* 256 turns of a phasor lose at most 256 x 1.1e-16 each in size and angle; the header says 3e-14. */
#define TURNED 3e-14

START_TEST(a_tone_is_its_cosine)
{
    enum { N = 1000 };
    double x[N] = {0.0};
    tone_add(x, N, 0.7, 37, N, 0.3, 0);
    for (int i = 0; i < N; i++)
        ck_assert_double_eq_tol(x[i], 0.7 * cos(2.0 * M_PI * (37 * i % N) / N + 0.3), TURNED);
}
END_TEST

START_TEST(a_tone_adds_to_what_is_there)
{
    double x[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    tone_add(x, 8, 2.0, 0, 8, 0.0, 0);
    for (int i = 0; i < 8; i++)
        ck_assert_double_eq_tol(x[i], 3.0, TURNED);
}
END_TEST

/* A day at 192 kHz is 1.7e10 frames: a phase counted in doubles would have lost 2e-5 of a turn. */
START_TEST(a_tone_is_coherent_at_huge_offsets)
{
    enum { N = 48000 };
    static double early[2000], late[2000];
    uint64_t day = (uint64_t)1 << 52;
    tone_add(early, 2000, 1.0, 19925, N, 1.0, 123);
    tone_add(late, 2000, 1.0, 19925, N, 1.0, 123 + (day / N) * N);
    for (size_t i = 0; i < 2000; i++)
        ck_assert_double_eq(early[i], late[i]);
}
END_TEST

START_TEST(pieces_of_a_tone_join_without_a_seam)
{
    static double whole[5000], pieces[5000];
    tone_add(whole, 5000, 1.0, 997, 48000, 0.1, 0);
    for (size_t start = 0, size = 1; start < 5000; start += size, size = size * 3 % 701) {
        size_t left = 5000 - start;
        tone_add(pieces + start, size < left ? size : left, 1.0, 997, 48000, 0.1, start);
    }
    for (size_t i = 0; i < 5000; i++)
        ck_assert_double_eq_tol(pieces[i], whole[i], 2.0 * TURNED);
}
END_TEST

START_TEST(the_phase_is_folded_by_integers_also_backwards)
{
    ck_assert_double_eq(tone_phase(3, 12, 1), M_PI / 2.0);
    ck_assert_double_eq(tone_phase(3, 12, -1), 1.5 * M_PI);
    ck_assert_double_eq(tone_phase(3, 12, 12 * 1000000007LL), 0.0);
    ck_assert_double_eq(tone_phase(15, 12, 1), M_PI / 2.0);
    ck_assert_double_eq(tone_phase(5, 12, INT64_MIN), tone_phase(5, 12, INT64_MIN % 12 + 12));
    for (int64_t at = -100; at < 100; at++)
        ck_assert(tone_phase(7, 48, at) >= 0.0 && tone_phase(7, 48, at) < 2.0 * M_PI);
}
END_TEST

/* Steepest slope of 0.5 - 0.5 cos(pi i / ramp): pi / 2 / ramp a frame. */
START_TEST(a_ramp_rises_and_falls_smoothly_and_leaves_the_middle)
{
    enum { N = 1000, RAMP = 100 };
    double x[N];
    for (int i = 0; i < N; i++)
        x[i] = 1.0;
    tone_ramp(x, N, RAMP);
    ck_assert_double_le(x[0], M_PI * M_PI / 16.0 / RAMP / RAMP * 1.01);
    for (int i = 0; i < N; i++)
        ck_assert_double_eq_tol(x[i], x[N - 1 - i], 1e-15);
    for (int i = 1; i < N / 2; i++)
        ck_assert(x[i] >= x[i - 1] && x[i] - x[i - 1] <= 0.5 * M_PI / RAMP);
    for (int i = RAMP; i < N - RAMP; i++)
        ck_assert_double_eq(x[i], 1.0);
    ck_assert_double_eq_tol(x[RAMP / 2 - 1] + x[RAMP / 2], 1.0, 1e-12);
}
END_TEST

START_TEST(a_ramp_longer_than_half_the_sound_stays_inside_it)
{
    double x[5] = {1, 1, 1, 1, 1};
    tone_ramp(x, 5, 100);
    ck_assert_double_eq(x[2], 1.0);
    tone_ramp(x, 0, 100);
}
END_TEST

static double crest(size_t count, int is_log, int has_newman)
{
    enum { N = 48000 };
    double *x = calloc(N, sizeof *x), peak = 0.0;
    for (size_t i = 0; i < count; i++) {
        uint64_t cycles = is_log ? (uint64_t)(20.0 * pow(1000.0, (double)i / (double)(count - 1))) : 100 * (i + 1);
        tone_add(x, N, 1.0, cycles, N, has_newman ? tone_newman_phase(i, count) : 0.0, 0);
    }
    for (size_t i = 0; i < N; i++)
        peak = fmax(peak, fabs(x[i]));
    free(x);
    return peak / sqrt((double)count / 2.0);
}

/* Boyd (1986): 4.6 dB, a factor 1.7, for equally spaced tones ("about 1.8" in the header is at most 1.85); log-spaced ones that are snapped to
 * whole cycles reach up to 6; in phase sqrt(2 n). */
START_TEST(newmans_phases_keep_the_crest_low)
{
    for (size_t count = 16; count <= 64; count *= 2) {
        ck_assert_double_eq_tol(crest(count, 0, 0), sqrt(2.0 * (double)count), 1e-9);
        ck_assert_double_le(crest(count, 0, 1), 1.85);
        ck_assert_double_le(crest(count, 1, 1), 6.0);
    }
}
END_TEST

START_TEST(the_marker_stays_within_its_amplitude_and_begins_and_ends_at_nothing)
{
    enum { N = 1920 };
    double x[N], peak = 0.0;
    tone_marker(x, N, 0.25, 200.0, 12000.0, 48000.0);
    for (int i = 0; i < N; i++)
        peak = fmax(peak, fabs(x[i]));
    ck_assert(peak <= 0.25 && peak > 0.249);
    ck_assert_double_le(fabs(x[0]), 1e-4);
    ck_assert_double_le(fabs(x[N - 1]), 1e-4);
}
END_TEST

/* The autocorrelation of a sweep of bandwidth B is narrow: beyond 4 / 200 Hz = 20 ms nothing of a quarter is left. */
START_TEST(the_markers_autocorrelation_is_one_narrow_peak)
{
    enum { N = 1920 };
    double x[N], energy = 0.0;
    tone_marker(x, N, 1.0, 200.0, 12000.0, 48000.0);
    for (int i = 0; i < N; i++)
        energy += x[i] * x[i];
    for (int lag = 1; lag < N; lag++) {
        double sum = 0.0;
        for (int i = 0; i + lag < N; i++)
            sum += x[i] * x[i + lag];
        ck_assert_double_lt(fabs(sum), (lag < 24 ? 0.98 : lag < 480 ? 0.6 : 0.25) * energy);
    }
}
END_TEST

/* A log sweep spends the same time in every octave, so the energy in each is alike (within the ends' ramps). */
START_TEST(the_marker_puts_the_same_energy_into_every_octave)
{
    enum { N = 19200 };
    double *x = calloc(N, sizeof *x), energy[4] = {0.0};
    double complex *spectrum = calloc(N / 2 + 1, sizeof *spectrum);
    struct fft *fft = fft_new(N);
    tone_marker(x, N, 1.0, 200.0, 12000.0, 48000.0);
    fft_forward(fft, x, spectrum);
    for (size_t octave = 0; octave < 4; octave++)
        for (double f = 400.0 * pow(2.0, (double)octave); f < 800.0 * pow(2.0, (double)octave); f += 2.5)
            energy[octave] += pow(cabs(spectrum[(size_t)(f / 2.5)]), 2.0);
    for (size_t octave = 1; octave < 4; octave++)
        ck_assert_double_eq_tol(energy[octave] / energy[0], 1.0, 0.1);
    fft_free(fft);
    free(spectrum);
    free(x);
}
END_TEST

enum { SAMPLES = 400000 };

/* Errors of a quantiser in LSB for samples of `signal` LSB. */
static double *quantise_errors(double signal, unsigned bits, uint64_t seed)
{
    struct rng rng;
    double *error = calloc(SAMPLES, sizeof *error), lsb = ldexp(1.0, 1 - (int)bits);
    rng_init(&rng, seed);
    for (size_t i = 0; i < SAMPLES; i++)
        error[i] = signal * lsb;
    tone_quantise(error, SAMPLES, bits, &rng);
    for (size_t i = 0; i < SAMPLES; i++)
        error[i] = error[i] / lsb - signal;
    return error;
}

static double mean_of(const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t i = 0; i < SAMPLES; i++)
        sum += x[i] * (y ? y[i] : 1.0);
    return sum / SAMPLES;
}

/*
 * Rounding (1/12) and triangular dither (1/6) make 1/4 LSB^2 whatever the signal; the mean of 400000 errors is known
 * to 0.5 / sqrt(4e5) = 0.0008, their mean square (whose own deviation is below 0.4) to 0.0006; 4.5 of these.
 */
START_TEST(dither_makes_the_error_half_an_lsb_whatever_the_signal)
{
    static const double signals[] = {0.0, 0.25, 0.5, -0.37, 1000.5, -0.001};
    uint64_t seed = suite_seed(1);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        for (unsigned bits = 16; bits <= 24; bits += 8) {
            double *error = quantise_errors(signals[i], bits, seed + i);
            ck_assert_msg(fabs(mean_of(error, NULL)) < 4.5 * 0.0008, "mean %g at %g", mean_of(error, NULL), signals[i]);
            ck_assert_msg(fabs(mean_of(error, error) - 0.25) < 4.5 * 0.0006, "mean square %g at %g",
                          mean_of(error, error), signals[i]);
            free(error);
        }
}
END_TEST

START_TEST(the_quantisers_error_is_white)
{
    double *error = quantise_errors(0.3, 24, suite_seed(2));
    for (size_t lag = 1; lag <= 8; lag++) {
        double sum = 0.0;
        for (size_t i = lag; i < SAMPLES; i++)
            sum += error[i] * error[i - lag];
        ck_assert_double_le(fabs(sum / SAMPLES / 0.25), 4.5 / sqrt(SAMPLES));
    }
    free(error);
}
END_TEST

/* Without dither a sine of 0.4 LSB would vanish; with it its amplitude is read to 0.5 sqrt(2 / n) = 0.0011 LSB. */
START_TEST(a_tone_below_one_lsb_survives)
{
    struct rng rng;
    double *x = calloc(SAMPLES, sizeof *x), lsb = 0x1p-23, sum = 0.0;
    rng_init(&rng, suite_seed(3));
    tone_add(x, SAMPLES, 0.4 * lsb, 1001, SAMPLES, 0.0, 0);
    tone_quantise(x, SAMPLES, 24, &rng);
    for (size_t i = 0; i < SAMPLES; i++)
        sum += x[i] / lsb * cos(2.0 * M_PI * (double)(1001 * i % SAMPLES) / SAMPLES);
    ck_assert_double_eq_tol(2.0 * sum / SAMPLES, 0.4, 4.5 * 0.0011);
    free(x);
}
END_TEST

START_TEST(the_quantiser_gives_whole_codes_and_saturates_at_the_integer_limits)
{
    struct rng rng;
    double x[] = {1.5, 1.0, -1.0, -1.5, 1e300, 0.3};
    rng_init(&rng, 1);
    tone_quantise(x, 6, 16, &rng);
    ck_assert_double_eq(x[0], 32767.0 / 32768.0);
    ck_assert_double_ge(x[1], 32766.0 / 32768.0);
    ck_assert_double_le(x[1], 32767.0 / 32768.0);
    ck_assert(x[2] >= -1.0 && x[2] <= -32767.0 / 32768.0);
    ck_assert_double_eq(x[3], -1.0);
    ck_assert_double_eq(x[4], 32767.0 / 32768.0);
    ck_assert_double_eq(x[5] * 32768.0, rint(x[5] * 32768.0));
}
END_TEST

int main(void)
{
    const TTest *tests[] = {a_tone_is_its_cosine,
                            a_tone_adds_to_what_is_there,
                            a_tone_is_coherent_at_huge_offsets,
                            pieces_of_a_tone_join_without_a_seam,
                            the_phase_is_folded_by_integers_also_backwards,
                            a_ramp_rises_and_falls_smoothly_and_leaves_the_middle,
                            a_ramp_longer_than_half_the_sound_stays_inside_it,
                            newmans_phases_keep_the_crest_low,
                            the_marker_stays_within_its_amplitude_and_begins_and_ends_at_nothing,
                            the_markers_autocorrelation_is_one_narrow_peak,
                            the_marker_puts_the_same_energy_into_every_octave,
                            dither_makes_the_error_half_an_lsb_whatever_the_signal,
                            the_quantisers_error_is_white,
                            a_tone_below_one_lsb_survives,
                            the_quantiser_gives_whole_codes_and_saturates_at_the_integer_limits};
    return suite_run("tone", tests, sizeof tests / sizeof *tests);
}
