/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "finish.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include "cmrr/file.h"
#include "cmrr/legs.h"
#include "cmrr/plot.h"

/* Heads, ends and sentences of runs: formatting only, every figure in it was computed before. */

static void format_time(time_t t, const char *format, char *text, size_t size)
{
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(text, size, format, &tm);
}

struct table *finish_head(const struct settings *settings, time_t started)
{
    char stamp[32];
    struct utsname system;
    struct table *table = table_new();
    if (!table)
        return NULL;
    format_time(started, "%Y-%m-%dT%H:%M:%SZ", stamp, sizeof stamp);
    table_set_key(table, "cmrr-run", "1");
    table_set_key(table, "version", build_version());
    table_set_key(table, "build", build_id());
    table_set_key(table, "started", stamp);
    if (uname(&system) == 0)
        table_set_key_format(table, "kernel", "%s %s %s", system.sysname, system.release, system.machine);
    settings_write(settings, table);
    return table;
}

struct planned finish_planned(const struct grid *grid)
{
    double *freq_hz = calloc(grid->count + 1, sizeof *freq_hz);
    for (size_t i = 0; freq_hz && i < grid->count; i++)
        freq_hz[i] = grid->tone[i].freq_hz;
    return (struct planned){freq_hz, freq_hz ? grid->count : 0};
}

static size_t count_kind(const struct run_points *points, enum cmrr_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < points->count; i++)
        count += points->at[i].result.kind == kind;
    return count;
}

static void put_level(struct table *table, const char *key, double level_dbfs)
{
    if (isfinite(level_dbfs))
        table_set_key_format(table, key, "%.4f", level_dbfs);
}

/* run.csv: the head of steps.csv, then what became known, then the points. */
static enum cmrr_status write_run(const struct finish *finish, struct cmrr_error *why)
{
    char path[PATH_MAX + 16], flags[FLAGS_TEXT];
    const struct run_points *points = finish->points;
    struct table *table = run_points_table(points);
    if (!table)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < table_keys(finish->head); i++) {
        const char *key, *value;
        table_key_at(finish->head, i, &key, &value);
        table_set_key(table, key, value);
    }
    table_set_key(table, "status", finish->state);
    table_set_key_format(table, "points", "%zu", points->count);
    table_set_key_format(table, "values", "%zu", count_kind(points, CMRR_KIND_VALUE));
    table_set_key_format(table, "bounds", "%zu", count_kind(points, CMRR_KIND_BOUND));
    table_set_key_format(table, "invalid", "%zu", count_kind(points, CMRR_KIND_INVALID));
    table_set_key_format(table, "source_per_leg_ohm", "%.6g", points->source_per_leg_ohm);
    table_set_key(table, "leg_check", points->flags ? flags_format(points->flags, flags) : "passed");
    put_level(table, "level_cm_played", finish->outcome->level_cm_dbfs);
    put_level(table, "level_dm_played", finish->outcome->level_dm_dbfs);
    table_set_key_format(table, "latency_frames", "%lld", (long long)finish->outcome->latency_frames);
    table_set_key_format(table, "audio_s", "%.3f", finish->outcome->audio_s);
    table_set_key(table, "lost_samples", "0"); /* a stream that lost some has failed */
    table_set_key(table, "repeats", "0");
    snprintf(path, sizeof path, "%s/run.csv", finish->folder);
    enum cmrr_status status = file_write_table(path, table, why);
    table_free(table);
    return status;
}

/* The lowest figure of a run, right of the title. */
static void format_verdict(const struct run_points *points, char *text, size_t size)
{
    const struct point *lowest = NULL;
    for (size_t i = 0; i < points->count; i++)
        if (points->at[i].result.kind != CMRR_KIND_INVALID &&
            (!lowest || points->at[i].result.cmrr_db < lowest->result.cmrr_db))
            lowest = &points->at[i];
    if (lowest)
        snprintf(text, size, "%s%.1f dB at %.0f Hz", lowest->result.kind == CMRR_KIND_BOUND ? "at least " : "lowest ",
                 lowest->result.cmrr_db, lowest->freq_hz);
    else
        snprintf(text, size, "no valid point");
}

static void format_conditions(const struct finish *finish, char *text, size_t size)
{
    char when[32];
    const struct run_points *points = finish->points;
    const struct instrument_outcome *outcome = finish->outcome;
    format_time(finish->started, "%Y-%m-%d %H:%M UTC", when, sizeof when);
    int used = snprintf(text, size, "%s   ·   source %g Ω per leg", points->count ? points->at[0].method : "nothing",
                        points->source_per_leg_ohm);
    if (isfinite(outcome->level_cm_dbfs))
        used += snprintf(text + used, size - (size_t)used, "   ·   CM %.1f dBFS, DM %.1f dBFS", outcome->level_cm_dbfs,
                         outcome->level_dm_dbfs);
    snprintf(text + used, size - (size_t)used, "   ·   %g kHz   ·   %s", finish->settings->rate_hz / 1000.0, when);
}

static enum cmrr_status draw(const struct finish *finish, struct cmrr_error *why)
{
    static const char *const names[] = {"cmrr.svg", "cmrr.png"};
    char title[320], conditions[256], verdict[96], foot[160], path[PATH_MAX + 16];
    const char *name = finish->settings->name;
    snprintf(title, sizeof title, "%s%s", *name ? name : "",
             *name ? ": common-mode rejection" : "Common-mode rejection");
    format_conditions(finish, conditions, sizeof conditions);
    format_verdict(finish->points, verdict, sizeof verdict);
    snprintf(foot, sizeof foot, "cmrr %s   ·   run %s", build_version(), finish->id);
    struct plot plot = {.title = title,
                        .subtitle = conditions,
                        .verdict = verdict,
                        .foot_left = finish->device,
                        .foot_right = foot,
                        .is_simulated = finish->is_simulated,
                        .curve = {{.label = *name ? name : "CMRR", .points = finish->points}},
                        .curves = 1};
    enum cmrr_status status = CMRR_OK;
    for (size_t i = 0; i < 2 && status == CMRR_OK; i++) {
        snprintf(path, sizeof path, "%s/%s", finish->folder, names[i]);
        status = plot_draw(&plot, path, why);
    }
    return status;
}

/* A missing plot is no failed run: it leaves a sentence in `note`. */
static enum cmrr_status write_files(const struct finish *finish, char note[256], struct cmrr_error *why)
{
    struct cmrr_error plot_why = {0};
    note[0] = '\0';
    enum cmrr_status status = write_run(finish, why);
    if (status != CMRR_OK)
        return status;
    if (finish->points->count == 0)
        return CMRR_OK;
    status = draw(finish, &plot_why);
    if (status == CMRR_WRITE)
        return cmrr_fail(why, status, "%s", plot_why.text);
    if (status != CMRR_OK)
        snprintf(note, 256, "no plot: %.240s", plot_why.text);
    return CMRR_OK;
}

enum cmrr_status finish_run(const struct finish *finish, struct measure_result *result, struct cmrr_error *why)
{
    char note[256];
    enum cmrr_status status = write_files(finish, note, why);
    snprintf(result->state, sizeof result->state, "%s", finish->state);
    if (status != CMRR_OK)
        return status;
    result->verdict = run_points_verdict(finish->points);
    finish_message(finish->points, finish->settings, result->message, sizeof result->message - sizeof note - 2);
    size_t used = strlen(result->message);
    if (*note)
        snprintf(result->message + used, sizeof result->message - used, "%s%s", used ? "; " : "", note);
    return CMRR_OK;
}
