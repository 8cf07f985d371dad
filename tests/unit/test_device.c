/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/device.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/file.h"
#include "../support/bench.h"
#include "../support/devices.h"
#include "../support/suite.h"

static const char head[] = "freq_hz,t_hot_re,t_hot_im,t_cold_re,t_cold_im,y11_re,y11_im,y12_re,y12_im,y21_re,y21_im,"
                           "y22_re,y22_im\n";

static enum cmrr_status read_text(struct device **device, const char *text, struct cmrr_error *why)
{
    struct table *table = NULL;
    ck_assert_int_eq(table_parse(&table, text, strlen(text), "d.csv", why), CMRR_OK);
    enum cmrr_status status = device_new(device, table, why);
    table_free(table);
    return status;
}

static void refused(const char *rows, const char *words)
{
    char text[2000];
    struct device *device = NULL;
    struct cmrr_error why = {0};
    snprintf(text, sizeof text, "%s%s", head, rows);
    ck_assert_int_eq(read_text(&device, text, &why), CMRR_BAD_FILE);
    ck_assert_ptr_null(device);
    ck_assert_msg(strncmp(why.text, "d.csv: ", 7) == 0 && strstr(why.text, words), "said: %s", why.text);
}

/* A transfer and admittances that vary over the decades, on `rows` log-spaced rows from 10 Hz to 100 kHz. */
static double complex hot_of(double f)
{
    return 1.0 / (1.0 + I * f / 20000.0) * (I * f / 8.0) / (1.0 + I * f / 8.0);
}

static double complex sum_of(double f)
{
    return 1e-5 * (1.0 + I * f / 700.0) / (1.0 + I * f / 50000.0);
}

static double complex y_of(double f)
{
    return 1e-5 + I * 2.0 * M_PI * f * 100e-12;
}

static struct device *curved(int rows)
{
    struct table *table = table_new();
    struct device *device = NULL;
    char *names = strdup(head), *save = NULL;
    for (char *name = strtok_r(names, ",\n", &save); name; name = strtok_r(NULL, ",\n", &save))
        table_add_column(table, name);
    for (int i = 0; i < rows; i++) {
        double f = 10.0 * pow(10.0, 4.0 * i / (rows - 1));
        double complex value[] = {hot_of(f),      sum_of(f) - hot_of(f), y_of(f),
                                  -0.5 * y_of(f), 2.0 * y_of(f),         I * y_of(f)};
        size_t row = table_add_row(table);
        table_put_number(table, row, 0, f, 17);
        for (int k = 0; k < 6; k++) {
            table_put_number(table, row, 1 + 2 * k, creal(value[k]), 17);
            table_put_number(table, row, 2 + 2 * k, cimag(value[k]), 17);
        }
    }
    ck_assert_int_eq(device_new(&device, table, NULL), CMRR_OK);
    free(names);
    table_free(table);
    return device;
}

/* `tolerance` relative to each quantity. */
static void check_at(const struct device *device, double f, double tolerance)
{
    struct device_point p;
    size_t hint = 0;
    device_at(device, f, &hint, &p);
    ck_assert_msg(cabs(p.t_sum / sum_of(f) - 1.0) < tolerance, "sum at %g Hz", f);
    ck_assert_msg(cabs(p.t_diff / (hot_of(f) - 0.5 * sum_of(f)) - 1.0) < tolerance, "difference at %g Hz", f);
    ck_assert_msg(cabs(p.y[0][0] / y_of(f) - 1.0) < tolerance, "y11 at %g Hz", f);
    ck_assert_msg(cabs(p.y[0][1] / (-0.5 * y_of(f)) - 1.0) < tolerance, "y12 at %g Hz", f);
    ck_assert_msg(cabs(p.y[1][0] / (2.0 * y_of(f)) - 1.0) < tolerance, "y21 at %g Hz", f);
    ck_assert_msg(cabs(p.y[1][1] / (I * y_of(f)) - 1.0) < tolerance, "y22 at %g Hz", f);
}

/* The sum is a difference of numbers of size 1: 1e-16 / 1e-5. */
START_TEST(the_spline_meets_every_row)
{
    struct device *device = curved(97);
    for (int i = 0; i < 97; i++)
        check_at(device, 10.0 * pow(10.0, 4.0 * i / 96), 1e-10);
    device_free(device);
}
END_TEST

/* 24 rows an octave: h = ln 2 / 24; the error 5/384 h^4 times the fourth derivative (up to about 5) is 5e-8. */
START_TEST(between_rows_a_smooth_device_is_met_to_1e_7)
{
    struct device *device = curved(320);
    for (double f = 12.0; f < 80000.0; f *= 1.0137)
        check_at(device, f, 1e-7);
    device_free(device);
}
END_TEST

/* Value, slope and curvature with respect to log f are continuous at a row: differences shrink with the step. */
START_TEST(the_spline_has_no_kinks)
{
    struct device *device = curved(40);
    double f = 10.0 * pow(10.0, 4.0 * 17 / 39), d = 1e-4;
    struct device_point p[5];
    for (int i = 0; i < 5; i++) {
        size_t hint = 0;
        device_at(device, f * exp(d * (i - 2)), &hint, &p[i]);
    }
    double complex left = p[0].t_diff - 2.0 * p[1].t_diff + p[2].t_diff;
    double complex right = p[2].t_diff - 2.0 * p[3].t_diff + p[4].t_diff;
    ck_assert_double_le(cabs(left - right), 1e-2 * cabs(left) + 1e-15);
    device_free(device);
}
END_TEST

/*
 * The fitted quotient meets a circuit of order 3 to its tolerance of 1e-9 at the rows; a decade below them, where only
 * the circuit's own form leads, 1e-6 of the largest value is left. At 0 nothing is imaginary.
 */
START_TEST(below_the_first_row_goes_on_as_the_circuit_would)
{
    struct device *device = curved(320);
    static const double freq_hz[] = {0.0, 1.0, 2.0, 4.0, 8.0};
    for (int i = 0; i < 5; i++) {
        struct device_point p;
        size_t hint = 0;
        device_at(device, freq_hz[i], &hint, &p);
        double complex t_diff = hot_of(freq_hz[i]) - 0.5 * sum_of(freq_hz[i]);
        ck_assert_double_le(cabs(p.t_diff - t_diff), 1e-6);
        ck_assert_double_le(cabs(p.t_sum - sum_of(freq_hz[i])), 1e-6 * 1e-5);
        ck_assert_double_le(cabs(p.y[0][0] - y_of(freq_hz[i])), 1e-6 * 1e-5);
        if (freq_hz[i] == 0.0)
            ck_assert_double_le(fabs(cimag(p.t_diff)), 1e-15);
    }
    device_free(device);
}
END_TEST

/* The fit and the spline meet in value at the first row. */
START_TEST(the_extension_joins_the_spline)
{
    struct device *device = curved(320);
    struct device_point below, at;
    size_t hint = 0;
    device_at(device, 10.0 * (1.0 - 1e-12), &hint, &below);
    device_at(device, 10.0, &hint, &at);
    ck_assert_double_le(cabs(at.t_diff - below.t_diff), 1e-11);
    device_free(device);
}
END_TEST

START_TEST(above_the_last_row_the_values_are_held)
{
    struct device *device = curved(50);
    struct device_point last, beyond;
    size_t hint = 0;
    device_at(device, 100000.0, &hint, &last);
    device_at(device, 1e9, &hint, &beyond);
    ck_assert_double_eq_tol(cabs(beyond.t_diff - last.t_diff), 0.0, 1e-12);
    ck_assert_double_eq_tol(cabs(beyond.y[1][1] - last.y[1][1]), 0.0, 1e-15);
    device_free(device);
}
END_TEST

START_TEST(the_hint_changes_nothing)
{
    struct device *device = curved(50);
    for (size_t start = 0; start < 200; start += 7)
        for (double f = 1.0; f < 2e5; f *= 1.7) {
            struct device_point a, b;
            size_t none = 0, some = start;
            device_at(device, f, &none, &a);
            device_at(device, f, &some, &b);
            ck_assert_double_eq(creal(a.t_sum), creal(b.t_sum));
            ck_assert_double_eq(cimag(a.y[1][0]), cimag(b.y[1][0]));
        }
    device_free(device);
}
END_TEST

#define ROW(f) f ",1,0,-1,0,1e-5,0,0,0,0,0,1e-5,0\n"

START_TEST(broken_device_files_are_refused_by_name_row_and_column)
{
    refused(ROW("1") ROW("2"), "2 rows");
    refused(ROW("1") ROW("3") ROW("2"), "row 3: freq_hz 2: must be positive and ascending");
    refused(ROW("1") ROW("1") ROW("2"), "row 2");
    refused(ROW("0") ROW("1") ROW("2"), "row 1: freq_hz 0");
    refused(ROW("-1") ROW("1") ROW("2"), "row 1: freq_hz -1");
    refused(ROW("") ROW("1") ROW("2"), "row 1: freq_hz is empty");
    refused(ROW("1") ROW("2") "3,1,0,-1,0,nan,0,0,0,0,0,1e-5,0\n", "row 3, y11_re: 'nan'");
    refused(ROW("1") ROW("2") "3,1,0,-1,0,,0,0,0,0,0,1e-5,0\n", "y11_re is empty");
    refused(ROW("1") ROW("2") "3,1e999,0,-1,0,1,0,0,0,0,0,1e-5,0\n", "t_hot_re");
}
END_TEST

START_TEST(a_missing_column_is_named)
{
    struct device *device = NULL;
    struct cmrr_error why = {0};
    ck_assert_int_eq(read_text(&device, "freq_hz,t_hot_re\n1,1\n", &why), CMRR_BAD_FILE);
    ck_assert_ptr_nonnull(strstr(why.text, "t_hot_im"));
}
END_TEST

/* Numbers that are finite by themselves, but not what is made of them. */
START_TEST(values_too_large_to_compute_with_are_refused)
{
    refused("1,1e308,0,1e308,0,1,0,0,0,0,0,1,0\n" ROW("2") ROW("3"), "row 1");
    refused(ROW("1") "2,0,0,0,0,1e300,0,0,0,0,0,1e300,0\n" ROW("3"), "row 2");
}
END_TEST

START_TEST(the_name_comes_from_the_key_or_the_file)
{
    char text[2000];
    struct device *device = NULL;
    snprintf(text, sizeof text, "# name: desk\n%s" ROW("1") ROW("2") ROW("3"), head);
    ck_assert_int_eq(read_text(&device, text, NULL), CMRR_OK);
    ck_assert_str_eq(device_name(device), "desk");
    device_free(device);
    ck_assert_int_eq(read_text(&device, strchr(text, '\n') + 1, NULL), CMRR_OK);
    ck_assert_str_eq(device_name(device), "d.csv");
    device_free(device);
    device_free(NULL);
}
END_TEST

START_TEST(every_device_file_of_the_tree_can_be_read)
{
    static const char *const files[] = {"calib/duts/active.csv", "calib/duts/active-trimmed.csv",
                                        "calib/duts/transformer.csv", "calib/duts/unbalanced.csv",
                                        "tests/data/truth/swapped.csv"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct table *table = NULL;
        struct device *device = NULL;
        struct cmrr_error why = {0};
        ck_assert_msg(file_read_table(bench_source(files[i]), &table, &why) == CMRR_OK, "%s", why.text);
        ck_assert_msg(device_new(&device, table, &why) == CMRR_OK, "%s", why.text);
        device_free(device);
        table_free(table);
    }
}
END_TEST

int main(void)
{
    const TTest *tests[] = {the_spline_meets_every_row,
                            between_rows_a_smooth_device_is_met_to_1e_7,
                            the_spline_has_no_kinks,
                            below_the_first_row_goes_on_as_the_circuit_would,
                            the_extension_joins_the_spline,
                            above_the_last_row_the_values_are_held,
                            the_hint_changes_nothing,
                            broken_device_files_are_refused_by_name_row_and_column,
                            a_missing_column_is_named,
                            values_too_large_to_compute_with_are_refused,
                            the_name_comes_from_the_key_or_the_file,
                            every_device_file_of_the_tree_can_be_read};
    return suite_run("device", tests, sizeof tests / sizeof *tests);
}
