/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_ALSA_DEVICES_H
#define CMRR_ALSA_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include "cmrr/status.h"

/*
 * The audio interfaces of this machine, as ALSA sees the hardware itself.
 *
 *     struct alsa_device *devices;
 *     size_t count;
 *     if (alsa_devices_list(&devices, &count, &why) == CMRR_OK) {
 *         for (size_t i = 0; i < count; i++)
 *             printf("%s %u out, %u in\n", devices[i].name, devices[i].out_max, devices[i].in_max);
 *         alsa_devices_free(devices);
 *     }
 */
enum { ALSA_DEVICE_RATES_MAX = 14, ALSA_DEVICE_FORMATS_MAX = 3 };

struct alsa_device {
    char name[64];      /* stable: "hw:CARD=USB,DEV=0"; what --device takes */
    char card[80];      /* "Scarlett 2i2 USB" */
    char longname[128]; /* "Focusrite Scarlett 2i2 USB at usb-0000:00:14.0-2, high speed" */
    bool has_outputs, has_inputs;
    unsigned out_max, in_max;                 /* channels; 0: no such direction, or busy */
    unsigned rates_hz[ALSA_DEVICE_RATES_MAX]; /* common ones, exact, by every direction that could be asked */
    size_t rate_count;
    const char *formats[ALSA_DEVICE_FORMATS_MAX]; /* "S32_LE" and such, likewise; static strings */
    size_t format_count;
    bool is_busy;    /* a direction is held by somebody, so that it could not be asked */
    int holder_pid;  /* 0: not to be found out */
    char holder[32]; /* name of that process; may be empty */
};

/*
 * *devices is an array of *count, to be freed with alsa_devices_free(); NULL and 0, and CMRR_OK, where there
 * is no sound card. Holds every free device for a moment, without waiting: any thread may ask, but who opens
 * a device in that moment may find it busy.
 */
enum cmrr_status alsa_devices_list(struct alsa_device **devices, size_t *count, struct cmrr_error *why);
void alsa_devices_free(struct alsa_device *devices);

#endif
