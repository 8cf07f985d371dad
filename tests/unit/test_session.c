/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "../../src/app/session.h"

#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The session with invented tasks in the place of a measurement. */
static struct session *session;
static struct settings settings;
static struct session_event events[SESSION_EVENTS];
static struct cmrr_error why;

static void setup(void)
{
    session = session_new("/nowhere");
    ck_assert_ptr_nonnull(session);
    settings_init(&settings);
    strcpy(settings.name, "Mixer ch 1");
    strcpy(settings.device, "sim:DUT=active");
    why = (struct cmrr_error){0};
}

static void teardown(void)
{
    session_free(session);
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static enum cmrr_status until_stopped(const struct settings *given, const char *store,
                                      const struct measure_events *calls, struct measure_result *result,
                                      struct cmrr_error *reason)
{
    (void)given, (void)store;
    calls->on_start(calls->context, "20260101-000000-run", "/nowhere/20260101-000000-run");
    while (!calls->should_stop(calls->context))
        pause_ms(2);
    strcpy(result->state, "aborted");
    return cmrr_fail(reason, CMRR_CANCELLED, "stopped");
}

static enum cmrr_status flood(const struct settings *given, const char *store, const struct measure_events *calls,
                              struct measure_result *result, struct cmrr_error *reason)
{
    (void)given, (void)store, (void)reason;
    calls->on_start(calls->context, "20260101-000000-run", "/nowhere/20260101-000000-run");
    for (int i = 0; i < 3 * SESSION_EVENTS; i++) {
        calls->on_progress(calls->context, &(struct progress){.phase = "cm", .step = (size_t)i});
        calls->on_point(calls->context, &(struct point){.freq_hz = i});
    }
    strcpy(result->state, "done");
    return CMRR_OK;
}

static enum cmrr_status progress_only(const struct settings *given, const char *store,
                                      const struct measure_events *calls, struct measure_result *result,
                                      struct cmrr_error *reason)
{
    (void)given, (void)store, (void)result, (void)reason;
    for (size_t i = 1; i <= 5; i++)
        calls->on_progress(calls->context, &(struct progress){.phase = "cm", .step = i});
    return CMRR_OK;
}

static enum cmrr_status refuse(const struct settings *given, const char *store, const struct measure_events *calls,
                               struct measure_result *result, struct cmrr_error *reason)
{
    (void)given, (void)store, (void)calls, (void)result;
    return cmrr_fail(reason, CMRR_DEVICE_BUSY, "hw:9: somebody holds it");
}

/* Wait for the worker; take nothing. */
static void wait_until_idle(void)
{
    struct session_view view;
    for (int i = 0; i < 2000; i++) {
        session_look(session, &view);
        if (!view.is_running)
            return;
        pause_ms(5);
    }
    ck_abort_msg("the worker does not end");
}

static void wait_until_started(void)
{
    struct session_view view = {.id = ""};
    for (int i = 0; i < 2000 && !view.id[0]; i++) {
        session_look(session, &view);
        pause_ms(5);
    }
    ck_assert_str_eq(view.id, "20260101-000000-run");
}

START_TEST(tells_start_and_end_of_a_run)
{
    struct session_view view;
    ck_assert_int_eq(session_start(session, until_stopped, &settings, &why), CMRR_OK);
    wait_until_started();
    session_stop(session);
    wait_until_idle();
    size_t count = session_take(session, events);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(events[0].kind, SESSION_STARTED);
    ck_assert_int_eq(events[1].kind, SESSION_DONE);
    session_look(session, &view);
    ck_assert_int_eq(view.status, CMRR_CANCELLED);
    ck_assert_str_eq(view.result.state, "aborted");
}
END_TEST

START_TEST(refuses_a_second_run_and_says_who_measures)
{
    ck_assert_int_eq(session_start(session, until_stopped, &settings, &why), CMRR_OK);
    wait_until_started();
    ck_assert_int_eq(session_start(session, until_stopped, &settings, &why), CMRR_RUN_BUSY);
    ck_assert_ptr_nonnull(strstr(why.text, "20260101-000000-run"));
    ck_assert_ptr_nonnull(strstr(why.text, "Mixer ch 1"));
}
END_TEST

START_TEST(keeps_start_and_end_when_the_loop_is_late)
{
    ck_assert_int_eq(session_start(session, flood, &settings, &why), CMRR_OK);
    wait_until_idle();
    size_t count = session_take(session, events);
    ck_assert_uint_le(count, SESSION_EVENTS);
    ck_assert_int_eq(events[0].kind, SESSION_STARTED);
    ck_assert_int_eq(events[count - 1].kind, SESSION_DONE);
}
END_TEST

START_TEST(keeps_the_last_progress_of_several)
{
    ck_assert_int_eq(session_start(session, progress_only, &settings, &why), CMRR_OK);
    wait_until_idle();
    ck_assert_uint_eq(session_take(session, events), 2);
    ck_assert_int_eq(events[0].kind, SESSION_PROGRESS);
    ck_assert_uint_eq(events[0].progress.step, 5);
}
END_TEST

START_TEST(wakes_the_loop_and_is_quiet_once_taken)
{
    struct pollfd wake = {.fd = session_fd(session), .events = POLLIN};
    ck_assert_int_eq(poll(&wake, 1, 0), 0);
    ck_assert_int_eq(session_start(session, refuse, &settings, &why), CMRR_OK);
    ck_assert_int_eq(poll(&wake, 1, 10000), 1);
    wait_until_idle();
    session_take(session, events);
    ck_assert_int_eq(poll(&wake, 1, 0), 0);
}
END_TEST

START_TEST(hands_on_why_a_run_could_not_start)
{
    struct session_view view;
    ck_assert_int_eq(session_start(session, refuse, &settings, &why), CMRR_OK);
    wait_until_idle();
    session_look(session, &view);
    ck_assert_int_eq(view.status, CMRR_DEVICE_BUSY);
    ck_assert_str_eq(view.why.text, "hw:9: somebody holds it");
    ck_assert_str_eq(view.id, "");
}
END_TEST

START_TEST(a_stop_of_the_last_run_does_not_stop_the_next)
{
    struct session_view view;
    session_stop(session);
    ck_assert_int_eq(session_start(session, until_stopped, &settings, &why), CMRR_OK);
    wait_until_started();
    pause_ms(50);
    session_look(session, &view);
    ck_assert(view.is_running);
}
END_TEST

START_TEST(free_stops_what_runs)
{
    ck_assert_int_eq(session_start(session, until_stopped, &settings, &why), CMRR_OK);
    wait_until_started();
    session_free(session); /* would wait for ever otherwise */
    session = NULL;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session");
    TCase *tcase = tcase_create("session");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, tells_start_and_end_of_a_run);
    tcase_add_test(tcase, refuses_a_second_run_and_says_who_measures);
    tcase_add_test(tcase, keeps_start_and_end_when_the_loop_is_late);
    tcase_add_test(tcase, keeps_the_last_progress_of_several);
    tcase_add_test(tcase, wakes_the_loop_and_is_quiet_once_taken);
    tcase_add_test(tcase, hands_on_why_a_run_could_not_start);
    tcase_add_test(tcase, a_stop_of_the_last_run_does_not_stop_the_next);
    tcase_add_test(tcase, free_stops_what_runs);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
