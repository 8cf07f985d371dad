/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/grid.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "../support/suite.h"

static const unsigned rates[] = {44100, 48000, 96000, 192000};
static const char *const series[] = {"20:20000/1",  "20:20000/3",    "20:20000/6",      "20:20000/12",
                                     "20:20000/24", "20:20000/7dec", "20:20000/100dec", "1:20000/24"};

static struct grid made(const char *spec, enum grid_kind kind, unsigned rate_hz)
{
    struct grid grid = {.count = 0};
    struct cmrr_error why = {0};
    ck_assert_msg(grid_make(&grid, spec, kind, rate_hz, &why) == CMRR_OK, "%s", why.text);
    return grid;
}

static void check_list(const char *spec, enum grid_kind kind, const double *freq_hz, size_t count)
{
    struct grid grid = made(spec, kind, 48000);
    ck_assert_uint_eq(grid.count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(grid.tone[i].freq_hz == freq_hz[i], "%s: %g instead of %g", spec, grid.tone[i].freq_hz,
                      freq_hz[i]);
    grid_free(&grid);
}

static void refused(const char *spec, enum grid_kind kind, unsigned rate_hz)
{
    struct grid grid = {.count = 77};
    struct cmrr_error why = {0};
    ck_assert_msg(grid_make(&grid, spec, kind, rate_hz, &why) == CMRR_USAGE, "'%.60s' accepted", spec);
    ck_assert_msg(strncmp(why.text, "freqs: ", 7) == 0, "said: %s", why.text);
    ck_assert_uint_eq(grid.count, 77);
}

/* By hand from the rule: 5 Hz from all multiples of 50 and 60 up to 800 Hz, 25 Hz (300 m +- 25) above; the nearest. */
START_TEST(third_octaves_snap_to_the_documented_hum_safe_tones)
{
    static const double freq_hz[] = {20,   25,   32,   40,   45,   65,   80,    95,    125,  160,  195,
                                     245,  315,  395,  495,  630,  795,  925,   1225,  1525, 2075, 2425,
                                     3025, 3925, 5075, 6275, 8075, 9925, 12575, 15925, 19825};
    check_list("20:20000/3", GRID_HUM_SAFE, freq_hz, sizeof freq_hz / sizeof *freq_hz);
}
END_TEST

START_TEST(exact_third_octaves_are_the_nominal_ones)
{
    static const double freq_hz[] = {20,   25,   32,   40,   50,   63,    80,    100,   125,  160,  200,
                                     250,  315,  400,  500,  630,  800,   1000,  1250,  1600, 2000, 2500,
                                     3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000};
    check_list("20:20000/3", GRID_EXACT, freq_hz, sizeof freq_hz / sizeof *freq_hz);
}
END_TEST

START_TEST(octaves_are_those_around_1_khz)
{
    static const double freq_hz[] = {32, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16000};
    check_list("20:20000/1", GRID_EXACT, freq_hz, 10);
}
END_TEST

/* 1000 x 10^(0.3 k / 6), IEC 61260's exact mid-band frequencies. */
START_TEST(sixths_of_octaves_are_base_ten)
{
    static const double freq_hz[] = {501, 562, 631, 708, 794, 891, 1000};
    check_list("500:1000/6", GRID_EXACT, freq_hz, 7);
}
END_TEST

START_TEST(decades_begin_at_the_lower_end)
{
    static const double freq_hz[] = {30, 95, 300, 949, 3000};
    check_list("30:3000/2dec", GRID_EXACT, freq_hz, 5);
}
END_TEST

START_TEST(a_list_is_sorted_and_what_falls_together_is_kept_once)
{
    static const double freq_hz[] = {60, 1000, 10000};
    check_list("10000,60,1000,1000.3", GRID_EXACT, freq_hz, 3);
}
END_TEST

/* Counted out by loops over the multiples themselves, not by the module's arithmetic. */
static double distance_to_mains(double freq_hz)
{
    double nearest = INFINITY;
    for (int multiple = 50; multiple < 25000; multiple += 50)
        nearest = fmin(nearest, fabs(freq_hz - multiple));
    for (int multiple = 60; multiple < 25000; multiple += 60)
        nearest = fmin(nearest, fabs(freq_hz - multiple));
    return nearest;
}

START_TEST(every_hum_safe_tone_of_every_series_keeps_its_clearance)
{
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++)
        for (size_t s = 0; s < sizeof series / sizeof *series; s++) {
            struct grid grid = made(series[s], GRID_HUM_SAFE, rates[r]);
            for (size_t i = 0; i < grid.count; i++) {
                double f = grid.tone[i].freq_hz;
                ck_assert_msg(distance_to_mains(f) >= (f <= 800.0 ? 5.0 : 25.0), "%s: %g Hz", series[s], f);
                ck_assert_msg(f < 800.0 || fabs(remainder(f, 1000.0)) >= 25.0, "%s: %g Hz: USB frames", series[s], f);
            }
            grid_free(&grid);
        }
}
END_TEST

START_TEST(every_tone_is_coherent_below_half_the_rate_and_ascending)
{
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++)
        for (size_t s = 0; s < sizeof series / sizeof *series; s++)
            for (int kind = GRID_HUM_SAFE; kind <= GRID_EXACT; kind++) {
                struct grid grid = made(series[s], (enum grid_kind)kind, rates[r]);
                for (size_t i = 0; i < grid.count; i++) {
                    const struct grid_tone *tone = &grid.tone[i];
                    /* f = k fs / n, in integers: all our frequencies are whole Hz. */
                    ck_assert_uint_eq(tone->cycles * rates[r], (uint64_t)tone->freq_hz * tone->window_frames);
                    ck_assert_double_eq(tone->freq_hz, floor(tone->freq_hz));
                    ck_assert(tone->freq_hz >= 1.0 && tone->freq_hz <= 20003.0);
                    ck_assert(i == 0 || tone->freq_hz > tone[-1].freq_hz);
                }
                grid_free(&grid);
            }
}
END_TEST

START_TEST(windows_are_a_second_below_2_khz_and_on_the_exact_grid)
{
    struct grid safe = made("20:20000/3", GRID_HUM_SAFE, 44100), exact = made("20:20000/3", GRID_EXACT, 44100);
    for (size_t i = 0; i < safe.count; i++)
        ck_assert_uint_eq(safe.tone[i].window_frames, safe.tone[i].freq_hz < 2000.0 ? 44100 : 17640);
    for (size_t i = 0; i < exact.count; i++)
        ck_assert_uint_eq(exact.tone[i].window_frames, 44100);
    grid_free(&safe);
    grid_free(&exact);
}
END_TEST

/* Under the 4-term window a line reaches 3 bins: a tone of fewer than 4 cycles runs into DC and its own image. */
START_TEST(the_lowest_tones_make_at_least_four_cycles)
{
    struct grid grid = made("1,2,3,4,5", GRID_EXACT, 48000);
    ck_assert_uint_eq(grid.count, 5);
    for (size_t i = 0; i < grid.count; i++)
        ck_assert_uint_ge(grid.tone[i].cycles, 4);
    grid_free(&grid);
}
END_TEST

START_TEST(snapping_stays_inside_the_range)
{
    ck_assert_double_eq(grid_snap_hum_safe(1000.0, 20.0, 20000.0), 925.0);
    ck_assert_double_eq(grid_snap_hum_safe(1000.0, 990.0, 20000.0), 1175.0);
    ck_assert_double_eq(grid_snap_hum_safe(20000.0, 20.0, 20000.0), 19825.0);
    ck_assert_double_eq(grid_snap_hum_safe(20.0, 20.0, 20000.0), 20.0);
    ck_assert_double_eq(grid_snap_hum_safe(100.0, 20.0, 20000.0), 95.0);
    ck_assert(isnan(grid_snap_hum_safe(1000.0, 990.0, 1010.0)));
    refused("990:1010/3", GRID_HUM_SAFE, 48000);
}
END_TEST

START_TEST(what_cannot_be_read_is_refused_in_a_sentence)
{
    static const char *const bad[] = {"",
                                      ",",
                                      "1000,",
                                      ",1000",
                                      "1000,,2000",
                                      "abc",
                                      "20:20000",
                                      "20:20000/",
                                      "20:20000/5",
                                      "20:20000/3x",
                                      "20:20000/3dec4",
                                      "20:20000/0dec",
                                      "20:20000/101dec",
                                      "20:20000/2.5dec",
                                      "20:20000/-3",
                                      "20000:20/3",
                                      ":/",
                                      "::/3",
                                      "20::20000/3",
                                      "0.5:100/3",
                                      "0:100/3",
                                      "-20:20000/3",
                                      "20:inf/3",
                                      "20:nan/3",
                                      "20:1e9/3",
                                      "0",
                                      "-60",
                                      "nan",
                                      "1e99",
                                      "60 1000",
                                      "60;1000",
                                      "20:20000/3,60",
                                      "30000",
                                      "20:30000/3",
                                      "20:20000/ 3",
                                      "1001:1002/1",
                                      "20:20000/3/3",
                                      "20:20000dec",
                                      "20:20000/dec"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(bad[i], GRID_EXACT, 48000);
}
END_TEST

START_TEST(an_endless_list_is_refused)
{
    static char list[20000];
    for (size_t i = 0; i < 2000; i++)
        snprintf(list + strlen(list), 8, "%zu,", 100 + i);
    list[strlen(list) - 1] = '\0';
    refused(list, GRID_EXACT, 48000);
    memset(list, '9', sizeof list - 1);
    refused(list, GRID_EXACT, 48000);
}
END_TEST

START_TEST(the_top_is_20_khz_at_44100)
{
    struct grid grid = made("20000", GRID_EXACT, 44100);
    grid_free(&grid);
    refused("20100", GRID_EXACT, 44100);
    refused("22000", GRID_EXACT, 48000);
}
END_TEST

START_TEST(kinds_are_read_by_name)
{
    enum grid_kind kind = GRID_EXACT;
    struct cmrr_error why = {0};
    ck_assert_int_eq(grid_kind_parse(&kind, "hum-safe", NULL), CMRR_OK);
    ck_assert_int_eq(kind, GRID_HUM_SAFE);
    ck_assert_int_eq(grid_kind_parse(&kind, "exact", NULL), CMRR_OK);
    ck_assert_int_eq(kind, GRID_EXACT);
    ck_assert_int_eq(grid_kind_parse(&kind, "Exact", &why), CMRR_USAGE);
    ck_assert_ptr_nonnull(strstr(why.text, "hum-safe"));
}
END_TEST

int main(void)
{
    const TTest *tests[] = {third_octaves_snap_to_the_documented_hum_safe_tones,
                            exact_third_octaves_are_the_nominal_ones,
                            octaves_are_those_around_1_khz,
                            sixths_of_octaves_are_base_ten,
                            decades_begin_at_the_lower_end,
                            a_list_is_sorted_and_what_falls_together_is_kept_once,
                            every_hum_safe_tone_of_every_series_keeps_its_clearance,
                            every_tone_is_coherent_below_half_the_rate_and_ascending,
                            windows_are_a_second_below_2_khz_and_on_the_exact_grid,
                            the_lowest_tones_make_at_least_four_cycles,
                            snapping_stays_inside_the_range,
                            what_cannot_be_read_is_refused_in_a_sentence,
                            an_endless_list_is_refused,
                            the_top_is_20_khz_at_44100,
                            kinds_are_read_by_name};
    return suite_run("grid", tests, sizeof tests / sizeof *tests);
}
