/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The list of interfaces: every PCM device of every card, asked for what it can do by a short non-blocking
 * open. Who is busy is not disturbed; the kernel then tells who holds it.
 */
#include "cmrr/alsa_devices.h"

#include "alsa_internal.h"

#include <stdlib.h>

_Static_assert((int)ALSA_DEVICE_RATES_MAX == (int)ALSA_RATES_MAX, "one list of rates");

struct list {
    struct alsa_device *devices;
    size_t count;
};

static bool is_offered(snd_pcm_t *pcm, snd_pcm_format_t format)
{
    snd_pcm_hw_params_t *hw;
    snd_pcm_hw_params_alloca(&hw);
    return !pcm || (alsa_offer_any(pcm, hw, false) >= 0 && snd_pcm_hw_params_test_format(pcm, hw, format) == 0);
}

/* In our formats where it has any; a device of 16 bits is listed with its channels, and with no format. */
static unsigned channels_max(snd_pcm_t *pcm)
{
    unsigned channels = 0;
    snd_pcm_hw_params_t *hw;
    snd_pcm_hw_params_alloca(&hw);
    if (!pcm || (alsa_offer_any(pcm, hw, false) < 0 && snd_pcm_hw_params_any(pcm, hw) < 0) ||
        snd_pcm_hw_params_get_channels_max(hw, &channels) < 0)
        return 0;
    return channels;
}

/* Either may be NULL: no such direction, or busy. */
static void ask(struct alsa_device *device, snd_pcm_t *play, snd_pcm_t *capture)
{
    device->out_max = channels_max(play);
    device->in_max = channels_max(capture);
    device->rate_count = alsa_offer_rates(play, capture, false, device->rates_hz);
    for (size_t i = 0; i < ALSA_DEVICE_FORMATS_MAX; i++)
        if ((play || capture) && is_offered(play, alsa_formats[i]) && is_offered(capture, alsa_formats[i]))
            device->formats[device->format_count++] = snd_pcm_format_name(alsa_formats[i]);
}

static snd_pcm_t *open_free(struct alsa_device *device, snd_pcm_stream_t direction)
{
    snd_pcm_t *pcm = NULL;
    int error = snd_pcm_open(&pcm, device->name, direction, SND_PCM_NONBLOCK);
    if (error >= 0)
        return pcm;
    if (error == -EBUSY && !device->is_busy) {
        struct alsa_holder holder;
        alsa_find_holder("/proc", alsa_parse_hw(device->name), direction, &holder);
        device->is_busy = true;
        device->holder_pid = holder.pid;
        snprintf(device->holder, sizeof device->holder, "%s", holder.process);
    }
    return NULL;
}

static void probe(struct alsa_device *device)
{
    snd_pcm_t *play = device->has_outputs ? open_free(device, SND_PCM_STREAM_PLAYBACK) : NULL;
    snd_pcm_t *capture = device->has_inputs ? open_free(device, SND_PCM_STREAM_CAPTURE) : NULL;
    ask(device, play, capture);
    if (play)
        snd_pcm_close(play);
    if (capture)
        snd_pcm_close(capture);
}

static bool has_direction(snd_ctl_t *ctl, unsigned number, snd_pcm_stream_t direction)
{
    snd_pcm_info_t *info;
    snd_pcm_info_alloca(&info);
    snd_pcm_info_set_device(info, number);
    snd_pcm_info_set_subdevice(info, 0);
    snd_pcm_info_set_stream(info, direction);
    return snd_ctl_pcm_info(ctl, info) >= 0;
}

static enum cmrr_status add_device(struct list *list, snd_ctl_t *ctl, unsigned number)
{
    snd_ctl_card_info_t *card;
    snd_ctl_card_info_alloca(&card);
    if (snd_ctl_card_info(ctl, card) < 0)
        return CMRR_OK; /* unplugged while we look */
    struct alsa_device *more = realloc(list->devices, (list->count + 1) * sizeof *more);
    if (!more)
        return CMRR_NO_MEMORY;
    list->devices = more;
    struct alsa_device *device = &more[list->count++];
    *device = (struct alsa_device){.has_outputs = has_direction(ctl, number, SND_PCM_STREAM_PLAYBACK),
                                   .has_inputs = has_direction(ctl, number, SND_PCM_STREAM_CAPTURE)};
    snprintf(device->name, sizeof device->name, "hw:CARD=%s,DEV=%u", snd_ctl_card_info_get_id(card), number);
    snprintf(device->card, sizeof device->card, "%s", snd_ctl_card_info_get_name(card));
    snprintf(device->longname, sizeof device->longname, "%s", snd_ctl_card_info_get_longname(card));
    probe(device);
    return CMRR_OK;
}

static enum cmrr_status add_card(struct list *list, int index)
{
    enum cmrr_status status = CMRR_OK;
    char name[32];
    snd_ctl_t *ctl = NULL;
    int device = -1;
    snprintf(name, sizeof name, "hw:%d", index);
    if (snd_ctl_open(&ctl, name, SND_CTL_NONBLOCK) < 0)
        return CMRR_OK;
    while (status == CMRR_OK && snd_ctl_pcm_next_device(ctl, &device) >= 0 && device >= 0)
        status = add_device(list, ctl, (unsigned)device);
    snd_ctl_close(ctl);
    return status;
}

enum cmrr_status alsa_devices_list(struct alsa_device **devices, size_t *count, struct cmrr_error *why)
{
    struct list list = {.count = 0};
    enum cmrr_status status = CMRR_OK;
    int card = -1;
    alsa_silence();
    while (status == CMRR_OK && snd_card_next(&card) >= 0 && card >= 0)
        status = add_card(&list, card);
    if (status != CMRR_OK) {
        alsa_devices_free(list.devices);
        return cmrr_fail(why, status, "out of memory for the list of devices");
    }
    *devices = list.devices;
    *count = list.count;
    return CMRR_OK;
}

void alsa_devices_free(struct alsa_device *devices)
{
    free(devices);
}
