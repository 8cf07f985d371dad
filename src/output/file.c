/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A file is there whole or not at all: written under a temporary name in the same folder, synced, then renamed. A
 * full disk may show as late as at close, so every step is looked at.
 */

static enum cmrr_status read_all(int fd, const char *path, char *text, size_t size, struct cmrr_error *why)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, text + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: cannot be read: %s", path, strerror(errno));
        if (got == 0)
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: became shorter while it was read", path);
        done += (size_t)got;
    }
    text[size] = '\0';
    return CMRR_OK;
}

enum cmrr_status file_read(const char *path, char **text, size_t *size, struct cmrr_error *why)
{
    struct stat info;
    /* Non-blocking, so that a FIFO in the place of a file cannot hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        int reason = errno;
        if (fd >= 0)
            close(fd);
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: cannot be opened: %s", path, strerror(reason));
    }
    enum cmrr_status status = CMRR_OK;
    char *made = NULL;
    if (!S_ISREG(info.st_mode))
        status = cmrr_fail(why, CMRR_BAD_FILE, "%s: is no regular file", path);
    else if (info.st_size > FILE_BYTES_MAX)
        status = cmrr_fail(why, CMRR_BAD_FILE, "%s: larger than %d MiB", path, FILE_BYTES_MAX >> 20);
    else if (!(made = malloc((size_t)info.st_size + 1)))
        status = cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", path);
    else
        status = read_all(fd, path, made, (size_t)info.st_size, why);
    close(fd);
    if (status != CMRR_OK) {
        free(made);
        return status;
    }
    *text = made;
    *size = (size_t)info.st_size;
    return CMRR_OK;
}

enum cmrr_status file_read_table(const char *path, struct table **table, struct cmrr_error *why)
{
    char *text = NULL;
    size_t size = 0;
    enum cmrr_status status = file_read(path, &text, &size, why);
    if (status == CMRR_OK)
        status = table_parse(table, text, size, path, why);
    free(text);
    return status;
}

static enum cmrr_status cannot_write(const char *path, struct cmrr_error *why)
{
    return cmrr_fail(why, CMRR_WRITE, "%s: cannot be written: %s", path, strerror(errno));
}

static int write_all(int fd, const char *text, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t put = write(fd, text + done, size - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        done += (size_t)put;
    }
    return fsync(fd);
}

/* The folder part of a path, "." where it has none. */
static void folder_of(const char *path, char *folder)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    snprintf(folder, PATH_MAX, "%.*s", slash ? (int)(length ? length : 1) : 1, slash ? path : ".");
}

enum cmrr_status file_sync_folder(const char *folder, struct cmrr_error *why)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = fd < 0 || (fsync(fd) != 0 && errno != EINVAL);
    enum cmrr_status status = failed ? cannot_write(folder, why) : CMRR_OK;
    if (fd >= 0)
        close(fd);
    return status;
}

enum cmrr_status file_write(const char *path, const char *text, size_t size, struct cmrr_error *why)
{
    char temporary[PATH_MAX], folder[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return cmrr_fail(why, CMRR_WRITE, "%.60s...: the path is too long", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return cannot_write(path, why);
    mode_t mask = umask(0);
    umask(mask);
    int failed = fchmod(fd, 0666 & ~mask) != 0 || write_all(fd, text, size) != 0;
    int reason = errno;
    if (close(fd) != 0 && !failed) {
        failed = 1;
        reason = errno;
    }
    if (!failed && rename(temporary, path) != 0) {
        failed = 1;
        reason = errno;
    }
    if (failed) {
        unlink(temporary);
        errno = reason;
        return cannot_write(path, why);
    }
    folder_of(path, folder);
    return file_sync_folder(folder, why);
}

enum cmrr_status file_write_table(const char *path, const struct table *table, struct cmrr_error *why)
{
    char *text = table_format(table);
    if (!text)
        return cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", path);
    enum cmrr_status status = file_write(path, text, strlen(text), why);
    free(text);
    return status;
}

enum cmrr_status file_check_place(const char *path, bool force, struct cmrr_error *why)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return CMRR_OK; /* absent; whatever else there is will be said by the writing */
    if (!S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode))
        return cmrr_fail(why, CMRR_WRITE, "%s: is there and is no regular file: name another", path);
    return force ? CMRR_OK : cmrr_fail(why, CMRR_WRITE, "%s: is there already; --force replaces it", path);
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

enum cmrr_status file_make_folders(const char *path, struct cmrr_error *why)
{
    char part[PATH_MAX];
    if (strlen(path) >= sizeof part)
        return cmrr_fail(why, CMRR_WRITE, "%.60s...: the path is too long", path);
    strcpy(part, path);
    for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return cannot_write(part, why);
        *slash = '/';
    }
    if (mkdir(part, 0777) != 0 && !(errno == EEXIST && file_is_folder(part)))
        return cannot_write(part, why);
    return CMRR_OK;
}
