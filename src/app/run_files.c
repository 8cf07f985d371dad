/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmrr/table.h"

enum { HEAD_BYTES = 16384 }; /* more than the header of a run */

static int open_folder(const char *store, const char *id)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", store, id) >= (int)sizeof path)
        return -1;
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool is_plain_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length < 128 && name[0] != '.' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == length;
}

/* Non-blocking, so that a FIFO in the place of a file cannot hang us. */
static int open_plain(int folder, const char *name, uint64_t *size)
{
    struct stat info;
    int fd = is_plain_name(name) ? openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    if (fd < 0)
        return -1;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return -1;
    }
    *size = (uint64_t)info.st_size;
    return fd;
}

int run_file_open(const char *store, const char *id, const char *name, uint64_t *size)
{
    int folder = open_folder(store, id);
    int fd = folder >= 0 ? open_plain(folder, name, size) : -1;
    if (folder >= 0)
        close(folder);
    return fd;
}

/* The header keys of a file of the run, without reading the whole of it. NULL: none. */
static struct table *read_head(const char *store, const char *id, const char *name)
{
    struct table *table = NULL;
    uint64_t size;
    char *text = malloc(HEAD_BYTES + 1);
    int fd = text ? run_file_open(store, id, name, &size) : -1;
    ssize_t got = fd >= 0 ? read(fd, text, HEAD_BYTES) : -1;
    if (got > 0) {
        text[got] = '\0';
        char *end = strrchr(text, '\n');
        if (!end || table_parse(&table, text, (size_t)(end + 1 - text), name, NULL) != CMRR_OK)
            table = NULL;
    }
    if (fd >= 0)
        close(fd);
    free(text);
    return table;
}

static const char *key_or(const struct table *head, const char *key, const char *otherwise)
{
    const char *value = head ? table_key(head, key) : NULL;
    return value ? value : otherwise;
}

json_t *run_summary(const char *store, const char *id, bool is_current)
{
    struct table *head = is_current ? NULL : read_head(store, id, "run.csv");
    const char *state = is_current ? "measuring" : key_or(head, "status", head ? "done" : "interrupted");
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/%s", store, id);
    struct table *begun = head ? NULL : read_head(store, id, "steps.csv");
    const struct table *keys = head ? head : begun;
    json_t *made =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", id, "state", state, "name", key_or(keys, "name", ""),
                  "device", key_or(keys, "device", ""), "states", key_or(keys, "states", ""), "folder", folder);
    table_free(head);
    table_free(begun);
    return made;
}

static int is_shown(const struct dirent *entry)
{
    return is_plain_name(entry->d_name);
}

json_t *run_file_list(const char *store, const char *id)
{
    struct dirent **entries = NULL;
    int folder = open_folder(store, id);
    int count = folder >= 0 ? scandirat(folder, ".", &entries, is_shown, alphasort) : -1;
    json_t *list = count >= 0 ? json_array() : NULL;
    for (int i = 0; i < count; i++) {
        uint64_t size;
        int fd = open_plain(folder, entries[i]->d_name, &size);
        if (fd >= 0) {
            json_array_append_new(list, json_pack("{s:s, s:I}", "name", entries[i]->d_name, "bytes", (json_int_t)size));
            close(fd);
        }
        free(entries[i]);
    }
    free(entries);
    if (folder >= 0)
        close(folder);
    return list;
}

const char *run_file_type(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".csv", "text/csv; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".wav", "audio/wav"},
                 {".pdf", "application/pdf"},
                 {"log", "text/plain; charset=utf-8"}};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t tail = strlen(types[i].ending);
        if (length >= tail && strcmp(name + length - tail, types[i].ending) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}
