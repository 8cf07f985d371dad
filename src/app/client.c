/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "cmrr/store.h"
#include "transfer.h"

enum { ABORT_STEPS = 200, ABORT_STEP_NS = 50000000 }; /* ten seconds in all */

enum cmrr_status client_get(struct client *client, const char *path, json_t **body, struct cmrr_error *why)
{
    return transfer_json(client, NULL, path, NULL, body, why);
}

/* Whether the run of this id is still being stopped. */
static bool is_stopping(struct client *client, const char *id)
{
    json_t *status = NULL;
    if (client_get(client, "/v1/status", &status, NULL) != CMRR_OK)
        return false; /* a daemon that is gone measures no more */
    const char *run = json_string_value(json_object_get(status, "run"));
    bool is_same = run && strcmp(run, id) == 0;
    json_decref(status);
    return is_same;
}

/* Waits until the run is over, so that the next one does not find the daemon busy. */
enum cmrr_status client_abort(struct client *client, struct cmrr_error *why)
{
    json_t *answer = NULL;
    enum cmrr_status status = transfer_json(client, "DELETE", "/v1/runs/current", NULL, &answer, why);
    const char *id = json_string_value(json_object_get(answer, "id"));
    for (int i = 0; id && i < ABORT_STEPS && is_stopping(client, id); i++)
        nanosleep(&(struct timespec){.tv_nsec = ABORT_STEP_NS}, NULL);
    json_decref(answer);
    return status;
}

/* What is being fetched: into the descriptor where the answer is the file, into `refusal` where it is none. */
struct fetch {
    CURL *curl;
    int fd;
    int reason; /* errno of a failed write */
    char refusal[4096];
    size_t size;
};

static size_t keep_refusal(struct fetch *fetch, const char *data, size_t size)
{
    size_t room = sizeof fetch->refusal - fetch->size, part = size < room ? size : room;
    memcpy(fetch->refusal + fetch->size, data, part);
    fetch->size += part;
    return size;
}

static size_t on_bytes(char *data, size_t unit, size_t count, void *context)
{
    struct fetch *fetch = context;
    size_t size = unit * count, done = 0;
    long http = 0;
    curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &http);
    if (http != 200)
        return keep_refusal(fetch, data, size);
    while (done < size) {
        ssize_t put = write(fetch->fd, data + done, size - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            fetch->reason = errno;
            return 0;
        }
        done += (size_t)put;
    }
    return size;
}

static enum cmrr_status cannot_write(const char *path, int reason, struct cmrr_error *why)
{
    return cmrr_fail(why, CMRR_WRITE, "%s: cannot be written: %s", path, strerror(reason));
}

static enum cmrr_status fetch_into(struct client *client, const char *from, int fd, const char *path,
                                   struct cmrr_error *why)
{
    struct fetch fetch = {.fd = fd, .curl = transfer_handle(&client->address, from)};
    long http = 0;
    if (!fetch.curl)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    curl_easy_setopt(fetch.curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(fetch.curl, CURLOPT_LOW_SPEED_TIME, (long)TRANSFER_LIMIT_S);
    curl_easy_setopt(fetch.curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(fetch.curl, CURLOPT_WRITEDATA, &fetch);
    CURLcode code = curl_easy_perform(fetch.curl);
    curl_easy_getinfo(fetch.curl, CURLINFO_RESPONSE_CODE, &http);
    curl_easy_cleanup(fetch.curl);
    if (fetch.reason)
        return cannot_write(path, fetch.reason, why);
    if (code != CURLE_OK)
        return transfer_failed(client, code, why);
    if (http != 200)
        return transfer_refused(client, http, fetch.refusal, fetch.size, why);
    return fsync(fd) == 0 ? CMRR_OK : cannot_write(path, errno, why);
}

enum cmrr_status client_fetch(struct client *client, const char *id, const char *name, const char *path,
                              struct cmrr_error *why)
{
    char from[RUN_ID_MAX + 160], temporary[PATH_MAX];
    if (!store_is_id(id) || strchr(name, '/') || name[0] == '.' ||
        snprintf(from, sizeof from, "/v1/runs/%s/%s", id, name) >= (int)sizeof from)
        return cmrr_fail(why, CMRR_USAGE, "'%.60s/%.60s' is no file of a run", id, name);
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return cmrr_fail(why, CMRR_WRITE, "%.60s...: the path is too long", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return cannot_write(path, errno, why);
    mode_t mask = umask(0);
    umask(mask);
    enum cmrr_status status = fchmod(fd, 0666 & ~mask) == 0 ? CMRR_OK : cannot_write(path, errno, why);
    if (status == CMRR_OK)
        status = fetch_into(client, from, fd, path, why);
    if (close(fd) != 0 && status == CMRR_OK)
        status = cannot_write(path, errno, why);
    if (status == CMRR_OK && rename(temporary, path) != 0)
        status = cannot_write(path, errno, why);
    if (status != CMRR_OK)
        unlink(temporary);
    return status;
}
