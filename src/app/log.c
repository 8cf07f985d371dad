/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/log.h"

#include <stdarg.h>
#include <stdio.h>
#include "cmrr/words.h"

/*
 * A line is put together first and written by one call, so that lines of two threads do not mix. No time stamp:
 * whoever collects the lines (a journal) has one.
 */
static enum log_level highest = LOG_NOTE;

void log_set_level(enum log_level level)
{
    highest = level;
}

void log_line(enum log_level level, const char *format, ...)
{
    char text[1024];
    if (level > highest)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    words_clean(text, '?');
    fprintf(stderr, "cmrrd: %s\n", text);
}
