/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/backends.h"

#include <string.h>
#include "cmrr/file.h"
#include "cmrr/measure.h"
#include "cmrr/sim.h"

/* One row per back end: the beginning of the device names it answers to ("" = all others), and how it opens. */
struct backend {
    const char *prefix;
    bool has_fixture;
    enum cmrr_status (*check)(const struct settings *settings, struct cmrr_error *why);
    enum cmrr_status (*open)(struct bench_devices *devices, const struct settings *settings,
                             const struct audio_config *config, struct cmrr_error *why);
};

static enum cmrr_status load_device(struct device **device, const struct sim_args *args, struct cmrr_error *why)
{
    char name[600], path[PATH_MAX];
    struct table *table = NULL;
    enum cmrr_status status = CMRR_OK;
    if (strchr(args->dut, '/')) {
        strcpy(path, args->dut);
    } else {
        struct cmrr_error where = {0};
        snprintf(name, sizeof name, "duts/%s.csv", args->dut);
        status = data_path(name, path, &where);
        if (status != CMRR_OK)
            cmrr_fail(why, status, "sim: DUT=%.60s: %.300s; the path of a device file needs a '/', such as ./%.60s",
                      args->dut, where.text, args->dut);
    }
    if (status == CMRR_OK)
        status = file_read_table(path, &table, why);
    if (status == CMRR_OK)
        status = device_new(device, table, why);
    table_free(table);
    return status;
}

static enum cmrr_status check_sim(const struct settings *settings, struct cmrr_error *why)
{
    struct sim_args args;
    struct device *device = NULL;
    enum cmrr_status status = sim_args_parse(&args, settings->device, why);
    if (status == CMRR_OK)
        status = load_device(&device, &args, why);
    device_free(device);
    return status;
}

static enum cmrr_status open_sim(struct bench_devices *devices, const struct settings *settings,
                                 const struct audio_config *config, struct cmrr_error *why)
{
    struct sim_args args;
    struct device *device = NULL;
    enum cmrr_status status = sim_args_parse(&args, settings->device, why);
    if (status == CMRR_OK)
        status = load_device(&device, &args, why);
    if (status == CMRR_OK)
        status = sim_open(&devices->audio, &args, device, config, why);
    if (status == CMRR_OK)
        devices->fixture = sim_fixture(devices->audio);
    return status;
}

static enum cmrr_status check_alsa(const struct settings *settings, struct cmrr_error *why)
{
    if (strncmp(settings->device, "hw:", 3) == 0 || settings->allow_plug)
        return CMRR_OK;
    return cmrr_fail(why, CMRR_USAGE,
                     "device: '%.80s' is neither hw:... nor sim:...; another ALSA name needs --allow-plug, "
                     "which marks the run",
                     settings->device);
}

static enum cmrr_status open_alsa(struct bench_devices *devices, const struct settings *settings,
                                  const struct audio_config *config, struct cmrr_error *why)
{
    (void)settings;
    return audio_alsa_ops.open(&devices->audio, config, why);
}

static const struct backend backends[] = {
    {"sim:", true, check_sim, open_sim},
    {"", false, check_alsa, open_alsa},
};

static const struct backend *find(const char *device)
{
    const struct backend *backend = backends;
    while (strncmp(device, backend->prefix, strlen(backend->prefix)) != 0)
        backend++;
    return backend;
}

enum cmrr_status backend_check(const struct settings *settings, bool *has_fixture, struct cmrr_error *why)
{
    if (!*settings->device)
        return cmrr_fail(why, CMRR_USAGE,
                         "device: none named: -D hw:CARD=NAME,DEV=0, or -D sim:DUT=active to simulate");
    const struct backend *backend = find(settings->device);
    *has_fixture = backend->has_fixture;
    return backend->check(settings, why);
}

enum cmrr_status backend_open(struct bench_devices *devices, const struct settings *settings, struct cmrr_error *why)
{
    struct bench_devices opened = {NULL, NULL};
    struct audio_config config = {.device = settings->device,
                                  .rate_hz = (unsigned)settings->rate_hz,
                                  .out_count = 2,
                                  .in_channels = {(unsigned)settings->in_channel},
                                  .in_count = 1,
                                  .allow_plug = settings->allow_plug};
    enum cmrr_status status = settings_out_channels(settings, config.out_channels, why);
    if (status == CMRR_OK)
        status = find(settings->device)->open(&opened, settings, &config, why);
    if (status == CMRR_OK)
        *devices = opened;
    return status;
}
