/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmrr/file.h"
#include "cmrr/words.h"

/*
 * steps.csv grows row by row, each synced before the next tone ends: a killed daemon or a power cut loses the step
 * under way and nothing else. A row that cannot be written ends the run: a full disk is found at once, not at the end.
 */
struct recorder {
    char folder[PATH_MAX];
    int steps_fd;
    FILE *log;
};

static enum cmrr_status cannot_write(const struct recorder *recorder, struct cmrr_error *why)
{
    return cmrr_fail(why, CMRR_WRITE, "%s/steps.csv: cannot be written: %s", recorder->folder, strerror(errno));
}

static enum cmrr_status put(struct recorder *recorder, char *text, struct cmrr_error *why)
{
    if (!text)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    size_t size = strlen(text), done = 0;
    enum cmrr_status status = CMRR_OK;
    while (status == CMRR_OK && done < size) {
        ssize_t written = write(recorder->steps_fd, text + done, size - done);
        if (written < 0 && errno != EINTR)
            status = cannot_write(recorder, why);
        else if (written > 0)
            done += (size_t)written;
    }
    if (status == CMRR_OK && fsync(recorder->steps_fd) != 0)
        status = cannot_write(recorder, why);
    free(text);
    return status;
}

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
    char path[PATH_MAX + 16];
    struct recorder *made = calloc(1, sizeof *made);
    if (!made || strlen(folder) >= sizeof made->folder) {
        free(made);
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    }
    strcpy(made->folder, folder);
    snprintf(path, sizeof path, "%s/steps.csv", folder);
    made->steps_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    enum cmrr_status status = made->steps_fd < 0 ? cannot_write(made, why) : put(made, format_head(head), why);
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
    return put(recorder, row, why);
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
    if (recorder->steps_fd >= 0)
        close(recorder->steps_fd);
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
