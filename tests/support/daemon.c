/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cmrr/log.h"
#include "cmrr/server.h"

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static void serve(const struct daemon *daemon, bool is_private)
{
    struct cmrr_error why = {0};
    struct server_config config = {.store = daemon->store, .is_private = is_private};
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies leaves nothing */
    log_set_level(LOG_ERROR);
    if (address_parse(&config.address, daemon->server, &why) != CMRR_OK || server_run(&config, &why) != CMRR_OK) {
        fprintf(stderr, "daemon: %s\n", why.text);
        exit(1);
    }
    exit(0);
}

static int try_connect(const struct daemon *daemon)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    strcpy(name.sun_path, daemon->socket);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof name) == 0)
        return fd;
    close(fd);
    return -1;
}

void daemon_start(struct daemon *daemon, bool is_private)
{
    signal(SIGPIPE, SIG_IGN);
    strcpy(daemon->folder, "/tmp/cmrr-test-daemon-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(daemon->folder));
    snprintf(daemon->socket, sizeof daemon->socket, "%s/d.sock", daemon->folder);
    snprintf(daemon->store, sizeof daemon->store, "%s/runs", daemon->folder);
    snprintf(daemon->server, sizeof daemon->server, "unix:%s", daemon->socket);
    fflush(NULL);
    daemon->pid = fork();
    ck_assert_int_ge(daemon->pid, 0);
    if (daemon->pid == 0)
        serve(daemon, is_private);
    int fd = -1;
    for (int i = 0; i < 500 && (fd = try_connect(daemon)) < 0; i++)
        pause_ms(10);
    ck_assert_msg(fd >= 0, "the daemon does not listen");
    close(fd);
}

bool daemon_ends_within(struct daemon *daemon, double seconds)
{
    for (int i = 0; i < seconds * 50; i++) {
        int status = 0;
        if (daemon->pid == 0 || waitpid(daemon->pid, &status, WNOHANG) == daemon->pid) {
            ck_assert_msg(daemon->pid == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0), "the daemon failed");
            daemon->pid = 0;
            return true;
        }
        pause_ms(20);
    }
    return false;
}

int daemon_stop(struct daemon *daemon)
{
    char command[128];
    int status = 0;
    if (daemon->pid) {
        kill(daemon->pid, SIGTERM);
        for (int i = 0; i < 500 && waitpid(daemon->pid, &status, WNOHANG) == 0; i++)
            pause_ms(20);
        ck_assert_msg(kill(daemon->pid, 0) != 0, "the daemon does not end");
    }
    snprintf(command, sizeof command, "rm -rf '%s'", daemon->folder);
    ck_assert_int_eq(system(command), 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int daemon_send(const struct daemon *daemon, const char *bytes, size_t size)
{
    int fd = try_connect(daemon);
    ck_assert_int_ge(fd, 0);
    for (size_t done = 0; done < size;) {
        ssize_t put = send(fd, bytes + done, size - done, MSG_NOSIGNAL);
        if (put <= 0)
            break; /* it hung up: what it said is still to be read */
        done += (size_t)put;
    }
    return fd;
}

const char *daemon_read(int fd, const char *wanted)
{
    static char text[1 << 20];
    struct pollfd input = {.fd = fd, .events = POLLIN};
    size_t size = 0;
    text[0] = '\0';
    while (size < sizeof text - 1 && poll(&input, 1, 5000) == 1) {
        ssize_t got = read(fd, text + size, sizeof text - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
        text[size] = '\0';
        if (wanted && strstr(text, wanted))
            break;
    }
    return text;
}

const char *daemon_ask(const struct daemon *daemon, const char *what, const char *headers, const char *body)
{
    char *bytes = NULL, length[64] = "";
    if (body)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    int size = asprintf(&bytes, "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s\r\n%s", what, length,
                        headers, body ? body : "");
    ck_assert_int_ge(size, 0);
    int fd = daemon_send(daemon, bytes, (size_t)size);
    const char *answer = daemon_read(fd, NULL);
    close(fd);
    free(bytes);
    return answer;
}
