/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ALSA back end over a real libasound, against a private JACK server (tests/support/with-jack).
 */
#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmrr/audio.h"
#include "../support/rig.h"
#include "suite.h"

/* Every sample of `seconds` comes back as it left, all with one delay, and silence before and after. */
static void check_exact(const char *device, double seconds)
{
    struct audio_config config = rig_config();
    config.device = device;
    size_t frames = (size_t)(seconds * config.rate_hz), wrong = 0;
    struct rig_capture got;
    double *block = coded_block(frames), begin_s = rig_now_s();
    struct audio *audio = rig_open(&config);
    rig_play(audio, block, frames, &got);
    audio_close(audio);
    ck_assert_uint_lt(got.sound, got.frames);
    ck_assert_uint_eq(coded_frame(got.samples[2 * got.sound]), 0);
    for (size_t n = got.sound; n < got.frames; n++)
        for (unsigned column = 0; column < 2; column++)
            wrong +=
                got.samples[2 * n + column] != (n - got.sound < frames ? block[2 * (n - got.sound) + column] : 0.0);
    printf("note %s: %.1f s at %u Hz: %zu frames captured in %.2f s, delay %lld frames, %zu samples wrong\n", device,
           seconds, config.rate_hz, got.frames, rig_now_s() - begin_s, (long long)got.sound - (long long)got.first,
           wrong);
    ck_assert_uint_eq(wrong, 0);
    free(block);
    free(got.samples);
}

START_TEST(returns_every_sample_exactly_with_one_delay)
{
    check_exact("rig", 4.0);
}
END_TEST

START_TEST(returns_every_sample_exactly_as_single_floats)
{
    check_exact("rigraw", 1.0);
}
END_TEST

START_TEST(loses_no_sample_in_a_minute)
{
    check_exact("rig", 60.0);
}
END_TEST

START_TEST(tells_what_was_opened)
{
    struct audio_info info;
    struct audio_config config = rig_config();
    struct audio *audio = rig_open(&config);
    audio->ops->info(audio, &info);
    printf("note %s, %s, %s, %u bits, buffer %zu frames\n", info.device, info.driver, info.format, info.bits,
           info.buffer_frames);
    ck_assert_str_eq(info.device, "rig");
    ck_assert_str_eq(info.format, "S32_LE");
    ck_assert(info.is_plug && !info.is_simulated && !info.is_linked);
    ck_assert_uint_eq(info.bits, 24);
    ck_assert_double_eq(info.clip_ratio, 1.0 - 0x1p-23);
    ck_assert_double_ge((double)info.buffer_frames, 0.2 * config.rate_hz);
    ck_assert_double_le((double)info.buffer_frames, 0.5 * config.rate_hz);
    audio_close(audio);
}
END_TEST

START_TEST(starts_only_with_the_first_advance)
{
    struct audio_config config = rig_config();
    struct rig_capture got;
    double *block = coded_block(4800);
    struct audio *audio = rig_open(&config);
    usleep(700000); /* longer than the buffer: the caller may take its time to compute what it wants to play */
    rig_play(audio, block, 4800, &got);
    ck_assert_uint_lt(got.sound, got.frames);
    audio_close(audio);
    free(block);
    free(got.samples);
}
END_TEST

/* Play a block of 18 bit samples and compare what comes back with gains of whole eighths: exact in a float.
 */
static void check_matrix(const struct audio_config *config, const double gain[4])
{
    enum { FRAMES = 24000 };
    size_t wrong = 0;
    struct rig_capture got;
    double *block = coded_block(FRAMES);
    for (size_t i = 0; i < 2 * FRAMES; i++)
        block[i] = ldexp(rint(ldexp(block[i], 17)), -20);
    struct audio *audio = rig_open(config);
    rig_play(audio, block, FRAMES, &got);
    audio_close(audio);
    ck_assert_uint_le(got.sound + FRAMES, got.frames);
    for (size_t n = 0; n < FRAMES; n++) {
        const double *x = block + 2 * n, *y = got.samples + 2 * (got.sound + n);
        wrong += y[0] != gain[0] * x[0] + gain[1] * x[1] || y[1] != gain[2] * x[0] + gain[3] * x[1];
    }
    ck_assert_uint_eq(wrong, 0);
    free(block);
    free(got.samples);
}

static void set_gain(const char *gain)
{
    FILE *file = fopen(getenv("RIG_GAIN_FILE"), "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%s\n", gain);
    fclose(file);
    kill(atoi(getenv("RIG_DUT_PID")), SIGHUP);
    usleep(300000); /* the client looks every 10 ms */
}

START_TEST(sends_each_output_through_its_own_gain)
{
    struct audio_config config = rig_config();
    set_gain("0.5,0.125,-0.25,1");
    check_matrix(&config, (const double[]){0.5, 0.125, -0.25, 1.0});
    set_gain("1,0,0,1");
}
END_TEST

START_TEST(exchanges_channels_as_they_are_listed)
{
    struct audio_config config = rig_config();
    config.out_channels[0] = 2;
    config.out_channels[1] = 1;
    check_matrix(&config, (const double[]){0.0, 1.0, 1.0, 0.0});
    config.in_channels[0] = 2;
    config.in_channels[1] = 1;
    check_matrix(&config, (const double[]){1.0, 0.0, 0.0, 1.0});
}
END_TEST

START_TEST(keeps_an_output_silent_that_is_not_listed)
{
    struct audio_config config = rig_config();
    struct rig_capture got;
    double block[4800];
    for (size_t n = 0; n < 4800; n++)
        block[n] = 0.25;
    config.out_channels[0] = 2;
    config.out_count = 1;
    struct audio *audio = rig_open(&config);
    rig_play(audio, block, 4800, &got);
    audio_close(audio);
    for (size_t n = 0; n < got.frames; n++)
        ck_assert_double_eq(got.samples[2 * n], 0.0);
    ck_assert_double_eq(got.samples[2 * got.sound + 1], 0.25);
    free(got.samples);
}
END_TEST

START_TEST(refuses_a_second_block_while_one_is_queued)
{
    struct audio_config config = rig_config();
    double block[2 * 480] = {0};
    uint64_t first = 7, second = 7;
    struct audio *audio = rig_open(&config);
    ck_assert_int_eq(audio_play(audio, block, 480, &first, NULL), CMRR_OK);
    ck_assert_int_eq(audio_play(audio, block, 480, &second, NULL), CMRR_RANGE);
    ck_assert_uint_eq(second, 7);
    audio_close(audio);
}
END_TEST

START_TEST(fades_to_silence_within_10_ms_and_drops_the_rest)
{
    struct audio_config config = rig_config();
    size_t rate = config.rate_hz, frames = 2 * rate, captured = 0, end = 0, faded = 0;
    double *block = malloc(2 * frames * sizeof *block), last = 0.0, step = 0.0;
    uint64_t first;
    struct audio_chunk chunk;
    for (size_t i = 0; i < 2 * frames; i++)
        block[i] = 0.5;
    struct audio *audio = rig_open(&config);
    ck_assert_int_eq(audio_play(audio, block, frames, &first, NULL), CMRR_OK);
    while (captured < 2 * frames) {
        ck_assert_int_eq(audio_advance(audio, &chunk, 4096, NULL), CMRR_OK);
        for (size_t n = 0; n < chunk.frames; n++) {
            double now = chunk.samples[2 * n];
            step = fmax(step, last - now);
            end = now != 0.0 ? captured + n : end;
            last = now;
        }
        captured += chunk.frames;
        if (block && captured > rate) {
            audio_fade(audio);
            free(block); /* it is the caller's again */
            block = NULL;
            faded = captured;
        }
    }
    audio_close(audio);
    ck_assert_double_eq(last, 0.0);
    /* What the buffer holds when the fade begins, the fade, and a tenth of a second for the device's own
     * delay. */
    ck_assert_uint_le(end, faded + (size_t)first + rate / 100 + rate / 10);
    /* The steepest step of a cosine from 0.5 to 0 in N = rate / 100 frames is 0.5 pi / (2 N); one code for
     * rounding. */
    ck_assert_double_le(step, 0.25 * M_PI / ((double)rate / 100.0) + 0x1p-23);
    ck_assert_double_gt(step, 0.0);
}
END_TEST

START_TEST(refuses_another_rate_and_names_what_is_offered)
{
    struct audio_config config = rig_config();
    char expected[96];
    config.rate_hz = 192000;
    snprintf(expected, sizeof expected, "rig: 192000 Hz refused, device offers %u", rig_rate_hz());
    ck_assert_str_eq(rig_refusal(&config, CMRR_DEVICE_UNKNOWN), expected);
}
END_TEST

START_TEST(refuses_channel_5_of_a_device_with_2)
{
    struct audio_config config = rig_config();
    config.out_channels[1] = 5;
    const char *text = rig_refusal(&config, CMRR_DEVICE_UNKNOWN);
    ck_assert_ptr_nonnull(strstr(text, "output 5 refused, device offers 2 outputs"));
    config = rig_config();
    config.in_channels[1] = 5;
    text = rig_refusal(&config, CMRR_DEVICE_UNKNOWN);
    ck_assert_ptr_nonnull(strstr(text, "input 5 refused, device offers 2 inputs"));
}
END_TEST

static TCase *add_case(Suite *suite, const char *name)
{
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 600);
    suite_add_tcase(suite, tcase);
    return tcase;
}

int main(void)
{
    Suite *suite = suite_create("alsa over jack");
    setvbuf(stdout, NULL, _IONBF, 0);
    TCase *tcase = add_case(suite, "exact");
    tcase_add_test(tcase, tells_what_was_opened);
    tcase_add_test(tcase, returns_every_sample_exactly_with_one_delay);
    tcase_add_test(tcase, returns_every_sample_exactly_as_single_floats);
    tcase_add_test(tcase, refuses_another_rate_and_names_what_is_offered);
    tcase = add_case(suite, "contract");
    tcase_add_test(tcase, starts_only_with_the_first_advance);
    tcase_add_test(tcase, sends_each_output_through_its_own_gain);
    tcase_add_test(tcase, exchanges_channels_as_they_are_listed);
    tcase_add_test(tcase, keeps_an_output_silent_that_is_not_listed);
    tcase_add_test(tcase, refuses_channel_5_of_a_device_with_2);
    tcase_add_test(tcase, refuses_a_second_block_while_one_is_queued);
    tcase_add_test(tcase, fades_to_silence_within_10_ms_and_drops_the_rest);
    tcase = add_case(suite, "minute");
    tcase_add_test(tcase, loses_no_sample_in_a_minute);
    return suite_finish(suite);
}
