/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/status.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "../support/suite.h"

START_TEST(every_status_has_words_in_lower_case_without_a_full_stop)
{
    for (int i = 0; i < CMRR_STATUS_COUNT; i++) {
        const char *words = cmrr_strerror((enum cmrr_status)i);
        ck_assert_msg(*words && words[strlen(words) - 1] != '.', "status %d: '%s'", i, words);
        for (const char *c = words; *c; c++)
            ck_assert_msg(!isupper((unsigned char)*c), "status %d: '%s'", i, words);
    }
}
END_TEST

START_TEST(every_code_is_another_one_and_leads_back_to_its_status)
{
    for (int i = 0; i < CMRR_STATUS_COUNT; i++)
        ck_assert_int_eq(cmrr_status_from_code(cmrr_status_code((enum cmrr_status)i)), i);
}
END_TEST

START_TEST(an_unknown_code_or_number_is_a_failure)
{
    ck_assert_int_eq(cmrr_status_from_code("no such code"), CMRR_FAILED);
    ck_assert_int_eq(cmrr_status_from_code(""), CMRR_FAILED);
    ck_assert_str_eq(cmrr_strerror((enum cmrr_status)CMRR_STATUS_COUNT), cmrr_strerror(CMRR_FAILED));
    ck_assert_str_eq(cmrr_strerror((enum cmrr_status) - 1), cmrr_strerror(CMRR_FAILED));
    ck_assert_int_eq(cmrr_exit_code((enum cmrr_status)999), cmrr_exit_code(CMRR_FAILED));
}
END_TEST

START_TEST(programs_end_with_the_documented_exit_codes)
{
    static const struct {
        enum cmrr_status status;
        int code;
    } expected[] = {{CMRR_OK, 0},          {CMRR_USAGE, 2},        {CMRR_BAD_FILE, 2},       {CMRR_WRITE, 2},
                    {CMRR_RANGE, 2},       {CMRR_NO_MEMORY, 3},    {CMRR_DEVICE_UNKNOWN, 3}, {CMRR_DEVICE_BUSY, 3},
                    {CMRR_DEVICE_LOST, 3}, {CMRR_SAMPLES_LOST, 3}, {CMRR_FIXTURE, 3},        {CMRR_DAEMON, 3},
                    {CMRR_RUN_BUSY, 3},    {CMRR_FAILED, 3},       {CMRR_UNTRUSTED, 4},      {CMRR_CANCELLED, 5}};
    ck_assert_uint_eq(sizeof expected / sizeof *expected, CMRR_STATUS_COUNT);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        ck_assert_int_eq(cmrr_exit_code(expected[i].status), expected[i].code);
}
END_TEST

START_TEST(the_first_sentence_stays)
{
    struct cmrr_error why = {0};
    ck_assert_int_eq(cmrr_fail(&why, CMRR_BAD_FILE, "%s: line %d", "a.csv", 7), CMRR_BAD_FILE);
    ck_assert_int_eq(cmrr_fail(&why, CMRR_USAGE, "something later"), CMRR_USAGE);
    ck_assert_str_eq(why.text, "a.csv: line 7");
    ck_assert_int_eq(why.status, CMRR_BAD_FILE);
}
END_TEST

START_TEST(nobody_needs_to_listen)
{
    ck_assert_int_eq(cmrr_fail(NULL, CMRR_RANGE, "%s", "x"), CMRR_RANGE);
}
END_TEST

START_TEST(control_characters_of_hostile_text_become_question_marks)
{
    struct cmrr_error why = {0};
    cmrr_fail(&why, CMRR_BAD_FILE, "a\x1b[2Jb\nc\x7f \xc3\xa4");
    ck_assert_str_eq(why.text, "a?[2Jb?c? \xc3\xa4");
}
END_TEST

START_TEST(a_name_cut_in_the_middle_of_a_character_leaves_a_sentence_that_json_can_say)
{
    struct cmrr_error why = {0};
    cmrr_fail(&why, CMRR_RUN_BUSY, "(%.5s) is being measured", "name\xc3\xa4");
    ck_assert_str_eq(why.text, "(name?) is being measured");
}
END_TEST

START_TEST(a_long_sentence_is_cut_not_overrun)
{
    struct cmrr_error why = {0};
    char text[5000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cmrr_fail(&why, CMRR_BAD_FILE, "%s", text);
    ck_assert_uint_eq(strlen(why.text), sizeof why.text - 1);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {every_status_has_words_in_lower_case_without_a_full_stop,
                            every_code_is_another_one_and_leads_back_to_its_status,
                            an_unknown_code_or_number_is_a_failure,
                            programs_end_with_the_documented_exit_codes,
                            the_first_sentence_stays,
                            nobody_needs_to_listen,
                            control_characters_of_hostile_text_become_question_marks,
                            a_name_cut_in_the_middle_of_a_character_leaves_a_sentence_that_json_can_say,
                            a_long_sentence_is_cut_not_overrun};
    return suite_run("status", tests, sizeof tests / sizeof *tests);
}
