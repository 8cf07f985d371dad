/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Frames to and from the driver, without ever blocking. The only wait is poll() on the capture stream,
 * against a deadline of our own: a killed sound server says nothing at all, an unplugged card may say an xrun
 * first, and snd_pcm_wait begins its time limit anew at every wake-up.
 */
#include "alsa_internal.h"

#include <math.h>
#include <poll.h>
#include <time.h>

static const double silence_limit_s = 1.0, disconnect_limit_s = 0.5;

double alsa_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static const char *direction_name(const struct alsa_stream *stream)
{
    return stream->direction == SND_PCM_STREAM_PLAYBACK ? "output" : "input";
}

/*
 * The state after something went wrong. A USB card that is pulled out fails its transfers first, which looks
 * like an xrun, and is taken away a moment later: hence a look for some time. Nothing is in a hurry any more.
 */
static snd_pcm_state_t settled_state(const struct alsa_audio *audio, const struct alsa_stream *stream)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    snd_pcm_state_t state = snd_pcm_state(stream->pcm);
    double until_s = alsa_now_s() + disconnect_limit_s;
    while (!audio->info.is_plug && state != SND_PCM_STATE_DISCONNECTED && alsa_now_s() < until_s) {
        nanosleep(&pause, NULL);
        state = snd_pcm_state(stream->pcm);
    }
    return state;
}

/*
 * A stream that stopped (an xrun, a suspended computer) has lost samples; anything else has lost the device.
 * The state decides first: an unplugged card may answer with the error of an xrun.
 */
enum cmrr_status alsa_lose(struct alsa_audio *audio, const struct alsa_stream *stream, int error)
{
    snd_pcm_state_t state = settled_state(audio, stream);
    bool has_stopped = state == SND_PCM_STATE_XRUN || state == SND_PCM_STATE_SUSPENDED ||
                       state == SND_PCM_STATE_SETUP || state == SND_PCM_STATE_PREPARED;
    bool is_xrun = error == -EPIPE || error == -ESTRPIPE || (has_stopped && (error == -EBADFD || error == -EIO));
    if (state == SND_PCM_STATE_DISCONNECTED || !is_xrun)
        return cmrr_fail(&audio->lost, CMRR_DEVICE_LOST, "%s: the device went away at captured frame %llu (%s)",
                         audio->info.device, (unsigned long long)audio->captured,
                         snd_strerror(state == SND_PCM_STATE_DISCONNECTED ? -ENODEV : error));
    if (error == -ESTRPIPE || state == SND_PCM_STATE_SUSPENDED)
        return cmrr_fail(&audio->lost, CMRR_SAMPLES_LOST, "%s: the computer was suspended at captured frame %llu",
                         audio->info.device, (unsigned long long)audio->captured);
    return cmrr_fail(&audio->lost, CMRR_SAMPLES_LOST,
                     "%s: %s samples lost at captured frame %llu: the computer or its bus was too slow",
                     audio->info.device, direction_name(stream), (unsigned long long)audio->captured);
}

static enum cmrr_status lose_silent(struct alsa_audio *audio)
{
    return cmrr_fail(&audio->lost, CMRR_DEVICE_LOST,
                     "%s: gave nothing for %.1f s at captured frame %llu: unplugged, or its sound server has ended",
                     audio->info.device, silence_limit_s, (unsigned long long)audio->captured);
}

/* One sleep until the driver has something to say, at most limit_s; a broken descriptor is an error. */
static enum cmrr_status sleep_once(struct alsa_audio *audio, double limit_s)
{
    struct alsa_stream *capture = &audio->capture;
    unsigned short events = 0;
    int count = snd_pcm_poll_descriptors(capture->pcm, audio->polls, audio->poll_count);
    if (count < 0)
        return alsa_lose(audio, capture, count);
    if (poll(audio->polls, (nfds_t)count, (int)ceil(1e3 * limit_s)) <= 0)
        return CMRR_OK; /* time or a signal: the caller looks at the clock */
    /* Plugins empty their descriptor here: without it the next poll() would not sleep. */
    int error = snd_pcm_poll_descriptors_revents(capture->pcm, audio->polls, (unsigned)count, &events);
    if (error < 0)
        return alsa_lose(audio, capture, error);
    if (events & (POLLERR | POLLHUP | POLLNVAL))
        return alsa_lose(audio, capture, -EIO);
    return CMRR_OK;
}

enum cmrr_status alsa_wait_captured(struct alsa_audio *audio, size_t frames)
{
    double deadline_s = alsa_now_s() + silence_limit_s;
    for (;;) {
        snd_pcm_sframes_t available = snd_pcm_avail_update(audio->capture.pcm);
        if (available < 0)
            return alsa_lose(audio, &audio->capture, (int)available);
        if ((size_t)available >= frames)
            return CMRR_OK;
        double left_s = deadline_s - alsa_now_s();
        if (left_s <= 0.0)
            return lose_silent(audio);
        enum cmrr_status status = sleep_once(audio, left_s);
        if (status != CMRR_OK)
            return status;
    }
}

enum cmrr_status alsa_read(struct alsa_audio *audio, size_t frames, size_t *done)
{
    struct alsa_stream *capture = &audio->capture;
    snd_pcm_sframes_t count = snd_pcm_readi(capture->pcm, capture->raw, frames);
    if (count <= 0)
        return alsa_lose(audio, capture, count < 0 ? (int)count : -EIO);
    for (size_t column = 0; column < capture->list_count; column++)
        alsa_decode(&capture->layout, capture->list[column] - 1, capture->raw, audio->chunk + column,
                    capture->list_count, (size_t)count);
    audio->captured += (uint64_t)count;
    audio->owed += (size_t)count;
    *done = (size_t)count;
    return CMRR_OK;
}

/* The next frames for the driver: what is queued, then silence, which is zero in every format. */
static void fill_raw(const struct alsa_audio *audio, size_t frames)
{
    const struct alsa_stream *play = &audio->play;
    size_t queued = frames < audio->queue_frames ? frames : audio->queue_frames;
    memset(play->raw, 0, frames * alsa_frame_bytes(&play->layout));
    for (size_t column = 0; queued > 0 && column < play->list_count; column++)
        alsa_encode(&play->layout, play->list[column] - 1, audio->queue + column, play->list_count, play->raw, queued);
}

static void account_written(struct alsa_audio *audio, size_t frames)
{
    size_t queued = frames < audio->queue_frames ? frames : audio->queue_frames;
    audio->queue_frames -= queued;
    audio->queue = audio->queue_frames ? audio->queue + queued * audio->play.list_count : NULL;
    audio->played += frames;
    audio->owed -= frames;
}

enum cmrr_status alsa_write_owed(struct alsa_audio *audio)
{
    struct alsa_stream *play = &audio->play;
    while (audio->owed > 0) {
        snd_pcm_sframes_t room = snd_pcm_avail_update(play->pcm);
        if (room < 0)
            return alsa_lose(audio, play, (int)room);
        size_t frames = audio->owed < play->buffer_frames ? audio->owed : play->buffer_frames;
        frames = frames < (size_t)room ? frames : (size_t)room;
        if (frames == 0)
            break;
        fill_raw(audio, frames);
        snd_pcm_sframes_t count = snd_pcm_writei(play->pcm, play->raw, frames);
        if (count == -EAGAIN || count == 0)
            break;
        if (count < 0)
            return alsa_lose(audio, play, (int)count);
        account_written(audio, (size_t)count);
    }
    /* On one clock, what has been captured leaves room for as much to play: a little later, but never a
     * buffer later. */
    if (audio->owed > play->buffer_frames)
        return cmrr_fail(&audio->lost, CMRR_SAMPLES_LOST,
                         "%s: the outputs fell %zu frames behind the inputs: stopped, or not on the same clock",
                         audio->info.device, audio->owed);
    return CMRR_OK;
}
