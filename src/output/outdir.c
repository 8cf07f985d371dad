/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/outdir.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmrr/file.h"

/* A run folder is flat: files and nothing else. What is not of that kind is never removed. */

static bool holds(const char *folder, const char *name)
{
    char path[PATH_MAX + 16];
    return snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path && file_exists(path);
}

static bool is_empty(const char *folder)
{
    DIR *entries = opendir(folder);
    bool has_entry = false;
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        has_entry |= strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (entries)
        closedir(entries);
    return entries && !has_entry;
}

/* Files of a flat folder, then the folder; a folder inside makes the last step fail, and stays. */
static int remove_flat(const char *folder)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char path[PATH_MAX + 300];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlink(path);
    }
    if (entries)
        closedir(entries);
    return rmdir(folder);
}

/* What the rename at the end could not replace is refused at the beginning: "." and "..", and where a disk is mounted. */
static enum cmrr_status check_name(const char *path, const struct stat *info, struct cmrr_error *why)
{
    char parent[PATH_MAX + 4];
    struct stat around;
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    if (strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return cmrr_fail(why, CMRR_WRITE, "%s: a folder that becomes a run needs a name of its own", path);
    snprintf(parent, sizeof parent, "%s/..", path);
    if (stat(parent, &around) == 0 && around.st_dev != info->st_dev)
        return cmrr_fail(why, CMRR_WRITE, "%s: a disk is mounted there: name a folder on it", path);
    return CMRR_OK;
}

static enum cmrr_status check(const char *path, bool force, struct cmrr_error *why)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return errno == ENOENT ? CMRR_OK : cmrr_fail(why, CMRR_WRITE, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(info.st_mode))
        return cmrr_fail(why, CMRR_WRITE, "%s: is there and is no folder", path);
    enum cmrr_status status = check_name(path, &info, why);
    if (status != CMRR_OK || is_empty(path))
        return status;
    if (!holds(path, "run.csv") && !holds(path, "steps.csv"))
        return cmrr_fail(why, CMRR_WRITE, "%s: is a folder with other things in it: name a new one", path);
    return force ? CMRR_OK : cmrr_fail(why, CMRR_WRITE, "%s: holds a run already; --force replaces it", path);
}

enum cmrr_status outdir_begin(struct outdir *outdir, const char *path, bool force, struct cmrr_error *why)
{
    outdir->work[0] = '\0';
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length + 32 >= sizeof outdir->path)
        return cmrr_fail(why, CMRR_WRITE, "output: '%.60s' is no usable path", path);
    snprintf(outdir->path, sizeof outdir->path, "%.*s", (int)length, path);
    enum cmrr_status status = check(outdir->path, force, why);
    if (status != CMRR_OK)
        return status;
    const char *slash = strrchr(outdir->path, '/');
    int parent = slash ? (int)(slash - outdir->path) + 1 : 0;
    snprintf(outdir->work, sizeof outdir->work, "%.*s.%.200s.XXXXXX", parent, outdir->path, outdir->path + parent);
    if (!mkdtemp(outdir->work)) {
        outdir->work[0] = '\0';
        return cmrr_fail(why, CMRR_WRITE, "%s: cannot be made: %s", outdir->path, strerror(errno));
    }
    /* It can be made, which was the question: a client that is killed while it waits for the run leaves nothing. */
    rmdir(outdir->work);
    return CMRR_OK;
}

enum cmrr_status outdir_make(struct outdir *outdir, struct cmrr_error *why)
{
    if (mkdir(outdir->work, 0777) != 0)
        return cmrr_fail(why, CMRR_WRITE, "%s: cannot be made: %s", outdir->path, strerror(errno));
    return CMRR_OK;
}

enum cmrr_status outdir_commit(struct outdir *outdir, struct cmrr_error *why)
{
    char old[PATH_MAX] = "";
    if (holds(outdir->path, "run.csv") || holds(outdir->path, "steps.csv")) {
        /* The old run steps aside first, and comes back should the new one not get its name. */
        snprintf(old, sizeof old, "%.*s-old", (int)sizeof old - 8, outdir->work);
        if (rename(outdir->path, old) != 0)
            return cmrr_fail(why, CMRR_WRITE, "%s: cannot be replaced: %s", outdir->path, strerror(errno));
    }
    if (rename(outdir->work, outdir->path) != 0) {
        int reason = errno;
        if (*old)
            rename(old, outdir->path);
        return cmrr_fail(why, CMRR_WRITE, "%s: cannot be made: %s", outdir->path, strerror(reason));
    }
    outdir->work[0] = '\0';
    if (*old && remove_flat(old) != 0)
        return cmrr_fail(why, CMRR_WRITE, "%s: the old run's folder could not be removed: %s", old, strerror(errno));
    return CMRR_OK;
}

void outdir_abandon(struct outdir *outdir)
{
    if (outdir->work[0])
        remove_flat(outdir->work);
    outdir->work[0] = '\0';
}
