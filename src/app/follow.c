/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Server-sent events: lines of "field: value", an empty line ends an event. Read by hand, for libcurl only hands bytes
 * over. A daemon whose heartbeat (every 10 s) stays away for SILENT_S is taken for dead.
 */
enum { SILENT_S = 35, TICK_MS = 100, LINE_MAX_BYTES = 256 * 1024 };

struct reader {
    const struct follow *follow;
    char *line;
    size_t size, room;
    char name[32];
    json_t *data;
    bool has_stopped;
    time_t heard;
};

static void finish_event(struct reader *reader)
{
    if (reader->data && reader->name[0] &&
        !reader->follow->on_event(reader->follow->context, reader->name, reader->data))
        reader->has_stopped = true;
    json_decref(reader->data);
    reader->data = NULL;
    reader->name[0] = '\0';
}

static void finish_line(struct reader *reader)
{
    const char *line = reader->line;
    if (reader->size == 0) {
        finish_event(reader);
    } else if (reader->size > 7 && strncmp(line, "event: ", 7) == 0) {
        size_t length = reader->size - 7 < sizeof reader->name ? reader->size - 7 : sizeof reader->name - 1;
        memcpy(reader->name, line + 7, length);
        reader->name[length] = '\0';
    } else if (reader->size > 6 && strncmp(line, "data: ", 6) == 0) {
        json_decref(reader->data);
        reader->data = json_loadb(line + 6, reader->size - 6, 0, NULL);
    }
    reader->size = 0;
}

static bool append(struct reader *reader, char byte)
{
    if (reader->size == reader->room) {
        size_t room = reader->room ? 2 * reader->room : 1024;
        char *grown = room <= LINE_MAX_BYTES ? realloc(reader->line, room) : NULL;
        if (!grown)
            return false;
        reader->line = grown;
        reader->room = room;
    }
    reader->line[reader->size++] = byte;
    return true;
}

static size_t on_bytes(char *data, size_t unit, size_t count, void *context)
{
    struct reader *reader = context;
    reader->heard = time(NULL);
    for (size_t i = 0; i < unit * count && !reader->has_stopped; i++) {
        if (data[i] == '\n')
            finish_line(reader);
        else if (!append(reader, data[i]))
            return 0;
    }
    return reader->has_stopped ? 0 : unit * count;
}

/* Until the stream ends; *code says how. */
static CURLMcode drive(CURLM *multi, struct reader *reader, CURLcode *code)
{
    for (int running = 1; running && !reader->has_stopped;) {
        CURLMcode result = curl_multi_perform(multi, &running);
        if (result == CURLM_OK && running && !reader->has_stopped)
            result = curl_multi_poll(multi, NULL, 0, TICK_MS, NULL);
        if (result != CURLM_OK)
            return result;
        reader->follow->on_tick(reader->follow->context);
        if (time(NULL) - reader->heard > SILENT_S) {
            *code = CURLE_OPERATION_TIMEDOUT;
            return CURLM_OK;
        }
    }
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));)
        *code = message->data.result;
    return CURLM_OK;
}

static enum cmrr_status verdict(const struct client *client, const struct reader *reader, CURLcode code, long http,
                                struct cmrr_error *why)
{
    if (reader->has_stopped)
        return CMRR_OK;
    if (http != 0 && http != 200)
        return transfer_refused(client, http, "", 0, why);
    return transfer_failed(client, code == CURLE_OK ? CURLE_GOT_NOTHING : code, why);
}

enum cmrr_status follow_events(struct client *client, json_int_t after, const struct follow *follow,
                               struct cmrr_error *why)
{
    struct reader reader = {.follow = follow, .heard = time(NULL)};
    char header[64];
    long http = 0;
    CURLcode code = CURLE_OK;
    snprintf(header, sizeof header, "Last-Event-ID: %" JSON_INTEGER_FORMAT, after);
    struct curl_slist *headers = curl_slist_append(NULL, header);
    CURL *curl = transfer_handle(&client->address, "/v1/events");
    CURLM *multi = curl_multi_init();
    enum cmrr_status status = CMRR_NO_MEMORY;
    if (headers && curl && multi && curl_multi_add_handle(multi, curl) == CURLM_OK) {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reader);
        if (drive(multi, &reader, &code) != CURLM_OK)
            code = CURLE_RECV_ERROR;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
        curl_multi_remove_handle(multi, curl);
        status = verdict(client, &reader, code, http, why);
    } else {
        cmrr_fail(why, status, "out of memory");
    }
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    json_decref(reader.data);
    free(reader.line);
    return status;
}
