/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/file.h"

const char *bench_source(const char *path)
{
    static char full[4096];
    const char *root = getenv("CMRR_SOURCE");
    snprintf(full, sizeof full, "%s/%s", root ? root : ".", path);
    return full;
}

static enum cmrr_status keep(void *context, const struct reading *reading, struct cmrr_error *why)
{
    struct bench_run *run = context;
    if (run->readings == run->room) {
        run->room = run->room ? 2 * run->room : 256;
        run->reading = realloc(run->reading, run->room * sizeof *run->reading);
        if (!run->reading)
            return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    }
    run->reading[run->readings++] = *reading;
    return CMRR_OK;
}

static enum cmrr_status load(struct device **device, const char *dut, struct cmrr_error *why)
{
    char path[1024];
    struct table *table = NULL;
    snprintf(path, sizeof path, strchr(dut, '/') ? "%s" : "calib/duts/%s.csv", dut);
    enum cmrr_status status = file_read_table(path[0] == '/' ? path : bench_source(path), &table, why);
    if (status == CMRR_OK)
        status = device_new(device, table, why);
    table_free(table);
    return status;
}

static enum cmrr_status read_settings(struct settings *settings, const char *const *pairs, struct cmrr_error *why)
{
    enum cmrr_status status = CMRR_OK;
    settings_init(settings);
    for (; *pairs && status == CMRR_OK; pairs++) {
        char pair[2048];
        snprintf(pair, sizeof pair, "%s", *pairs);
        char *equals = strchr(pair, '=');
        *equals = '\0';
        status = settings_set(settings, pair, equals + 1, why);
    }
    return status == CMRR_OK ? settings_check(settings, why) : status;
}

static enum cmrr_status measure(struct bench_run *run, const struct settings *settings, struct audio *audio)
{
    struct grid grid;
    struct position_list states;
    enum grid_kind kind = GRID_HUM_SAFE;
    position_list_parse(&states, settings->states, NULL);
    grid_kind_parse(&kind, settings->grid, NULL);
    enum cmrr_status status = grid_make(&grid, settings->freqs, kind, (unsigned)settings->rate_hz, &run->why);
    if (status != CMRR_OK)
        return status;
    struct instrument_config config = {.settings = settings,
                                       .grid = &grid,
                                       .states = &states,
                                       .audio = audio,
                                       .fixture = sim_fixture(audio),
                                       .events = {.context = run, .on_reading = keep}};
    status = instrument_measure(&config, &run->outcome, &run->why);
    double freq_hz[GRID_TONES_MAX];
    for (size_t i = 0; i < grid.count; i++)
        freq_hz[i] = grid.tone[i].freq_hz;
    struct planned planned = {freq_hz, grid.count};
    if (status == CMRR_OK)
        status = run_points_make(&run->points, run->reading, run->readings, &settings->assumed, &planned, &run->why);
    grid_free(&grid);
    return status;
}

static enum cmrr_status open_and_measure(struct bench_run *run, struct device *device, const char *const *pairs)
{
    struct settings settings;
    struct sim_args args;
    struct audio *audio = NULL;
    enum cmrr_status status = read_settings(&settings, pairs, &run->why);
    if (status == CMRR_OK)
        status = sim_args_parse(&args, settings.device, &run->why);
    if (status == CMRR_OK && !device)
        status = load(&device, args.dut, &run->why);
    struct audio_config config = {.device = settings.device,
                                  .rate_hz = (unsigned)settings.rate_hz,
                                  .out_channels = {1, 2},
                                  .out_count = 2,
                                  .in_channels = {1},
                                  .in_count = 1};
    if (status == CMRR_OK)
        status = sim_open(&audio, &args, device, &config, &run->why);
    if (status == CMRR_OK)
        status = measure(run, &settings, audio);
    audio_close(audio);
    return status;
}

struct bench_run *bench_measure_device(struct device *device, const char *const *settings)
{
    struct bench_run *run = calloc(1, sizeof *run);
    run->status = open_and_measure(run, device, settings);
    return run;
}

struct bench_run *bench_measure(const char *const *settings)
{
    return bench_measure_device(NULL, settings);
}

void bench_run_free(struct bench_run *run)
{
    free(run->reading);
    run_points_free(&run->points);
    free(run);
}

const struct point *bench_point(const struct bench_run *run, double freq_hz)
{
    const struct point *nearest = NULL;
    for (size_t i = 0; i < run->points.count; i++)
        if (!nearest || fabs(run->points.at[i].freq_hz - freq_hz) < fabs(nearest->freq_hz - freq_hz))
            nearest = &run->points.at[i];
    return nearest;
}
