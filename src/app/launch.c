/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum cmrr_status find_daemon(char path[PATH_MAX], struct cmrr_error *why)
{
    char own[PATH_MAX - 8];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length < 0)
        return cmrr_fail(why, CMRR_DAEMON, "/proc/self/exe: %s", strerror(errno));
    own[length] = '\0';
    *strrchr(own, '/') = '\0';
    snprintf(path, PATH_MAX, "%s/cmrrd", own);
    if (access(path, X_OK) != 0)
        return cmrr_fail(why, CMRR_DAEMON, "%s: no daemon answers and none can be started: %s", path, strerror(errno));
    return CMRR_OK;
}

/* In the child: only what may be called between fork and exec. */
static void become_daemon(const char *path, int report)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0 && dup2(null, 0) >= 0 && dup2(null, 1) >= 0 && dup2(null, 2) >= 0) {
        int kept = dup2(report, 3);
        close_range(4, ~0U, 0);
        if (kept == 3 && fcntl(3, F_SETFD, FD_CLOEXEC) == 0)
            execl(path, path, "--private", (char *)NULL);
        report = 3;
    }
    int reason = errno;
    if (write(report, &reason, sizeof reason) < 0)
        _exit(126);
    _exit(127);
}

enum cmrr_status launch_daemon(int *pid, struct cmrr_error *why)
{
    char path[PATH_MAX];
    int report[2], reason = 0;
    enum cmrr_status status = find_daemon(path, why);
    if (status != CMRR_OK)
        return status;
    if (pipe2(report, O_CLOEXEC) != 0)
        return cmrr_fail(why, CMRR_DAEMON, "%s: cannot be started: %s", path, strerror(errno));
    pid_t child = fork();
    if (child == 0)
        become_daemon(path, report[1]);
    close(report[1]);
    if (child < 0)
        reason = errno;
    else if (read(report[0], &reason, sizeof reason) <= 0)
        reason = 0; /* closed by the exec */
    close(report[0]);
    if (reason) {
        if (child > 0)
            waitpid(child, NULL, 0);
        return cmrr_fail(why, CMRR_DAEMON, "%s: cannot be started: %s", path, strerror(reason));
    }
    *pid = child;
    return CMRR_OK;
}
