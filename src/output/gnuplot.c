/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * One gnuplot process: no shell, no start-up files (-d), nothing on its input, in a folder that only we can
 * enter and that is gone afterwards. What it says goes into a file there, because a pipe that nobody reads
 * could stop it.
 */

#define COMPLAINT_NAME "complaint"
/*
 * In a process group of its own, so that a gnuplot which is a script ends with all that it started; with the
 * signals of a fresh process, for the daemon blocks those that its loop waits for. Returns 0 or an errno.
 */
static int start(const struct plot_folder *folder, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    char *const arguments[] = {"gnuplot", "-d", PLOT_SCRIPT_NAME, NULL};
    sigemptyset(&none);
    sigemptyset(&usual);
    const int signals[] = {SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(&usual, signals[i]);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    int error = posix_spawn_file_actions_addfchdir_np(&actions, folder->fd);
    if (!error)
        error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_addopen(&actions, 1, COMPLAINT_NAME, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (!error)
        error = posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    if (!error)
        error = posix_spawnp(pid, "gnuplot", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/*
 * True when it ended in time. Asking every 2 ms needs no signal handler of the process's and costs nothing
 * beside a drawing. A process that ignores SIGCHLD learns no wait status (ECHILD): then the picture alone
 * must tell.
 */
static bool wait_for(pid_t pid, double limit_s, int *wait_status)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    double end_s = now_s() + limit_s;
    *wait_status = 0;
    for (;;) {
        pid_t ended = waitpid(pid, wait_status, WNOHANG);
        if (ended == pid || (ended < 0 && errno != EINTR))
            return true;
        if (now_s() > end_s)
            break;
        nanosleep(&pause, NULL);
    }
    kill(-pid, SIGKILL);
    while (waitpid(pid, wait_status, 0) < 0 && errno == EINTR)
        ;
    return false;
}

/*
 * What gnuplot has to say in one line: errors carry the script's line number, before them stand blank lines,
 * the command and warnings. `text` is changed.
 */
static const char *first_complaint(char *text)
{
    const char *first = NULL;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (strstr(line, "\" line ") && !strstr(line, "warning:"))
            return line;
        if (!first && line[strspn(line, " \t\r")] && strncmp(line, "Fontconfig", 10) != 0)
            first = line;
    }
    return first ? first : "it says nothing";
}

static enum cmrr_status complain(const struct plot_folder *folder, int wait_status, struct cmrr_error *why)
{
    size_t size = 0;
    char *text = plot_folder_get(folder, COMPLAINT_NAME, &size);
    enum cmrr_status status;
    if (WIFSIGNALED(wait_status))
        status = cmrr_fail(why, CMRR_FAILED, "gnuplot was ended by signal %d", WTERMSIG(wait_status));
    else
        status =
            cmrr_fail(why, CMRR_FAILED, "gnuplot failed: %.400s", text ? first_complaint(text) : "it says nothing");
    free(text);
    return status;
}

static enum cmrr_status run_inside(const struct plot_folder *folder, const struct plot_sheet *sheet, double limit_s,
                                   char **picture, size_t *size, struct cmrr_error *why)
{
    for (size_t i = 0; i < sheet->files; i++)
        if (plot_folder_put(folder, &sheet->file[i], why) != CMRR_OK)
            return CMRR_FAILED;
    pid_t pid = 0;
    int wait_status = 0, error = start(folder, &pid);
    if (error == ENOENT)
        return cmrr_fail(why, CMRR_FAILED, "gnuplot was not found on PATH; install the package gnuplot-nox");
    if (error)
        return cmrr_fail(why, CMRR_FAILED, "gnuplot cannot be started: %s", strerror(error));
    if (!wait_for(pid, limit_s, &wait_status))
        return cmrr_fail(why, CMRR_FAILED, "gnuplot took longer than %g s and was ended", limit_s);
    if (wait_status != 0)
        return complain(folder, wait_status, why);
    *picture = plot_folder_get(folder, PLOT_PICTURE_NAME, size);
    return *picture ? CMRR_OK : complain(folder, wait_status, why);
}

enum cmrr_status gnuplot_run(const struct plot_sheet *sheet, double limit_s, char **picture, size_t *size,
                             struct cmrr_error *why)
{
    struct plot_folder folder = {.fd = -1};
    enum cmrr_status status = plot_folder_open(&folder, why);
    if (status == CMRR_OK)
        status = run_inside(&folder, sheet, limit_s, picture, size, why);
    plot_folder_remove(&folder);
    return status;
}
