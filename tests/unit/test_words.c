/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/words.h"

#include <string.h>
#include "suite.h"

static void expect(const char *text, const char *clean)
{
    char copy[64];
    strcpy(copy, text);
    words_clean(copy, '?');
    ck_assert_str_eq(copy, clean);
}

START_TEST(good_text_of_every_length_stays)
{
    expect("", "");
    expect("plain ~", "plain ~");
    expect("\xc2\xa0 \xc3\xa4 \xe2\x89\xa5 \xef\xbf\xbd \xf0\x9f\x8e\x9a",
           "\xc2\xa0 \xc3\xa4 \xe2\x89\xa5 \xef\xbf\xbd \xf0\x9f\x8e\x9a");
}
END_TEST

START_TEST(escape_sequences_in_seven_and_in_eight_bits_reach_no_terminal)
{
    expect("a\x1b[31m\nb\x7f", "a?[31m?b?");
    expect("a\xc2\x9b"
           "31m\xc2\x80\xc2\x9f",
           "a??31m????");
}
END_TEST

START_TEST(a_character_that_was_cut_is_no_text)
{
    expect("ab\xc3", "ab?");
    expect("ab\xe2\x89", "ab??");
    expect("\xf0\x9f\x8e", "???");
}
END_TEST

START_TEST(what_is_no_utf_8_is_replaced_byte_by_byte)
{
    expect("\xff\xfe\x80x", "???x");
    expect("\xc0\xaf \xe0\x80\xaf \xf0\x80\x80\xaf", "?? ??? ????"); /* longer than needed */
    expect("\xed\xa0\x80 \xf4\x90\x80\x80 \xf5", "??? ???? ?");      /* surrogate, beyond the last */
    expect("\xc3\xc3\xa4", "?\xc3\xa4");
}
END_TEST

int main(void)
{
    const TTest *tests[] = {good_text_of_every_length_stays,
                            escape_sequences_in_seven_and_in_eight_bits_reach_no_terminal,
                            a_character_that_was_cut_is_no_text, what_is_no_utf_8_is_replaced_byte_by_byte};
    return suite_run("words", tests, sizeof tests / sizeof *tests);
}
