/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/offline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmrr/file.h"
#include "cmrr/tone.h"
#include "cmrr/units.h"
#include "cmrr/wav.h"

/*
 * One block that needs nobody to look at it while it plays: marker, leg check (hot alone, cold alone, three tones at
 * once), common-mode steps, differential steps, a second marker. The distance of the two markers in the capture
 * tells lost samples and unequal clocks.
 */
#define LEAD_S 0.5
#define GAP_S 0.3
#define TAIL_S 1.0
#define MARKER_S 0.2
#define MARKER_DBFS (-20.0)
#define LEG_SETTLE_S 0.3
#define LEG_LEVEL_DBFS (-20.0)
#define DITHER_SEED 1

static double level_dm_dbfs(const struct settings *settings)
{
    return isnan(settings->level_dm_dbfs) ? fmin(OFFLINE_LEVEL_DM_DBFS, settings->max_level_dbfs)
                                          : settings->level_dm_dbfs;
}

static enum cmrr_status add_legs(struct plan *plan, const struct settings *settings, const struct grid *grid)
{
    static const enum mode modes[] = {MODE_HOT, MODE_COLD};
    struct grid_tone tone[3] = {grid->tone[0], grid->tone[grid->count / 2], grid->tone[grid->count - 1]};
    size_t tones = grid->count < 3 ? 1 : 3;
    double level_dbfs = fmin(LEG_LEVEL_DBFS, level_dm_dbfs(settings));
    enum cmrr_status status = CMRR_OK;
    for (size_t i = 0; i < 2 && status == CMRR_OK; i++)
        status = plan_add_step(
            plan, &(struct plan_step_config){.mode = modes[i],
                                             .pass = PASS_LOOK,
                                             .tone = tone,
                                             .tones = tones,
                                             .amplitude = units_ratio(level_dbfs) / plan_crest(tones),
                                             .settle_s = fmax(LEG_SETTLE_S, plan_settle_s(tone[0].freq_hz))});
    return status;
}

static enum cmrr_status add_sweep(struct plan *plan, enum mode mode, double level_dbfs, const struct grid *grid)
{
    enum cmrr_status status = CMRR_OK;
    for (size_t i = 0; i < grid->count && status == CMRR_OK; i++)
        status = plan_add_step(plan, &(struct plan_step_config){.mode = mode,
                                                                .pass = PASS_MAIN,
                                                                .tone = &grid->tone[i],
                                                                .tones = 1,
                                                                .amplitude = units_ratio(level_dbfs),
                                                                .settle_s = plan_settle_s(grid->tone[i].freq_hz)});
    return status;
}

static enum cmrr_status compose(struct plan *plan, const struct settings *settings, const struct grid *grid)
{
    double marker = units_ratio(fmin(MARKER_DBFS, level_dm_dbfs(settings)));
    enum cmrr_status status = plan_add_silence(plan, LEAD_S);
    if (status == CMRR_OK)
        status = plan_add_marker(plan, MODE_DM, marker, MARKER_S);
    if (status == CMRR_OK)
        status = plan_add_silence(plan, GAP_S);
    if (status == CMRR_OK)
        status = add_legs(plan, settings, grid);
    if (status == CMRR_OK)
        status = add_sweep(plan, MODE_CM, settings->level_cm_dbfs, grid);
    if (status == CMRR_OK)
        status = add_sweep(plan, MODE_DM, level_dm_dbfs(settings), grid);
    if (status == CMRR_OK)
        status = plan_add_silence(plan, GAP_S);
    if (status == CMRR_OK)
        status = plan_add_marker(plan, MODE_DM, marker, MARKER_S);
    return status == CMRR_OK ? plan_add_silence(plan, TAIL_S) : status;
}

enum cmrr_status offline_plan(struct plan *plan, const struct settings *settings, struct cmrr_error *why)
{
    enum grid_kind kind = GRID_HUM_SAFE;
    struct grid grid = {.count = 0};
    struct position_list states;
    enum cmrr_status status = settings_check(settings, why);
    if (status == CMRR_OK)
        status = position_list_parse(&states, settings->states, why);
    if (status == CMRR_OK && !(states.count == 1 && position_list_has(&states, WIRING_NORMAL)))
        status = cmrr_fail(why, CMRR_USAGE,
                           "states: '%.60s': a stimulus file knows only normal; other states need a fixture and "
                           "cmrr measure",
                           settings->states);
    if (status == CMRR_OK)
        status = grid_kind_parse(&kind, settings->grid, why);
    if (status == CMRR_OK)
        status = grid_make(&grid, settings->freqs, kind, (unsigned)settings->rate_hz, why);
    plan_init(plan, (unsigned)settings->rate_hz);
    if (status == CMRR_OK && (status = compose(plan, settings, &grid)) != CMRR_OK)
        cmrr_fail(why, status, "stimulus: %s", cmrr_strerror(status));
    grid_free(&grid);
    if (status != CMRR_OK)
        plan_finish(plan);
    return status;
}

/* stim.wav -> stim.plan.csv; a name without .wav gets the whole ending. */
static enum cmrr_status plan_path_of(const char *wav_path, char plan_path[PATH_MAX], struct cmrr_error *why)
{
    size_t length = strlen(wav_path);
    if (length > 4 && strcasecmp(wav_path + length - 4, ".wav") == 0)
        length -= 4;
    if (snprintf(plan_path, PATH_MAX, "%.*s.plan.csv", (int)length, wav_path) >= PATH_MAX)
        return cmrr_fail(why, CMRR_USAGE, "%.60s...: the path is too long", wav_path);
    return CMRR_OK;
}

static enum cmrr_status write_plan(const struct plan *plan, const struct settings *settings, const char *path,
                                   struct cmrr_error *why)
{
    struct table *table = plan_table(plan);
    if (!table)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    table_set_key(table, "version", build_version());
    settings_write(settings, table);
    enum cmrr_status status = file_write_table(path, table, why);
    table_free(table);
    return status;
}

static enum cmrr_status write_wav(const struct plan *plan, const char *path, struct cmrr_error *why)
{
    struct rng rng;
    double *samples = malloc(2 * plan->frames * sizeof *samples);
    if (!samples || plan_render(plan, samples) != CMRR_OK) {
        free(samples);
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    }
    rng_init(&rng, DITHER_SEED);
    tone_quantise(samples, 2 * plan->frames, 24, &rng);
    enum cmrr_status status = wav_write(path, samples, plan->frames, plan->rate_hz, why);
    free(samples);
    return status;
}

enum cmrr_status offline_write_stimulus(const struct settings *settings, const char *wav_path, bool force,
                                        char plan_path[PATH_MAX], struct cmrr_error *why)
{
    struct plan plan;
    enum cmrr_status status = plan_path_of(wav_path, plan_path, why);
    if (status == CMRR_OK)
        status = file_check_place(wav_path, force, why);
    if (status == CMRR_OK)
        status = file_check_place(plan_path, force, why);
    if (status == CMRR_OK)
        status = offline_plan(&plan, settings, why);
    if (status != CMRR_OK)
        return status;
    status = write_wav(&plan, wav_path, why);
    if (status == CMRR_OK) {
        status = write_plan(&plan, settings, plan_path, why);
        if (status != CMRR_OK)
            unlink(wav_path);
    }
    plan_finish(&plan);
    return status;
}

enum cmrr_status offline_read_plan(struct plan *plan, struct settings *settings, const char *path,
                                   struct cmrr_error *why)
{
    char plan_path[PATH_MAX];
    struct table *table = NULL;
    size_t length = strlen(path);
    enum cmrr_status status = CMRR_OK;
    if (length > 4 && strcasecmp(path + length - 4, ".wav") == 0)
        status = plan_path_of(path, plan_path, why);
    else
        snprintf(plan_path, sizeof plan_path, "%s", path);
    if (status == CMRR_OK)
        status = file_read_table(plan_path, &table, why);
    settings_init(settings);
    struct cmrr_error own = {0};
    if (status == CMRR_OK && settings_read(settings, table, &own) != CMRR_OK)
        status = cmrr_fail(why, CMRR_BAD_FILE, "%s: %s", plan_path, own.text);
    if (status == CMRR_OK)
        status = plan_parse(plan, table, why);
    table_free(table);
    return status;
}
