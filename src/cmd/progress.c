/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "ask.h"

void progress_init(struct progress_line *line, bool is_quiet)
{
    *line = (struct progress_line){.is_shown = !is_quiet && isatty(STDERR_FILENO)};
}

void progress_show(struct progress_line *line, const json_t *progress)
{
    if (!line->is_shown)
        return;
    char text[160];
    long long steps =
        (long long)json_integer_value(json_object_get(progress, "steps")); /* 0: not known before the look */
    int used = 0;
    if (steps > 0)
        used = snprintf(text, sizeof text, "[%lld/%lld] ",
                        (long long)json_integer_value(json_object_get(progress, "step")), steps);
    used += snprintf(text + used, sizeof text - (size_t)used, "%s %s", ask_text(progress, "state"),
                     ask_text(progress, "phase"));
    const json_t *freq = json_object_get(progress, "freq_hz"), *level = json_object_get(progress, "level_dbfs");
    const json_t *left = json_object_get(progress, "left_s");
    if (json_is_number(freq))
        used += snprintf(text + used, sizeof text - (size_t)used, "  %.6g Hz", json_number_value(freq));
    if (json_is_number(level))
        used += snprintf(text + used, sizeof text - (size_t)used, "  %.1f dBFS", json_number_value(level));
    if (json_is_number(left)) {
        int seconds = (int)(json_number_value(left) + 0.5);
        used += snprintf(text + used, sizeof text - (size_t)used, "  %d:%02d left", seconds / 60, seconds % 60);
    }
    fprintf(stderr, "\r%s%*s", text, line->columns > used ? line->columns - used : 0, "");
    line->columns = used;
    fflush(stderr);
}

void progress_clear(struct progress_line *line)
{
    if (line->is_shown && line->columns)
        fprintf(stderr, "\r%*s\r", line->columns, "");
    line->columns = 0;
}
