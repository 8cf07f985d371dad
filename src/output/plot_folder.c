/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A folder of mode 0700 under $TMPDIR. What is inside is reached through its descriptor, so that nobody can
 * exchange a name under us.
 */

enum { FILE_SIZE_MAX = 64 << 20 };

enum cmrr_status plot_folder_open(struct plot_folder *folder, struct cmrr_error *why)
{
    const char *parent = getenv("TMPDIR");
    if (!parent || !*parent)
        parent = "/tmp";
    if (asprintf(&folder->path, "%s/cmrr-plot-XXXXXX", parent) < 0) {
        folder->path = NULL;
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory while drawing a plot");
    }
    if (!mkdtemp(folder->path)) {
        enum cmrr_status status =
            cmrr_fail(why, CMRR_FAILED, "%s: no folder can be made for a plot: %s", parent, strerror(errno));
        free(folder->path);
        folder->path = NULL;
        return status;
    }
    folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0)
        return cmrr_fail(why, CMRR_FAILED, "%s: %s", folder->path, strerror(errno));
    return CMRR_OK;
}

void plot_folder_remove(struct plot_folder *folder)
{
    DIR *list = folder->fd >= 0 ? fdopendir(folder->fd) : NULL;
    if (list)
        for (struct dirent *entry; (entry = readdir(list));)
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                unlinkat(folder->fd, entry->d_name, 0);
    if (list)
        closedir(list);
    else if (folder->fd >= 0)
        close(folder->fd);
    if (folder->path)
        rmdir(folder->path);
    free(folder->path);
}

enum cmrr_status plot_folder_put(const struct plot_folder *folder, const struct plot_file *file, struct cmrr_error *why)
{
    int fd = openat(folder->fd, file->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ssize_t written = 0;
    for (size_t at = 0; fd >= 0 && written >= 0 && at < file->size; at += (size_t)written) {
        written = write(fd, file->text + at, file->size - at);
        if (written < 0 && errno == EINTR)
            written = 0;
    }
    if (fd >= 0 && written >= 0 && close(fd) == 0)
        return CMRR_OK;
    int error = errno;
    if (fd >= 0 && written < 0)
        close(fd);
    return cmrr_fail(why, CMRR_FAILED, "%s/%s: %s", folder->path, file->name, strerror(error));
}

char *plot_folder_get(const struct plot_folder *folder, const char *name, size_t *size)
{
    int fd = openat(folder->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;
    char *text = NULL;
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= FILE_SIZE_MAX)
        text = malloc((size_t)info.st_size + 1);
    *size = 0;
    while (text && *size < (size_t)info.st_size) {
        ssize_t got = read(fd, text + *size, (size_t)info.st_size - *size);
        if (got <= 0)
            break;
        *size += (size_t)got;
    }
    if (text)
        text[*size] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}
