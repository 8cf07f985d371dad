/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "../support/daemon.h"
#include "cmrr/client.h"
#include "cmrr/measure.h"

/* The HTTP interface of a real daemon: through libcurl as cmrr uses it, and with bytes that no client of ours sends. */
#define QUICK "{\"task\":\"measure\",\"device\":\"sim:DUT=active\",\"freqs\":\"1000\"}"
#define SLOW "{\"task\":\"measure\",\"device\":\"sim:DUT=active,SPEED=1\",\"name\":\"slow\"}"

static struct daemon daemon_;
static struct client *client;
static struct cmrr_error why;

static void setup(void)
{
    client = NULL;
    why = (struct cmrr_error){0};
    daemon_start(&daemon_, false);
}

static void teardown(void)
{
    client_close(client);
    ck_assert_int_eq(daemon_stop(&daemon_), 0);
}

static const char *ask(const char *what)
{
    return daemon_ask(&daemon_, what, "", NULL);
}

static const char *post(const char *body)
{
    return daemon_ask(&daemon_, "POST /v1/runs", "", body);
}

#define says(answer, text)                                                                                             \
    do {                                                                                                               \
        const char *said = (answer);                                                                                   \
        ck_assert_msg(strstr(said, text) != NULL, "'%s' is not in: %.600s", text, said);                               \
    } while (0)

/* The value of "id" in an answer; a static text. */
static const char *id_of(const char *answer)
{
    static char id[96];
    const char *at = strstr(answer, "\"id\":\"");
    ck_assert_msg(at != NULL, "no id in: %.600s", answer);
    ck_assert_int_eq(sscanf(at, "\"id\":\"%95[^\"]", id), 1);
    return id;
}

static void wait_until_idle(void)
{
    for (int i = 0; i < 300; i++) {
        if (strstr(ask("GET /v1/status"), "\"idle\""))
            return;
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    ck_abort_msg("the run does not end");
}

static void stop_run(void)
{
    ask("DELETE /v1/runs/current");
    wait_until_idle();
}

static void connect_client(void)
{
    ck_assert_msg(client_open(&client, daemon_.server, CLIENT_NO_START, &why) == CMRR_OK, "%s", why.text);
}

START_TEST(status_tells_version_build_process_and_store)
{
    json_t *status = NULL;
    connect_client();
    ck_assert_int_eq(client_get(client, "/v1/status", &status, &why), CMRR_OK);
    ck_assert_str_eq(json_string_value(json_object_get(status, "version")), build_version());
    ck_assert_str_eq(json_string_value(json_object_get(status, "build")), build_id());
    ck_assert_int_eq(json_integer_value(json_object_get(status, "pid")), daemon_.pid);
    ck_assert_str_eq(json_string_value(json_object_get(status, "store")), daemon_.store);
    ck_assert_str_eq(json_string_value(json_object_get(status, "state")), "idle");
    json_decref(status);
}
END_TEST

START_TEST(devices_end_with_the_simulated_bench)
{
    says(ask("GET /v1/devices"), "\"is_simulated\":true}]}");
}
END_TEST

START_TEST(a_run_is_created_followed_and_its_files_fetched)
{
    struct settings settings;
    struct client_run run;
    char path[160];
    struct stat info;
    settings_init(&settings);
    ck_assert_int_eq(settings_set(&settings, "device", "sim:DUT=active", &why), CMRR_OK);
    ck_assert_int_eq(settings_set(&settings, "freqs", "1000", &why), CMRR_OK);
    ck_assert_int_eq(settings_set(&settings, "states", "tied,terminated", &why), CMRR_OK);
    connect_client();
    ck_assert_msg(client_measure(client, &settings, &(struct client_events){0}, &run, &why) == CMRR_OK, "%s", why.text);
    ck_assert_str_eq(run.state, "done");
    ck_assert_int_eq(run.verdict, CMRR_OK);
    snprintf(path, sizeof path, "%s/fetched.csv", daemon_.folder);
    ck_assert_msg(client_fetch(client, run.id, "run.csv", path, &why) == CMRR_OK, "%s", why.text);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_gt(info.st_size, 500);
    snprintf(path, sizeof path, "%s/none", daemon_.folder);
    ck_assert_int_ne(client_fetch(client, run.id, "nothing.csv", path, &why), CMRR_OK);
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_created_run_has_a_place_and_its_files_have_types)
{
    char path[256], answer[96];
    const char *created = post(QUICK);
    says(created, "HTTP/1.1 201");
    strcpy(answer, id_of(created));
    snprintf(path, sizeof path, "Location: /v1/runs/%s\r\n", answer);
    says(created, path);
    wait_until_idle();
    snprintf(path, sizeof path, "GET /v1/runs/%s", answer);
    says(ask(path), "\"name\":\"run.csv\"");
    says(ask("GET /v1/runs"), answer);
    snprintf(path, sizeof path, "GET /v1/runs/%s/run.csv", answer);
    says(ask(path), "Content-Type: text/csv");
    snprintf(path, sizeof path, "GET /v1/runs/%s/cmrr.svg", answer);
    says(ask(path), "Content-Type: image/svg+xml");
}
END_TEST

START_TEST(bodies_that_are_no_request_are_refused_and_named)
{
    says(post("{"), "HTTP/1.1 400");
    says(post(""), "HTTP/1.1 400");
    says(post("[]"), "no JSON object");
    says(post("null"), "no JSON object");
    says(post("{\"task\":\"measure\"} x"), "HTTP/1.1 400");
    says(post("{}"), "task");
    says(post("{\"task\":7}"), "task");
    says(post("{\"task\":\"dance\"}"), "unknown task 'dance'");
    says(post("{\"task\":\"measure\",\"freq\":\"1000\"}"), "did you mean freqs?");
    says(post("{\"task\":\"measure\",\"level-cm\":-3}"), "did you mean level_cm?");
    says(post("{\"task\":\"measure\",\"name\":\"a\",\"name\":\"b\"}"), "duplicate");
    says(post("{\"task\":\"measure\",\"level_cm\":NaN}"), "HTTP/1.1 400");
    says(post("{\"task\":\"measure\",\"level_cm\":1e999}"), "HTTP/1.1 400");
    says(post("{\"task\":\"measure\",\"level_cm\":[-3]}"), "level_cm: must be a number");
    says(post("{\"task\":\"measure\",\"level_cm\":null}"), "level_cm: must be a number");
    says(post("{\"task\":\"measure\",\"level_cm\":true}"), "level_cm: must be a number");
    says(post("{\"task\":\"measure\",\"level_cm\":\"nan\"}"), "not a number");
    says(post("{\"task\":\"measure\",\"rate\":48000.5}"), "rate");
    says(post("{\"task\":\"measure\",\"in_channel\":99999999999999999999}"), "HTTP/1.1 400");
    says(post("{\"task\":\"measure\",\"name\":5}"), "name: must be text");
    says(post("{\"task\":\"measure\",\"allow_plug\":2}"), "allow_plug");
    says(post("{\"task\":\"measure\",\"name\":\"\xff\xfe\"}"), "HTTP/1.1 400");
    says(post("{\"task\":\"measure\",\"name\":\"a\\u0000b\"}"), "HTTP/1.1 400");
    says(post("{\"task\":\"measure\",\"device\":\"sim:DUT=nobody\"}"), "nobody");
    says(post("{\"task\":\"measure\",\"device\":\"sim:DTU=active\"}"), "did you mean DUT?");
    says(post("{\"task\":\"measure\",\"\xc3\xa4\":1}"), "unknown key");
    says(ask("GET /v1/status"), "\"idle\"");
}
END_TEST

START_TEST(what_is_nested_too_deep_is_refused)
{
    enum { DEPTH = 60000 };
    char *body = malloc(DEPTH + 1);
    memset(body, '[', DEPTH);
    body[DEPTH] = '\0';
    says(post(body), "HTTP/1.1 400");
    free(body);
}
END_TEST

START_TEST(a_body_over_64_kib_is_refused)
{
    enum { SIZE = 200000 };
    char *body = malloc(SIZE + 1);
    memset(body, ' ', SIZE);
    body[SIZE] = '\0';
    says(post(body), "HTTP/1.1 413");
    free(body);
    /* Of unknown length. */
    char *bytes = malloc(SIZE + 300);
    int size = sprintf(bytes,
                       "POST /v1/runs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "%x\r\n%*s\r\n0\r\n\r\n",
                       SIZE, SIZE, "");
    int fd = daemon_send(&daemon_, bytes, (size_t)size);
    says(daemon_read(fd, NULL), "HTTP/1.1 413");
    close(fd);
    free(bytes);
    says(ask("GET /v1/status"), "HTTP/1.1 200");
}
END_TEST

START_TEST(no_path_leads_out_of_a_run)
{
    static const char *const paths[] = {"/v1/runs/../../etc/passwd",
                                        "/v1/runs/%2e%2e/%2e%2e%2fetc%2fpasswd",
                                        "/v1/runs/..%2f..%2fetc/passwd",
                                        "/v1/runs/./run.csv",
                                        "/v1/runs//run.csv",
                                        "/v1/runs/%00/run.csv",
                                        "/v1/runs/x/../../../etc/passwd",
                                        "/v1//runs",
                                        "/v1/runs/a/b/c/d/e/f",
                                        "/etc/passwd",
                                        "/v1",
                                        "/"};
    char what[256], secret[160];
    snprintf(secret, sizeof secret, "%s/secret", daemon_.folder);
    close(open(secret, O_WRONLY | O_CREAT, 0600));
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        snprintf(what, sizeof what, "GET %s", paths[i]);
        says(ask(what), "HTTP/1.1 404");
    }
    char id[96], link[256];
    strcpy(id, id_of(post(QUICK)));
    wait_until_idle();
    snprintf(link, sizeof link, "%s/%s/link.csv", daemon_.store, id);
    ck_assert_int_eq(symlink("/etc/passwd", link), 0);
    snprintf(link, sizeof link, "%s/%s/fifo", daemon_.store, id);
    ck_assert_int_eq(mkfifo(link, 0600), 0);
    static const char *const names[] = {"link.csv",         "fifo", ".", "..", "%2e%2e%2f%2e%2e%2fsecret",
                                        "..%2f..%2fsecret", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(what, sizeof what, "GET /v1/runs/%s/%s", id, names[i]);
        says(ask(what), "HTTP/1.1 404");
    }
}
END_TEST

START_TEST(a_wrong_method_is_named_with_the_right_one)
{
    says(ask("DELETE /v1/status"), "HTTP/1.1 405");
    says(ask("DELETE /v1/runs"), "Allow: GET, POST");
    says(ask("PATCH /v1/runs/current"), "HTTP/1.1 405");
    says(ask("BREW /v1/devices"), "HTTP/1.1 405");
    says(ask("GET /v1/nothing"), "\"code\":\"not_found\"");
}
END_TEST

START_TEST(bytes_that_are_no_http_do_not_disturb)
{
    static const char *const bytes[] = {
        "\r\n\r\n\r\n",
        "GET",
        "GET / HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00",
        "POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\n\r\n"};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        int fd = daemon_send(&daemon_, bytes[i], strlen(bytes[i]));
        says(ask("GET /v1/status"), "HTTP/1.1 200");
        close(fd);
    }
    char *long_line = malloc(100001);
    memset(long_line, 'a', 100000);
    memcpy(long_line, "GET /", 5);
    close(daemon_send(&daemon_, long_line, 100000));
    free(long_line);
    says(ask("GET /v1/status"), "HTTP/1.1 200");
}
END_TEST

START_TEST(a_page_from_elsewhere_may_not_ask)
{
    says(daemon_ask(&daemon_, "POST /v1/runs", "Origin: http://evil.example\r\n", QUICK), "HTTP/1.1 403");
    says(daemon_ask(&daemon_, "GET /v1/status", "Origin: http://localhost\r\n", NULL), "HTTP/1.1 200");
}
END_TEST

START_TEST(the_second_of_two_runs_is_told_who_measures)
{
    says(post(SLOW), "HTTP/1.1 201");
    const char *answer = post(QUICK);
    says(answer, "HTTP/1.1 409");
    says(answer, "\"code\":\"run_busy\"");
    says(answer, "slow");
    stop_run();
}
END_TEST

START_TEST(two_posts_at_once_start_one_run)
{
    static const char bytes[] = "POST /v1/runs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ";
    char request[512];
    int size = snprintf(request, sizeof request, "%s%zu\r\n\r\n%s", bytes, strlen(SLOW), SLOW);
    int first = daemon_send(&daemon_, request, (size_t)size), second = daemon_send(&daemon_, request, (size_t)size);
    bool has_first = strstr(daemon_read(first, NULL), "HTTP/1.1 201") != NULL;
    bool has_second = strstr(daemon_read(second, NULL), "HTTP/1.1 201") != NULL;
    ck_assert_int_eq(has_first + has_second, 1);
    close(first);
    close(second);
    stop_run();
}
END_TEST

START_TEST(a_device_that_is_not_there_is_the_answer_of_the_post)
{
    const char *answer = post("{\"task\":\"measure\",\"device\":\"hw:CARD=nothing,DEV=0\"}");
    says(answer, "\"code\":\"device_unknown\"");
    says(answer, "HTTP/1.1 404");
    wait_until_idle();
    says(ask("GET /v1/runs"), "{\"runs\":[");
}
END_TEST

START_TEST(a_run_is_stopped_only_under_its_own_id)
{
    char what[160];
    says(ask("DELETE /v1/runs/current"), "HTTP/1.1 404");
    snprintf(what, sizeof what, "DELETE /v1/runs/current?id=%s", id_of(post(SLOW)));
    says(ask("DELETE /v1/runs/current?id=20000101-000000-other"), "HTTP/1.1 404");
    says(ask(what), "HTTP/1.1 202");
    wait_until_idle();
    says(ask("GET /v1/runs"), "\"state\":\"aborted\"");
    says(daemon_ask(&daemon_, "POST /v1/runs/current/continue", "", "{}"), "HTTP/1.1 409");
}
END_TEST

static int open_events(const char *headers)
{
    char bytes[256];
    int size = snprintf(bytes, sizeof bytes, "GET /v1/events HTTP/1.1\r\nHost: x\r\n%s\r\n", headers);
    return daemon_send(&daemon_, bytes, (size_t)size);
}

START_TEST(events_are_resumed_behind_the_last_one_seen)
{
    post(QUICK);
    wait_until_idle();
    int fd = open_events("Last-Event-ID: 0\r\n");
    const char *all = daemon_read(fd, "event: done");
    says(all, "id: 1\nevent: state\n");
    says(all, "event: progress\n");
    says(all, "event: point\n");
    close(fd);
    fd = open_events("Last-Event-ID: 2\r\n");
    const char *rest = daemon_read(fd, "event: done");
    says(rest, "id: 3\n");
    ck_assert_ptr_null(strstr(rest, "id: 2\n"));
    close(fd);
    fd = open_events("Last-Event-ID: 99999999\r\n");
    says(daemon_read(fd, "event: done"), "id: 1\n");
    close(fd);
    says(daemon_ask(&daemon_, "GET /v1/events", "Last-Event-ID: -1\r\n", NULL), "HTTP/1.1 400");
    says(daemon_ask(&daemon_, "GET /v1/events", "Last-Event-ID: x\r\n", NULL), "HTTP/1.1 400");
}
END_TEST

START_TEST(clients_that_vanish_in_their_stream_leave_the_run_alone)
{
    int fd[8];
    says(post(SLOW), "HTTP/1.1 201");
    for (size_t i = 0; i < 8; i++) {
        fd[i] = open_events("Last-Event-ID: 0\r\n");
        daemon_read(fd[i], "event: state");
    }
    for (size_t i = 0; i < 8; i++)
        close(fd[i]);
    /* And one in the middle of its request. */
    static const char half[] = "POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{\"ta";
    close(daemon_send(&daemon_, half, sizeof half - 1));
    says(ask("GET /v1/status"), "\"measuring\"");
    stop_run();
}
END_TEST

START_TEST(a_daemon_told_to_end_stops_its_run_and_says_so)
{
    says(post(SLOW), "HTTP/1.1 201");
    int fd = open_events("Last-Event-ID: 0\r\n");
    daemon_read(fd, "event: state");
    kill(daemon_.pid, 15);
    says(daemon_read(fd, "event: done"), "\"state\":\"aborted\"");
    close(fd);
    ck_assert(daemon_ends_within(&daemon_, 10));
    ck_assert_int_ne(access(daemon_.socket, F_OK), 0);
}
END_TEST

START_TEST(a_private_daemon_ends_behind_its_last_client)
{
    struct daemon own;
    daemon_start(&own, true);
    char bytes[] = "GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n";
    int fd = daemon_send(&own, bytes, sizeof bytes - 1);
    daemon_read(fd, "still here");
    ck_assert(!daemon_ends_within(&own, 2.5));
    close(fd);
    ck_assert(daemon_ends_within(&own, 4.0));
    daemon_stop(&own);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("api");
    TCase *tcase = tcase_create("api");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, status_tells_version_build_process_and_store);
    tcase_add_test(tcase, devices_end_with_the_simulated_bench);
    tcase_add_test(tcase, a_run_is_created_followed_and_its_files_fetched);
    tcase_add_test(tcase, a_created_run_has_a_place_and_its_files_have_types);
    tcase_add_test(tcase, bodies_that_are_no_request_are_refused_and_named);
    tcase_add_test(tcase, what_is_nested_too_deep_is_refused);
    tcase_add_test(tcase, a_body_over_64_kib_is_refused);
    tcase_add_test(tcase, no_path_leads_out_of_a_run);
    tcase_add_test(tcase, a_wrong_method_is_named_with_the_right_one);
    tcase_add_test(tcase, bytes_that_are_no_http_do_not_disturb);
    tcase_add_test(tcase, a_page_from_elsewhere_may_not_ask);
    tcase_add_test(tcase, the_second_of_two_runs_is_told_who_measures);
    tcase_add_test(tcase, two_posts_at_once_start_one_run);
    tcase_add_test(tcase, a_device_that_is_not_there_is_the_answer_of_the_post);
    tcase_add_test(tcase, a_run_is_stopped_only_under_its_own_id);
    tcase_add_test(tcase, events_are_resumed_behind_the_last_one_seen);
    tcase_add_test(tcase, clients_that_vanish_in_their_stream_leave_the_run_alone);
    tcase_add_test(tcase, a_daemon_told_to_end_stops_its_run_and_says_so);
    tcase_add_test(tcase, a_private_daemon_ends_behind_its_last_client);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
