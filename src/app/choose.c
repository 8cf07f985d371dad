/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cmrr/address.h"
#include "cmrr/measure.h"
#include "launch.h"
#include "transfer.h"

/*
 * Which daemon answers. A private daemon may end between any two steps, so everything here is tried again until its
 * time is over: started, found gone, found held by one that is just ending.
 */
struct policy {
    bool may_start;
    bool may_wait;    /* for a private daemon of another build to end */
    bool any_version; /* will do */
};

enum { START_MS = 5000, OTHER_BUILD_MS = 10000, STEP_MS = 50 };

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void pause_step(void)
{
    nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
}

static bool text_is(const json_t *status, const char *key, const char *text)
{
    const char *value = json_string_value(json_object_get(status, key));
    return value && strcmp(value, text) == 0;
}

/* Connect and ask for the status. *is_there: somebody holds the socket, whatever he says, or does not say. */
static enum cmrr_status greet(struct client **client, json_t **answer, const struct address *address, bool *is_there,
                              struct cmrr_error *why)
{
    struct client *made = transfer_new(address);
    *is_there = false;
    if (!made)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    enum cmrr_status status = client_get(made, "/v1/status", answer, why);
    *is_there = status == CMRR_OK || made->is_silent;
    if (status == CMRR_OK)
        *client = made;
    else
        client_close(made);
    return status;
}

static enum cmrr_status refuse_version(const struct address *address, const json_t *answer, struct cmrr_error *why)
{
    char text[160];
    const char *version = json_string_value(json_object_get(answer, "version"));
    return cmrr_fail(why, CMRR_DAEMON, "%s: a daemon of version %.40s answers, this is %s; restart or update it",
                     address_format(address, text, sizeof text), version ? version : "unknown", build_version());
}

/*
 * A private daemon of another build ends by itself 2 s after its last client, so it must not be asked again: the file of
 * its socket is looked at.
 */
static enum cmrr_status wait_for_end(const struct address *address, const json_t *answer, struct cmrr_error *why)
{
    const char *run = json_string_value(json_object_get(answer, "run"));
    const char *build = json_string_value(json_object_get(answer, "build"));
    if (!text_is(answer, "state", "idle"))
        return cmrr_fail(why, CMRR_DAEMON,
                         "a daemon of another build (%.40s) is measuring %.96s; wait until it is done",
                         build ? build : "unknown", run ? run : "");
    for (long long end = now_ms() + OTHER_BUILD_MS; now_ms() < end; pause_step())
        if (access(address->path, F_OK) != 0)
            return CMRR_OK;
    return cmrr_fail(why, CMRR_DAEMON, "%s: a daemon of another build (%.40s) answers and does not end", address->path,
                     build ? build : "unknown");
}

/*
 * Of the user's socket or an address that was named. *client stays NULL, with CMRR_OK, where a daemon of another build
 * has ended. *is_there tells a refusal from an empty place.
 */
static enum cmrr_status try_address(struct client **client, const struct address *address, struct policy policy,
                                    bool *is_there, struct cmrr_error *why)
{
    json_t *answer = NULL;
    struct client *found = NULL;
    enum cmrr_status status = greet(&found, &answer, address, is_there, why);
    if (status != CMRR_OK)
        return status;
    bool is_private = json_is_true(json_object_get(answer, "is_private"));
    if (is_private && policy.may_wait && !text_is(answer, "build", build_id())) {
        client_close(found);
        found = NULL;
        status = wait_for_end(address, answer, why);
    } else if (!policy.any_version && !text_is(answer, "version", build_version())) {
        status = refuse_version(address, answer, why);
    }
    json_decref(answer);
    if (status == CMRR_OK)
        *client = found;
    else
        client_close(found);
    return status;
}

static enum cmrr_status start_own(struct client **client, const struct address *address, struct policy policy,
                                  struct cmrr_error *why)
{
    int pid = 0;
    bool is_there = false;
    for (long long end = now_ms() + START_MS; now_ms() < end; pause_step()) {
        struct cmrr_error attempt = {0};
        /* One that has ended lost the socket to another daemon, which answers or is just ending itself. */
        if (pid == 0 || waitpid(pid, NULL, WNOHANG) == pid) {
            enum cmrr_status status = launch_daemon(&pid, why);
            if (status != CMRR_OK)
                return status;
        }
        enum cmrr_status status = try_address(client, address, policy, &is_there, &attempt);
        if (status == CMRR_OK && *client)
            return CMRR_OK;
        if (is_there && status != CMRR_OK)
            return cmrr_fail(why, status, "%s", attempt.text);
    }
    return cmrr_fail(why, CMRR_DAEMON, "%s: the daemon that was started does not answer; 'cmrrd --private' says why",
                     address->path);
}

/* *client stays NULL, with CMRR_OK, where nobody is there. */
static enum cmrr_status try_if_there(struct client **client, const struct address *address, struct policy policy,
                                     struct cmrr_error *why)
{
    struct cmrr_error refusal = {0};
    bool is_there = false;
    if (access(address->path, F_OK) != 0)
        return CMRR_OK;
    enum cmrr_status status = try_address(client, address, policy, &is_there, &refusal);
    return is_there && status != CMRR_OK ? cmrr_fail(why, status, "%s", refusal.text) : CMRR_OK;
}

static enum cmrr_status open_default(struct client **client, struct policy policy, struct cmrr_error *why)
{
    struct address user, system;
    address_of_system(&system);
    enum cmrr_status status = address_of_user(&user, why);
    if (status == CMRR_OK)
        status = address_check_folder(&user, true, why);
    if (status == CMRR_OK)
        status = try_if_there(client, &user, policy, why);
    if (status == CMRR_OK && !*client)
        status = try_if_there(client, &system, (struct policy){.any_version = policy.any_version}, why);
    if (status != CMRR_OK || *client)
        return status;
    return policy.may_start ? start_own(client, &user, policy, why)
                            : cmrr_fail(why, CMRR_DAEMON, "no daemon is running");
}

enum cmrr_status client_open(struct client **client, const char *server, enum client_start start,
                             struct cmrr_error *why)
{
    bool may_start = start == CLIENT_START;
    struct policy policy = {.may_start = may_start, .may_wait = may_start, .any_version = !may_start};
    struct address address;
    struct client *found = NULL;
    bool is_there = false;
    const char *named = server ? server : getenv("CMRR_SERVER");
    enum cmrr_status status;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return cmrr_fail(why, CMRR_FAILED, "libcurl cannot be used");
    if (named && *named) {
        policy.may_start = policy.may_wait = false; /* somebody else's to start */
        status = address_parse(&address, named, why);
        if (status == CMRR_OK)
            status = try_address(&found, &address, policy, &is_there, why);
    } else {
        status = open_default(&found, policy, why);
    }
    if (status == CMRR_OK)
        *client = found;
    return status;
}
