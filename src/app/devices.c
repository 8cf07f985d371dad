/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "devices.h"

#include <stdio.h>
#include "cmrr/alsa_devices.h"
#include "cmrr/log.h"

static json_t *simulated_bench(void)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:[i,i,i,i,i,i], s:[s], s:b, s:s, s:b}", "name", "sim:DUT=active", "card",
                     "simulated bench", "outputs", 2, "inputs", 1, "rates_hz", 44100, 48000, 88200, 96000, 176400,
                     192000, "formats", "24 bit", "is_busy", 0, "holder", "", "is_simulated", 1);
}

static json_t *interface(const struct alsa_device *device)
{
    char holder[64] = "";
    if (device->holder_pid)
        snprintf(holder, sizeof holder, "%s (pid %d)", device->holder, device->holder_pid);
    json_t *rates = json_array(), *formats = json_array();
    for (size_t i = 0; i < device->rate_count; i++)
        json_array_append_new(rates, json_integer(device->rates_hz[i]));
    for (size_t i = 0; i < device->format_count; i++)
        json_array_append_new(formats, json_string(device->formats[i]));
    return json_pack("{s:s, s:s, s:i, s:i, s:o, s:o, s:b, s:s, s:b}", "name", device->name, "card", device->card,
                     "outputs", (int)device->out_max, "inputs", (int)device->in_max, "rates_hz", rates, "formats",
                     formats, "is_busy", device->is_busy, "holder", holder, "is_simulated", 0);
}

json_t *devices_json(void)
{
    struct alsa_device *devices = NULL;
    size_t count = 0;
    struct cmrr_error why = {0};
    json_t *list = json_array();
    if (alsa_devices_list(&devices, &count, &why) != CMRR_OK)
        log_line(LOG_ERROR, "%s", why.text);
    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(list, interface(&devices[i]));
    alsa_devices_free(devices);
    if (list)
        json_array_append_new(list, simulated_bench());
    return list;
}
