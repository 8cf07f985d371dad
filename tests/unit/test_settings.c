/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../support/suite.h"

static struct settings preset(void)
{
    struct settings settings;
    settings_init(&settings);
    return settings;
}

static void set(struct settings *settings, const char *name, const char *value)
{
    struct cmrr_error why = {0};
    ck_assert_msg(settings_set(settings, name, value, &why) == CMRR_OK, "%s", why.text);
}

/* Refused in a sentence that begins with the setting's name; nothing changed. */
static void refused(const char *name, const char *value)
{
    struct settings settings = preset(), kept = settings;
    struct cmrr_error why = {0};
    ck_assert_msg(settings_set(&settings, name, value, &why) == CMRR_USAGE, "%s=%.60s accepted", name, value);
    ck_assert_msg(strncmp(why.text, name, strlen(name)) == 0, "said: %s", why.text);
    ck_assert_int_eq(memcmp(&settings, &kept, sizeof kept), 0);
}

static void refused_together(const char *name, const char *value, const char *words)
{
    struct settings settings = preset();
    struct cmrr_error why = {0};
    set(&settings, name, value);
    ck_assert_int_eq(settings_check(&settings, &why), CMRR_USAGE);
    ck_assert_msg(strstr(why.text, words), "said: %s", why.text);
}

START_TEST(every_preset_is_valid)
{
    struct settings settings = preset();
    struct cmrr_error why = {0};
    for (size_t i = 0; i < settings_count; i++)
        if (*settings_table[i].preset)
            set(&settings, settings_table[i].name, settings_table[i].preset);
    ck_assert_msg(settings_check(&settings, &why) == CMRR_OK, "%s", why.text);
}
END_TEST

START_TEST(the_defaults_are_the_documented_ones)
{
    struct settings s = preset();
    ck_assert_str_eq(s.freqs, "20:20000/3");
    ck_assert_str_eq(s.grid, "hum-safe");
    ck_assert_str_eq(s.states, "normal");
    ck_assert_str_eq(s.out_channels, "1,2");
    ck_assert_double_eq(s.rate_hz, 48000);
    ck_assert_double_eq(s.level_cm_dbfs, -1);
    ck_assert_double_eq(s.max_level_dbfs, -1);
    ck_assert(isnan(s.level_dm_dbfs) && s.in_channel == 1 && !s.allow_plug);
    ck_assert_double_eq(s.assumed.mismatch_db, 0.1);
    ck_assert_double_eq(s.assumed.skew_ns, 50);
    ck_assert_double_eq(s.assumed.crosstalk_db, -90);
    ck_assert_double_eq(s.assumed.tie_ohm, 0.01);
    ck_assert_double_eq(s.assumed.ground_db, -200);
    ck_assert_double_eq(s.assumed.source_ohm, 50);
}
END_TEST

START_TEST(names_letters_and_fields_are_each_used_once)
{
    for (size_t i = 0; i < settings_count; i++)
        for (size_t j = 0; j < i; j++) {
            ck_assert_str_ne(settings_table[i].name, settings_table[j].name);
            ck_assert_uint_ne(settings_table[i].offset, settings_table[j].offset);
            ck_assert(!settings_table[i].letter || settings_table[i].letter != settings_table[j].letter);
        }
}
END_TEST

START_TEST(names_are_found_with_either_dash)
{
    ck_assert_ptr_nonnull(settings_find("level_cm"));
    ck_assert_ptr_eq(settings_find("level-cm"), settings_find("level_cm"));
    ck_assert_ptr_eq(settings_find("assume-mismatch_db"), settings_find("assume_mismatch_db"));
    ck_assert_ptr_null(settings_find("level"));
    ck_assert_ptr_null(settings_find("level_cmx"));
    ck_assert_ptr_null(settings_find("level cm"));
    ck_assert_ptr_null(settings_find(""));
}
END_TEST

START_TEST(ends_of_ranges_are_in_and_what_is_beyond_is_out)
{
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *row = &settings_table[i];
        char text[64];
        struct settings settings = preset();
        if (row->type != SETTING_NUMBER && row->type != SETTING_WHOLE)
            continue;
        snprintf(text, sizeof text, "%.12g", row->min);
        set(&settings, row->name, text);
        snprintf(text, sizeof text, "%.12g", row->max);
        set(&settings, row->name, text);
        snprintf(text, sizeof text, "%.12g", row->min - 1.0);
        refused(row->name, text);
        snprintf(text, sizeof text, "%.12g", row->max + 1.0);
        refused(row->name, text);
    }
}
END_TEST

START_TEST(what_is_no_number_is_refused)
{
    static const char *const bad[] = {"", "x", "nan", "inf", "1,5", " 1", "1 dB", "0x10", "--1", "1e999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        refused("level_cm", bad[i]);
        refused("rate", bad[i]);
    }
    refused("rate", "48000.5");
    refused("in_channel", "1.5");
    refused("allow_plug", "yes");
    refused("allow_plug", "");
}
END_TEST

START_TEST(an_unknown_setting_is_named)
{
    struct settings settings = preset();
    struct cmrr_error why = {0};
    ck_assert_int_eq(settings_set(&settings, "loudness", "1", &why), CMRR_USAGE);
    ck_assert_ptr_nonnull(strstr(why.text, "'loudness'"));
}
END_TEST

START_TEST(a_text_as_long_as_its_room_is_taken_and_one_byte_more_is_not)
{
    static char text[2048];
    struct settings settings = preset();
    memset(text, 'x', sizeof(settings.name) - 1);
    set(&settings, "name", text);
    ck_assert_str_eq(settings.name, text);
    text[strlen(text)] = 'x';
    refused("name", text);
}
END_TEST

START_TEST(settings_that_do_not_fit_together_are_refused)
{
    refused_together("level_cm", "-0.5", "level_cm: -0.5 dBFS is above max_level");
    refused_together("level_dm", "0", "level_dm");
    refused_together("max_level", "-20", "level_cm");
    refused_together("out_channels", "1,1", "out_channels");
    refused_together("out_channels", "1", "out_channels");
    refused_together("out_channels", "1,2,", "out_channels");
    refused_together("out_channels", "1,33", "out_channels");
    refused_together("out_channels", "0,1", "out_channels");
    refused_together("out_channels", "-1,2", "out_channels");
    refused_together("out_channels", "1, 2", "out_channels");
    refused_together("out_channels", "", "out_channels");
    refused_together("states", "nothing", "states: ");
    refused_together("grid", "mine", "grid: ");
    refused_together("freqs", "20:20000", "freqs: ");
    refused_together("freqs", "30000", "freqs: ");
}
END_TEST

START_TEST(channels_are_given_in_order)
{
    struct settings settings = preset();
    unsigned channel[2];
    set(&settings, "out_channels", "12,3");
    ck_assert_int_eq(settings_out_channels(&settings, channel, NULL), CMRR_OK);
    ck_assert_uint_eq(channel[0], 12);
    ck_assert_uint_eq(channel[1], 3);
}
END_TEST

START_TEST(settings_survive_the_head_of_a_file)
{
    struct settings written = preset(), read = preset();
    char a[1100], b[1100];
    set(&written, "name", "desk, \"left\"");
    set(&written, "level_cm", "-12.345");
    set(&written, "level-dm", "-60");
    set(&written, "allow_plug", "true");
    set(&written, "states", "tied,terminated");
    struct table *table = table_new(), *back = NULL;
    table_set_key(table, "unknown", "key");
    settings_write(&written, table);
    table_add_column(table, "a");
    char *text = table_format(table);
    ck_assert_int_eq(table_parse(&back, text, strlen(text), "x", NULL), CMRR_OK);
    ck_assert_int_eq(settings_read(&read, back, NULL), CMRR_OK);
    for (size_t i = 0; i < settings_count; i++)
        ck_assert_str_eq(settings_format(&read, &settings_table[i], a, sizeof a),
                         settings_format(&written, &settings_table[i], b, sizeof b));
    free(text);
    table_free(back);
    table_free(table);
}
END_TEST

START_TEST(what_the_program_chooses_is_written_as_nothing)
{
    struct settings settings = preset();
    char text[64];
    ck_assert_str_eq(settings_format(&settings, settings_find("level_dm"), text, sizeof text), "");
}
END_TEST

START_TEST(a_head_with_a_bad_value_is_refused)
{
    struct settings settings = preset();
    struct table *table = table_new();
    struct cmrr_error why = {0};
    table_set_key(table, "rate", "fast");
    ck_assert_int_eq(settings_read(&settings, table, &why), CMRR_USAGE);
    ck_assert_ptr_nonnull(strstr(why.text, "rate: 'fast'"));
    table_free(table);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {every_preset_is_valid,
                            the_defaults_are_the_documented_ones,
                            names_letters_and_fields_are_each_used_once,
                            names_are_found_with_either_dash,
                            ends_of_ranges_are_in_and_what_is_beyond_is_out,
                            what_is_no_number_is_refused,
                            an_unknown_setting_is_named,
                            a_text_as_long_as_its_room_is_taken_and_one_byte_more_is_not,
                            settings_that_do_not_fit_together_are_refused,
                            channels_are_given_in_order,
                            settings_survive_the_head_of_a_file,
                            what_the_program_chooses_is_written_as_nothing,
                            a_head_with_a_bad_value_is_refused};
    return suite_run("settings", tests, sizeof tests / sizeof *tests);
}
