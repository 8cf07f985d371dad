/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What can be told about a request before ALSA is asked.
 */
#include "alsa_internal.h"

#include <stdlib.h>

static enum cmrr_status check_list(const char *kind, const unsigned *list, size_t count, struct cmrr_error *why)
{
    if (count < 1 || count > AUDIO_CHANNELS_MAX)
        return cmrr_fail(why, CMRR_USAGE, "%zu %ss listed; 1 to %d can be used", count, kind, AUDIO_CHANNELS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (list[i] < 1)
            return cmrr_fail(why, CMRR_USAGE, "%s 0 listed; they are counted from 1", kind);
        for (size_t j = 0; j < i; j++)
            if (list[j] == list[i])
                return cmrr_fail(why, CMRR_USAGE, "%s %u listed twice", kind, list[i]);
    }
    return CMRR_OK;
}

enum cmrr_status alsa_check_config(const struct audio_config *config, struct cmrr_error *why)
{
    size_t length = strlen(config->device);
    if (length == 0)
        return cmrr_fail(why, CMRR_USAGE, "no audio device named; cmrr devices lists what there is");
    if (length >= sizeof((struct audio_info *)0)->device)
        return cmrr_fail(why, CMRR_USAGE, "a device name of %zu bytes; the longest possible has %zu", length,
                         sizeof((struct audio_info *)0)->device - 1);
    if (!alsa_is_hw(config->device) && !config->allow_plug)
        return cmrr_fail(why, CMRR_USAGE,
                         "%s: not the hardware itself (hw:CARD=...); --allow-plug takes it and marks the run",
                         config->device);
    if (config->rate_hz == 0)
        return cmrr_fail(why, CMRR_USAGE, "%s: a sample rate of 0 Hz", config->device);
    enum cmrr_status status = check_list("output", config->out_channels, config->out_count, why);
    return status == CMRR_OK ? check_list("input", config->in_channels, config->in_count, why) : status;
}

struct alsa_audio *alsa_new(const struct audio_config *config)
{
    struct alsa_audio *audio = calloc(1, sizeof *audio);
    if (!audio)
        return NULL;
    audio->base.ops = &audio_alsa_ops;
    audio->rate_hz = config->rate_hz;
    audio->info.is_plug = !alsa_is_hw(config->device);
    snprintf(audio->info.device, sizeof audio->info.device, "%s", config->device);
    memcpy(audio->play.list, config->out_channels, sizeof audio->play.list);
    memcpy(audio->capture.list, config->in_channels, sizeof audio->capture.list);
    audio->play.list_count = config->out_count;
    audio->capture.list_count = config->in_count;
    return audio;
}
