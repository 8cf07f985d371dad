/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/estimate.h"

#include <math.h>
#include <stdlib.h>
#include "cmrr/rng.h"
#include "cmrr/tone.h"
#include "../support/suite.h"

enum { MARKER = 1920, FRAMES = 60000 };

static double marker[MARKER], capture[FRAMES];

static void make_marker(void)
{
    tone_marker(marker, MARKER, 1.0, 200.0, 12000.0, 48000.0);
}

static void make_capture(size_t lag, double gain, double noise, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed);
    for (size_t i = 0; i < FRAMES; i++)
        capture[i] = noise * rng_gauss(&rng) + (i >= lag && i < lag + MARKER ? gain * marker[i - lag] : 0.0);
}

static struct marker_hit found(size_t frames)
{
    struct marker_hit hit = {0};
    ck_assert_int_eq(marker_find(capture, frames, marker, MARKER, &hit), CMRR_OK);
    return hit;
}

/* Lags about the ends and about the pieces of the overlap-save transform. */
START_TEST(the_lag_is_found_to_the_frame_with_gain_and_sign)
{
    static const size_t lags[] = {
        0, 1, 511, 512, 13440, 13441, 15359, 15360, 15361, FRAMES - MARKER - 1, FRAMES - MARKER};
    make_marker();
    for (size_t i = 0; i < sizeof lags / sizeof *lags; i++)
        for (double gain = -0.01; gain < 1.0; gain += 0.51) {
            make_capture(lags[i], gain, 0.0, 1);
            struct marker_hit hit = found(FRAMES);
            ck_assert_uint_eq(hit.lag, lags[i]);
            ck_assert_double_eq_tol(hit.gain, gain, 1e-12);
            ck_assert_double_ge(hit.clearance, MARKER_CLEARANCE);
        }
}
END_TEST

/* Correlation gains sqrt(energy of the marker) = 28 over the deviation of the noise; 40 % of noise leaves 70 of them. */
START_TEST(the_marker_is_found_in_noise)
{
    uint64_t seed = suite_seed(1);
    make_marker();
    for (uint64_t i = 0; i < 20; i++) {
        size_t lag = 977 * i;
        make_capture(lag, 1.0, 0.4, seed + i);
        struct marker_hit hit = found(FRAMES);
        ck_assert_uint_eq(hit.lag, lag);
        ck_assert_double_eq_tol(hit.gain, 1.0, 5.0 * 0.4 / 28.0);
        ck_assert_double_ge(hit.clearance, MARKER_CLEARANCE);
    }
}
END_TEST

/* Largest of 58000 normal deviates: 4.3 expected, beyond 8 once in 10^10 captures. */
START_TEST(noise_alone_stays_below_the_clearance)
{
    uint64_t seed = suite_seed(100);
    make_marker();
    for (uint64_t i = 0; i < 100; i++) {
        make_capture(0, 0.0, 0.1, seed + i);
        struct marker_hit hit = found(FRAMES);
        ck_assert_msg(hit.clearance < MARKER_CLEARANCE, "seed %llu: %g", (unsigned long long)(seed + i), hit.clearance);
    }
}
END_TEST

/* A correlation with a steady tone is a steady tone: peak over rms sqrt(2), with its ends cut 2 at most. */
START_TEST(hum_alone_stays_below_the_clearance)
{
    make_marker();
    for (size_t i = 0; i < FRAMES; i++)
        capture[i] =
            0.5 * cos(2.0 * M_PI * 250.1 * (double)i / 48000.0) + 0.1 * cos(2.0 * M_PI * 50.1 * (double)i / 48000.0);
    ck_assert_double_lt(found(FRAMES).clearance, MARKER_CLEARANCE);
}
END_TEST

START_TEST(silence_is_no_marker)
{
    make_marker();
    make_capture(0, 0.0, 0.0, 1);
    struct marker_hit hit = found(FRAMES);
    ck_assert_double_eq(hit.clearance, 0.0);
    ck_assert_double_eq(hit.gain, 0.0);
}
END_TEST

START_TEST(a_capture_shorter_than_the_marker_is_refused)
{
    struct marker_hit hit = {.lag = 77};
    make_marker();
    ck_assert_int_eq(marker_find(capture, MARKER - 1, marker, MARKER, &hit), CMRR_RANGE);
    ck_assert_int_eq(marker_find(capture, FRAMES, marker, 15, &hit), CMRR_RANGE);
    ck_assert_int_eq(marker_find(capture, 0, marker, MARKER, &hit), CMRR_RANGE);
    ck_assert_uint_eq(hit.lag, 77);
    ck_assert_uint_eq(found(MARKER).lag, 0);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {the_lag_is_found_to_the_frame_with_gain_and_sign,
                            the_marker_is_found_in_noise,
                            noise_alone_stays_below_the_clearance,
                            hum_alone_stays_below_the_clearance,
                            silence_is_no_marker,
                            a_capture_shorter_than_the_marker_is_refused};
    return suite_run("marker", tests, sizeof tests / sizeof *tests);
}
