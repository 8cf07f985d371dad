/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rig.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* An odd multiplier makes frame number to code one to one modulo 2^24. */
enum { MULTIPLIER = 0x9e3779, OFFSET = 12345, CODE_MASK = 0xffffff, OTHER_COLUMN = 0x555555 };

double coded_sample(uint64_t frame, unsigned column)
{
    uint32_t code = (((uint32_t)frame * MULTIPLIER + OFFSET) ^ (OTHER_COLUMN * column)) & CODE_MASK;
    return ldexp((int32_t)(code << 8), -31);
}

uint64_t coded_frame(double sample)
{
    uint32_t code = (uint32_t)(int32_t)ldexp(sample, 23) & CODE_MASK, inverse = 1;
    for (int i = 0; i < 5; i++) /* Newton's iteration: the correct bits double from one to 32 */
        inverse *= 2u - MULTIPLIER * inverse;
    return ((code - OFFSET) * inverse) & CODE_MASK;
}

double *coded_block(size_t frames)
{
    double *block = malloc(2 * frames * sizeof *block);
    ck_assert_ptr_nonnull(block);
    for (size_t n = 0; n < frames; n++)
        for (unsigned column = 0; column < 2; column++)
            block[2 * n + column] = coded_sample(n, column);
    return block;
}

double rig_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

unsigned rig_rate_hz(void)
{
    const char *rate = getenv("RIG_RATE");
    return rate ? (unsigned)atoi(rate) : 48000;
}

struct audio_config rig_config(void)
{
    return (struct audio_config){.device = "rig",
                                 .rate_hz = rig_rate_hz(),
                                 .out_channels = {1, 2},
                                 .out_count = 2,
                                 .in_channels = {1, 2},
                                 .in_count = 2,
                                 .allow_plug = true};
}

struct audio *rig_open(const struct audio_config *config)
{
    struct cmrr_error why = {0};
    struct audio *audio = NULL;
    enum cmrr_status status = audio_alsa_ops.open(&audio, config, &why);
    ck_assert_msg(status == CMRR_OK, "open: %s", why.text);
    return audio;
}

const char *rig_refusal(const struct audio_config *config, enum cmrr_status expected)
{
    static struct cmrr_error why;
    struct audio *audio = NULL;
    why = (struct cmrr_error){0};
    ck_assert_int_eq(audio_alsa_ops.open(&audio, config, &why), expected);
    ck_assert_ptr_null(audio);
    printf("note %s\n", why.text);
    return why.text;
}

static size_t first_sound(const struct rig_capture *capture)
{
    size_t n = 0;
    while (n < capture->frames && capture->samples[2 * n] == 0.0 && capture->samples[2 * n + 1] == 0.0)
        n++;
    return n;
}

void rig_play(struct audio *audio, const double *block, size_t frames, struct rig_capture *capture)
{
    enum { CHUNK = 4096 };
    struct cmrr_error why = {0};
    *capture = (struct rig_capture){.frames = 0};
    ck_assert_int_eq(audio_play(audio, block, frames, &capture->first, &why), CMRR_OK);
    /* A quarter of a second for the device's own delay. */
    size_t wanted = (size_t)capture->first + frames + rig_rate_hz() / 4;
    capture->samples = calloc(2 * (wanted + CHUNK), sizeof *capture->samples);
    ck_assert_ptr_nonnull(capture->samples);
    while (capture->frames < wanted) {
        struct audio_chunk chunk;
        enum cmrr_status status = audio_advance(audio, &chunk, CHUNK, &why);
        ck_assert_msg(status == CMRR_OK, "advance: %s", why.text);
        ck_assert(chunk.frames >= 1 && chunk.frames <= CHUNK);
        ck_assert_uint_eq(chunk.first, capture->frames);
        memcpy(capture->samples + 2 * capture->frames, chunk.samples, 2 * chunk.frames * sizeof *capture->samples);
        capture->frames += chunk.frames;
    }
    capture->sound = first_sound(capture);
}
