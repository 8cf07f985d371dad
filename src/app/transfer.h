/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <curl/curl.h>
#include "cmrr/address.h"
#include "cmrr/client.h"

/* One connection to one daemon. */
struct client {
    struct address address;
    CURL *curl;
    bool is_silent; /* the last request was taken, or at least not refused, and never answered */
};

/* A POST waits until the interface is open; anything else is answered at once. */
enum { TRANSFER_LIMIT_S = 30, TRANSFER_QUESTION_S = 10, TRANSFER_ANSWER_MAX = 16 << 20 };

struct client *transfer_new(const struct address *address); /* NULL: no memory */

/* A handle with address and path ("/v1/status") set, and no proxy, redirection or other protocol; NULL: no memory. */
CURL *transfer_handle(const struct address *address, const char *path);

/* One request on the client's own connection, the answer as JSON. method NULL: GET, or POST where there is a body. */
enum cmrr_status transfer_json(struct client *client, const char *method, const char *path, const char *body,
                               json_t **answer, struct cmrr_error *why);

/* Why a transfer failed, as a sentence with the daemon's address. */
enum cmrr_status transfer_failed(const struct client *client, CURLcode code, struct cmrr_error *why);
/* What an answer other than 2xx says: the daemon's own status and sentence. */
enum cmrr_status transfer_refused(const struct client *client, long http, const char *text, size_t size,
                                  struct cmrr_error *why);

#endif
