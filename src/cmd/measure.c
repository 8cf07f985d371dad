/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "absolute.h"
#include "cmrr/client.h"
#include "cmrr/measure.h"
#include "cmrr/outdir.h"
#include "points.h"
#include "print.h"
#include "progress.h"

/*
 * cmrr measure: have the daemon measure, follow it, fetch the run, print it. Everything that can be refused is refused
 * before the first tone: settings, device files, the place of -o.
 */
static volatile sig_atomic_t is_interrupted;

static void on_signal(int signal)
{
    (void)signal;
    is_interrupted = 1;
}

struct follow {
    const struct command_line *line;
    struct progress_line progress;
};

static void on_event(void *context, const char *event, const json_t *data)
{
    struct follow *follow = context;
    if (strcmp(event, "progress") == 0)
        progress_show(&follow->progress, data);
}

static bool should_stop(void *context)
{
    (void)context;
    return is_interrupted;
}

/* Without -D: the only interface there is. */
static enum cmrr_status choose_device(struct client *client, struct settings *settings, struct cmrr_error *why)
{
    json_t *body = NULL;
    char list[400] = "";
    size_t i, count = 0;
    json_t *device;
    const char *only = NULL;
    enum cmrr_status status = client_get(client, "/v1/devices", &body, why);
    if (status != CMRR_OK)
        return status;
    json_array_foreach(json_object_get(body, "devices"), i, device)
    {
        const char *name = json_string_value(json_object_get(device, "name"));
        if (!name || json_is_true(json_object_get(device, "is_simulated")))
            continue;
        only = name;
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", count++ ? ", " : "", name);
    }
    if (count == 1)
        status = settings_set(settings, "device", only, why);
    else if (count == 0)
        status = cmrr_fail(why, CMRR_DEVICE_UNKNOWN,
                           "device: no interface is there; connect one, or simulate with -D sim:DUT=active");
    else
        status = cmrr_fail(why, CMRR_USAGE, "device: which one? -D with one of %s", list);
    json_decref(body);
    return status;
}

static const char *const run_files[] = {"run.csv", "steps.csv", "log", "cmrr.svg", "cmrr.png"};
enum { RUN_FILES = sizeof run_files / sizeof *run_files, FILES_NEEDED = 3 };

/* Plots may be missing (no gnuplot there: the daemon says that there is no such file); the tables may not. */
static enum cmrr_status fetch(struct client *client, const char *id, const char *folder, struct cmrr_error *why)
{
    enum cmrr_status status = CMRR_OK;
    for (size_t i = 0; i < RUN_FILES && status == CMRR_OK; i++) {
        char path[PATH_MAX + 16];
        snprintf(path, sizeof path, "%s/%s", folder, run_files[i]);
        struct cmrr_error own = {0};
        status = client_fetch(client, id, run_files[i], path, &own);
        if (status == CMRR_USAGE && i >= FILES_NEEDED)
            status = CMRR_OK;
        else if (status != CMRR_OK)
            *why = own;
    }
    return status;
}

static enum cmrr_status print_run(const struct command_line *line, const struct client_run *run,
                                  const struct run_file *file, const char *folder, struct cmrr_error *why)
{
    if (line->is_json)
        return print_json(json_pack("{s:s, s:o, s:s, s:s, s:s, s:o}", "id", run->id, "folder", text_json(folder),
                                    "state", run->state, "verdict", cmrr_status_code(run->verdict), "message",
                                    run->message, "points", points_json(&file->points)),
                          why);
    if (line->is_verbose)
        print_head(file->table);
    points_print(stdout, &file->points);
    print_remarks(run->message, run->verdict, folder, line->is_quiet);
    return CMRR_OK;
}

/* Without -o the files are fetched into a folder of our own, only for printing, that goes again. */
static enum cmrr_status begin_own(struct outdir *outdir, struct cmrr_error *why)
{
    const char *place = getenv("TMPDIR");
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/cmrr-%d", place && *place ? place : "/tmp", (int)getpid());
    return outdir_begin(outdir, path, false, why);
}

/* Nothing is printed before the folder of -o has its name: a table without its run would be a promise. */
static enum cmrr_status collect(const struct command_line *line, struct client *client, struct outdir *outdir,
                                const struct client_run *run, struct cmrr_error *why)
{
    struct run_file file = {.table = NULL};
    struct cmrr_error own = {0};
    enum cmrr_status status = line->output ? CMRR_OK : begin_own(outdir, &own);
    if (status == CMRR_OK)
        status = outdir_make(outdir, &own);
    if (status == CMRR_OK)
        status = fetch(client, run->id, outdir->work, &own);
    if (status == CMRR_OK)
        status = run_file_read(&file, outdir->work, &own);
    if (status == CMRR_OK && line->output)
        status = outdir_commit(outdir, &own);
    if (status == CMRR_OK)
        status = print_run(line, run, &file, line->output ? outdir->path : run->folder, why);
    else
        cmrr_fail(why, status, "%s; the run is complete in %.200s", own.text, run->folder);
    run_file_free(&file);
    return status;
}

static enum cmrr_status measure(struct command_line *line, struct client *client, struct outdir *outdir,
                                struct cmrr_error *why)
{
    struct follow follow = {.line = line};
    struct client_run run = {.id = ""};
    struct client_events events = {&follow, NULL, on_event, should_stop};
    enum cmrr_status status = CMRR_OK;
    if (!*line->settings.device)
        status = choose_device(client, &line->settings, why);
    if (status == CMRR_OK)
        status = measure_check(&line->settings, why);
    if (status != CMRR_OK)
        return status;
    progress_init(&follow.progress, line->is_quiet);
    status = client_measure(client, &line->settings, &events, &run, why);
    progress_clear(&follow.progress);
    if (status != CMRR_OK)
        return status;
    status = collect(line, client, outdir, &run, why);
    return status == CMRR_OK ? run.verdict : status;
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    struct client *client = NULL;
    struct outdir outdir = {.work = ""};
    struct sigaction action = {.sa_handler = on_signal};
    enum cmrr_status status = absolute_device(line->settings.device, sizeof line->settings.device, why);
    if (status == CMRR_OK && *line->settings.device)
        status = measure_check(&line->settings, why);
    if (status == CMRR_OK && line->output)
        status = outdir_begin(&outdir, line->output, line->is_forced, why);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (status == CMRR_OK)
        status = client_open(&client, line->server, CLIENT_START, why);
    if (status == CMRR_OK)
        status = measure(line, client, &outdir, why);
    outdir_abandon(&outdir);
    client_close(client);
    return status;
}

const struct command command_measure = {
    .name = "measure",
    .arguments = "",
    .summary = "measure the CMRR of what is connected",
    .details = "Prints a table on standard output; -o DIR keeps the run (run.csv, steps.csv, cmrr.svg, cmrr.png, log)\n"
               "as DIR, which must be absent or empty. It stays in the daemon's store in any case.",
    .takes = TAKES_SETTINGS | TAKES_SERVER | TAKES_OUTPUT | TAKES_FORCE,
    .run = run};
