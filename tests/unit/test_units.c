/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/units.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "../support/suite.h"

START_TEST(a_ratio_of_ten_is_twenty_db)
{
    ck_assert_double_eq_tol(units_db(10.0), 20.0, 1e-14);
    ck_assert_double_eq_tol(units_ratio(-6.0), 0.501187233627272, 1e-15);
    ck_assert_double_eq_tol(units_db(0.5), -6.020599913279624, 1e-14);
}
END_TEST

START_TEST(nothing_is_minus_infinite_db)
{
    ck_assert(isinf(units_db(0.0)) && units_db(0.0) < 0.0);
    ck_assert_double_eq(units_ratio(-INFINITY), 0.0);
}
END_TEST

START_TEST(db_and_ratio_undo_each_other)
{
    for (double db = -300.0; db <= 300.0; db += 7.3)
        ck_assert_double_eq_tol(units_db(units_ratio(db)), db, 1e-12);
}
END_TEST

START_TEST(degrees_are_above_minus_180_and_up_to_180)
{
    ck_assert_double_eq_tol(units_deg(M_PI / 2.0), 90.0, 1e-13);
    ck_assert_double_eq_tol(units_deg(-M_PI / 2.0), -90.0, 1e-13);
    ck_assert_double_eq_tol(units_deg(M_PI), 180.0, 1e-13);
    ck_assert_double_eq_tol(units_deg(-M_PI), 180.0, 1e-13);
    ck_assert_double_eq_tol(units_deg(5.5 * M_PI), -90.0, 1e-12);
}
END_TEST

START_TEST(plain_numbers_are_read_exactly)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0.0},       {"-1", -1.0},
                {"+2.5", 2.5},    {".5", 0.5},
                {"5.", 5.0},      {"1e3", 1000.0},
                {"1E-3", 1e-3},   {"007", 7.0},
                {"0.1", 0.1},     {"-0", 0.0},
                {"1e-400", 0.0},  {"4.9e-324", 4.9e-324},
                {"1e308", 1e308}, {"123456789.125", 123456789.125}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = NAN;
        ck_assert_msg(units_parse(good[i].text, &value) == CMRR_OK, "'%s' refused", good[i].text);
        ck_assert_msg(value == good[i].value, "'%s' read as %g", good[i].text, value);
    }
}
END_TEST

START_TEST(what_is_no_finite_decimal_number_is_refused_and_leaves_the_value)
{
    static const char *const bad[] = {"",    " 1",  "1 ",  "1,5", "inf",   "-inf",     "nan",   "NAN",   "0x10",
                                      "1e",  "1e+", "e5",  "--1", "1.2.3", ".",        "-",     "+",     "1e999",
                                      "1-2", "1f",  "1\n", "\t1", "1e5e5", "\xc2\xbd", "1_000", "1e3.5", "-1e999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = 42.0;
        ck_assert_msg(units_parse(bad[i], &value) == CMRR_RANGE, "'%s' accepted", bad[i]);
        ck_assert_double_eq(value, 42.0);
    }
}
END_TEST

START_TEST(an_endless_number_is_refused)
{
    char text[100000];
    double value = 42.0;
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert_int_eq(units_parse(text, &value), CMRR_RANGE);
    ck_assert_double_eq(value, 42.0);
}
END_TEST

START_TEST(the_decimal_mark_is_a_point_in_every_locale)
{
    double value = NAN;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "de_DE")) {
        printf("note no locale with a decimal comma here: units_parse read under C only\n");
        return;
    }
    ck_assert_int_eq(units_parse("-1.5e1", &value), CMRR_OK);
    ck_assert_double_eq(value, -15.0);
    ck_assert_int_eq(units_parse("1,5", &value), CMRR_RANGE);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {
        a_ratio_of_ten_is_twenty_db,    nothing_is_minus_infinite_db,
        db_and_ratio_undo_each_other,   degrees_are_above_minus_180_and_up_to_180,
        plain_numbers_are_read_exactly, what_is_no_finite_decimal_number_is_refused_and_leaves_the_value,
        an_endless_number_is_refused,   the_decimal_mark_is_a_point_in_every_locale};
    return suite_run("units", tests, sizeof tests / sizeof *tests);
}
