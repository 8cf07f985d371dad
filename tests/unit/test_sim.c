/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/sim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/fft.h"
#include "cmrr/file.h"
#include "cmrr/rng.h"
#include "cmrr/spectrum.h"
#include "cmrr/tone.h"
#include "cmrr/units.h"
#include "../support/bench.h"
#include "../support/devices.h"
#include "../support/suite.h"

enum { RATE = 48000, SECOND = RATE };

static const struct device_point wire = {.t_sum = 0.0, .t_diff = 1.0}; /* y = V_hot - V_cold, no admittance */

static struct device *device_of(const char *path)
{
    struct table *table = NULL;
    struct device *device = NULL;
    ck_assert_int_eq(file_read_table(bench_source(path), &table, NULL), CMRR_OK);
    ck_assert_int_eq(device_new(&device, table, NULL), CMRR_OK);
    table_free(table);
    return device;
}

/* The device is taken over; NULL: a wire. */
static struct audio *opened(const char *text, struct device *device)
{
    struct sim_args args;
    struct audio *audio = NULL;
    struct cmrr_error why = {0};
    struct audio_config config = {
        .device = text, .rate_hz = RATE, .out_channels = {1, 2}, .out_count = 2, .in_channels = {1}, .in_count = 1};
    ck_assert_msg(sim_args_parse(&args, text, &why) == CMRR_OK, "%s", why.text);
    ck_assert_msg(sim_open(&audio, &args, device ? device : devices_flat(&wire), &config, &why) == CMRR_OK, "%s",
                  why.text);
    return audio;
}

/* The next frames captured, malloc'ed; whatever is queued plays meanwhile. */
static double *captured(struct audio *audio, size_t frames)
{
    double *samples = malloc(frames * sizeof *samples);
    for (size_t at = 0; at < frames;) {
        struct audio_chunk chunk;
        ck_assert_int_eq(audio_advance(audio, &chunk, frames - at < 4096 ? frames - at : 4096, NULL), CMRR_OK);
        memcpy(samples + at, chunk.samples, chunk.frames * sizeof *samples);
        at += chunk.frames;
    }
    return samples;
}

/* Interleaved: the same sound on one output, the other silent. */
static double *on_output(const double *mono, size_t frames, int output)
{
    double *both = calloc(2 * frames, sizeof *both);
    for (size_t i = 0; i < frames; i++)
        both[2 * i + (size_t)output] = mono[i];
    return both;
}

static void set_position(struct audio *audio, enum wiring wiring)
{
    struct fixture *fixture = sim_fixture(audio);
    struct position position = {.wiring = wiring};
    ck_assert_int_eq(fixture->ops->begin(fixture, &position, NULL), CMRR_OK);
    for (int i = 0; fixture->ops->poll(fixture, NULL) == FIXTURE_PENDING && i < 10; i++)
        free(captured(audio, 8192)); /* whole blocks of the bench, so that what is queued next begins at once */
    ck_assert_int_eq(fixture->ops->poll(fixture, NULL), FIXTURE_DONE);
    free(captured(audio, 16384)); /* to the end of the block that was made before */
}

static double mean_square(const double *x, size_t frames)
{
    double sum = 0.0;
    for (size_t i = 0; i < frames; i++)
        sum += x[i] * x[i] / (double)frames;
    return sum;
}

static double complex line(const double *x, size_t frames, size_t cycles)
{
    double complex amplitude = 0.0;
    struct spectrum *spectrum = spectrum_new(frames, WINDOW_RECTANGULAR);
    spectrum_transform(spectrum, x);
    ck_assert_int_eq(spectrum_tone(spectrum, cycles, &amplitude), CMRR_OK);
    spectrum_free(spectrum);
    return amplitude;
}

/* ---- noise ---- */

#define QUIET "MISMATCH_DB=0,SKEW_NS=0,CROSSTALK_DB=-300,HUM_DBFS=-300,R_SOURCE_DIFF=0"

/* rms in 0 to 20 kHz relative to a full-scale sine's 1/sqrt(2): per sample times sqrt(24000/20000). */
static double claimed_variance(double noise_dbfs)
{
    return pow(units_ratio(noise_dbfs), 2.0) * 0.5 * 24000.0 / 20000.0;
}

/* 240000 samples: chi-square, relative deviation sqrt(2/240000) = 0.29 %; 4.5 of them. */
START_TEST(input_noise_has_the_deviation_it_claims)
{
    static const double levels[] = {-110.0, -80.0};
    for (size_t i = 0; i < 2; i++) {
        char text[200];
        snprintf(text, sizeof text, "sim:" QUIET ",NOISE_DBFS=%g,SEED=%llu", levels[i],
                 (unsigned long long)suite_seed(1));
        struct audio *audio = opened(text, NULL);
        set_position(audio, WIRING_TERMINATED);
        double *x = captured(audio, 5 * SECOND);
        double expected = claimed_variance(levels[i]) + 0x1p-46 / 12.0; /* and rounding to 24 bits */
        ck_assert_double_eq_tol(mean_square(x, 5 * SECOND) / expected, 1.0, 4.5 * 0.0029);
        free(x);
        audio_close(audio);
    }
}
END_TEST

/* Both outputs' noise passes through the device: with |h| = 1 each that is 2 more, less what the band limit takes. */
START_TEST(output_noise_passes_through_the_device)
{
    struct audio *audio = opened("sim:" QUIET ",NOISE_DBFS=-80,SEED=2", NULL);
    free(captured(audio, SECOND));
    double *x = captured(audio, 5 * SECOND), in_band = 0.0, beyond = 0.0;
    struct fft *fft = fft_new(5 * SECOND);
    double complex *spectrum = calloc(fft_bins(fft), sizeof *spectrum);
    fft_forward(fft, x, spectrum);
    double scale = 2.0 / (5.0 * SECOND) / (5.0 * SECOND);
    for (size_t k = 5 * 100; k < 5 * 20000; k++)
        in_band += scale * pow(cabs(spectrum[k]), 2.0) / (19900.0 / 24000.0);
    for (size_t k = 5 * 23900; k < 5 * 24000; k++)
        beyond += scale * pow(cabs(spectrum[k]), 2.0) / (100.0 / 24000.0);
    /* 199000 deviates in the band: 0.32 %; above the converters' limit only the input's own, 1000 deviates: 4.5 %. */
    ck_assert_double_eq_tol(in_band / claimed_variance(-80.0), 3.0, 3.0 * 4.5 * 0.0032);
    ck_assert_double_eq_tol(beyond / claimed_variance(-80.0), 1.0, 4.5 * 0.045);
    free(spectrum);
    fft_free(fft);
    free(x);
    audio_close(audio);
}
END_TEST

static double *silence(const char *text)
{
    struct audio *audio = opened(text, NULL);
    double *x = captured(audio, 20000);
    audio_close(audio);
    return x;
}

START_TEST(the_same_seed_gives_the_same_samples_and_another_others)
{
    double *a = silence("sim:SEED=5"), *b = silence("sim:SEED=5"), *c = silence("sim:SEED=6");
    size_t same = 0;
    ck_assert_int_eq(memcmp(a, b, 20000 * sizeof *a), 0);
    for (int i = 0; i < 20000; i++)
        same += a[i] == c[i];
    /* Deviation of about 40 codes: equal by chance in 1 of 140. */
    ck_assert_uint_lt(same, 400);
    free(a);
    free(b);
    free(c);
}
END_TEST

/* ---- hum ---- */

START_TEST(hum_has_the_frequency_level_and_harmonics_it_claims)
{
    /* 50.3 Hz makes 503 cycles in 10 s: every harmonic is a line of its own. */
    struct audio *audio = opened("sim:IDEAL=1,HUM_HZ=50.3,HUM_DBFS=-40", NULL);
    double *x = captured(audio, 10 * SECOND), total = 0.0;
    struct spectrum *spectrum = spectrum_new(10 * SECOND, WINDOW_RECTANGULAR);
    spectrum_transform(spectrum, x);
    for (unsigned n = 1; n <= 42; n++) {
        double complex amplitude = 0.0;
        double claimed = n > SIM_HARMONICS ? 0.0 : 0.01 * (n % 2 ? 1.0 : 0.3) / n;
        spectrum_tone(spectrum, 503 * n, &amplitude);
        ck_assert_double_eq_tol(cabs(amplitude), claimed, 1e-9);
        total += 0.5 * claimed * claimed;
    }
    ck_assert_double_eq_tol(mean_square(x, 10 * SECOND), total, 1e-9 * total);
    spectrum_free(spectrum);
    free(x);
    audio_close(audio);
}
END_TEST

START_TEST(harmonics_stay_below_half_the_rate)
{
    struct audio *audio = opened("sim:IDEAL=1,HUM_HZ=500,HUM_DBFS=-40", NULL);
    double *x = captured(audio, SECOND);
    ck_assert_double_eq_tol(cabs(line(x, SECOND, 20000)), 0.01 * 0.3 / 40.0, 1e-9);
    ck_assert_double_eq_tol(cabs(line(x, SECOND, 19500)), 0.01 / 39.0, 1e-9);
    free(x);
    audio_close(audio);
}
END_TEST

/* ---- responses, by white noise: everything linear at once, at any frequency ---- */

struct response {
    double complex *at; /* by k / 8 Hz */
    size_t bins;
};
enum { TOTAL = 8 * SECOND };

/*
 * One second of noise on one output, then silence until the response of 4 s is over: the quotient of the transforms is
 * the exact response. Turned back by `latency` frames.
 */
static struct response measured(struct audio *audio, int output, size_t latency)
{
    struct rng rng;
    double *mono = calloc(TOTAL, sizeof *mono);
    rng_init(&rng, 9);
    for (int i = 0; i < SECOND; i++)
        mono[i] = 0.1 * (2.0 * rng_uniform(&rng) - 1.0);
    double *both = on_output(mono, SECOND, output);
    uint64_t first = 1;
    ck_assert_int_eq(audio_play(audio, both, SECOND, &first, NULL), CMRR_OK);
    ck_assert_uint_eq(first % 8192, 0);
    double *y = captured(audio, TOTAL);
    struct fft *fft = fft_new(TOTAL);
    struct response made = {calloc(fft_bins(fft), sizeof *made.at), fft_bins(fft)};
    double complex *in = calloc(made.bins, sizeof *in);
    fft_forward(fft, mono, in);
    fft_forward(fft, y, made.at);
    for (size_t k = 0; k < made.bins; k++)
        made.at[k] *= cexp(I * tone_phase(k, TOTAL, (int64_t)latency)) / in[k];
    fft_free(fft);
    free(in);
    free(y);
    free(both);
    free(mono);
    return made;
}

/* What the device's file, Ohm's law and the arguments say. */
static double complex claimed(const struct device *device, const struct circuit *circuit, int output, double freq_hz)
{
    struct device_point point;
    size_t hint = 0;
    device_at(device, freq_hz, &hint, &point);
    return circuit_transfer(circuit, &point).from[output];
}

/* On the 1/4 Hz grid 1e-7 of the transfer, and 2e-9; between its points the response is as good as it is smooth. */
static void check_grid(const struct response *response, const struct device *device, const struct circuit *circuit,
                       int output, double complex gain, double skew_s, double complex crosstalk, size_t from,
                       size_t step, double tolerance)
{
    for (size_t k = from; k < 8 * 20000; k += step) {
        double f = (double)k / 8.0;
        double complex expected =
            gain * cexp(-2.0 * M_PI * I * f * skew_s) * (claimed(device, circuit, output, f) + crosstalk);
        ck_assert_msg(cabs(response->at[k] - expected) < tolerance * cabs(expected) + 2e-9, "%g Hz: off by %g of %g", f,
                      cabs(response->at[k] - expected), cabs(expected));
    }
}

static void check_response(const struct response *response, const struct device *device, const struct circuit *circuit,
                           int output, double complex gain, double skew_s, double complex crosstalk)
{
    check_grid(response, device, circuit, output, gain, skew_s, crosstalk, 8 * 20, 8 * 41 + 2, 1e-7);
}

static void check_device(const char *path, double between)
{
    struct device *device = device_of(path);
    struct circuit circuit = {.source_ohm = {50.0, 50.0}};
    for (int output = 0; output < 2; output++) {
        struct audio *audio = opened("sim:IDEAL=1", device_of(path));
        struct response response = measured(audio, output, 512);
        check_response(&response, device, &circuit, output, 1.0, 0.0, 0.0);
        check_grid(&response, device, &circuit, output, 1.0, 0.0, 0.0, 8 * 20 + 1, 8 * 41 + 2, between);
        free(response.at);
        audio_close(audio);
    }
    device_free(device);
}

START_TEST(the_active_device_has_its_transfer_for_any_signal)
{
    check_device("calib/duts/active.csv", 1e-7);
}
END_TEST

/*
 * Its corner of 3 Hz stands near the file's first row at 1 Hz: what the response below is taken to be decides how far
 * it is causal. Once an echo stood 3.5 to 4 s behind every change of the signal, 2e-3 at 20 Hz.
 */
START_TEST(the_transformer_has_its_transfer_for_any_signal)
{
    check_device("calib/duts/transformer.csv", 1e-6);
}
END_TEST

/* A transformer of 3 Hz, 50 ms, is quiet 1 s after the sound to exp(-20) = 2e-9; splines between rows make it 1e-6. */
START_TEST(no_echo_comes_back_seconds_after_the_sound)
{
    struct audio *audio = opened("sim:IDEAL=1", device_of("calib/duts/transformer.csv"));
    double *mono = calloc(SECOND, sizeof *mono), worst = 0.0;
    tone_add(mono, SECOND, 0.5, 20, SECOND, 0.0, 0);
    double *both = on_output(mono, SECOND, 0);
    uint64_t first;
    audio_play(audio, both, SECOND, &first, NULL);
    double *y = captured(audio, TOTAL);
    for (size_t i = 2 * SECOND; i < TOTAL; i++)
        worst = fmax(worst, fabs(y[i]));
    ck_assert_double_le(worst, 1e-6);
    free(y);
    free(both);
    free(mono);
    audio_close(audio);
}
END_TEST

START_TEST(mismatch_skew_and_crosstalk_are_what_the_arguments_say)
{
    struct device *device = devices_flat(&wire);
    struct circuit circuit = {.source_ohm = {50.0, 50.0}};
    for (int output = 0; output < 2; output++) {
        struct audio *audio = opened("sim:IDEAL=1,MISMATCH_DB=0.5,SKEW_NS=3000,CROSSTALK_DB=-60", NULL);
        struct response response = measured(audio, output, 512);
        /* Output 1 half the mismatch up, output 2 half down and later. */
        check_response(&response, device, &circuit, output, units_ratio(output ? -0.25 : 0.25), output ? 3e-6 : 0.0,
                       1e-3);
        free(response.at);
        audio_close(audio);
    }
    device_free(device);
}
END_TEST

/* 6 dB per octave through CROSSTALK_DB at 1 kHz; terminated nothing else arrives. */
START_TEST(crosstalk_can_rise_with_frequency_and_is_all_that_is_left_terminated)
{
    struct audio *audio = opened("sim:IDEAL=1,CROSSTALK_DB=-60,CROSSTALK_SLOPE=6", NULL);
    set_position(audio, WIRING_TERMINATED);
    struct response response = measured(audio, 0, 512);
    for (double f = 50.0; f <= 20000.0; f *= 2.0)
        ck_assert_double_le(cabs(response.at[(size_t)(8.0 * f)] - I * 1e-3 * f / 1000.0), 1e-8 * f / 50.0);
    free(response.at);
    audio_close(audio);
}
END_TEST

START_TEST(source_resistances_imbalance_and_tie_stand_where_the_arguments_say)
{
    struct device_point point = devices_diffamp(10e3, 10e3);
    struct device *device = devices_flat(&point);
    static const enum wiring wirings[] = {WIRING_NORMAL, WIRING_SWAPPED, WIRING_TIED};
    for (size_t w = 0; w < 3; w++) {
        struct circuit circuit = {
            .wiring = wirings[w], .source_ohm = {100.0, 130.0}, .tie_ohm = 0.5, .imbalance_ohm = {7.0, 11.0}};
        struct audio *audio =
            opened("sim:IDEAL=1,R_SOURCE=100,R_SOURCE_DIFF=30,R_TIE=0.5,DR_HOT=7,DR_COLD=11", devices_flat(&point));
        set_position(audio, wirings[w]);
        struct response response = measured(audio, 1, 512);
        check_response(&response, device, &circuit, 1, 1.0, 0.0, 0.0);
        free(response.at);
        audio_close(audio);
    }
    device_free(device);
}
END_TEST

START_TEST(a_fault_acts_in_the_bench_too)
{
    struct device_point point = devices_diffamp(10e3, 10e3);
    struct device *device = devices_flat(&point);
    struct circuit circuit = {.source_ohm = {50.0, 50.0}, .fault = FAULT_COLD_OPEN};
    struct audio *audio = opened("sim:IDEAL=1,FAULT=cold-open", devices_flat(&point));
    struct response response = measured(audio, 0, 512);
    check_response(&response, device, &circuit, 0, 1.0, 0.0, 0.0);
    free(response.at);
    audio_close(audio);
    device_free(device);
}
END_TEST

/* ---- time ---- */

static void check_latency(const char *text, size_t latency)
{
    double click[] = {0.5, 0.0};
    struct audio *audio = opened(text, NULL);
    free(captured(audio, 10000));
    uint64_t first = 0;
    ck_assert_int_eq(audio_play(audio, click, 1, &first, NULL), CMRR_OK);
    ck_assert_uint_ge(first, 10000);
    double *y = captured(audio, latency + 30000);
    size_t peak = 0;
    for (size_t i = 0; i < latency + 30000; i++)
        peak = fabs(y[i]) > fabs(y[peak]) ? i : peak;
    ck_assert_uint_eq(10000 + peak, first + latency);
    /* 2 x 0.48 of the click passes the band limit into its own frame, and it is symmetric about it. */
    ck_assert_double_eq_tol(y[peak], 0.48, 1e-3);
    ck_assert_double_eq_tol(y[peak - 1], y[peak + 1], 1e-12);
    free(y);
    audio_close(audio);
}

START_TEST(the_latency_is_exact)
{
    check_latency("sim:IDEAL=1,LATENCY=256", 256);
    check_latency("sim:IDEAL=1,LATENCY=257", 257);
    check_latency("sim:IDEAL=1", 512);
    check_latency("sim:IDEAL=1,LATENCY=100000", 100000);
}
END_TEST

START_TEST(captured_frames_are_counted_without_a_gap_in_pieces_of_any_size)
{
    struct audio *audio = opened("sim:", NULL);
    uint64_t expected = 0;
    for (size_t size = 1; size < 20000; size = size * 3 + 1) {
        struct audio_chunk chunk;
        ck_assert_int_eq(audio_advance(audio, &chunk, size, NULL), CMRR_OK);
        ck_assert_uint_eq(chunk.first, expected);
        ck_assert(chunk.frames >= 1 && chunk.frames <= size);
        expected += chunk.frames;
    }
    audio_close(audio);
}
END_TEST

START_TEST(a_second_block_is_refused_while_one_is_queued)
{
    static double block[2 * 100];
    struct audio *audio = opened("sim:", NULL);
    uint64_t first = 77;
    ck_assert_int_eq(audio_play(audio, block, 0, &first, NULL), CMRR_RANGE);
    ck_assert_int_eq(audio_play(audio, block, 100, &first, NULL), CMRR_OK);
    ck_assert_int_eq(audio_play(audio, block, 100, &first, NULL), CMRR_RANGE);
    free(captured(audio, 100));
    ck_assert_int_eq(audio_play(audio, block, 100, &first, NULL), CMRR_OK);
    audio_close(audio);
}
END_TEST

/* ---- converters ---- */

START_TEST(samples_are_24_bit_unless_ideal)
{
    struct audio_info info;
    struct audio *audio = opened("sim:SEED=3", NULL);
    double *x = captured(audio, 1000);
    size_t odd = 0;
    for (int i = 0; i < 1000; i++) {
        ck_assert_double_eq(x[i] * 0x1p23, rint(x[i] * 0x1p23));
        odd += fmod(fabs(x[i] * 0x1p23), 2.0) == 1.0;
    }
    ck_assert(odd > 400 && odd < 600); /* half of them, 500 +- 16 */
    audio->ops->info(audio, &info);
    ck_assert_uint_eq(info.bits, 24);
    free(x);
    audio_close(audio);
    audio = opened("sim:IDEAL=1,NOISE_DBFS=-110", NULL);
    x = captured(audio, 1000);
    size_t whole = 0;
    for (int i = 0; i < 1000; i++)
        whole += x[i] * 0x1p23 == rint(x[i] * 0x1p23);
    audio->ops->info(audio, &info);
    ck_assert(info.bits == 0 && whole < 10);
    free(x);
    audio_close(audio);
}
END_TEST

START_TEST(the_input_clips_at_its_level_and_says_so)
{
    struct audio *audio = opened("sim:CLIP_DBFS=-6", NULL);
    struct audio_info info;
    double *mono = calloc(SECOND, sizeof *mono), peak = 0.0;
    tone_add(mono, SECOND, 0.9, 1000, SECOND, 0.0, 0);
    double *both = on_output(mono, SECOND, 0);
    uint64_t first;
    audio_play(audio, both, SECOND, &first, NULL);
    double *y = captured(audio, SECOND);
    for (int i = 0; i < SECOND; i++)
        peak = fmax(peak, fabs(y[i]));
    audio->ops->info(audio, &info);
    ck_assert_double_eq_tol(peak, units_ratio(-6.0), 0x1p-23);
    ck_assert(peak >= info.clip_ratio && info.clip_ratio > units_ratio(-6.0) * 0.99999);
    free(y);
    free(both);
    free(mono);
    audio_close(audio);
}
END_TEST

START_TEST(outputs_clip_at_full_scale)
{
    struct audio *audio = opened("sim:IDEAL=1", NULL);
    double *both = calloc(2 * SECOND, sizeof *both);
    for (int i = 0; i < SECOND; i++)
        both[2 * i] = 1.5;
    uint64_t first;
    audio_play(audio, both, SECOND, &first, NULL);
    double *y = captured(audio, SECOND);
    ck_assert_double_eq_tol(y[SECOND / 2], 1.0, 1e-7);
    free(y);
    free(both);
    audio_close(audio);
}
END_TEST

/* 0.5 + 0.5 cos(pi t / 10 ms) from the first frame that a new block takes; the band limit rounds its corners by 1e-5. */
START_TEST(a_fade_is_a_raised_cosine_of_10_ms_and_silence_after)
{
    struct audio *audio = opened("sim:IDEAL=1,LATENCY=256", NULL);
    double *both = calloc(2 * SECOND, sizeof *both);
    for (int i = 0; i < SECOND; i++)
        both[2 * i] = 0.5;
    uint64_t first;
    audio_play(audio, both, SECOND, &first, NULL);
    free(captured(audio, 8192));
    audio_fade(audio);
    double *y = captured(audio, SECOND);
    for (size_t i = 0; i < SECOND; i++) {
        double t = (double)i - 256.0, expected = t < 0 ? 0.5 : t < 480 ? 0.25 + 0.25 * cos(M_PI * t / 480.0) : 0.0;
        ck_assert_msg(fabs(y[i] - expected) < 1e-4, "frame %zu: %g of %g", i, y[i], expected);
        ck_assert(i < 1000 || fabs(y[i]) < 1e-9);
    }
    ck_assert_int_eq(audio_play(audio, both, 10, &first, NULL), CMRR_OK);
    audio_fade(audio);
    audio_fade(audio);
    free(y);
    free(both);
    audio_close(audio);
}
END_TEST

/* ---- fixture ---- */

START_TEST(the_fixture_moves_while_frames_pass)
{
    struct audio *audio = opened("sim:", NULL);
    struct fixture *fixture = sim_fixture(audio);
    struct position tied = {.wiring = WIRING_TIED};
    ck_assert_int_eq(fixture->ops->begin(fixture, &tied, NULL), CMRR_OK);
    ck_assert_int_eq(fixture->ops->poll(fixture, NULL), FIXTURE_PENDING);
    ck_assert_int_eq(fixture->ops->poll(fixture, NULL), FIXTURE_PENDING);
    free(captured(audio, 1000));
    ck_assert_int_eq(fixture->ops->poll(fixture, NULL), FIXTURE_DONE);
    audio_close(audio);
}
END_TEST

START_TEST(a_fixture_that_hangs_is_never_done)
{
    struct audio *audio = opened("sim:FIXTURE=hang", NULL);
    struct fixture *fixture = sim_fixture(audio);
    struct position tied = {.wiring = WIRING_TIED};
    ck_assert_int_eq(fixture->ops->begin(fixture, &tied, NULL), CMRR_OK);
    free(captured(audio, 5 * SECOND));
    ck_assert_int_eq(fixture->ops->poll(fixture, NULL), FIXTURE_PENDING);
    audio_close(audio);
}
END_TEST

START_TEST(a_fixture_that_fails_says_so)
{
    struct audio *audio = opened("sim:FIXTURE=fail", NULL);
    struct fixture *fixture = sim_fixture(audio);
    struct position tied = {.wiring = WIRING_TIED};
    struct cmrr_error why = {0};
    ck_assert_int_eq(fixture->ops->begin(fixture, &tied, &why), CMRR_FIXTURE);
    ck_assert_ptr_nonnull(strstr(why.text, "tied"));
    audio_close(audio);
}
END_TEST

static double differential_gain_tied(const char *text)
{
    struct audio *audio = opened(text, NULL);
    set_position(audio, WIRING_TIED);
    struct response response = measured(audio, 0, 512);
    double gain = cabs(response.at[8 * 1000]);
    free(response.at);
    audio_close(audio);
    return gain;
}

/* Tied with 10 mohm behind 50 ohm each: 1e-4 of the differential drive is left. */
START_TEST(a_stuck_fixture_says_done_and_has_not_moved)
{
    ck_assert_double_eq_tol(differential_gain_tied("sim:IDEAL=1,R_TIE=0.01,FIXTURE=stuck"), 1.0, 1e-6);
    ck_assert_double_eq_tol(differential_gain_tied("sim:IDEAL=1,R_TIE=0.01"), 1e-4, 1e-7);
}
END_TEST

/* ---- what the bench does not have ---- */

static void refused(struct audio_config config, const char *words)
{
    struct sim_args args;
    struct audio *audio = NULL;
    struct cmrr_error why = {0};
    config.device = "sim:";
    sim_args_parse(&args, "sim:", NULL);
    ck_assert_int_eq(sim_open(&audio, &args, devices_flat(&wire), &config, &why), CMRR_DEVICE_UNKNOWN);
    ck_assert_ptr_null(audio);
    ck_assert_msg(strstr(why.text, words), "said: %s", why.text);
}

START_TEST(rates_and_channels_that_the_bench_has_not_are_refused)
{
    struct audio_config good = {
        .rate_hz = RATE, .out_channels = {1, 2}, .out_count = 2, .in_channels = {1}, .in_count = 1};
    struct audio_config bad = good;
    bad.rate_hz = 48001;
    refused(bad, "48001 Hz refused");
    bad = good, bad.out_channels[1] = 3;
    refused(bad, "outputs 1,3");
    bad = good, bad.out_channels[0] = 2, bad.out_channels[1] = 1, bad.in_channels[0] = 2;
    refused(bad, "input 2");
    bad = good, bad.out_channels[0] = 0, bad.out_channels[1] = 3;
    refused(bad, "outputs 0,3");
}
END_TEST

int main(void)
{
    const TTest *tests[] = {input_noise_has_the_deviation_it_claims,
                            output_noise_passes_through_the_device,
                            the_same_seed_gives_the_same_samples_and_another_others,
                            hum_has_the_frequency_level_and_harmonics_it_claims,
                            harmonics_stay_below_half_the_rate,
                            the_active_device_has_its_transfer_for_any_signal,
                            the_transformer_has_its_transfer_for_any_signal,
                            no_echo_comes_back_seconds_after_the_sound,
                            mismatch_skew_and_crosstalk_are_what_the_arguments_say,
                            crosstalk_can_rise_with_frequency_and_is_all_that_is_left_terminated,
                            source_resistances_imbalance_and_tie_stand_where_the_arguments_say,
                            a_fault_acts_in_the_bench_too,
                            the_latency_is_exact,
                            captured_frames_are_counted_without_a_gap_in_pieces_of_any_size,
                            a_second_block_is_refused_while_one_is_queued,
                            samples_are_24_bit_unless_ideal,
                            the_input_clips_at_its_level_and_says_so,
                            outputs_clip_at_full_scale,
                            a_fade_is_a_raised_cosine_of_10_ms_and_silence_after,
                            the_fixture_moves_while_frames_pass,
                            a_fixture_that_hangs_is_never_done,
                            a_fixture_that_fails_says_so,
                            a_stuck_fixture_says_done_and_has_not_moved,
                            rates_and_channels_that_the_bench_has_not_are_refused};
    return suite_run("sim", tests, sizeof tests / sizeof *tests);
}
