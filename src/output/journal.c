/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Caller and thread share what stands below the mutex; the descriptor is the thread's alone. */
struct journal {
    char path[PATH_MAX];
    int fd;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    char *pending; /* not yet taken by the thread; NULL = nothing */
    size_t size;
    bool is_writing, is_ending;
    int error; /* errno of the first failure; sticky */
};

static int write_and_sync(int fd, const char *text, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t written = write(fd, text + done, size - done);
        if (written < 0 && errno != EINTR)
            return errno;
        done += written > 0 ? (size_t)written : 0;
    }
    return fsync(fd) == 0 ? 0 : errno;
}

static void *work(void *context)
{
    struct journal *journal = context;
    pthread_mutex_lock(&journal->mutex);
    for (;;) {
        while (!journal->pending && !journal->is_ending)
            pthread_cond_wait(&journal->changed, &journal->mutex);
        if (!journal->pending)
            break;
        char *text = journal->pending;
        size_t size = journal->size;
        bool is_lost = journal->error != 0; /* no row behind a hole */
        journal->pending = NULL;
        journal->size = 0;
        journal->is_writing = true;
        pthread_mutex_unlock(&journal->mutex);
        int error = is_lost ? 0 : write_and_sync(journal->fd, text, size);
        free(text);
        pthread_mutex_lock(&journal->mutex);
        journal->error = journal->error ? journal->error : error;
        journal->is_writing = false;
        pthread_cond_broadcast(&journal->changed);
    }
    pthread_mutex_unlock(&journal->mutex);
    return NULL;
}

enum cmrr_status journal_new(struct journal **journal, const char *path, struct cmrr_error *why)
{
    struct journal *made = calloc(1, sizeof *made);
    if (!made)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    snprintf(made->path, sizeof made->path, "%s", path);
    made->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    int error = made->fd < 0 ? errno : 0;
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->changed, NULL);
    if (!error)
        error = pthread_create(&made->thread, NULL, work, made);
    if (!error) {
        *journal = made;
        return CMRR_OK;
    }
    if (made->fd >= 0)
        close(made->fd);
    free(made);
    return cmrr_fail(why, CMRR_WRITE, "%s: cannot be written: %s", path, strerror(error));
}

/* With the mutex held. */
static enum cmrr_status verdict(const struct journal *journal, struct cmrr_error *why)
{
    if (!journal->error)
        return CMRR_OK;
    return cmrr_fail(why, CMRR_WRITE, "%s: cannot be written: %s", journal->path, strerror(journal->error));
}

/* Behind what still waits; takes text over. */
static int join_pending(struct journal *journal, char *text)
{
    size_t size = strlen(text);
    char *joined = journal->pending ? realloc(journal->pending, journal->size + size) : text;
    if (!joined) {
        free(text);
        return ENOMEM;
    }
    if (journal->pending) {
        memcpy(joined + journal->size, text, size); /* bytes, no string. NOLINT(bugprone-not-null-terminated-result) */
        free(text);
    }
    journal->pending = joined;
    journal->size += size;
    return 0;
}

enum cmrr_status journal_append(struct journal *journal, char *text, struct cmrr_error *why)
{
    if (!text)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    pthread_mutex_lock(&journal->mutex);
    int error = join_pending(journal, text);
    journal->error = journal->error ? journal->error : error;
    pthread_cond_broadcast(&journal->changed);
    enum cmrr_status status = verdict(journal, why);
    pthread_mutex_unlock(&journal->mutex);
    return status;
}

enum cmrr_status journal_flush(struct journal *journal, struct cmrr_error *why)
{
    pthread_mutex_lock(&journal->mutex);
    while (journal->pending || journal->is_writing)
        pthread_cond_wait(&journal->changed, &journal->mutex);
    enum cmrr_status status = verdict(journal, why);
    pthread_mutex_unlock(&journal->mutex);
    return status;
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    pthread_mutex_lock(&journal->mutex);
    journal->is_ending = true;
    pthread_cond_broadcast(&journal->changed);
    pthread_mutex_unlock(&journal->mutex);
    pthread_join(journal->thread, NULL);
    close(journal->fd);
    pthread_cond_destroy(&journal->changed);
    pthread_mutex_destroy(&journal->mutex);
    free(journal);
}
