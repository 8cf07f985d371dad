/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum cmrr_status set_path(struct address *address, const char *path, struct cmrr_error *why)
{
    struct address made = {.is_unix = true};
    if (*path != '/')
        return cmrr_fail(why, CMRR_USAGE, "unix:%.80s: the path of a socket must be absolute", path);
    if (strlen(path) >= sizeof made.path)
        return cmrr_fail(why, CMRR_USAGE, "unix:%.160s: a socket's path may have at most %zu bytes", path,
                         sizeof made.path - 1);
    strcpy(made.path, path);
    *address = made;
    return CMRR_OK;
}

enum cmrr_status address_parse(struct address *address, const char *text, struct cmrr_error *why)
{
    struct address made = {.is_unix = false};
    char rest[4] = "";
    if (strncmp(text, "unix:", 5) == 0)
        return set_path(address, text + 5, why);
    int fields = sscanf(text, "http://[%63[0-9a-fA-F:.]]:%5u%3s", made.host, &made.port, rest);
    if (fields < 2)
        fields = sscanf(text, "http://%63[A-Za-z0-9._-]:%5u%3s", made.host, &made.port, rest);
    if (fields < 2 || made.port < 1 || made.port > 65535 || (fields == 3 && strcmp(rest, "/") != 0))
        return cmrr_fail(why, CMRR_USAGE, "server '%.160s' is neither unix:PATH nor http://HOST:PORT", text);
    *address = made;
    return CMRR_OK;
}

enum cmrr_status address_of_user(struct address *address, struct cmrr_error *why)
{
    char path[4096];
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (runtime && *runtime == '/')
        snprintf(path, sizeof path, "%s/cmrr/cmrrd.sock", runtime);
    else
        snprintf(path, sizeof path, "/tmp/cmrr-%u/cmrrd.sock", (unsigned)geteuid());
    return set_path(address, path, why);
}

void address_of_system(struct address *address)
{
    *address = (struct address){.is_unix = true, .path = "/run/cmrr/cmrrd.sock"};
}

const char *address_format(const struct address *address, char *text, size_t size)
{
    if (address->is_unix)
        snprintf(text, size, "unix:%s", address->path);
    else
        snprintf(text, size, strchr(address->host, ':') ? "http://[%s]:%u" : "http://%s:%u", address->host,
                 address->port);
    return text;
}

enum cmrr_status address_check_folder(const struct address *address, bool is_private, struct cmrr_error *why)
{
    char folder[ADDRESS_PATH_MAX];
    struct stat info;
    if (!address->is_unix)
        return CMRR_OK;
    strcpy(folder, address->path);
    char *slash = strrchr(folder, '/');
    slash[slash == folder] = '\0';
    if (lstat(folder, &info) != 0)
        return errno == ENOENT ? CMRR_OK : cmrr_fail(why, CMRR_DAEMON, "%s: %s", folder, strerror(errno));
    if (S_ISLNK(info.st_mode))
        return cmrr_fail(why, CMRR_DAEMON, "%s: is a symbolic link; the folder of a socket must be a real one", folder);
    if (!S_ISDIR(info.st_mode))
        return cmrr_fail(why, CMRR_DAEMON, "%s: is no folder", folder);
    if (info.st_uid != geteuid())
        return cmrr_fail(why, CMRR_DAEMON, "%s: belongs to user %u, not to us; remove it or set XDG_RUNTIME_DIR",
                         folder, (unsigned)info.st_uid);
    if (info.st_mode & (is_private ? 077 : 022))
        return cmrr_fail(why, CMRR_DAEMON, "%s: is open to others (mode %04o); chmod %s it", folder,
                         (unsigned)info.st_mode & 07777, is_private ? "700" : "go-w");
    return CMRR_OK;
}
