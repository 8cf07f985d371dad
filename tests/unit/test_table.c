/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/table.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "../support/suite.h"

static struct table *parsed(const char *text)
{
    struct table *table = NULL;
    struct cmrr_error why = {0};
    enum cmrr_status status = table_parse(&table, text, strlen(text), "a.csv", &why);
    ck_assert_msg(status == CMRR_OK, "%s", why.text);
    return table;
}

/* Refused as a bad file, in a sentence that names the file and holds `words`; nothing made. */
static void refused_bytes(const char *text, size_t size, const char *words)
{
    struct table *table = NULL;
    struct cmrr_error why = {0};
    ck_assert_int_eq(table_parse(&table, text, size, "a.csv", &why), CMRR_BAD_FILE);
    ck_assert_ptr_null(table);
    ck_assert_msg(strstr(why.text, "a.csv: ") == why.text && strstr(why.text, words), "said: %s", why.text);
}

static void refused(const char *text, const char *words)
{
    refused_bytes(text, strlen(text), words);
}

START_TEST(what_is_written_is_read_back)
{
    struct table *table = table_new();
    table_set_key(table, "name", "desk, \"left\" \xc3\xa4");
    table_set_key_format(table, "rate", "%d", 48000);
    int freq = table_add_column(table, "freq_hz"), note = table_add_column(table, "a,\"b\"");
    for (size_t i = 0; i < 40; i++) {
        size_t row = table_add_row(table);
        table_put_number(table, row, freq, exp((double)i) / 3.0, 17);
        table_put_text(table, row, note, i % 2 ? "two\nlines, \"quoted\"" : "");
    }
    char *text = table_format(table);
    struct table *back = parsed(text);
    ck_assert_str_eq(table_key(back, "name"), "desk, \"left\" \xc3\xa4");
    ck_assert_str_eq(table_key(back, "rate"), "48000");
    ck_assert_ptr_null(table_key(back, "else"));
    ck_assert_str_eq(table_column_name(back, 1), "a,\"b\"");
    ck_assert_uint_eq(table_rows(back), 40);
    for (size_t i = 0; i < 40; i++) {
        double value = 0.0;
        ck_assert_int_eq(table_number(back, i, freq, &value, NULL), CMRR_OK);
        ck_assert_double_eq(value, exp((double)i) / 3.0);
        ck_assert_str_eq(table_text(back, i, note), i % 2 ? "two\nlines, \"quoted\"" : "");
    }
    char *again = table_format(back);
    ck_assert_str_eq(again, text);
    free(again);
    free(text);
    table_free(back);
    table_free(table);
}
END_TEST

START_TEST(head_and_rows_alone_make_the_whole)
{
    struct table *table = parsed("# k: v\na,b\n1,2\n3,\n");
    char *head = table_format_head(table), *first = table_format_row(table, 0), *second = table_format_row(table, 1);
    ck_assert_str_eq(head, "# k: v\na,b\n");
    ck_assert_str_eq(first, "1,2\n");
    ck_assert_str_eq(second, "3,\n");
    free(head);
    free(first);
    free(second);
    table_free(table);
}
END_TEST

START_TEST(a_key_set_again_is_replaced)
{
    struct table *table = parsed("# k: 1\n# k: 2\na\n");
    ck_assert_str_eq(table_key(table, "k"), "2");
    table_set_key(table, "k", "3");
    ck_assert_uint_eq(table_keys(table), 1);
    ck_assert_str_eq(table_key(table, "k"), "3");
    table_free(table);
}
END_TEST

START_TEST(an_empty_field_is_no_value)
{
    struct table *table = parsed("a,b\n,1\n");
    double value = 0.0;
    ck_assert_int_eq(table_number(table, 0, 0, &value, NULL), CMRR_OK);
    ck_assert(isnan(value));
    table_free(table);
}
END_TEST

START_TEST(a_field_that_is_no_number_is_named)
{
    struct table *table = parsed("a,b\n1,x\n");
    struct cmrr_error why = {0};
    double value = 42.0;
    ck_assert_int_eq(table_number(table, 0, 1, &value, &why), CMRR_BAD_FILE);
    ck_assert_str_eq(why.text, "a.csv: row 1, b: 'x' is not a finite number");
    ck_assert_double_eq(value, 42.0);
    table_free(table);
}
END_TEST

START_TEST(crlf_and_a_missing_last_line_feed_are_fine)
{
    struct table *table = parsed("# k: v\r\na,b\r\n1,2\r\n3,4");
    ck_assert_str_eq(table_key(table, "k"), "v");
    ck_assert_uint_eq(table_rows(table), 2);
    ck_assert_str_eq(table_column_name(table, 1), "b");
    ck_assert_str_eq(table_text(table, 0, 1), "2");
    ck_assert_str_eq(table_text(table, 1, 1), "4");
    table_free(table);
}
END_TEST

START_TEST(a_byte_order_mark_does_not_hide_the_first_line)
{
    struct table *table = parsed("\xef\xbb\xbf# k: v\na,b\n1,2\n");
    ck_assert_str_eq(table_key(table, "k"), "v");
    ck_assert_uint_eq(table_rows(table), 1);
    table_free(table);
    table = parsed("\xef\xbb\xbf"
                   "a,b\n1,2\n");
    ck_assert_int_eq(table_column(table, "a"), 0);
    table_free(table);
    refused("\xef\xbb\xbf", "no line of column names");
}
END_TEST

START_TEST(broken_csv_is_refused_by_line)
{
    refused("", "no line of column names");
    refused("# only: keys\n", "line 2: no line of column names");
    refused("a,b\n\"1,2\n", "a quote that never closes");
    refused("a,b\n\"1\"x,2\n", "line 2: text behind a closing quote");
    refused("a,b\n1,2\n1,2,3\n", "line 3: more fields than columns");
    refused("a,b\n1\n", "fewer fields than columns");
    refused("a,b\n1,2\n\n3,4\n", "fewer fields than columns");
    refused("a,a\n1,2\n", "the same column twice");
    refused("a,,b\n1,2,3\n", "a column without a name");
    refused("a\n\"", "a quote that never closes");
    refused("a\n\"\"\"", "a quote that never closes");
    refused_bytes("a,b\n1,\0\n", 8, "NUL");
    refused_bytes("\0", 1, "NUL");
}
END_TEST

/* Names are trimmed and cleaned on the way in, so they must be compared as they are kept. */
START_TEST(columns_that_are_the_same_once_trimmed_are_refused)
{
    refused("a, a\n1,2\n", "the same column twice");
    refused("a b,\"a\nb\"\n1,2\n", "the same column twice");
    refused("a,  \n1,2\n", "a column without a name");
}
END_TEST

START_TEST(the_size_is_obeyed_without_a_nul_behind_it)
{
    char text[] = {'a', '\n', '1', '2', '3'};
    struct table *table = NULL;
    ck_assert_int_eq(table_parse(&table, text, 3, "x", NULL), CMRR_OK);
    ck_assert_str_eq(table_text(table, 0, 0), "1");
    table_free(table);
}
END_TEST

START_TEST(odd_head_lines_do_no_harm)
{
    struct table *table = parsed("#\n#:\n# : x\n#k:v\n# with blank: no\n# text without a colon\n#\t t\t:\tv \t\r\na\n");
    ck_assert_str_eq(table_key(table, "k"), "v");
    ck_assert_str_eq(table_key(table, "t"), "v");
    table_free(table);
}
END_TEST

START_TEST(control_characters_in_keys_and_values_become_spaces)
{
    struct table *table = table_new();
    table_set_key(table, "na\nme", "first\nfreq_hz,cmrr_db\n\x1b[2J1\x7f,2");
    table_add_column(table, "a\rb");
    char *text = table_format(table);
    ck_assert_str_eq(text, "# na me: first freq_hz,cmrr_db  [2J1 ,2\na b\n");
    free(text);
    table_free(table);
}
END_TEST

START_TEST(a_text_that_a_spreadsheet_takes_for_a_formula_is_guarded)
{
    static const char *const hostile[] = {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"};
    struct table *table = table_new();
    int column = table_add_column(table, "a");
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        size_t row = table_add_row(table);
        table_put_text(table, row, column, hostile[i]);
        ck_assert_msg(table_text(table, row, column)[0] == '\'', "'%s' is not guarded", hostile[i]);
        ck_assert_str_eq(table_text(table, row, column) + 1, hostile[i]);
    }
    table_free(table);
}
END_TEST

START_TEST(numbers_keep_their_sign)
{
    struct table *table = table_new();
    int column = table_add_column(table, "a");
    table_add_row(table);
    table_put_number(table, 0, column, -12.5, 6);
    ck_assert_str_eq(table_text(table, 0, column), "-12.5");
    table_put_text(table, 0, column, "-12.5");
    ck_assert_str_eq(table_text(table, 0, column), "-12.5");
    table_free(table);
}
END_TEST

/* A line of keys must not be faked by the first cell of a row. */
START_TEST(a_cell_that_begins_with_a_hash_is_quoted)
{
    struct table *table = table_new();
    int column = table_add_column(table, "#a");
    table_put_text(table, table_add_row(table), column, "# k: v");
    char *text = table_format(table);
    struct table *back = parsed(text);
    ck_assert_uint_eq(table_keys(back), 0);
    ck_assert_str_eq(table_text(back, 0, 0), "# k: v");
    free(text);
    table_free(back);
    table_free(table);
}
END_TEST

START_TEST(numbers_are_written_as_asked)
{
    struct table *table = table_new();
    int column = table_add_column(table, "a");
    table_add_row(table);
    table_put_number(table, 0, column, 1.0 / 3.0, 6);
    ck_assert_str_eq(table_text(table, 0, column), "0.333333");
    table_put_number(table, 0, column, 2e15, 15);
    ck_assert_str_eq(table_text(table, 0, column), "2e+15");
    table_put_fixed(table, 0, column, 46.0, 4);
    ck_assert_str_eq(table_text(table, 0, column), "46.0000");
    table_put_fixed(table, 0, column, NAN, 4);
    ck_assert_str_eq(table_text(table, 0, column), "");
    table_put_number(table, 0, column, -INFINITY, 4);
    ck_assert_str_eq(table_text(table, 0, column), "");
    table_free(table);
}
END_TEST

START_TEST(numbers_have_a_decimal_point_in_every_locale)
{
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "de_DE")) {
        printf("note no locale with a decimal comma here: table written under C only\n");
        return;
    }
    struct table *table = table_new();
    int column = table_add_column(table, "a");
    table_add_row(table);
    table_put_fixed(table, 0, column, 1.5, 2);
    ck_assert_str_eq(table_text(table, 0, column), "1.50");
    table_free(table);
}
END_TEST

START_TEST(a_column_after_the_first_row_is_refused)
{
    struct table *table = table_new();
    table_add_column(table, "a");
    table_add_row(table);
    ck_assert_int_eq(table_add_column(table, "b"), -1);
    table_put_text(table, 0, -1, "nowhere");
    table_put_text(table, 5, 0, "nowhere");
    ck_assert_str_eq(table_text(table, 0, 0), "");
    table_free(table);
}
END_TEST

START_TEST(a_huge_table_is_read)
{
    enum { ROWS = 100000 };
    char *text = malloc(ROWS * 8 + 16), *at = text;
    at += sprintf(at, "a,b\n");
    for (int i = 0; i < ROWS; i++)
        at += sprintf(at, "%d,%d\n", i % 10, i % 7);
    struct table *table = parsed(text);
    ck_assert_uint_eq(table_rows(table), ROWS);
    ck_assert_str_eq(table_text(table, ROWS - 1, 0), "9");
    free(text);
    table_free(table);
}
END_TEST

/* Looking names up one by one takes the square of their number: a file of a million names would take hours. */
START_TEST(absurdly_many_columns_or_keys_are_refused)
{
    enum { NAMES = 200000 };
    char *text = malloc(NAMES * 16 + 16), *at = text;
    for (int i = 0; i < NAMES; i++)
        at += sprintf(at, "c%d,", i);
    sprintf(at, "end\n");
    refused(text, "columns");
    at = text;
    for (int i = 0; i < NAMES; i++)
        at += sprintf(at, "#k%d:v\n", i);
    sprintf(at, "a\n");
    refused(text, "keys");
    free(text);
}
END_TEST

START_TEST(a_field_of_a_megabyte_is_kept_whole)
{
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE + 16);
    memcpy(text, "a\n\"", 3);
    memset(text + 3, 'x', SIZE);
    strcpy(text + 3 + SIZE, "\"\n");
    struct table *table = parsed(text);
    ck_assert_uint_eq(strlen(table_text(table, 0, 0)), SIZE);
    free(text);
    table_free(table);
}
END_TEST

/* Every cut of a good file either parses or is refused; nothing crashes (run under sanitizers to see). */
START_TEST(a_file_cut_anywhere_is_read_or_refused)
{
    static const char text[] = "# k: v\r\n\"a\",b\r\n\"1\"\"\n\",2\r\n3,\"\"\n";
    for (size_t size = 0; size < sizeof text; size++) {
        char *cut = malloc(size + 1);
        struct table *table = NULL;
        memcpy(cut, text, size);
        enum cmrr_status status = table_parse(&table, cut, size, "cut", NULL);
        ck_assert(status == CMRR_OK || status == CMRR_BAD_FILE);
        ck_assert_int_eq(status == CMRR_OK, table != NULL);
        table_free(table);
        free(cut);
    }
}
END_TEST

START_TEST(a_label_cannot_begin_a_formula_behind_a_comma_of_the_head)
{
    struct table *table = table_new();
    table_set_key(table, "name", "x,=cmd(), @y, -1,plain");
    ck_assert_str_eq(table_key(table, "name"), "x,'=cmd(), '@y, '-1,plain");
    table_free(table);
}
END_TEST

START_TEST(a_byte_order_mark_is_passed_over)
{
    static const char text[] = "\xef\xbb\xbf# name: x\na\n1\n";
    struct table *table = NULL;
    ck_assert_int_eq(table_parse(&table, text, sizeof text - 1, "t", NULL), CMRR_OK);
    ck_assert_str_eq(table_key(table, "name"), "x");
    ck_assert_uint_eq(table_rows(table), 1);
    table_free(table);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {what_is_written_is_read_back,
                            head_and_rows_alone_make_the_whole,
                            a_key_set_again_is_replaced,
                            an_empty_field_is_no_value,
                            a_field_that_is_no_number_is_named,
                            crlf_and_a_missing_last_line_feed_are_fine,
                            a_byte_order_mark_does_not_hide_the_first_line,
                            broken_csv_is_refused_by_line,
                            columns_that_are_the_same_once_trimmed_are_refused,
                            the_size_is_obeyed_without_a_nul_behind_it,
                            odd_head_lines_do_no_harm,
                            control_characters_in_keys_and_values_become_spaces,
                            a_text_that_a_spreadsheet_takes_for_a_formula_is_guarded,
                            a_label_cannot_begin_a_formula_behind_a_comma_of_the_head,
                            a_byte_order_mark_is_passed_over,
                            numbers_keep_their_sign,
                            a_cell_that_begins_with_a_hash_is_quoted,
                            numbers_are_written_as_asked,
                            numbers_have_a_decimal_point_in_every_locale,
                            a_column_after_the_first_row_is_refused,
                            a_huge_table_is_read,
                            absurdly_many_columns_or_keys_are_refused,
                            a_field_of_a_megabyte_is_kept_whole,
                            a_file_cut_anywhere_is_read_or_refused};
    return suite_run("table", tests, sizeof tests / sizeof *tests);
}
