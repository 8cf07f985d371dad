/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What can be refused without any sound card: every sentence names the device and the cure, and *audio stays
 * as it was.
 */
#include "../../src/audio/alsa_guard.h"
#include "../../src/audio/alsa_internal.h"

#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cmrr/alsa_devices.h"
#include "suite.h"

static struct cmrr_error why;

static struct audio_config config_for(const char *device)
{
    return (struct audio_config){
        .device = device, .rate_hz = 48000, .out_channels = {1, 2}, .out_count = 2, .in_channels = {1}, .in_count = 1};
}

static void check_refused(const struct audio_config *config, enum cmrr_status expected, const char *sentence)
{
    struct audio *audio = NULL;
    why = (struct cmrr_error){0};
    ck_assert_int_eq(audio_alsa_ops.open(&audio, config, &why), expected);
    ck_assert_ptr_null(audio);
    ck_assert_str_eq(why.text, sentence);
}

START_TEST(names_a_hardware_device_that_is_absent)
{
    struct audio_config config = config_for("hw:CARD=Absent,DEV=0");
    check_refused(&config, CMRR_DEVICE_UNKNOWN,
                  "hw:CARD=Absent,DEV=0: no such device; cmrr devices lists what there is");
}
END_TEST

START_TEST(refuses_other_names_than_hw_without_allow_plug)
{
    struct audio_config config = config_for("plughw:0");
    check_refused(&config, CMRR_USAGE,
                  "plughw:0: not the hardware itself (hw:CARD=...); --allow-plug takes it and marks the run");
}
END_TEST

START_TEST(names_a_plugin_that_alsa_does_not_know)
{
    struct audio_config config = config_for("no-such-pcm");
    config.allow_plug = true;
    check_refused(&config, CMRR_DEVICE_UNKNOWN,
                  "no-such-pcm: unknown to ALSA, or its sound server does not answer; "
                  "cmrr devices lists what there is");
}
END_TEST

START_TEST(makes_one_line_of_a_name_with_a_newline)
{
    struct audio_config config = config_for("odd\nname");
    config.allow_plug = true;
    check_refused(&config, CMRR_DEVICE_UNKNOWN,
                  "odd?name: unknown to ALSA, or its sound server does not answer; "
                  "cmrr devices lists what there is");
}
END_TEST

START_TEST(refuses_a_name_that_is_too_long_without_repeating_it)
{
    static char name[5001];
    memset(name, 'x', sizeof name - 1);
    memcpy(name, "hw:", 3);
    struct audio_config config = config_for(name);
    check_refused(&config, CMRR_USAGE, "a device name of 5000 bytes; the longest possible has 255");
    config = config_for("");
    check_refused(&config, CMRR_USAGE, "no audio device named; cmrr devices lists what there is");
}
END_TEST

/* Names that a user could type, or that somebody could send: none may open anything, crash, or go without a
 * sentence. */
START_TEST(survives_odd_names)
{
    static const char *const names[] = {"hw:",
                                        "hw:,,,",
                                        "hw:CARD=",
                                        "hw:CARD=0,DEV=999999999999",
                                        "hw:0,0,0,0",
                                        "hw:{",
                                        "hw:'",
                                        "hw:\"",
                                        "hw:=",
                                        "hw:0,DEV=-1",
                                        "hw:CARD=%s%n",
                                        "rig:",
                                        "{",
                                        "{ type null",
                                        "hw:\xff\xfe",
                                        "hw:/dev/snd/controlC9",
                                        "hw:/etc/passwd",
                                        ":",
                                        "hw:-1",
                                        "hw:CARD='a\nb'",
                                        "hw:CARD",
                                        "hw:SUBDEV=5",
                                        ",",
                                        " "};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct audio *audio = NULL;
        struct audio_config config = config_for(names[i]);
        config.allow_plug = true;
        why = (struct cmrr_error){0};
        if (audio_alsa_ops.open(&audio, &config, &why) == CMRR_OK) {
            audio_close(audio); /* ALSA takes some of them for card 0, where there is one */
            continue;
        }
        ck_assert_ptr_null(audio);
        ck_assert_uint_gt(strlen(why.text), 20);
        ck_assert_ptr_null(strchr(why.text, '\n'));
    }
}
END_TEST

START_TEST(refuses_lists_of_channels_that_make_no_sense)
{
    struct audio_config config = config_for("hw:0");
    config.out_channels[1] = 0;
    check_refused(&config, CMRR_USAGE, "output 0 listed; they are counted from 1");
    config.out_channels[1] = 1;
    check_refused(&config, CMRR_USAGE, "output 1 listed twice");
    config = config_for("hw:0");
    config.in_count = 0;
    check_refused(&config, CMRR_USAGE, "0 inputs listed; 1 to 32 can be used");
    config.in_count = 33;
    check_refused(&config, CMRR_USAGE, "33 inputs listed; 1 to 32 can be used");
}
END_TEST

START_TEST(closes_what_was_never_opened)
{
    audio_close(NULL);
    audio_alsa_ops.close(NULL);
}
END_TEST

START_TEST(reads_device_numbers_in_either_manner)
{
    ck_assert_uint_eq(alsa_parse_hw("hw:CARD=USB,DEV=3").device, 3);
    ck_assert_uint_eq(alsa_parse_hw("hw:0,2").device, 2);
    ck_assert_uint_eq(alsa_parse_hw("hw:DEV=1,CARD=0").device, 1);
    ck_assert_uint_eq(alsa_parse_hw("hw:0").device, 0);
    ck_assert_int_lt(alsa_parse_hw("hw:CARD=Absent").card, 0);
}
END_TEST

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(finds_the_process_of_the_thread_that_holds_a_device)
{
    char proc[] = "/tmp/cmrr-proc.XXXXXX", command[64];
    struct alsa_hw_name hw = {.card = 2, .device = 1};
    struct alsa_holder holder;
    ck_assert_ptr_nonnull(mkdtemp(proc));
    write_file(proc, "asound/card2/pcm1p/sub0/status", "state: RUNNING\nowner_pid   : 4712\ntrigger_time: 1.5\n");
    write_file(proc, "asound/card2/pcm1c/sub0/status", "closed\n");
    write_file(proc, "4712/status", "Name:\tdata-loop.0\nUmask:\t0022\nTgid:\t4711\n");
    write_file(proc, "4711/comm", "pipewire\n");
    alsa_find_holder(proc, hw, SND_PCM_STREAM_PLAYBACK, &holder);
    ck_assert_int_eq(holder.pid, 4711);
    ck_assert_str_eq(holder.process, "pipewire");
    alsa_find_holder(proc, hw, SND_PCM_STREAM_CAPTURE, &holder);
    ck_assert_int_eq(holder.pid, 0);
    snprintf(command, sizeof command, "rm -rf %s", proc);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(lists_devices_without_complaint)
{
    struct alsa_device *devices = NULL;
    size_t count = 99;
    ck_assert_int_eq(alsa_devices_list(&devices, &count, &why), CMRR_OK);
    ck_assert((count == 0) == (devices == NULL));
    for (size_t i = 0; i < count; i++)
        ck_assert_ptr_eq(strstr(devices[i].name, "hw:CARD="), devices[i].name);
    alsa_devices_free(devices);
    alsa_devices_free(NULL);
}
END_TEST

static void work_for(void *arg)
{
    usleep(*(useconds_t *)arg);
}

static void set_abandoned(void *arg)
{
    free(arg);
}

START_TEST(leaves_a_call_behind_that_does_not_return)
{
    useconds_t *quick = malloc(sizeof *quick), *slow = malloc(sizeof *slow);
    *quick = 0;
    *slow = 500000;
    double begin_s = alsa_now_s();
    ck_assert(alsa_guard_run(work_for, set_abandoned, quick, 60.0));
    ck_assert(!alsa_guard_run(work_for, set_abandoned, slow, 0.05));
    ck_assert_double_ge(alsa_now_s() - begin_s, 0.05);
    free(quick);
    usleep(1000000); /* the thread that was left behind frees `slow`: a leak check would see it otherwise */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alsa_open");
    TCase *tcase = tcase_create("refusals");
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, names_a_hardware_device_that_is_absent);
    tcase_add_test(tcase, refuses_other_names_than_hw_without_allow_plug);
    tcase_add_test(tcase, names_a_plugin_that_alsa_does_not_know);
    tcase_add_test(tcase, makes_one_line_of_a_name_with_a_newline);
    tcase_add_test(tcase, refuses_a_name_that_is_too_long_without_repeating_it);
    tcase_add_test(tcase, survives_odd_names);
    tcase_add_test(tcase, refuses_lists_of_channels_that_make_no_sense);
    tcase_add_test(tcase, closes_what_was_never_opened);
    tcase_add_test(tcase, reads_device_numbers_in_either_manner);
    tcase_add_test(tcase, finds_the_process_of_the_thread_that_holds_a_device);
    tcase_add_test(tcase, lists_devices_without_complaint);
    tcase_add_test(tcase, leaves_a_call_behind_that_does_not_return);
    return suite_finish(suite);
}
