/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every integer format is seen as a 32 bit word with the code at its top, so that rounding, saturation and
 * sign extension exist once and the formats differ only in which bytes of the word they store. Bytes are
 * moved one by one: ALSA's _LE formats are little-endian on every machine, and 3-byte samples are not
 * aligned.
 */
#include "alsa_convert.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static size_t sample_bytes(enum alsa_sample sample)
{
    return sample == ALSA_S24_3 ? 3 : 4;
}

size_t alsa_frame_bytes(const struct alsa_layout *layout)
{
    return layout->channels * sample_bytes(layout->sample);
}

double alsa_clip_ratio(const struct alsa_layout *layout)
{
    return 1.0 - ldexp(1.0, 1 - (int)layout->bits);
}

/* To the nearest of 2^bits codes from -2^(bits-1) to 2^(bits-1) - 1. */
static int32_t quantise(double value, unsigned bits)
{
    double top = ldexp(1.0, (int)bits - 1);
    double code = rint(value * top);
    if (isnan(code))
        return 0;
    return (int32_t)fmax(-top, fmin(code, top - 1.0));
}

static void store(uint32_t word, unsigned char *raw, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        raw[i] = (unsigned char)(word >> (8 * i));
}

static uint32_t fetch(const unsigned char *raw, size_t bytes)
{
    uint32_t word = 0;
    for (size_t i = 0; i < bytes; i++)
        word |= (uint32_t)raw[i] << (8 * i);
    return word;
}

static void encode_one(const struct alsa_layout *layout, double value, unsigned char *raw)
{
    int32_t code = quantise(value, layout->bits);
    uint32_t word = (uint32_t)code << (32 - layout->bits);
    switch (layout->sample) {
    case ALSA_S32:
        store(word, raw, 4);
        break;
    case ALSA_S24_3:
        store(word >> 8, raw, 3);
        break;
    case ALSA_S24:
        /* The code moves down by whole bits that are zero; the sign comes back from the top. */
        store((word >> 8) | (code < 0 ? 0xff000000u : 0u), raw, 4);
        break;
    case ALSA_FLOAT: {
        float ratio = (float)ldexp(code, 1 - (int)layout->bits); /* exact: at most 24 significant bits */
        memcpy(raw, &ratio, sizeof ratio);
        break;
    }
    }
}

static double decode_one(enum alsa_sample sample, const unsigned char *raw)
{
    float ratio;
    switch (sample) {
    case ALSA_S32:
        return ldexp((int32_t)fetch(raw, 4), -31);
    case ALSA_S24_3:
    case ALSA_S24: /* the fourth byte is left alone: some drivers leave rubbish in it */
        return ldexp((int32_t)(fetch(raw, 3) << 8), -31);
    case ALSA_FLOAT:
        memcpy(&ratio, raw, sizeof ratio);
        return (double)ratio;
    }
    return 0.0;
}

void alsa_encode(const struct alsa_layout *layout, unsigned channel, const double *samples, size_t step,
                 unsigned char *raw, size_t frames)
{
    size_t frame_bytes = alsa_frame_bytes(layout);
    raw += channel * sample_bytes(layout->sample);
    for (size_t n = 0; n < frames; n++)
        encode_one(layout, samples[n * step], raw + n * frame_bytes);
}

void alsa_decode(const struct alsa_layout *layout, unsigned channel, const unsigned char *raw, double *samples,
                 size_t step, size_t frames)
{
    size_t frame_bytes = alsa_frame_bytes(layout);
    raw += channel * sample_bytes(layout->sample);
    for (size_t n = 0; n < frames; n++)
        samples[n * step] = decode_one(layout->sample, raw + n * frame_bytes);
}
