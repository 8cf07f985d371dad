/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A few calls of ALSA's plugins cannot be asked not to block: opening, starting and closing a PCM of a sound
 * server waits for the server's answer, and a server that is stopped (not killed) never gives one. Such a
 * call is made in a detached thread that can be left behind. Of the two that hold the guard, who leaves
 * second frees it.
 */
#include "alsa_guard.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct guard {
    void (*work)(void *);
    void (*abandoned)(void *);
    void *arg;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_done, is_abandoned;
};

static void guard_free(struct guard *guard)
{
    pthread_cond_destroy(&guard->changed);
    pthread_mutex_destroy(&guard->mutex);
    free(guard);
}

static struct guard *guard_new(void (*work)(void *), void (*abandoned)(void *), void *arg)
{
    struct guard *guard = malloc(sizeof *guard);
    if (!guard)
        return NULL;
    *guard = (struct guard){.work = work, .abandoned = abandoned, .arg = arg};
    pthread_mutex_init(&guard->mutex, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&guard->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return guard;
}

static void *guard_thread(void *data)
{
    struct guard *guard = data;
    guard->work(guard->arg);
    pthread_mutex_lock(&guard->mutex);
    guard->is_done = true;
    bool is_abandoned = guard->is_abandoned;
    pthread_cond_signal(&guard->changed);
    pthread_mutex_unlock(&guard->mutex);
    if (is_abandoned) {
        guard->abandoned(guard->arg);
        guard_free(guard);
    }
    return NULL;
}

/* Signals stay the caller's: a thread that may be left behind must not be the one that gets them. */
static bool start_thread(struct guard *guard)
{
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_started = pthread_create(&thread, NULL, guard_thread, guard) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (is_started)
        pthread_detach(thread);
    return is_started;
}

static struct timespec from_now(double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    double whole_s = floor(seconds);
    until.tv_sec += (time_t)whole_s;
    until.tv_nsec += (long)((seconds - whole_s) * 1e9);
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    return until;
}

bool alsa_guard_run(void (*work)(void *), void (*abandoned)(void *), void *arg, double limit_s)
{
    struct guard *guard = guard_new(work, abandoned, arg);
    if (!guard || !start_thread(guard)) {
        if (guard)
            guard_free(guard);
        work(arg);
        return true;
    }
    struct timespec until = from_now(limit_s);
    pthread_mutex_lock(&guard->mutex);
    while (!guard->is_done && pthread_cond_timedwait(&guard->changed, &guard->mutex, &until) == 0)
        ;
    bool is_done = guard->is_done;
    guard->is_abandoned = !is_done;
    pthread_mutex_unlock(&guard->mutex);
    if (is_done)
        guard_free(guard);
    return is_done;
}
