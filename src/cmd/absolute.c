/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "absolute.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the value of DUT begins, or NULL. Commas behind a backslash do not part arguments. */
static const char *find_dut(const char *device)
{
    const char *at = device + 4;
    while (*at) {
        if (strncmp(at, "DUT=", 4) == 0)
            return at + 4;
        while (*at && *at != ',')
            at += *at == '\\' && at[1] ? 2 : 1;
        at += *at == ',';
    }
    return NULL;
}

static size_t value_length(const char *value)
{
    const char *at = value;
    while (*at && *at != ',')
        at += *at == '\\' && at[1] ? 2 : 1;
    return (size_t)(at - value);
}

/* The present folder and a slash, commas and backslashes escaped as the grammar wants. */
static int escaped_folder(char *text, size_t size)
{
    char folder[PATH_MAX];
    size_t used = 0;
    if (!getcwd(folder, sizeof folder))
        return -1;
    for (const char *c = folder; *c && used + 3 < size; c++) {
        if (*c == ',' || *c == '\\')
            text[used++] = '\\';
        text[used++] = *c;
    }
    text[used++] = '/';
    text[used] = '\0';
    return 0;
}

enum cmrr_status absolute_device(char *device, size_t size, struct cmrr_error *why)
{
    if (strncmp(device, "sim:", 4) != 0)
        return CMRR_OK;
    const char *value = find_dut(device);
    if (!value || *value == '/' || !memchr(value, '/', value_length(value)))
        return CMRR_OK;
    char folder[2 * PATH_MAX], made[4 * PATH_MAX];
    if (escaped_folder(folder, sizeof folder) != 0)
        return cmrr_fail(why, CMRR_USAGE, "the present folder is gone: %s", strerror(errno));
    snprintf(made, sizeof made, "%.*s%s%s", (int)(value - device), device, folder, value);
    if (strlen(made) >= size)
        return cmrr_fail(why, CMRR_USAGE, "device: the path of the device file is too long");
    strcpy(device, made);
    return CMRR_OK;
}
