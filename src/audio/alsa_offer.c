/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a device offers without anybody converting in between, and the sentence that names it when that is not
 * what was asked. The order of the questions (format, then rate, then channels) is the order in which drivers
 * restrict: interfaces lose channels at high rates, and have their high rates in 24 bits.
 */
#include "alsa_internal.h"

#include <stdio.h>
#include <string.h>

const snd_pcm_format_t alsa_formats[] = {SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S24_LE,
                                         SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_UNKNOWN};

static const unsigned common_rates_hz[ALSA_RATES_MAX] = {8000,  11025, 16000, 22050,  32000,  44100,  48000,
                                                         64000, 88200, 96000, 176400, 192000, 352800, 384000};

struct alsa_layout alsa_layout_of(snd_pcm_format_t format)
{
    switch (format) {
    case SND_PCM_FORMAT_S24_3LE:
        return (struct alsa_layout){.sample = ALSA_S24_3, .bits = 24};
    case SND_PCM_FORMAT_S24_LE:
        return (struct alsa_layout){.sample = ALSA_S24, .bits = 24};
    case SND_PCM_FORMAT_FLOAT_LE:
        return (struct alsa_layout){.sample = ALSA_FLOAT, .bits = 24};
    default:
        return (struct alsa_layout){.sample = ALSA_S32, .bits = 24};
    }
}

int alsa_offer_any(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw, bool is_plug)
{
    snd_pcm_format_mask_t *mask;
    snd_pcm_format_mask_alloca(&mask);
    snd_pcm_format_mask_none(mask);
    for (const snd_pcm_format_t *format = alsa_formats; *format != SND_PCM_FORMAT_UNKNOWN; format++)
        if (is_plug || *format != SND_PCM_FORMAT_FLOAT_LE)
            snd_pcm_format_mask_set(mask, *format);
    int error = snd_pcm_hw_params_any(pcm, hw);
    if (error >= 0)
        error = snd_pcm_hw_params_set_rate_resample(pcm, hw, 0);
    if (error >= 0)
        error = snd_pcm_hw_params_set_access(pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED);
    if (error >= 0)
        error = snd_pcm_hw_params_set_format_mask(pcm, hw, mask);
    return error;
}

size_t alsa_offer_rates(snd_pcm_t *one, snd_pcm_t *other, bool is_plug, unsigned rates_hz[ALSA_RATES_MAX])
{
    snd_pcm_t *const pcms[2] = {one, other};
    bool is_offered[ALSA_RATES_MAX];
    memset(is_offered, one || other, sizeof is_offered);
    snd_pcm_hw_params_t *hw;
    snd_pcm_hw_params_alloca(&hw);
    for (size_t p = 0; p < 2; p++) {
        if (!pcms[p])
            continue;
        bool is_usable = alsa_offer_any(pcms[p], hw, is_plug) >= 0;
        for (size_t i = 0; i < ALSA_RATES_MAX; i++)
            is_offered[i] &= is_usable && snd_pcm_hw_params_test_rate(pcms[p], hw, common_rates_hz[i], 0) == 0;
    }
    size_t count = 0;
    for (size_t i = 0; i < ALSA_RATES_MAX; i++)
        if (is_offered[i])
            rates_hz[count++] = common_rates_hz[i];
    return count;
}

static void append(char *text, size_t size, const char *word)
{
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s", length ? ", " : "", word);
}

static enum cmrr_status refuse_format(const struct alsa_audio *audio, const struct alsa_stream *stream,
                                      snd_pcm_hw_params_t *hw, struct cmrr_error *why)
{
    char offered[256] = "";
    snd_pcm_format_mask_t *mask;
    snd_pcm_format_mask_alloca(&mask);
    if (snd_pcm_hw_params_any(stream->pcm, hw) < 0)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: offers nothing that can be opened", audio->info.device);
    snd_pcm_hw_params_get_format_mask(hw, mask);
    for (int format = 0; format <= SND_PCM_FORMAT_LAST; format++)
        if (snd_pcm_format_mask_test(mask, (snd_pcm_format_t)format))
            append(offered, sizeof offered, snd_pcm_format_name((snd_pcm_format_t)format));
    if (snd_pcm_hw_params_test_access(stream->pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED) < 0)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN,
                         "%s: no interleaved access, which is the only one used here; plughw: with --allow-plug "
                         "converts",
                         audio->info.device);
    return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: no 24 bit format (S32_LE, S24_3LE, S24_LE), device offers %s",
                     audio->info.device, offered);
}

static enum cmrr_status refuse_rate(const struct alsa_audio *audio, struct cmrr_error *why)
{
    char offered[256] = "", word[16];
    unsigned rates_hz[ALSA_RATES_MAX];
    size_t count = alsa_offer_rates(audio->play.pcm, audio->capture.pcm, audio->info.is_plug, rates_hz);
    for (size_t i = 0; i < count; i++) {
        snprintf(word, sizeof word, "%u", rates_hz[i]);
        append(offered, sizeof offered, word);
    }
    return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: %u Hz refused, device offers %s", audio->info.device,
                     audio->rate_hz, count ? offered : "no common rate for both outputs and inputs");
}

static unsigned highest(const struct alsa_stream *stream)
{
    unsigned channel = 0;
    for (size_t i = 0; i < stream->list_count; i++)
        if (stream->list[i] > channel)
            channel = stream->list[i];
    return channel;
}

/* The questions of alsa_set_params() once more, to find out which of them had no answer. */
enum cmrr_status alsa_refuse(const struct alsa_audio *audio, const struct alsa_stream *stream, struct cmrr_error *why)
{
    snd_pcm_hw_params_t *hw;
    snd_pcm_hw_params_alloca(&hw);
    if (alsa_offer_any(stream->pcm, hw, audio->info.is_plug) < 0)
        return refuse_format(audio, stream, hw, why);
    if (snd_pcm_hw_params_set_rate(stream->pcm, hw, audio->rate_hz, 0) < 0)
        return refuse_rate(audio, why);
    unsigned offered = 0;
    snd_pcm_hw_params_get_channels_max(hw, &offered);
    const char *kind = stream->direction == SND_PCM_STREAM_PLAYBACK ? "output" : "input";
    if (highest(stream) > offered)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: %s %u refused, device offers %u %s%s at %u Hz",
                         audio->info.device, kind, highest(stream), offered, kind, offered == 1 ? "" : "s",
                         audio->rate_hz);
    return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: %u Hz, %s %u and a 24 bit format are not offered together",
                     audio->info.device, audio->rate_hz, kind, highest(stream));
}
