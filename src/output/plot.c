/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/plot.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot_parts.h"

/*
 * From a plot to a file under its final name: compose, draw, look whether the picture is whole, write it
 * beside the target, sync, rename. Until the rename nothing of that name is touched.
 */

#define LIMIT_S 30.0 /* a picture takes a fraction of a second; the rest is for a machine in trouble */

/* How a whole file begins and ends. gnuplot exits with 0 although the disk was full: only the end tells. */
static const struct {
    const char *ending;
    const char *head;
    const char *tail;
    size_t head_size, tail_size;
} formats[PLOT_FORMATS] = {
    [PLOT_SVG] = {".svg", "<?xml", "</svg>", 5, 6},
    [PLOT_PNG] = {".png", "\x89PNG\r\n\x1a\n", "IEND\xAE\x42\x60\x82", 8, 8},
    [PLOT_PDF] = {".pdf", "%PDF-", "%%EOF", 5, 5},
};

static enum plot_format format_of(const char *path)
{
    size_t length = strlen(path);
    for (int f = 0; f < PLOT_FORMATS; f++)
        if (length > 4 && strcmp(path + length - 4, formats[f].ending) == 0)
            return (enum plot_format)f;
    return PLOT_FORMATS;
}

static bool is_whole(const char *picture, size_t size, enum plot_format format)
{
    /* The text formats end in a line end. */
    while (format != PLOT_PNG && size > 0 && strchr("\r\n", picture[size - 1]))
        size--;
    size_t head = formats[format].head_size, tail = formats[format].tail_size;
    return size > head + tail && memcmp(picture, formats[format].head, head) == 0 &&
           memcmp(picture + size - tail, formats[format].tail, tail) == 0;
}

/* A new file beside the target, which a file of a crashed process cannot be in the way of; -1 and errno. */
static int open_beside(const char *path, char **name)
{
    const char *slash = strrchr(path, '/');
    int folder_length = slash ? (int)(slash - path + 1) : 0;
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        if (asprintf(name, "%.*s.cmrr-plot-%ld-%u", folder_length, path, (long)getpid(), attempt) < 0) {
            *name = NULL;
            errno = ENOMEM;
            return -1;
        }
        int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0)
            return fd;
        int error = errno;
        free(*name);
        *name = NULL;
        errno = error;
        if (error != EEXIST)
            return -1;
    }
    return -1;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return true;
}

static enum cmrr_status publish(const char *path, const char *picture, size_t size, struct cmrr_error *why)
{
    char *name = NULL;
    int fd = open_beside(path, &name);
    if (fd < 0)
        return cmrr_fail(why, CMRR_WRITE, "%s: %s", path, strerror(errno));
    bool is_good = write_all(fd, picture, size) && fsync(fd) == 0;
    int error = errno;
    if (close(fd) != 0 && is_good) {
        is_good = false;
        error = errno;
    }
    if (is_good && rename(name, path) != 0) {
        is_good = false;
        error = errno;
    }
    if (!is_good)
        unlink(name);
    free(name);
    return is_good ? CMRR_OK : cmrr_fail(why, CMRR_WRITE, "%s: %s", path, strerror(error));
}

enum cmrr_status plot_draw(const struct plot *plot, const char *path, struct cmrr_error *why)
{
    assert(plot->curves >= 1 && plot->curves <= PLOT_CURVES_MAX);
    enum plot_format format = format_of(path);
    if (format == PLOT_FORMATS)
        return cmrr_fail(why, CMRR_USAGE, "%s: a plot is .svg, .png or .pdf", path);
    struct plot_sheet sheet;
    char *picture = NULL;
    size_t size = 0;
    enum cmrr_status status = plot_sheet_make(&sheet, plot, format, why);
    if (status == CMRR_OK)
        status = gnuplot_run(&sheet, LIMIT_S, &picture, &size, why);
    if (status == CMRR_OK && !is_whole(picture, size, format))
        status =
            cmrr_fail(why, CMRR_FAILED, "%s: gnuplot left an unfinished picture; is the disk of TMPDIR full?", path);
    if (status == CMRR_OK)
        status = publish(path, picture, size, why);
    free(picture);
    plot_sheet_free(&sheet);
    return status;
}
