/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "../../src/audio/alsa_convert.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "suite.h"

static const struct alsa_layout s32 = {ALSA_S32, 24, 1}, s24_3 = {ALSA_S24_3, 24, 1}, s24 = {ALSA_S24, 24, 1},
                                single = {ALSA_FLOAT, 24, 1};
static const struct alsa_layout *const all[] = {&s32, &s24_3, &s24, &single};
enum { LAYOUTS = sizeof all / sizeof all[0] };

static const double code = 0x1p-23; /* one step of 24 bits */

static double round_trip(const struct alsa_layout *layout, double sample)
{
    unsigned char raw[4] = {0xaa, 0xaa, 0xaa, 0xaa};
    double back = NAN;
    alsa_encode(layout, 0, &sample, 1, raw, 1);
    alsa_decode(layout, 0, raw, &back, 1, 1);
    return back;
}

static void check_bytes(const struct alsa_layout *layout, double sample, const char *bytes, size_t count)
{
    unsigned char raw[5] = {0, 0, 0, 0, 0x5a};
    alsa_encode(layout, 0, &sample, 1, raw, 1);
    ck_assert_mem_eq(raw, bytes, count);
    ck_assert_uint_eq(raw[4], 0x5a);
}

START_TEST(knows_the_size_of_a_frame)
{
    ck_assert_uint_eq(alsa_frame_bytes(&(struct alsa_layout){ALSA_S32, 24, 2}), 8);
    ck_assert_uint_eq(alsa_frame_bytes(&(struct alsa_layout){ALSA_S24_3, 24, 10}), 30);
    ck_assert_uint_eq(alsa_frame_bytes(&(struct alsa_layout){ALSA_S24, 24, 1}), 4);
    ck_assert_uint_eq(alsa_frame_bytes(&(struct alsa_layout){ALSA_FLOAT, 24, 3}), 12);
}
END_TEST

START_TEST(stores_the_bytes_that_alsa_documents)
{
    double sample = 0x123456 * code;
    check_bytes(&s32, sample, "\x00\x56\x34\x12", 4);
    check_bytes(&s24_3, sample, "\x56\x34\x12", 3);
    check_bytes(&s24, sample, "\x56\x34\x12\x00", 4);
    check_bytes(&single, 0.5, "\x00\x00\x00\x3f", 4);
}
END_TEST

START_TEST(stores_negative_samples_in_twos_complement)
{
    check_bytes(&s32, -code, "\x00\xff\xff\xff", 4);
    check_bytes(&s24_3, -code, "\xff\xff\xff", 3);
    check_bytes(&s24, -code, "\xff\xff\xff\xff", 4);
    check_bytes(&s24_3, -1.0, "\x00\x00\x80", 3);
}
END_TEST

START_TEST(extends_the_sign_of_three_bytes)
{
    double sample = 0.0;
    alsa_decode(&s24_3, 0, (const unsigned char *)"\xfe\xff\xff", &sample, 1, 1);
    ck_assert_double_eq(sample, -2.0 * code);
    alsa_decode(&s24_3, 0, (const unsigned char *)"\x00\x00\x80", &sample, 1, 1);
    ck_assert_double_eq(sample, -1.0);
    alsa_decode(&s24_3, 0, (const unsigned char *)"\xff\xff\x7f", &sample, 1, 1);
    ck_assert_double_eq(sample, 1.0 - code);
}
END_TEST

START_TEST(ignores_what_a_driver_leaves_in_the_fourth_byte)
{
    double sample = 0.0;
    alsa_decode(&s24, 0, (const unsigned char *)"\xfe\xff\xff\x00", &sample, 1, 1);
    ck_assert_double_eq(sample, -2.0 * code);
    alsa_decode(&s24, 0, (const unsigned char *)"\x01\x00\x00\xff", &sample, 1, 1);
    ck_assert_double_eq(sample, code);
}
END_TEST

START_TEST(keeps_all_32_bits_of_a_capture)
{
    double sample = 0.0;
    alsa_decode(&s32, 0, (const unsigned char *)"\x01\x00\x00\x80", &sample, 1, 1);
    ck_assert_double_eq(sample, -1.0 + 0x1p-31);
}
END_TEST

START_TEST(returns_every_24_bit_code_exactly)
{
    const struct alsa_layout *layout = all[_i];
    size_t wrong = 0;
    /* 509 is prime to 2^24: steps of it visit codes of every bit pattern; both ends are there. */
    for (long n = -0x800000; n <= 0x7fffff; n += 509)
        wrong += round_trip(layout, (double)n * code) != (double)n * code;
    ck_assert_uint_eq(wrong, 0);
    ck_assert_double_eq(round_trip(layout, 0x7fffff * code), 0x7fffff * code);
}
END_TEST

START_TEST(rounds_to_the_nearest_code_and_ties_to_even)
{
    const struct alsa_layout *layout = all[_i];
    ck_assert_double_eq(round_trip(layout, 5.49 * code), 5.0 * code);
    ck_assert_double_eq(round_trip(layout, 5.51 * code), 6.0 * code);
    ck_assert_double_eq(round_trip(layout, -5.49 * code), -5.0 * code);
    ck_assert_double_eq(round_trip(layout, -5.51 * code), -6.0 * code);
    ck_assert_double_eq(round_trip(layout, 4.5 * code), 4.0 * code);
    ck_assert_double_eq(round_trip(layout, 5.5 * code), 6.0 * code);
}
END_TEST

START_TEST(saturates_instead_of_wrapping)
{
    const struct alsa_layout *layout = all[_i];
    ck_assert_double_eq(round_trip(layout, 1.0), 1.0 - code);
    ck_assert_double_eq(round_trip(layout, 1.0 - 0.4 * code), 1.0 - code);
    ck_assert_double_eq(round_trip(layout, 1e300), 1.0 - code);
    ck_assert_double_eq(round_trip(layout, INFINITY), 1.0 - code);
    ck_assert_double_eq(round_trip(layout, -1.0 - code), -1.0);
    ck_assert_double_eq(round_trip(layout, -INFINITY), -1.0);
}
END_TEST

START_TEST(plays_silence_for_what_is_not_a_number)
{
    ck_assert_double_eq(round_trip(all[_i], NAN), 0.0);
}
END_TEST

START_TEST(counts_the_largest_code_as_clipped)
{
    ck_assert_double_eq(alsa_clip_ratio(all[_i]), round_trip(all[_i], 1.0));
    ck_assert_double_lt(round_trip(all[_i], 1.0 - 2.0 * code), alsa_clip_ratio(all[_i]));
}
END_TEST

START_TEST(rounds_at_the_last_bit_of_a_narrower_converter)
{
    struct alsa_layout layout = {ALSA_S32, 20, 1};
    ck_assert_double_eq(round_trip(&layout, 3.4 * 0x1p-19), 3.0 * 0x1p-19);
    ck_assert_double_eq(round_trip(&layout, 1.0), 1.0 - 0x1p-19);
    ck_assert_double_eq(alsa_clip_ratio(&layout), 1.0 - 0x1p-19);
}
END_TEST

START_TEST(touches_only_its_own_channel)
{
    struct alsa_layout layout = {ALSA_S24_3, 24, 3};
    const double samples[4] = {0.25, 9.0, -0.25, 9.0};
    double back[2] = {0};
    unsigned char raw[18], untouched[18];
    memset(raw, 0x11, sizeof raw);
    memset(untouched, 0x11, sizeof untouched);
    alsa_encode(&layout, 1, samples, 2, raw, 2);
    ck_assert_mem_eq(raw, untouched, 3);
    ck_assert_mem_eq(raw + 6, untouched, 6);
    ck_assert_mem_eq(raw + 15, untouched, 3);
    alsa_decode(&layout, 1, raw, back, 1, 2);
    ck_assert_double_eq(back[0], 0.25);
    ck_assert_double_eq(back[1], -0.25);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alsa_convert");
    TCase *tcase = tcase_create("formats");
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, knows_the_size_of_a_frame);
    tcase_add_test(tcase, stores_the_bytes_that_alsa_documents);
    tcase_add_test(tcase, stores_negative_samples_in_twos_complement);
    tcase_add_test(tcase, extends_the_sign_of_three_bytes);
    tcase_add_test(tcase, ignores_what_a_driver_leaves_in_the_fourth_byte);
    tcase_add_test(tcase, keeps_all_32_bits_of_a_capture);
    tcase_add_test(tcase, rounds_at_the_last_bit_of_a_narrower_converter);
    tcase_add_test(tcase, touches_only_its_own_channel);
    tcase_add_loop_test(tcase, returns_every_24_bit_code_exactly, 0, LAYOUTS);
    tcase_add_loop_test(tcase, rounds_to_the_nearest_code_and_ties_to_even, 0, LAYOUTS);
    tcase_add_loop_test(tcase, saturates_instead_of_wrapping, 0, LAYOUTS);
    tcase_add_loop_test(tcase, plays_silence_for_what_is_not_a_number, 0, LAYOUTS);
    tcase_add_loop_test(tcase, counts_the_largest_code_as_clipped, 0, LAYOUTS);
    return suite_finish(suite);
}
