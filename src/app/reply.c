/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "request.h"

#include "api_json.h"

/* How a failure of ours is said in HTTP, and what helps. */
static const struct {
    unsigned http;
    const char *hint;
} failures[CMRR_STATUS_COUNT] = {
    [CMRR_USAGE] = {400, ""},
    [CMRR_BAD_FILE] = {400, ""},
    [CMRR_RANGE] = {400, ""},
    [CMRR_DEVICE_UNKNOWN] = {404, "'cmrr devices' lists what there is"},
    [CMRR_DEVICE_BUSY] = {409, "'cmrr devices' says who holds it"},
    [CMRR_RUN_BUSY] = {409, "'cmrr status' shows it, 'cmrr abort' stops it"},
    [CMRR_CANCELLED] = {409, ""},
    [CMRR_DEVICE_LOST] = {503, ""},
    [CMRR_SAMPLES_LOST] = {503, ""},
    [CMRR_FIXTURE] = {503, ""},
    [CMRR_DAEMON] = {503, ""},
};

void reply_json(struct reply *reply, unsigned http, json_t *body)
{
    json_decref(reply->body);
    reply->body = body;
    reply->http = body ? http : 500;
}

void reply_error(struct reply *reply, unsigned http, const char *code, const char *message, const char *hint)
{
    /* What a stranger sent and is quoted back need not be UTF-8. */
    json_t *body = api_error(code, message, hint);
    reply_json(reply, http, body ? body : api_error(code, "the request is not UTF-8", hint));
    reply->http = http;
}

void reply_failure(struct reply *reply, const struct cmrr_error *why)
{
    unsigned known = (unsigned)why->status < CMRR_STATUS_COUNT ? why->status : CMRR_FAILED;
    unsigned http = failures[known].http ? failures[known].http : 500;
    reply_error(reply, http, cmrr_status_code(known), why->text[0] ? why->text : cmrr_strerror(known),
                failures[known].hint ? failures[known].hint : "");
}
