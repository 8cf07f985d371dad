/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/position.h"

#include <stdio.h>
#include <string.h>
#include "../support/suite.h"

static struct position_list parsed(const char *text)
{
    struct position_list list = {.count = 0};
    struct cmrr_error why = {0};
    ck_assert_msg(position_list_parse(&list, text, &why) == CMRR_OK, "%s", why.text);
    return list;
}

START_TEST(every_wiring_is_read_by_its_name)
{
    struct position_list list = parsed("normal,swapped,tied,terminated");
    ck_assert_uint_eq(list.count, WIRING_COUNT);
    for (unsigned i = 0; i < WIRING_COUNT; i++) {
        ck_assert_uint_eq(list.at[i].wiring, i);
        ck_assert_int_eq(list.at[i].leg, LEG_NONE);
        ck_assert(position_list_has(&list, (enum wiring)i));
    }
}
END_TEST

START_TEST(what_is_formatted_is_read_back)
{
    static const double r_ohm[] = {10.0, 0.5, 600.0, 1e5, 9.98765, 1e-3};
    char text[POSITION_TEXT];
    for (unsigned wiring = 0; wiring < WIRING_COUNT; wiring++)
        for (unsigned leg = LEG_HOT; leg <= LEG_COLD; leg++)
            for (size_t i = 0; i < sizeof r_ohm / sizeof *r_ohm; i++) {
                struct position position = {(enum wiring)wiring, (enum leg)leg, r_ohm[i]};
                ck_assert_ptr_eq(position_format(&position, text), text);
                struct position_list list = parsed(text);
                ck_assert_uint_eq(list.count, 1);
                ck_assert_uint_eq(list.at[0].wiring, wiring);
                ck_assert_uint_eq(list.at[0].leg, leg);
                ck_assert_double_eq(list.at[0].r_ohm, r_ohm[i]);
            }
}
END_TEST

START_TEST(a_bare_resistor_goes_with_the_tie_where_there_is_one)
{
    char text[POSITION_TEXT];
    struct position_list tied = parsed("hot+10,tied,cold+10"), normal = parsed("normal,hot+10");
    ck_assert_str_eq(position_format(&tied.at[0], text), "tied/hot+10");
    ck_assert_str_eq(position_format(&tied.at[2], text), "tied/cold+10");
    ck_assert_str_eq(position_format(&normal.at[1], text), "normal/hot+10");
}
END_TEST

START_TEST(a_state_with_a_resistor_is_not_its_wiring)
{
    struct position_list list = parsed("normal,tied/hot+10");
    ck_assert(position_list_has(&list, WIRING_NORMAL) && !position_list_has(&list, WIRING_TIED));
}
END_TEST

START_TEST(what_is_no_list_of_states_is_refused_and_the_list_left_alone)
{
    static const char *const bad[] = {"",
                                      "Normal",
                                      "normal,",
                                      ",normal",
                                      "normal,,tied",
                                      "hot",
                                      "hot+",
                                      "hot+0",
                                      "hot+-10",
                                      "hot+1e6",
                                      "hot+nan",
                                      "hot+10k",
                                      "hot 10",
                                      "mid+10",
                                      "tied/",
                                      "tied/hot",
                                      "/hot+10",
                                      "tied/normal",
                                      "tied/tied/hot+1",
                                      " normal",
                                      "normal tied",
                                      "normal,normal",
                                      "hot+10,hot+10",
                                      "hot+10,hot+10.0",
                                      "tied,hot+10,tied/hot+10",
                                      "terminated/hot+10+10",
                                      "normalnormalnormalnormalnormalnormalnormalnormalnormal"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct position_list list = {.count = 77};
        struct cmrr_error why = {0};
        ck_assert_msg(position_list_parse(&list, bad[i], &why) == CMRR_USAGE, "'%s' accepted", bad[i]);
        ck_assert_msg(strncmp(why.text, "states: ", 8) == 0, "said: %s", why.text);
        ck_assert_uint_eq(list.count, 77);
    }
}
END_TEST

START_TEST(more_states_than_fit_are_refused)
{
    char text[200] = "hot+1";
    for (int i = 2; i <= POSITIONS_MAX + 1; i++)
        snprintf(text + strlen(text), 10, ",hot+%d", i);
    struct position_list list;
    ck_assert_int_eq(position_list_parse(&list, text, NULL), CMRR_USAGE);
    *strrchr(text, ',') = '\0';
    ck_assert_int_eq(position_list_parse(&list, text, NULL), CMRR_OK);
    ck_assert_uint_eq(list.count, POSITIONS_MAX);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {every_wiring_is_read_by_its_name,
                            what_is_formatted_is_read_back,
                            a_bare_resistor_goes_with_the_tie_where_there_is_one,
                            a_state_with_a_resistor_is_not_its_wiring,
                            what_is_no_list_of_states_is_refused_and_the_list_left_alone,
                            more_states_than_fit_are_refused};
    return suite_run("position", tests, sizeof tests / sizeof *tests);
}
