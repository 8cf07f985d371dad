/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Beginning and end: open, start and close, the three calls in which a plugin may wait for its sound server.
 * They run under the guard, so that a server that is stopped costs a second or two and never the program.
 * What such a call still holds when it is left behind is its own: nothing that it may touch is freed under
 * it.
 */
#include "alsa_guard.h"
#include "alsa_internal.h"

#include <stdlib.h>

/* A sound server answers in milliseconds or not at all; a USB card may first have to wake up. */
static const double open_limit_s = 2.0, start_limit_s = 1.0, close_limit_s = 1.0;

/* A call that may have to be left behind owns all that it touches. */
struct job {
    struct alsa_audio *audio;
    struct cmrr_error why;
    enum cmrr_status status;
    int error;
};

static void free_job(void *arg)
{
    struct job *job = arg;
    alsa_free(job->audio);
    free(job);
}

static void do_open(void *arg)
{
    struct job *job = arg;
    job->status = alsa_open_streams(job->audio, &job->why);
    if (job->status != CMRR_OK) {
        alsa_free(job->audio); /* here, because it may have to wait for the server as well */
        job->audio = NULL;
    }
}

enum cmrr_status alsa_open(struct audio **audio, const struct audio_config *config, struct cmrr_error *why)
{
    enum cmrr_status status = alsa_check_config(config, why);
    if (status != CMRR_OK)
        return status;
    struct job *job = calloc(1, sizeof *job);
    if (job)
        job->audio = alsa_new(config);
    if (!job || !job->audio) {
        free(job);
        return cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", config->device);
    }
    alsa_silence();
    /* Hardware does not block, and the kernel notes the thread that opens it as its holder: not a passing
     * one. */
    if (alsa_is_hw(config->device))
        do_open(job);
    else if (!alsa_guard_run(do_open, free_job, job, open_limit_s))
        return cmrr_fail(why, CMRR_DEVICE_LOST, "%s: did not open within %.0f s: its sound server does not answer",
                         config->device, open_limit_s);
    status = job->status;
    if (status == CMRR_OK)
        *audio = &job->audio->base;
    else
        cmrr_fail(why, job->why.status, "%s", job->why.text);
    free(job);
    return status;
}

/* Capture first, so that nothing that is played goes unheard; linked streams start together at once. */
static void do_start(void *arg)
{
    struct job *job = arg;
    job->error = snd_pcm_start(job->audio->capture.pcm);
    if (job->error >= 0 && snd_pcm_state(job->audio->play.pcm) == SND_PCM_STATE_PREPARED)
        job->error = snd_pcm_start(job->audio->play.pcm);
}

enum cmrr_status alsa_start(struct alsa_audio *audio)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return cmrr_fail(&audio->lost, CMRR_NO_MEMORY, "%s: out of memory", audio->info.device);
    job->audio = audio;
    audio->is_started = true;
    if (!audio->info.is_plug)
        do_start(job);
    else
        audio->is_stuck = !alsa_guard_run(do_start, free, job, start_limit_s);
    if (audio->is_stuck)
        /* The job is freed by the thread that was left behind. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        return cmrr_fail(&audio->lost, CMRR_DEVICE_LOST,
                         "%s: did not start within %.0f s: its sound server does not answer", audio->info.device,
                         start_limit_s);
    int error = job->error;
    free(job);
    if (error < 0)
        return cmrr_fail(&audio->lost, CMRR_DEVICE_LOST, "%s: does not start (%s)", audio->info.device,
                         snd_strerror(error));
    return CMRR_OK;
}

static void do_close(void *arg)
{
    alsa_free(arg);
}

static void already_closed(void *arg)
{
    (void)arg;
}

void alsa_close(struct audio *base)
{
    struct alsa_audio *audio = (struct alsa_audio *)base;
    if (audio && !audio->is_stuck)
        alsa_guard_run(do_close, already_closed, audio, close_limit_s);
}
