/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_LOG_H
#define CMRR_LOG_H

/* The daemon's log: one line each on standard error, control characters made harmless. Any thread. */
enum log_level { LOG_ERROR, LOG_NOTE, LOG_DETAIL };

/* What is printed from now on: LOG_NOTE at start. Before threads are started. */
void log_set_level(enum log_level level);
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
