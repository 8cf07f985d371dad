/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
    char *text;
    size_t size;
};

static size_t on_data(char *data, size_t unit, size_t count, void *context)
{
    struct answer *answer = context;
    size_t size = unit * count;
    if (size > TRANSFER_ANSWER_MAX - answer->size)
        return 0;
    char *grown = realloc(answer->text, answer->size + size + 1);
    if (!grown)
        return 0;
    memcpy(grown + answer->size, data, size);
    answer->text = grown;
    answer->size += size;
    return size;
}

static void set_url(CURL *curl, const struct address *address, const char *path)
{
    char url[1024], base[160];
    snprintf(url, sizeof url, "%s%s",
             address->is_unix ? "http://localhost" : address_format(address, base, sizeof base), path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
}

/* Only loopback and sockets of ours: whatever proxy the environment names has no part in it. */
CURL *transfer_handle(const struct address *address, const char *path)
{
    CURL *curl = curl_easy_init();
    if (!curl)
        return NULL;
    set_url(curl, address, path);
    if (address->is_unix)
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, address->path);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 3L);
    return curl;
}

struct client *transfer_new(const struct address *address)
{
    struct client *client = calloc(1, sizeof *client);
    if (!client)
        return NULL;
    client->address = *address;
    client->curl = transfer_handle(address, "/");
    if (!client->curl) {
        free(client);
        return NULL;
    }
    return client;
}

void client_close(struct client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    free(client);
}

enum cmrr_status transfer_failed(const struct client *client, CURLcode code, struct cmrr_error *why)
{
    char text[160];
    address_format(&client->address, text, sizeof text);
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
        return cmrr_fail(why, CMRR_DAEMON, "%s: no daemon answers", text);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return cmrr_fail(why, CMRR_DAEMON, "%s: the daemon does not answer any more", text);
    if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_PARTIAL_FILE)
        return cmrr_fail(why, CMRR_DAEMON, "%s: the daemon ended", text);
    return cmrr_fail(why, CMRR_DAEMON, "%s: is that a cmrrd? (%s)", text, curl_easy_strerror(code));
}

enum cmrr_status transfer_refused(const struct client *client, long http, const char *text, size_t size,
                                  struct cmrr_error *why)
{
    char address[160];
    json_t *root = size ? json_loadb(text, size, 0, NULL) : NULL;
    const json_t *error = json_object_get(root, "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    const char *message = json_string_value(json_object_get(error, "message"));
    enum cmrr_status status = code ? cmrr_status_from_code(code) : CMRR_DAEMON;
    if (code && status == CMRR_FAILED && http >= 400 && http < 500)
        status = CMRR_USAGE; /* a refusal of HTTP's own, such as not_found */
    if (message)
        cmrr_fail(why, status, "%s", message); /* the hint is for programs: our sentences name the cure */
    else
        cmrr_fail(why, status, "%s: answers with HTTP status %ld and no reason: is that a cmrrd?",
                  address_format(&client->address, address, sizeof address), http);
    json_decref(root);
    return status;
}

static enum cmrr_status read_answer(const struct client *client, const struct answer *raw, json_t **answer,
                                    struct cmrr_error *why)
{
    char text[160];
    long http = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &http);
    if (http < 200 || http > 299)
        return transfer_refused(client, http, raw->text, raw->size, why);
    json_t *root = raw->size ? json_loadb(raw->text, raw->size, 0, NULL) : NULL;
    if (!json_is_object(root)) {
        json_decref(root);
        return cmrr_fail(why, CMRR_DAEMON, "%s: answers with something else than JSON: is that a cmrrd?",
                         address_format(&client->address, text, sizeof text));
    }
    if (answer)
        *answer = root;
    else
        json_decref(root);
    return CMRR_OK;
}

enum cmrr_status transfer_json(struct client *client, const char *method, const char *path, const char *body,
                               json_t **answer, struct cmrr_error *why)
{
    struct answer raw = {0};
    CURL *curl = client->curl;
    set_url(curl, &client->address, path);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, body ? (long)TRANSFER_LIMIT_S : (long)TRANSFER_QUESTION_S);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &raw);
    CURLcode code = curl_easy_perform(curl);
    client->is_silent = code == CURLE_OPERATION_TIMEDOUT;
    enum cmrr_status status =
        code == CURLE_OK ? read_answer(client, &raw, answer, why) : transfer_failed(client, code, why);
    free(raw.text);
    return status;
}
