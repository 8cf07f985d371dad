/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_ADDRESS_H
#define CMRR_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include "cmrr/status.h"

/* Where a daemon listens: unix:PATH or http://HOST:PORT. */
enum { ADDRESS_PATH_MAX = 108 }; /* of struct sockaddr_un, with its NUL */

struct address {
    bool is_unix;
    char path[ADDRESS_PATH_MAX]; /* of the socket */
    char host[64];               /* name or number; an IPv6 number without its brackets */
    unsigned port;
};

/* CMRR_USAGE with a sentence for anything else, a relative or too long path, a port outside 1 to 65535. */
enum cmrr_status address_parse(struct address *address, const char *text, struct cmrr_error *why);

/* $XDG_RUNTIME_DIR/cmrr/cmrrd.sock, or /tmp/cmrr-UID/cmrrd.sock where that is unset; /run/cmrr/cmrrd.sock. */
enum cmrr_status address_of_user(struct address *address, struct cmrr_error *why);
void address_of_system(struct address *address);

/* "unix:/run/cmrr/cmrrd.sock"; a text of 160 bytes has room for any. Returns text. */
const char *address_format(const struct address *address, char *text, size_t size);

/*
 * The folder of a socket must be a folder, no symbolic link, ours, and closed to others: whoever can write there can
 * put a socket of his own in its place. `is_private` asks for 0700, else others may look but not write. CMRR_DAEMON
 * with a sentence; a folder that is not there is fine.
 */
enum cmrr_status address_check_folder(const struct address *address, bool is_private, struct cmrr_error *why);

#endif
