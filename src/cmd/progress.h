/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <jansson.h>
#include <stdbool.h>

/* One line on a terminal: step, state, frequency, what was read, time left. Nothing where standard error is no terminal. */
struct progress_line {
    bool is_shown;
    int columns; /* that the last line took */
};

void progress_init(struct progress_line *line, bool is_quiet);
void progress_show(struct progress_line *line, const json_t *progress);
void progress_clear(struct progress_line *line);

#endif
