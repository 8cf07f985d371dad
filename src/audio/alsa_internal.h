/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_ALSA_INTERNAL_H
#define CMRR_ALSA_INTERNAL_H

#include <alsa/asoundlib.h>

#include "alsa_convert.h"
#include "cmrr/audio.h"

/* What the files of the ALSA back end share; nobody else includes this. */

/* One direction of the device. */
struct alsa_stream {
    snd_pcm_t *pcm;
    snd_pcm_stream_t direction;
    snd_pcm_format_t format;
    struct alsa_layout layout;
    size_t buffer_frames;
    size_t period_frames;
    unsigned list[AUDIO_CHANNELS_MAX]; /* from 1: the device channel of each column of the caller's */
    size_t list_count;
    unsigned char *raw; /* buffer_frames frames on their way to or from the driver */
};

struct alsa_audio {
    struct audio base;
    struct audio_info info;
    struct alsa_stream play, capture;
    unsigned rate_hz;
    struct pollfd *polls; /* of the capture stream */
    unsigned poll_count;
    double *chunk;     /* what the last advance captured */
    double *tail;      /* a fading block's last frames: our own copy */
    uint64_t played;   /* frames written since open, the silence before the start included */
    uint64_t captured; /* frames read since open */
    size_t owed;       /* frames captured for which none has been written yet */
    const double *queue;
    size_t queue_frames; /* still to be written */
    bool is_fading;
    bool is_started;
    bool is_stuck;          /* a call into the driver has not returned: nothing may be touched any more */
    struct cmrr_error lost; /* sticky */
};

/* A name as `hw:CARD=USB,DEV=0` or `hw:1,0`. */
struct alsa_hw_name {
    int card; /* index; negative: there is no such card */
    unsigned device;
};

struct alsa_holder {
    int pid; /* 0: nobody, or not to be found out */
    char process[32];
};

/* alsa_session.c: the ends of the contract; no call waits for more than a second or two. */
enum cmrr_status alsa_open(struct audio **audio, const struct audio_config *config, struct cmrr_error *why);
enum cmrr_status alsa_start(struct alsa_audio *audio);
void alsa_close(struct audio *base);

/* alsa_config.c: is the request possible at all; and an object for it with nothing opened yet (NULL: no
 * memory). */
enum cmrr_status alsa_check_config(const struct audio_config *config, struct cmrr_error *why);
struct alsa_audio *alsa_new(const struct audio_config *config);

/* alsa_names.c: what devices are called, and who holds them. */
bool alsa_is_hw(const char *name);
struct alsa_hw_name alsa_parse_hw(const char *name);
/* `proc` is "/proc"; tests have their own. */
void alsa_find_holder(const char *proc, struct alsa_hw_name hw, snd_pcm_stream_t direction, struct alsa_holder *holder);
/* info.device becomes the name that stays when cards are plugged in another order; "ALSA 1.2.8,
 * snd-usb-audio". */
void alsa_describe(struct alsa_audio *audio);
/* Keep libasound from writing to standard error: what matters is in our sentences. */
void alsa_silence(void);

/* alsa_offer.c: what a PCM can do, exactly, and one sentence when that is not enough. */
enum { ALSA_RATES_MAX = 14 };
/* Our formats in the order in which they are tried; ends with SND_PCM_FORMAT_UNKNOWN. FLOAT is the last. */
extern const snd_pcm_format_t alsa_formats[];
struct alsa_layout alsa_layout_of(snd_pcm_format_t format);
/* Interleaved, no resampling, our formats (FLOAT only where `is_plug`); negative where there are none. */
int alsa_offer_any(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw, bool is_plug);
/* Common rates that every given PCM offers (either may be NULL). */
size_t alsa_offer_rates(snd_pcm_t *one, snd_pcm_t *other, bool is_plug, unsigned rates_hz[ALSA_RATES_MAX]);
enum cmrr_status alsa_refuse(const struct alsa_audio *audio, const struct alsa_stream *stream, struct cmrr_error *why);

/*
 * alsa_open.c: both directions of audio->info.device open, set, filled with silence and ready to start. May
 * wait for a sound server for ever. alsa_free() takes what is there, half-built too, and waits as well.
 */
enum cmrr_status alsa_open_streams(struct alsa_audio *audio, struct cmrr_error *why);
void alsa_free(struct alsa_audio *audio);

/* alsa_params.c: settle format, rate, channels and buffer of one open stream. */
enum cmrr_status alsa_set_params(struct alsa_audio *audio, struct alsa_stream *stream, struct cmrr_error *why);

/* A fade lasts 10 ms. */
static inline size_t alsa_fade_frames(const struct alsa_audio *audio)
{
    return audio->rate_hz / 100;
}

/* alsa_stream.c: frames to and from the driver. Every failure is kept in audio->lost. */
double alsa_now_s(void);
enum cmrr_status alsa_lose(struct alsa_audio *audio, const struct alsa_stream *stream, int error);
enum cmrr_status alsa_wait_captured(struct alsa_audio *audio, size_t frames);
enum cmrr_status alsa_read(struct alsa_audio *audio, size_t frames, size_t *done);
/* Write what is owed, as far as there is room. */
enum cmrr_status alsa_write_owed(struct alsa_audio *audio);

#endif
