/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/sim.h"

#include <string.h>
#include "../support/suite.h"

static struct sim_args parsed(const char *text)
{
    struct sim_args args;
    struct cmrr_error why = {0};
    ck_assert_msg(sim_args_parse(&args, text, &why) == CMRR_OK, "%s", why.text);
    return args;
}

static void refused(const char *text, const char *words)
{
    struct sim_args args = {.seed = 77};
    struct cmrr_error why = {0};
    ck_assert_msg(sim_args_parse(&args, text, &why) == CMRR_USAGE, "accepted: %s", text);
    ck_assert_msg(strstr(why.text, words), "said: %s", why.text);
    ck_assert_double_eq(args.seed, 77);
}

/* Structs hold padding, so field by field. */
static void check_same(const struct sim_args *a, const struct sim_args *b)
{
    ck_assert_str_eq(a->dut, b->dut);
    ck_assert_double_eq(a->mismatch_db, b->mismatch_db);
    ck_assert_double_eq(a->skew_ns, b->skew_ns);
    ck_assert_double_eq(a->crosstalk_db, b->crosstalk_db);
    ck_assert_double_eq(a->crosstalk_slope, b->crosstalk_slope);
    ck_assert_double_eq(a->noise_dbfs, b->noise_dbfs);
    ck_assert_double_eq(a->hum_hz, b->hum_hz);
    ck_assert_double_eq(a->hum_dbfs, b->hum_dbfs);
    ck_assert_double_eq(a->r_source_ohm, b->r_source_ohm);
    ck_assert_double_eq(a->r_source_diff_ohm, b->r_source_diff_ohm);
    ck_assert_double_eq(a->r_tie_ohm, b->r_tie_ohm);
    ck_assert_double_eq(a->dr_hot_ohm, b->dr_hot_ohm);
    ck_assert_double_eq(a->dr_cold_ohm, b->dr_cold_ohm);
    ck_assert_double_eq(a->latency_frames, b->latency_frames);
    ck_assert_double_eq(a->speed, b->speed);
    ck_assert_double_eq(a->seed, b->seed);
    ck_assert_double_eq(a->clip_dbfs, b->clip_dbfs);
    ck_assert_int_eq(a->fault, b->fault);
    ck_assert_int_eq(a->fixture, b->fixture);
    ck_assert_int_eq(a->is_ideal, b->is_ideal);
}

START_TEST(every_default_is_the_documented_one)
{
    struct sim_args bare = parsed("sim:");
    struct sim_args written =
        parsed("sim:DUT=active,MISMATCH_DB=0.05,SKEW_NS=20,CROSSTALK_DB=-100,CROSSTALK_SLOPE=flat,"
               "NOISE_DBFS=-110,HUM_HZ=50,HUM_DBFS=-90,R_SOURCE=50,R_SOURCE_DIFF=0.1,R_TIE=0.01,"
               "DR_HOT=0,DR_COLD=0,LATENCY=512,SPEED=0,SEED=1");
    check_same(&bare, &written);
    ck_assert_double_eq(bare.clip_dbfs, 0.0);
    ck_assert(bare.fault == FAULT_NONE && bare.fixture == SIM_FIXTURE_OK && !bare.is_ideal);
}
END_TEST

START_TEST(ideal_takes_everything_away_but_what_is_written)
{
    struct sim_args args = parsed("sim:SKEW_NS=5,IDEAL=1,R_TIE=0.2");
    ck_assert(args.is_ideal);
    ck_assert_double_eq(args.skew_ns, 5.0);
    ck_assert_double_eq(args.r_tie_ohm, 0.2);
    ck_assert_double_eq(args.mismatch_db, 0.0);
    ck_assert_double_eq(args.crosstalk_db, -300.0);
    ck_assert_double_eq(args.noise_dbfs, -300.0);
    ck_assert_double_eq(args.hum_dbfs, -300.0);
    ck_assert_double_eq(args.r_source_ohm, 50.0);
    ck_assert_double_eq(args.r_source_diff_ohm, 0.0);
    ck_assert(!parsed("sim:IDEAL=0").is_ideal);
}
END_TEST

START_TEST(words_are_read)
{
    ck_assert_int_eq(parsed("sim:FAULT=cold-open").fault, FAULT_COLD_OPEN);
    ck_assert_int_eq(parsed("sim:FAULT=disconnected").fault, FAULT_DISCONNECTED);
    ck_assert_int_eq(parsed("sim:FIXTURE=hang").fixture, SIM_FIXTURE_HANG);
    ck_assert_double_eq(parsed("sim:CROSSTALK_SLOPE=6").crosstalk_slope, 6.0);
    ck_assert_double_eq(parsed("sim:CROSSTALK_SLOPE=flat").crosstalk_slope, 0.0);
}
END_TEST

START_TEST(a_backslash_keeps_a_comma_in_a_value)
{
    ck_assert_str_eq(parsed("sim:DUT=/tmp/a\\,b\\\\c=d.csv,SEED=2").dut, "/tmp/a,b\\c=d.csv");
    ck_assert_str_eq(parsed("sim:DUT=/tmp/a\\").dut, "/tmp/a\\");
}
END_TEST

START_TEST(an_unknown_key_is_answered_by_the_nearest)
{
    refused("sim:NOISE=-90", "did you mean NOISE_DBFS?");
    refused("sim:SKEW=5", "did you mean SKEW_NS?");
    refused("sim:R_TEI=5", "did you mean R_TIE?");
    refused("sim:seed=5", "unknown key 'seed'");
    refused("sim:=5", "unknown key ''");
}
END_TEST

START_TEST(what_cannot_be_is_refused_in_a_sentence)
{
    refused("hw:0", "does not begin with sim:");
    refused("sim", "does not begin with sim:");
    refused("sim:SEED", "'SEED' is not KEY=VALUE");
    refused("sim:,", "is not KEY=VALUE");
    refused("sim:SEED=1,SEED=1", "SEED is given twice");
    refused("sim:IDEAL=1,IDEAL=0", "IDEAL is given twice");
    refused("sim:IDEAL=yes", "IDEAL=yes");
    refused("sim:SEED=x", "SEED=x");
    refused("sim:SEED=", "SEED=");
    refused("sim:SEED=1.5", "whole number");
    refused("sim:SEED=-1", "from 0");
    refused("sim:LATENCY=255", "from 256");
    refused("sim:LATENCY=3e6", "to 100000");
    refused("sim:LATENCY=300.5", "whole number");
    refused("sim:MISMATCH_DB=7", "from -6 to 6");
    refused("sim:NOISE_DBFS=nan", "NOISE_DBFS=nan");
    refused("sim:R_SOURCE=-1", "R_SOURCE=-1");
    refused("sim:FAULT=broken", "one of none, hot-open");
    refused("sim:FIXTURE=", "one of ok");
    refused("sim:CROSSTALK_SLOPE=7", "flat, 6");
    refused("sim:DUT=", "DUT");
    refused("sim:DRIFT_DB_S=1", "cannot be simulated yet");
    refused("sim:XRUN_AT=1", "cannot be simulated yet");
    refused("sim:UNPLUG_AT=1", "cannot be simulated yet");
}
END_TEST

/* Output 2's source resistance is the sum of two settings, and no resistance is negative. */
START_TEST(a_negative_source_resistance_is_refused)
{
    refused("sim:R_SOURCE=50,R_SOURCE_DIFF=-51", "R_SOURCE_DIFF");
    ck_assert_double_eq(parsed("sim:R_SOURCE=50,R_SOURCE_DIFF=-50").r_source_diff_ohm, -50.0);
}
END_TEST

START_TEST(endless_arguments_are_refused)
{
    char text[3000] = "sim:DUT=";
    memset(text + 8, 'x', sizeof text - 9);
    refused(text, "longer than");
    text[8 + 550] = '\0';
    refused(text, "DUT");
    memset(text + 4, 'x', 560);
    text[564] = '=';
    text[565] = '\0';
    refused(text, "unknown key");
}
END_TEST

int main(void)
{
    const TTest *tests[] = {every_default_is_the_documented_one,
                            ideal_takes_everything_away_but_what_is_written,
                            words_are_read,
                            a_backslash_keeps_a_comma_in_a_value,
                            an_unknown_key_is_answered_by_the_nearest,
                            what_cannot_be_is_refused_in_a_sentence,
                            a_negative_source_resistance_is_refused,
                            endless_arguments_are_refused};
    return suite_run("sim_args", tests, sizeof tests / sizeof *tests);
}
