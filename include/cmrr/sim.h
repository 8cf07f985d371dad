/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_SIM_H
#define CMRR_SIM_H

#include <stdbool.h>
#include <stdint.h>
#include "cmrr/audio.h"
#include "cmrr/circuit.h"
#include "cmrr/fixture.h"

/*
 * The simulated bench: two outputs with gain mismatch, skew and noise, their source resistances, a fixture, a device
 * from a device file in every position of it, crosstalk, hum, an input with noise, quantisation and clipping.
 * Frequency responses act on arbitrary signals. Full scale is 1 V peak, out and in.
 */
enum sim_fixture { SIM_FIXTURE_OK, SIM_FIXTURE_STUCK, SIM_FIXTURE_HANG, SIM_FIXTURE_FAIL };

struct sim_args {
    char dut[512];           /* a device file if it holds a '/', else a name under calib/duts */
    double mismatch_db;      /* output 1 over output 2 */
    double skew_ns;          /* output 2 later than output 1 */
    double crosstalk_db;     /* of each output into the input */
    double crosstalk_slope;  /* dB per octave: 0, or 6 through crosstalk_db at 1 kHz */
    double noise_dbfs;       /* of each converter: rms over 0 to 20 kHz, relative to a full-scale sine's rms */
    double hum_hz, hum_dbfs; /* fundamental, peak relative to full scale; harmonics follow (sim_hum_harmonic) */
    double r_source_ohm, r_source_diff_ohm, r_tie_ohm;
    double dr_hot_ohm, dr_cold_ohm;
    double latency_frames;
    double speed; /* 0: as fast as possible; 1: real time */
    double seed;
    double clip_dbfs; /* the input's own full scale */
    enum fault fault;
    enum sim_fixture fixture;
    bool is_ideal; /* samples are doubles: no quantisation */
};

/*
 * Read "sim:KEY=VALUE,..." (a comma or backslash inside a value behind a backslash). CMRR_USAGE names the key, the
 * nearest known key, the value or the range.
 */
enum cmrr_status sim_args_parse(struct sim_args *args, const char *text, struct cmrr_error *why);

/* Amplitude of the n-th harmonic of the hum relative to its fundamental: 1/n for odd n, 0.3/n for even n, n <= 40. */
double sim_hum_harmonic(unsigned n);
enum { SIM_HARMONICS = 40 };

/*
 * Open the bench. It takes the device over (freed at close, or here on failure). The bench offers two outputs and
 * one input. Latency includes the converters' own 256 frames.
 */
enum cmrr_status sim_open(struct audio **audio, const struct sim_args *args, struct device *device,
                          const struct audio_config *config, struct cmrr_error *why);

/* The fixture of an open bench: the audio's, gone when it is closed. */
struct fixture *sim_fixture(struct audio *audio);

#endif
