/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "cmrr/offline.h"
#include "print.h"

/* cmrr stimulus: the sound file to play, and the plan that analyze needs. */

static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
{
    char plan_path[PATH_MAX];
    if (!line->output)
        return cmrr_fail(why, CMRR_USAGE, "stimulus: -o FILE.wav is missing");
    enum cmrr_status status = offline_write_stimulus(&line->settings, line->output, line->is_forced, plan_path, why);
    if (status == CMRR_OK && line->is_json)
        return print_json(json_pack("{s:o, s:o}", "stimulus", text_json(line->output), "plan", text_json(plan_path)),
                          why);
    if (status == CMRR_OK && !line->is_quiet)
        fprintf(
            stderr,
            "written to %s and %s\nplay it at %g Hz, output 1 to hot, output 2 to cold, and record with a device on "
            "the same clock\n",
            line->output, plan_path, line->settings.rate_hz);
    return status;
}

const struct command command_stimulus = {
    .name = "stimulus",
    .arguments = "",
    .summary = "write the stimulus of a measurement as a sound file",
    .details =
        "-o FILE.wav is 24 bit, two channels; FILE.plan.csv is written beside it for 'cmrr analyze'. Without a look\n"
        "at the device the differential level is -10 dBFS unless --level-dm says otherwise.",
    .takes = TAKES_SETTINGS | TAKES_OUTPUT | TAKES_FORCE,
    .run = run};
