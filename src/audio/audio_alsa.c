/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The audio contract over ALSA. One frame is written for each frame captured, behind a first buffer of
 * silence, so the played counter is always the captured counter plus that buffer (as soon as the driver has
 * room). Both count from the same start: captured frame n was sampled when played frame n left, plus a
 * constant latency.
 *
 * The streams start in the first advance, not in open: what the caller does in between may take any time.
 * From then on the caller must come back before the buffer is over. For states
 * and thresholds see alsa-lib's "PCM (digital audio) interface".
 */
#include "alsa_internal.h"

#include <math.h>

static struct alsa_audio *of(struct audio *audio)
{
    return (struct alsa_audio *)audio;
}

/* What was lost stays lost. */
static enum cmrr_status repeat_loss(const struct alsa_audio *audio, struct cmrr_error *why)
{
    if (audio->lost.status == CMRR_OK)
        return CMRR_OK;
    return cmrr_fail(why, audio->lost.status, "%s", audio->lost.text);
}

static enum cmrr_status alsa_play(struct audio *base, const double *samples, size_t frames, uint64_t *first,
                                  struct cmrr_error *why)
{
    struct alsa_audio *audio = of(base);
    enum cmrr_status status = repeat_loss(audio, why);
    if (status != CMRR_OK)
        return status;
    if (frames == 0 || audio->queue_frames > 0)
        return cmrr_fail(why, CMRR_RANGE, "%s: %s", audio->info.device,
                         frames == 0 ? "an empty block cannot be played" : "a block is being played already");
    audio->queue = samples;
    audio->queue_frames = frames;
    audio->is_fading = false;
    *first = audio->played;
    return CMRR_OK;
}

static enum cmrr_status move(struct alsa_audio *audio, struct audio_chunk *chunk, size_t frames)
{
    size_t most = frames < audio->capture.buffer_frames ? frames : audio->capture.buffer_frames;
    /* Whole periods where they are wanted: that is when the driver wakes us. */
    size_t least = most < audio->capture.period_frames ? most : audio->capture.period_frames;
    uint64_t first = audio->captured;
    size_t done = 0;
    enum cmrr_status status = audio->is_started ? CMRR_OK : alsa_start(audio);
    if (status == CMRR_OK)
        status = alsa_wait_captured(audio, least);
    if (status == CMRR_OK)
        status = alsa_read(audio, most, &done);
    if (status == CMRR_OK)
        status = alsa_write_owed(audio);
    if (status == CMRR_OK)
        *chunk = (struct audio_chunk){.samples = audio->chunk, .frames = done, .first = first};
    return status;
}

static enum cmrr_status alsa_advance(struct audio *base, struct audio_chunk *chunk, size_t frames,
                                     struct cmrr_error *why)
{
    struct alsa_audio *audio = of(base);
    enum cmrr_status status = repeat_loss(audio, why);
    if (status != CMRR_OK)
        return status;
    if (frames == 0)
        return cmrr_fail(why, CMRR_RANGE, "%s: an advance by no frames", audio->info.device);
    move(audio, chunk, frames);
    return repeat_loss(audio, why);
}

/*
 * The next 10 ms of the block under a falling raised cosine, w(n) = (1 + cos(pi (n + 1) / N)) / 2, copied so
 * that the block is the caller's again at once. What the driver holds already (one buffer) still plays before
 * it.
 */
static void alsa_fade(struct audio *base)
{
    struct alsa_audio *audio = of(base);
    size_t columns = audio->play.list_count, frames = alsa_fade_frames(audio);
    if (audio->queue_frames == 0 || audio->is_fading)
        return;
    if (frames > audio->queue_frames)
        frames = audio->queue_frames;
    for (size_t n = 0; n < frames; n++)
        for (size_t column = 0; column < columns; column++)
            audio->tail[n * columns + column] =
                audio->queue[n * columns + column] * 0.5 * (1.0 + cos(M_PI * (double)(n + 1) / (double)frames));
    audio->queue = audio->tail;
    audio->queue_frames = frames;
    audio->is_fading = true;
}

static void alsa_info(const struct audio *base, struct audio_info *info)
{
    *info = ((const struct alsa_audio *)base)->info;
}

const struct audio_ops audio_alsa_ops = {.open = alsa_open,
                                         .play = alsa_play,
                                         .advance = alsa_advance,
                                         .fade = alsa_fade,
                                         .info = alsa_info,
                                         .close = alsa_close};
