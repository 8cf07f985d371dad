/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loss of samples and of the device: the caller comes back too late, the sound server hangs, the sound server
 * dies. A killed server is the worst of devices: it says nothing at all. The last test takes the server of
 * this rig with it.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmrr/audio.h"
#include "../support/rig.h"
#include "suite.h"

static struct audio *open_and_run(double seconds)
{
    struct audio_config config = rig_config();
    struct audio *audio = rig_open(&config);
    struct audio_chunk chunk;
    size_t captured = 0;
    while ((double)captured < seconds * config.rate_hz) {
        ck_assert_int_eq(audio_advance(audio, &chunk, 4096, NULL), CMRR_OK);
        captured += chunk.frames;
    }
    return audio;
}

static enum cmrr_status advance_until_lost(struct audio *audio, struct cmrr_error *why)
{
    struct audio_chunk chunk;
    enum cmrr_status status = CMRR_OK;
    for (int i = 0; i < 10000 && status == CMRR_OK; i++)
        status = audio_advance(audio, &chunk, 4096, why);
    return status;
}

static void check_sticky(struct audio *audio, enum cmrr_status lost, const struct cmrr_error *why)
{
    struct cmrr_error again = {0};
    struct audio_chunk chunk;
    uint64_t first;
    ck_assert_int_eq(audio_advance(audio, &chunk, 4096, &again), lost);
    ck_assert_str_eq(again.text, why->text);
    ck_assert_int_eq(audio_play(audio, (const double[2]){0}, 1, &first, NULL), lost);
}

START_TEST(says_that_samples_are_lost_when_the_caller_comes_back_too_late)
{
    struct cmrr_error why = {0};
    struct audio *audio = open_and_run(0.2);
    usleep(1500000);
    ck_assert_int_eq(advance_until_lost(audio, &why), CMRR_SAMPLES_LOST);
    printf("note %s\n", why.text);
    check_sticky(audio, CMRR_SAMPLES_LOST, &why);
    audio_close(audio);
}
END_TEST

static void check_server_lost(int number, const char *what)
{
    struct cmrr_error why = {0};
    struct audio *audio = open_and_run(0.5);
    double begin_s = rig_now_s();
    ck_assert_int_eq(kill(atoi(getenv("RIG_JACKD_PID")), number), 0);
    enum cmrr_status status = advance_until_lost(audio, &why);
    double lost_s = rig_now_s() - begin_s;
    check_sticky(audio, status, &why);
    begin_s = rig_now_s();
    audio_close(audio);
    double close_s = rig_now_s() - begin_s;
    printf("note server %s: lost after %.2f s, closed in %.3f s: %s\n", what, lost_s, close_s, why.text);
    ck_assert_int_eq(status, CMRR_DEVICE_LOST);
    ck_assert_double_le(lost_s, 30.0); /* 3 s is what is promised; ten times that on a busy machine */
    ck_assert_double_le(close_s, 10.0);
}

START_TEST(notices_a_stopped_server_and_does_not_hang_on_it)
{
    struct audio_config config = rig_config();
    check_server_lost(SIGSTOP, "stopped");
    double begin_s = rig_now_s();
    rig_refusal(&config, CMRR_DEVICE_LOST); /* nor does a new open hang: the server still does not answer */
    ck_assert_double_le(rig_now_s() - begin_s, 20.0);
    kill(atoi(getenv("RIG_JACKD_PID")), SIGCONT);
    usleep(500000);
}
END_TEST

START_TEST(does_not_hang_on_a_server_that_stops_before_the_start)
{
    struct audio_config config = rig_config();
    struct cmrr_error why = {0};
    struct audio *audio = rig_open(&config);
    kill(atoi(getenv("RIG_JACKD_PID")), SIGSTOP);
    double begin_s = rig_now_s();
    ck_assert_int_eq(advance_until_lost(audio, &why), CMRR_DEVICE_LOST);
    check_sticky(audio, CMRR_DEVICE_LOST, &why);
    audio_fade(audio);
    audio_close(audio);
    printf("note server stopped before the start: lost and closed in %.2f s: %s\n", rig_now_s() - begin_s, why.text);
    ck_assert_double_le(rig_now_s() - begin_s, 20.0);
    kill(atoi(getenv("RIG_JACKD_PID")), SIGCONT);
    usleep(500000);
}
END_TEST

START_TEST(notices_a_killed_server_and_closes)
{
    struct audio_config config = rig_config();
    check_server_lost(SIGKILL, "killed");
    rig_refusal(&config, CMRR_DEVICE_UNKNOWN);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alsa losses over jack");
    TCase *tcase = tcase_create("loss");
    setvbuf(stdout, NULL, _IONBF, 0);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, says_that_samples_are_lost_when_the_caller_comes_back_too_late);
    tcase_add_test(tcase, notices_a_stopped_server_and_does_not_hang_on_it);
    tcase_add_test(tcase, does_not_hang_on_a_server_that_stops_before_the_start);
    tcase_add_test(tcase, notices_a_killed_server_and_closes);
    return suite_finish(suite);
}
