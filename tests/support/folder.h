/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <stddef.h>

/* A new private folder for a test, and its removal with all that is in it. */
struct folder {
    char path[64];
};
void folder_make(struct folder *folder);
void folder_remove(struct folder *folder);

/* PATH/NAME; one of a few static buffers, good for the next calls. */
const char *folder_file(const struct folder *folder, const char *name);
void folder_write(const struct folder *folder, const char *name, const char *text);
/* How many entries a folder has. */
size_t folder_count(const char *path);

#endif
