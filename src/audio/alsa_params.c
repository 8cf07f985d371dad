/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hardware and software parameters of one direction: the exact rate, the widest integer format, the smallest
 * number of channels that holds the listed ones, a buffer that forgives a slow computer (latency does not
 * matter here), and thresholds by which nothing starts by itself and nothing lost goes unseen.
 */
#include "alsa_internal.h"

/* 0.4 s: an analysis between two advances may take up to half of it. Eight periods: wake-ups are cheap
 * enough. */
static const double buffer_s = 0.4;
enum { PERIODS = 8 };

/* Hardware offers few channel counts; the smallest is the least traffic. */
static int set_channels(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw, unsigned needed)
{
    unsigned most = 0;
    int error = snd_pcm_hw_params_get_channels_max(hw, &most);
    if (error < 0)
        return error;
    for (unsigned channels = needed; channels <= most && channels < needed + 256; channels++)
        if (snd_pcm_hw_params_test_channels(pcm, hw, channels) == 0)
            return snd_pcm_hw_params_set_channels(pcm, hw, channels);
    return -EINVAL;
}

/* The first of our formats in which the device offers the rate and enough channels. */
static int choose(const struct alsa_audio *audio, const struct alsa_stream *stream, snd_pcm_hw_params_t *hw)
{
    unsigned needed = 1;
    for (size_t i = 0; i < stream->list_count; i++)
        if (stream->list[i] > needed)
            needed = stream->list[i];
    for (const snd_pcm_format_t *format = alsa_formats; *format != SND_PCM_FORMAT_UNKNOWN; format++)
        if (alsa_offer_any(stream->pcm, hw, audio->info.is_plug) >= 0 &&
            snd_pcm_hw_params_set_format(stream->pcm, hw, *format) >= 0 &&
            snd_pcm_hw_params_set_rate(stream->pcm, hw, audio->rate_hz, 0) >= 0 &&
            set_channels(stream->pcm, hw, needed) >= 0)
            return 0;
    return -EINVAL;
}

static int set_sizes(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw, unsigned rate_hz, bool is_period_first)
{
    snd_pcm_uframes_t buffer = (snd_pcm_uframes_t)(buffer_s * rate_hz), period = buffer / PERIODS;
    int error = 0;
    if (is_period_first)
        error = snd_pcm_hw_params_set_period_size_near(pcm, hw, &period, NULL);
    if (error >= 0)
        error = snd_pcm_hw_params_set_buffer_size_near(pcm, hw, &buffer);
    period = buffer / PERIODS;
    if (error >= 0 && !is_period_first)
        error = snd_pcm_hw_params_set_period_size_near(pcm, hw, &period, NULL);
    return error < 0 ? error : snd_pcm_hw_params(pcm, hw);
}

/* The JACK plugin wants whole periods in a buffer and so the period first; hardware of few sizes may want the
 * buffer. */
static int set_buffer(const struct alsa_audio *audio, const struct alsa_stream *stream, snd_pcm_hw_params_t *hw)
{
    snd_pcm_hw_params_t *before;
    snd_pcm_hw_params_alloca(&before);
    snd_pcm_hw_params_copy(before, hw);
    if (set_sizes(stream->pcm, hw, audio->rate_hz, true) >= 0)
        return 0;
    snd_pcm_hw_params_copy(hw, before);
    return set_sizes(stream->pcm, hw, audio->rate_hz, false);
}

/* What the driver has really set; false where the rate is not exactly what was asked, whatever it said
 * before. */
static bool read_back(const struct alsa_audio *audio, struct alsa_stream *stream, snd_pcm_hw_params_t *hw)
{
    snd_pcm_uframes_t buffer = 0, period = 0;
    unsigned numerator = 0, denominator = 1;
    snd_pcm_hw_params_get_format(hw, &stream->format);
    stream->layout = alsa_layout_of(stream->format);
    snd_pcm_hw_params_get_channels(hw, &stream->layout.channels);
    snd_pcm_hw_params_get_buffer_size(hw, &buffer);
    snd_pcm_hw_params_get_period_size(hw, &period, NULL);
    stream->buffer_frames = buffer;
    stream->period_frames = period;
    /* A converter of fewer bits in a wider word: rounding and dither belong at its last bit. */
    int bits = snd_pcm_hw_params_get_sbits(hw);
    if (!audio->info.is_plug && bits >= 16 && bits < 24)
        stream->layout.bits = (unsigned)bits;
    /* Some drivers do not say the exact fraction and leave it empty: then the plain number counts. */
    if (snd_pcm_hw_params_get_rate_numden(hw, &numerator, &denominator) < 0 || numerator == 0 || denominator == 0) {
        denominator = 1;
        if (snd_pcm_hw_params_get_rate(hw, &numerator, NULL) < 0)
            return false;
    }
    return (uint64_t)numerator == (uint64_t)audio->rate_hz * denominator;
}

/*
 * Start threshold beyond anything that can be written: only we start. Stop threshold at the buffer's size:
 * the stream stops, and so tells, when a frame is lost. Wake-up by whole periods.
 */
static int set_thresholds(const struct alsa_stream *stream)
{
    snd_pcm_uframes_t boundary = 0;
    snd_pcm_sw_params_t *sw;
    snd_pcm_sw_params_alloca(&sw);
    int error = snd_pcm_sw_params_current(stream->pcm, sw);
    if (error >= 0)
        error = snd_pcm_sw_params_get_boundary(sw, &boundary);
    if (error >= 0)
        error = snd_pcm_sw_params_set_start_threshold(stream->pcm, sw, boundary);
    if (error >= 0)
        error = snd_pcm_sw_params_set_stop_threshold(stream->pcm, sw, stream->buffer_frames);
    if (error >= 0)
        error = snd_pcm_sw_params_set_avail_min(stream->pcm, sw, stream->period_frames);
    return error < 0 ? error : snd_pcm_sw_params(stream->pcm, sw);
}

enum cmrr_status alsa_set_params(struct alsa_audio *audio, struct alsa_stream *stream, struct cmrr_error *why)
{
    snd_pcm_hw_params_t *hw;
    snd_pcm_hw_params_alloca(&hw);
    if (choose(audio, stream, hw) < 0)
        return alsa_refuse(audio, stream, why);
    int error = set_buffer(audio, stream, hw);
    if (error >= 0 && !read_back(audio, stream, hw))
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: %u Hz asked, the driver set another rate", audio->info.device,
                         audio->rate_hz);
    if (error >= 0)
        error = set_thresholds(stream);
    if (error < 0)
        return cmrr_fail(why, error == -EBUSY ? CMRR_DEVICE_BUSY : CMRR_FAILED,
                         "%s: the driver refuses %u Hz for its %ss after offering it (%s)", audio->info.device,
                         audio->rate_hz, stream->direction == SND_PCM_STREAM_PLAYBACK ? "output" : "input",
                         snd_strerror(error));
    return CMRR_OK;
}
