/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/reading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/rng.h"
#include "../support/suite.h"

static struct reading drawn(struct rng *rng)
{
    unsigned leg = (unsigned)(rng_next(rng) % 3);
    return (struct reading){.stream = 1 + (unsigned)(rng_next(rng) % 9),
                            .block = 1 + (unsigned)(rng_next(rng) % 99),
                            .pass = (enum pass)(rng_next(rng) % PASS_COUNT),
                            .position = {(enum wiring)(rng_next(rng) % WIRING_COUNT), (enum leg)leg, leg ? 10.0 : 0.0},
                            .mode = (enum mode)(rng_next(rng) % MODE_COUNT),
                            .freq_hz = (double)(1 + rng_next(rng) % 20000),
                            .t_s = 1000.0 * rng_uniform(rng),
                            .frames = 1 + rng_next(rng) % 1000000,
                            .latency_frames = (int64_t)(rng_next(rng) % 100000) - 100,
                            .drive_dbfs = -80.0 * rng_uniform(rng),
                            .drive2 = rng_gauss(rng) + I * rng_gauss(rng),
                            .y = {rng_gauss(rng) + I * 1e-7 * rng_gauss(rng), 1e-8 * rng_uniform(rng), 100.0},
                            .attempt = 1,
                            .flags = (unsigned)(rng_next(rng) % (1u << FLAG_COUNT))};
}

/* 15 significant digits of readings, 6 of their deviation, 12 of time. */
static void check_same(const struct reading *a, const struct reading *b)
{
    ck_assert_uint_eq(a->stream, b->stream);
    ck_assert_uint_eq(a->block, b->block);
    ck_assert_int_eq(a->pass, b->pass);
    ck_assert_int_eq(a->position.wiring, b->position.wiring);
    ck_assert_int_eq(a->position.leg, b->position.leg);
    ck_assert_double_eq(a->position.r_ohm, b->position.r_ohm);
    ck_assert_int_eq(a->mode, b->mode);
    ck_assert_double_eq(a->freq_hz, b->freq_hz);
    ck_assert_double_eq_tol(a->t_s, b->t_s, 1e-9);
    ck_assert_uint_eq(a->frames, b->frames);
    ck_assert_int_eq(a->latency_frames, b->latency_frames);
    ck_assert_double_eq_tol(a->drive_dbfs, b->drive_dbfs, 1e-13);
    ck_assert_double_le(cabs(a->drive2 - b->drive2), 1e-14);
    ck_assert_double_eq_tol(creal(a->y.value), creal(b->y.value), 1e-14 * fabs(creal(a->y.value)));
    ck_assert_double_eq_tol(cimag(a->y.value), cimag(b->y.value), 1e-14 * fabs(cimag(a->y.value)));
    ck_assert_double_eq_tol(a->y.u, b->y.u, 1e-5 * a->y.u);
    ck_assert_double_eq(a->y.nu, b->y.nu);
    ck_assert_uint_eq(a->attempt, b->attempt);
    ck_assert_uint_eq(a->flags, b->flags);
}

START_TEST(readings_survive_their_file)
{
    enum { COUNT = 500 };
    struct rng rng;
    struct reading written[COUNT], *read = NULL;
    struct table *table = readings_table(), *back = NULL;
    size_t count = 0;
    rng_init(&rng, suite_seed(1));
    for (int i = 0; i < COUNT; i++) {
        written[i] = drawn(&rng);
        readings_append(table, &written[i]);
    }
    char *text = table_format(table);
    ck_assert_int_eq(table_parse(&back, text, strlen(text), "steps.csv", NULL), CMRR_OK);
    ck_assert_int_eq(readings_parse(back, &read, &count, NULL), CMRR_OK);
    ck_assert_uint_eq(count, COUNT);
    for (int i = 0; i < COUNT; i++)
        check_same(&written[i], &read[i]);
    free(read);
    free(text);
    table_free(back);
    table_free(table);
}
END_TEST

static const char head[] = "stream,block,pass,state,mode,channel,freq_hz,t_s,frames,latency_frames,drive_dbfs,"
                           "drive2_re,drive2_im,y_re,y_im,s,nu,attempt,flags\n";
#define GOOD "1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,"

static enum cmrr_status parse_rows(const char *rows, size_t *count, struct cmrr_error *why)
{
    char text[4000];
    struct table *table = NULL;
    struct reading *readings = NULL;
    snprintf(text, sizeof text, "%s%s", head, rows);
    ck_assert_int_eq(table_parse(&table, text, strlen(text), "steps.csv", why), CMRR_OK);
    enum cmrr_status status = readings_parse(table, &readings, count, why);
    ck_assert_int_eq(status == CMRR_OK, readings != NULL);
    free(readings);
    table_free(table);
    return status;
}

static void refused(const char *row)
{
    struct cmrr_error why = {0};
    size_t count = 77;
    ck_assert_msg(parse_rows(row, &count, &why) == CMRR_BAD_FILE, "accepted: %s", row);
    ck_assert_msg(strncmp(why.text, "steps.csv: row 1", 16) == 0, "said: %s", why.text);
    ck_assert_uint_eq(count, 77);
}

START_TEST(other_channels_are_passed_over)
{
    size_t count = 0;
    ck_assert_int_eq(parse_rows(GOOD "\n1,1,x,x,x,ref,x,x,x,x,x,x,x,x,x,x,x,x,\n" GOOD "clip|inverted\n", &count, NULL),
                     CMRR_OK);
    ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(hostile_rows_are_refused)
{
    refused("1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,nonsense\n");
    refused("1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,|clip\n");
    refused("1,1,other,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,\"tied,normal\",cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,tied,xx,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,0,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,-5,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,nan,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,-1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,0,1,\n");
    refused("1,1,main,tied,cm,in,1000,1,1e300,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,1000,1,48000,-1e300,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("-1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
}
END_TEST

/* A double beyond the range of unsigned has no defined conversion. */
START_TEST(counts_beyond_their_type_are_refused)
{
    refused("5000000000,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1e14,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1,\n");
    refused("1,1,main,tied,cm,in,1000,1,48000,512,-1,1,0,0.1,0,1e-8,100,1e10,\n");
}
END_TEST

START_TEST(a_missing_column_is_named)
{
    struct table *table = NULL;
    struct reading *readings = NULL;
    struct cmrr_error why = {0};
    size_t count;
    ck_assert_int_eq(table_parse(&table, "stream,block\n", 13, "x.csv", NULL), CMRR_OK);
    ck_assert_int_eq(readings_parse(table, &readings, &count, &why), CMRR_BAD_FILE);
    ck_assert_ptr_nonnull(strstr(why.text, "x.csv: no column pass"));
    table_free(table);
}
END_TEST

START_TEST(flags_are_words_between_bars)
{
    char text[FLAGS_TEXT];
    unsigned flags = 0;
    ck_assert_str_eq(flags_format(0, text), "");
    ck_assert_str_eq(flags_format(FLAG_CLIP | FLAG_LEG_COLD, text), "clip|leg-cold");
    flags_format((1u << FLAG_COUNT) - 1, text);
    ck_assert_uint_lt(strlen(text), FLAGS_TEXT);
    ck_assert_int_eq(flags_parse(text, &flags), CMRR_OK);
    ck_assert_uint_eq(flags, (1u << FLAG_COUNT) - 1);
    ck_assert_int_eq(flags_parse("clip|clipp", &flags), CMRR_RANGE);
    ck_assert_int_eq(flags_parse("cli", &flags), CMRR_RANGE);
}
END_TEST

/* dm +1 -1, cm +1 +1, hot +1 0, cold 0 +1, off nothing: the signs all gains rest on. */
START_TEST(modes_drive_the_outputs_as_documented)
{
    static const double drive[MODE_COUNT][2] = {{1, -1}, {1, 1}, {1, 0}, {0, 1}, {0, 0}};
    static const char *const names[] = {"dm", "cm", "hot", "cold", "off"};
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        ck_assert_str_eq(mode_name((enum mode)mode), names[mode]);
        for (size_t output = 0; output < 2; output++)
            ck_assert_double_eq(mode_drive((enum mode)mode, output), drive[mode][output]);
    }
    ck_assert_str_eq(pass_name(PASS_REFINE), "refine");
}
END_TEST

int main(void)
{
    const TTest *tests[] = {
        readings_survive_their_file,          other_channels_are_passed_over, hostile_rows_are_refused,
        counts_beyond_their_type_are_refused, a_missing_column_is_named,      flags_are_words_between_bars,
        modes_drive_the_outputs_as_documented};
    return suite_run("reading", tests, sizeof tests / sizeof *tests);
}
