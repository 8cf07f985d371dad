/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static enum cmrr_status refuse(const struct address *address, const char *what, struct cmrr_error *why)
{
    char text[160];
    return cmrr_fail(why, CMRR_DAEMON, "%s: %s: %s", address_format(address, text, sizeof text), what, strerror(errno));
}

static enum cmrr_status make_folder(const struct address *address, enum listener_access access, struct cmrr_error *why)
{
    char folder[ADDRESS_PATH_MAX];
    strcpy(folder, address->path);
    char *slash = strrchr(folder, '/');
    slash[slash == folder] = '\0';
    if (mkdir(folder, access == LISTENER_PRIVATE ? 0700 : 0755) != 0 && errno != EEXIST)
        return refuse(address, "its folder cannot be made", why);
    return address_check_folder(address, access == LISTENER_PRIVATE, why);
}

static enum cmrr_status take_lock(struct listener *listener, struct cmrr_error *why)
{
    char path[ADDRESS_PATH_MAX + 8], text[160];
    snprintf(path, sizeof path, "%s.lock", listener->address.path);
    listener->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (listener->lock < 0)
        return refuse(&listener->address, "its lock file cannot be opened", why);
    if (flock(listener->lock, LOCK_EX | LOCK_NB) == 0)
        return CMRR_OK;
    if (errno == EWOULDBLOCK)
        return cmrr_fail(why, CMRR_DAEMON, "%s: another cmrrd holds this socket",
                         address_format(&listener->address, text, sizeof text));
    return refuse(&listener->address, "cannot be locked", why);
}

/* Under the lock a socket that is there is a dead daemon's; anything else of that name is not ours to remove. */
static enum cmrr_status replace_stale(const struct address *address, struct cmrr_error *why)
{
    struct stat info;
    if (lstat(address->path, &info) != 0)
        return CMRR_OK;
    if (!S_ISSOCK(info.st_mode))
        return cmrr_fail(why, CMRR_DAEMON, "%s: is there and no socket; remove it", address->path);
    if (unlink(address->path) != 0)
        return refuse(address, "the old socket cannot be removed", why);
    return CMRR_OK;
}

static enum cmrr_status open_unix(struct listener *listener, enum listener_access access, struct cmrr_error *why)
{
    const struct address *address = &listener->address;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    strcpy(name.sun_path, address->path);
    enum cmrr_status status = make_folder(address, access, why);
    if (status == CMRR_OK)
        status = take_lock(listener, why);
    if (status == CMRR_OK)
        status = replace_stale(address, why);
    if (status != CMRR_OK)
        return status;
    listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(access == LISTENER_PRIVATE ? 0177 : 0117);
    int failed = listener->fd < 0 || bind(listener->fd, (struct sockaddr *)&name, sizeof name) != 0;
    umask(mask);
    if (failed || listen(listener->fd, 64) != 0)
        return refuse(address, "cannot be listened on", why);
    return CMRR_OK;
}

static enum cmrr_status open_tcp(struct listener *listener, struct cmrr_error *why)
{
    const struct address *address = &listener->address;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)address->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)address->port)};
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_addr = in6addr_loopback;
    bool is_v6 = strcmp(address->host, "::1") == 0;
    if (!is_v6 && strcmp(address->host, "127.0.0.1") != 0 && strcmp(address->host, "localhost") != 0)
        return cmrr_fail(why, CMRR_USAGE, "http://%s: only loopback is listened on: 127.0.0.1, localhost or [::1]",
                         address->host);
    listener->fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int yes = 1;
    if (listener->fd < 0 || setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(listener->fd, is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4, is_v6 ? sizeof v6 : sizeof v4) !=
            0 ||
        listen(listener->fd, 64) != 0)
        return refuse(address, "cannot be listened on", why);
    return CMRR_OK;
}

enum cmrr_status listener_open(struct listener *listener, const struct address *address, enum listener_access access,
                               struct cmrr_error *why)
{
    struct listener made = {.fd = -1, .lock = -1, .address = *address};
    enum cmrr_status status = address->is_unix ? open_unix(&made, access, why) : open_tcp(&made, why);
    if (status == CMRR_OK) {
        *listener = made;
        return CMRR_OK;
    }
    if (made.fd >= 0)
        close(made.fd);
    if (made.lock >= 0)
        close(made.lock);
    return status;
}

void listener_remove(struct listener *listener)
{
    if (listener->address.is_unix && listener->address.path[0])
        unlink(listener->address.path);
    listener->address.path[0] = '\0';
}

void listener_finish(struct listener *listener)
{
    listener_remove(listener);
    if (listener->lock >= 0)
        close(listener->lock);
    listener->lock = -1;
}
