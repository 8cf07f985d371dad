/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Both directions of one device: one name, so one clock. Opened non-blocking and without the conversions that
 * ALSA's plugins would do unasked: a resampler or a volume in the path would be measured along with the
 * device under test.
 */
#include "alsa_internal.h"

#include <stdlib.h>

enum { OPEN_MODE = SND_PCM_NONBLOCK | SND_PCM_NO_AUTO_RESAMPLE | SND_PCM_NO_AUTO_CHANNELS | SND_PCM_NO_SOFTVOL };

static bool is_absent(int error)
{
    return error == -ENOENT || error == -ENODEV || error == -ENXIO;
}

static enum cmrr_status refuse_busy(const struct alsa_audio *audio, snd_pcm_stream_t direction, struct cmrr_error *why)
{
    const char *name = audio->info.device;
    struct alsa_holder holder = {.pid = 0};
    if (!audio->info.is_plug)
        alsa_find_holder("/proc", alsa_parse_hw(name), direction, &holder);
    if (holder.pid > 0)
        return cmrr_fail(why, CMRR_DEVICE_BUSY, "%s: busy, held by %s (pid %d)", name,
                         holder.process[0] ? holder.process : "a process", holder.pid);
    return cmrr_fail(why, CMRR_DEVICE_BUSY, "%s: busy, held by another program", name);
}

/* Why the device did not open: `play` and `capture` are what ALSA said of each direction, one of them is
 * negative. */
static enum cmrr_status refuse_open(const struct alsa_audio *audio, int play, int capture, struct cmrr_error *why)
{
    const char *name = audio->info.device;
    int error = play < 0 ? play : capture;
    if (play == -EBUSY || capture == -EBUSY)
        return refuse_busy(audio, play == -EBUSY ? SND_PCM_STREAM_PLAYBACK : SND_PCM_STREAM_CAPTURE, why);
    if (is_absent(play) != is_absent(capture) && (play >= 0 || capture >= 0))
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: has no %s; one interface with both is needed", name,
                         play < 0 ? "outputs" : "inputs");
    if (is_absent(error) && audio->info.is_plug)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN,
                         "%s: unknown to ALSA, or its sound server does not answer; cmrr devices lists what there is",
                         name);
    if (is_absent(error))
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN, "%s: no such device; cmrr devices lists what there is", name);
    if (error == -EINVAL)
        return cmrr_fail(why, CMRR_DEVICE_UNKNOWN,
                         "%s: not a name that ALSA understands; cmrr devices lists what there is", name);
    if (error == -EACCES || error == -EPERM)
        return cmrr_fail(why, CMRR_FAILED, "%s: no permission; members of the group audio may open it", name);
    return cmrr_fail(why, CMRR_FAILED, "%s: does not open (%s)", name, snd_strerror(error));
}

static enum cmrr_status open_both(struct alsa_audio *audio, struct cmrr_error *why)
{
    const char *name = audio->info.device;
    audio->play.direction = SND_PCM_STREAM_PLAYBACK;
    audio->capture.direction = SND_PCM_STREAM_CAPTURE;
    int play = snd_pcm_open(&audio->play.pcm, name, SND_PCM_STREAM_PLAYBACK, OPEN_MODE);
    if (play < 0)
        audio->play.pcm = NULL;
    int capture = snd_pcm_open(&audio->capture.pcm, name, SND_PCM_STREAM_CAPTURE, OPEN_MODE);
    if (capture < 0)
        audio->capture.pcm = NULL;
    return play < 0 || capture < 0 ? refuse_open(audio, play, capture, why) : CMRR_OK;
}

static enum cmrr_status allocate(struct alsa_audio *audio, struct cmrr_error *why)
{
    struct alsa_stream *play = &audio->play, *capture = &audio->capture;
    int polls = snd_pcm_poll_descriptors_count(capture->pcm);
    play->raw = calloc(play->buffer_frames, alsa_frame_bytes(&play->layout));
    capture->raw = calloc(capture->buffer_frames, alsa_frame_bytes(&capture->layout));
    audio->chunk = calloc(capture->buffer_frames * capture->list_count, sizeof *audio->chunk);
    audio->tail = calloc(alsa_fade_frames(audio) * play->list_count + 1, sizeof *audio->tail);
    audio->polls = calloc(polls > 0 ? (size_t)polls : 1, sizeof *audio->polls);
    if (!play->raw || !capture->raw || !audio->chunk || !audio->tail || !audio->polls)
        return cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", audio->info.device);
    audio->poll_count = polls > 0 ? (unsigned)polls : 0;
    return CMRR_OK;
}

/*
 * Playback begins with one buffer of silence, and from then on one frame is written for each that is
 * captured: the distance from a frame's writing to its sounding is the same in every run.
 */
static enum cmrr_status prefill(struct alsa_audio *audio, struct cmrr_error *why)
{
    struct alsa_stream *play = &audio->play;
    while (audio->played < play->buffer_frames) {
        snd_pcm_sframes_t done = snd_pcm_writei(play->pcm, play->raw, play->buffer_frames - audio->played);
        if (done == -EAGAIN || done == 0)
            break;
        if (done < 0)
            return cmrr_fail(why, CMRR_FAILED, "%s: takes no samples (%s)", audio->info.device,
                             snd_strerror((int)done));
        audio->played += (uint64_t)done;
    }
    if (audio->played >= play->period_frames)
        return CMRR_OK;
    return cmrr_fail(why, CMRR_FAILED, "%s: took only %u of %zu frames before the start", audio->info.device,
                     (unsigned)audio->played, play->buffer_frames);
}

static void fill_info(struct alsa_audio *audio)
{
    struct audio_info *info = &audio->info;
    const char *play = snd_pcm_format_name(audio->play.format);
    const char *capture = snd_pcm_format_name(audio->capture.format);
    if (audio->play.format == audio->capture.format)
        snprintf(info->format, sizeof info->format, "%s", play);
    else
        snprintf(info->format, sizeof info->format, "%s out, %s in", play, capture);
    info->bits = audio->play.layout.bits;
    info->clip_ratio = alsa_clip_ratio(&audio->capture.layout);
    info->buffer_frames = audio->played;
    alsa_describe(audio);
}

enum cmrr_status alsa_open_streams(struct alsa_audio *audio, struct cmrr_error *why)
{
    enum cmrr_status status = open_both(audio, why);
    if (status == CMRR_OK)
        status = alsa_set_params(audio, &audio->play, why);
    if (status == CMRR_OK)
        status = alsa_set_params(audio, &audio->capture, why);
    if (status == CMRR_OK)
        status = allocate(audio, why);
    if (status != CMRR_OK)
        return status;
    audio->info.is_linked = snd_pcm_link(audio->play.pcm, audio->capture.pcm) >= 0;
    status = prefill(audio, why);
    if (status == CMRR_OK)
        fill_info(audio);
    return status;
}

static void close_stream(struct alsa_stream *stream)
{
    if (stream->pcm) {
        snd_pcm_drop(stream->pcm); /* never drain: it waits for a device that may be gone */
        snd_pcm_close(stream->pcm);
    }
    free(stream->raw);
}

void alsa_free(struct alsa_audio *audio)
{
    if (!audio)
        return;
    close_stream(&audio->play);
    close_stream(&audio->capture);
    free(audio->polls);
    free(audio->chunk);
    free(audio->tail);
    free(audio);
}
