/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/file.h"
#include "cmrr/words.h"
#include "journal.h"

/*
 * steps.csv grows row by row, each on its way to the disk before the next tone ends: a killed daemon or a power cut loses
 * the step under way and nothing else. A row that cannot be written ends the run: a full disk is found at once, not at
 * the end.
 */
struct recorder {
    struct journal *steps;
    FILE *log;
};

/* The head of steps.csv: the keys of `head` over the columns of readings. */
static char *format_head(const struct table *head)
{
    struct table *table = readings_table();
    for (size_t i = 0; table && i < table_keys(head); i++) {
        const char *key, *value;
        table_key_at(head, i, &key, &value);
        table_set_key(table, key, value);
    }
    char *text = table ? table_format_head(table) : NULL;
    table_free(table);
    return text;
}

enum cmrr_status recorder_new(struct recorder **recorder, const char *folder, const struct table *head,
                              struct cmrr_error *why)
{
    char path[PATH_MAX];
    struct recorder *made = calloc(1, sizeof *made);
    if (!made || strlen(folder) + 16 > sizeof path) {
        free(made);
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    }
    snprintf(path, sizeof path, "%s/steps.csv", folder);
    enum cmrr_status status = journal_new(&made->steps, path, why);
    if (status == CMRR_OK)
        status = journal_append(made->steps, format_head(head), why);
    if (status == CMRR_OK)
        status = journal_flush(made->steps, why);
    snprintf(path, sizeof path, "%s/log", folder);
    if (status == CMRR_OK && !(made->log = fopen(path, "ae")))
        status = cmrr_fail(why, CMRR_WRITE, "%s: cannot be written: %s", path, strerror(errno));
    if (status == CMRR_OK)
        status = file_sync_folder(folder, why);
    if (status == CMRR_OK)
        *recorder = made;
    else
        recorder_free(made);
    return status;
}

enum cmrr_status recorder_append(struct recorder *recorder, const struct reading *reading, struct cmrr_error *why)
{
    struct table *table = readings_table();
    if (table)
        readings_append(table, reading);
    char *row = table && table_rows(table) == 1 ? table_format_row(table, 0) : NULL;
    table_free(table);
    return journal_append(recorder->steps, row, why);
}

enum cmrr_status recorder_flush(struct recorder *recorder, struct cmrr_error *why)
{
    return journal_flush(recorder->steps, why);
}

void recorder_log(struct recorder *recorder, const char *format, ...)
{
    char stamp[32], text[1200];
    struct timespec now;
    struct tm tm;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    words_clean(text, '?');
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
    fprintf(recorder->log, "%s %s\n", stamp, text);
    fflush(recorder->log);
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    journal_free(recorder->steps);
    if (recorder->log)
        fclose(recorder->log);
    free(recorder);
}

enum cmrr_status run_file_read(struct run_file *file, const char *folder, struct cmrr_error *why)
{
    char path[PATH_MAX + 16], steps[PATH_MAX + 16];
    struct run_file made = {.table = NULL};
    snprintf(path, sizeof path, "%s/run.csv", folder);
    snprintf(steps, sizeof steps, "%s/steps.csv", folder);
    if (!file_exists(path) && file_exists(steps))
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: an interrupted run (steps.csv without run.csv): measure again",
                         folder);
    enum cmrr_status status = file_read_table(path, &made.table, why);
    if (status == CMRR_OK)
        status = run_points_parse(&made.points, made.table, why);
    if (status == CMRR_OK)
        *file = made;
    else
        table_free(made.table);
    return status;
}

void run_file_free(struct run_file *file)
{
    table_free(file->table);
    run_points_free(&file->points);
    file->table = NULL;
}
