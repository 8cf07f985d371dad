/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "folder.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void folder_make(struct folder *folder)
{
    strcpy(folder->path, "/tmp/cmrr-test-XXXXXX");
    if (!mkdtemp(folder->path))
        abort();
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

void folder_remove(struct folder *folder)
{
    nftw(folder->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *folder_file(const struct folder *folder, const char *name)
{
    static char text[4][512];
    static unsigned next;
    char *path = text[next++ % 4];
    snprintf(path, sizeof text[0], "%s/%s", folder->path, name);
    return path;
}

void folder_write(const struct folder *folder, const char *name, const char *text)
{
    FILE *file = fopen(folder_file(folder, name), "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

size_t folder_count(const char *path)
{
    size_t count = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (folder)
        closedir(folder);
    return count;
}
