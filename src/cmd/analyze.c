/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include <string.h>
#include <unistd.h>
#include "cmrr/offline.h"
#include "cmrr/outdir.h"
#include "points.h"
#include "print.h"

/* cmrr analyze: a recording of a stimulus becomes a run, as if measured. */
enum { PLAN };
static const struct option_row options[] = {
    [PLAN] = {"plan", 'p', "FILE", "", "the plan that stimulus wrote, or the stimulus beside which it lies"},
    {0},
};

/* What the plan's head says, with what was given here on top; the plan fixes what was played. */
static enum cmrr_status merge(struct settings *settings, const struct command_line *line, struct cmrr_error *why)
{
    for (size_t i = 0; i < settings_count; i++) {
        char text[1100];
        const struct setting *setting = &settings_table[i];
        if (!(line->given & (UINT64_C(1) << i)))
            continue;
        bool is_free = strncmp(setting->name, "assume_", 7) == 0 || strcmp(setting->name, "name") == 0 ||
                       strcmp(setting->name, "in_channel") == 0 || strcmp(setting->name, "source_ohm") == 0;
        if (!is_free)
            return cmrr_fail(why, CMRR_USAGE, "analyze: %s is fixed by the plan; give it to stimulus", setting->name);
        settings_format(&line->settings, setting, text, sizeof text);
        enum cmrr_status status = settings_set(settings, setting->name, text, why);
        if (status != CMRR_OK)
            return status;
    }
    return CMRR_OK;
}

static enum cmrr_status print_run(const struct command_line *line, const struct measure_result *result,
                                  const struct run_file *file, const char *folder, struct cmrr_error *why)
{
    if (line->is_json)
        return print_json(json_pack("{s:o, s:s, s:s, s:s, s:o}", "folder", text_json(folder), "state", result->state,
                                    "verdict", cmrr_status_code(result->verdict), "message", result->message, "points",
                                    points_json(&file->points)),
                          why);
    if (line->is_verbose)
        print_head(file->table);
    points_print(stdout, &file->points);
    print_remarks(result->message, result->verdict, folder, line->is_quiet);
    return CMRR_OK;
}

/* Without -o the run goes into the user's store. */
static enum cmrr_status place(struct outdir *outdir, const struct command_line *line, const struct settings *settings,
                              char id[RUN_ID_MAX], struct cmrr_error *why)
{
    char root[PATH_MAX], path[PATH_MAX];
    if (line->output) {
        enum cmrr_status begun = outdir_begin(outdir, line->output, line->is_forced, why);
        const char *slash = strrchr(outdir->path, '/');
        snprintf(id, RUN_ID_MAX, "%.90s", slash ? slash + 1 : outdir->path);
        return begun;
    }
    enum cmrr_status status = store_root(root, false, why);
    if (status == CMRR_OK)
        status = store_create(root, settings->name, time(NULL), id, path, why);
    return status == CMRR_OK ? outdir_begin(outdir, path, false, why) : status;
}

static enum cmrr_status analyze(const struct command_line *line, const struct settings *settings,
                                const struct plan *plan, struct cmrr_error *why)
{
    struct outdir outdir = {.work = ""};
    struct measure_result result = {.id = ""};
    struct run_file file = {.table = NULL};
    enum cmrr_status status = place(&outdir, line, settings, result.id, why);
    if (status == CMRR_OK)
        status = outdir_make(&outdir, why);
    if (status == CMRR_OK)
        status = offline_run(settings, plan, line->args[0], outdir.work, &result, why);
    if (status == CMRR_OK)
        status = run_file_read(&file, outdir.work, why);
    if (status == CMRR_OK)
        status = outdir_commit(&outdir, why);
    if (status == CMRR_OK)
        status = print_run(line, &result, &file, outdir.path, why);
    run_file_free(&file);
    if (status != CMRR_OK && !line->output && outdir.path[0])
        rmdir(outdir.path); /* the empty folder that held the name */
    outdir_abandon(&outdir);
    return status == CMRR_OK ? result.verdict : status;
}

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    struct settings settings;
    struct plan plan;
    if (!line->value[PLAN])
        return cmrr_fail(why, CMRR_USAGE, "analyze: --plan FILE is missing: the plan that stimulus wrote");
    enum cmrr_status status = offline_read_plan(&plan, &settings, line->value[PLAN], why);
    if (status != CMRR_OK)
        return status;
    status = merge(&settings, line, why);
    if (status == CMRR_OK)
        status = analyze(line, &settings, &plan, why);
    plan_finish(&plan);
    return status;
}

const struct command command_analyze = {.name = "analyze",
                                        .arguments = "CAPTURE.wav",
                                        .summary = "make a run from a recording of a stimulus",
                                        .details = "Of the settings only the assumptions, --source-ohm, --name and "
                                                   "--in-channel (of the recording) are free here;\n"
                                                   "the others were fixed when the stimulus was written.",
                                        .takes = TAKES_SETTINGS | TAKES_OUTPUT | TAKES_FORCE,
                                        .options = options,
                                        .min_args = 1,
                                        .max_args = 1,
                                        .run = run};
