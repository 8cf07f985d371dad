/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_AUDIO_H
#define CMRR_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmrr/status.h"

/*
 * The contract between the instrument and an audio interface, real or simulated.
 *
 * Captured frame n was sampled when played frame n left, plus a latency that is constant while the stream is open;
 * one clock serves both directions, or the open is refused. Frames are counted from 0 at open. Samples are doubles,
 * full scale = 1.0, interleaved: one column per listed channel, in the order of the list.
 *
 * Lost samples, another rate than asked, a device that is missing, busy or vanished: each is a status with one
 * sentence, and it is sticky: after CMRR_SAMPLES_LOST or CMRR_DEVICE_LOST every call but close fails again. Only the
 * instrument decides to repeat. No call blocks for more than about a second. All calls from one thread.
 *
 *     audio_play(audio, block, frames, &first, &why);       queue; played frame number of its first frame
 *     while (captured < wanted)
 *         audio_advance(audio, &chunk, 4096, &why);         silence is played where nothing is queued
 *     audio_close(audio);
 */
enum { AUDIO_CHANNELS_MAX = 32 };

struct audio_config {
    const char *device;                        /* as the user wrote it: "hw:CARD=USB,DEV=0", "sim:DUT=active" */
    unsigned rate_hz;                          /* exactly this, or refused */
    unsigned out_channels[AUDIO_CHANNELS_MAX]; /* from 1; output 1 and 2 of the instrument */
    size_t out_count;
    unsigned in_channels[AUDIO_CHANNELS_MAX]; /* from 1; every listed input is captured */
    size_t in_count;
    bool allow_plug; /* ALSA: names that do not start with hw: too */
};

struct audio_info {
    char device[256];     /* the stable name of what was opened */
    char driver[128];     /* "ALSA 1.2.8, snd-usb-audio", "simulated bench" */
    char format[32];      /* "S32_LE", "double" */
    unsigned bits;        /* what an output sample is quantised to, with dither by the caller; 0 = not quantised */
    double clip_ratio;    /* a captured sample of this size or more is clipped (just under 1 for integers) */
    size_t buffer_frames; /* frames between play and capture that are on their way */
    bool is_simulated;
    bool is_linked; /* both directions started by one command of the driver */
    bool is_plug;   /* through a conversion layer: the run is marked */
    uint64_t seed;  /* of a simulated device; else 0 */
};

/* What one advance brought: `frames` frames, the first of which is captured frame number `first`. */
struct audio_chunk {
    const double *samples; /* frames x in_count; the audio object's, valid until its next call */
    size_t frames;
    uint64_t first;
};

struct audio;

struct audio_ops {
    /* *audio is new, or untouched on failure. */
    enum cmrr_status (*open)(struct audio **audio, const struct audio_config *config, struct cmrr_error *why);
    /*
     * Queue a block of frames x out_count samples; it stays the caller's and must live until it has been played or
     * faded or the device is closed. *first is the number its first frame will have. One block at a time:
     * CMRR_RANGE while another is queued.
     */
    enum cmrr_status (*play)(struct audio *audio, const double *samples, size_t frames, uint64_t *first,
                             struct cmrr_error *why);
    /* Move at most `frames` frames and return what was captured (at least one frame, or an error). */
    enum cmrr_status (*advance)(struct audio *audio, struct audio_chunk *chunk, size_t frames, struct cmrr_error *why);
    /* Let what is queued fade to silence within 10 ms (raised cosine) and drop the rest. */
    void (*fade)(struct audio *audio);
    void (*info)(const struct audio *audio, struct audio_info *info);
    void (*close)(struct audio *audio); /* NULL is fine; never blocks, drops what is queued */
};

/* Every back end's struct begins with this, so that the instrument calls it by its own table. */
struct audio {
    const struct audio_ops *ops;
};

static inline enum cmrr_status audio_play(struct audio *audio, const double *samples, size_t frames, uint64_t *first,
                                          struct cmrr_error *why)
{
    return audio->ops->play(audio, samples, frames, first, why);
}

static inline enum cmrr_status audio_advance(struct audio *audio, struct audio_chunk *chunk, size_t frames,
                                             struct cmrr_error *why)
{
    return audio->ops->advance(audio, chunk, frames, why);
}

static inline void audio_fade(struct audio *audio)
{
    audio->ops->fade(audio);
}

static inline void audio_close(struct audio *audio)
{
    if (audio)
        audio->ops->close(audio);
}

/* The back ends. */
extern const struct audio_ops audio_alsa_ops;

#endif
