/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/grid.h"
#include "cmrr/position.h"
#include "cmrr/units.h"

#define TEXT(field) offsetof(struct settings, field), sizeof(((struct settings *)0)->field), 0.0, 0.0
#define NUMBER(field, min, max) offsetof(struct settings, field), sizeof(double), min, max

const struct setting settings_table[] = {
    {"device", 'D', SETTING_TEXT, TEXT(device), "", "NAME",
     "interface: hw:CARD=USB,DEV=0, or sim:KEY=VALUE,... for the simulated bench"},
    {"name", 'n', SETTING_TEXT, TEXT(name), "", "TEXT", "label of the device under test"},
    {"freqs", 'f', SETTING_TEXT, TEXT(freqs), "20:20000/3", "SPEC",
     "frequencies in Hz: LOW:HIGH/N per octave, LOW:HIGH/Ndec, or a list"},
    {"grid", 0, SETTING_TEXT, TEXT(grid), "hum-safe", "KIND",
     "hum-safe: clear of mains harmonics; exact: the nearest coherent frequency"},
    {"states", 'S', SETTING_TEXT, TEXT(states), "normal", "LIST", "normal, tied, terminated, joined by commas"},
    {"rate", 'r', SETTING_WHOLE, NUMBER(rate_hz, 8000, 768000), "48000", "HZ", "sampling rate, exactly"},
    {"level_cm", 0, SETTING_NUMBER, NUMBER(level_cm_dbfs, -80, 0), "-1", "DBFS",
     "common-mode level, peak per output; lowered when the output of the device would clip"},
    {"level_dm", 0, SETTING_NUMBER, NUMBER(level_dm_dbfs, -120, 0), "", "DBFS",
     "differential level, peak per output; without it the look chooses"},
    {"max_level", 0, SETTING_NUMBER, NUMBER(max_level_dbfs, -120, 0), "-1", "DBFS",
     "nothing is ever played above this peak"},
    {"out_channels", 0, SETTING_TEXT, TEXT(out_channels), "1,2", "A,B", "outputs that drive hot and cold, from 1"},
    {"in_channel", 0, SETTING_WHOLE, NUMBER(in_channel, 1, 32), "1", "N", "input that captures, from 1"},
    {"allow_plug", 0, SETTING_FLAG, NUMBER(allow_plug, 0, 1), "0", "",
     "let conversion layers (anything but hw:) pass; marks the run"},
    {"assume_mismatch_db", 0, SETTING_NUMBER, NUMBER(assumed.mismatch_db, 0, 6), "0.1", "DB",
     "gain mismatch of the two outputs, where it was not measured"},
    {"assume_skew_ns", 0, SETTING_NUMBER, NUMBER(assumed.skew_ns, 0, 1e6), "50", "NS",
     "time skew of the two outputs, where it was not measured"},
    {"assume_crosstalk_db", 0, SETTING_NUMBER, NUMBER(assumed.crosstalk_db, -300, 0), "-90", "DB",
     "crosstalk of each output into the input, where terminated was not measured"},
    {"assume_tie_ohm", 0, SETTING_NUMBER, NUMBER(assumed.tie_ohm, 0, 100), "0.01", "OHM",
     "resistance of the tie between the legs"},
    {"assume_ground_db", 0, SETTING_NUMBER, NUMBER(assumed.ground_db, -300, 0), "-200", "DB",
     "ground current's share of the output, relative to the common-mode drive"},
    {"source_ohm", 0, SETTING_NUMBER, NUMBER(assumed.source_ohm, 0.001, 1e5), "50", "OHM",
     "source resistance behind each leg"},
};
const size_t settings_count = sizeof settings_table / sizeof *settings_table;

static void *field_of(const struct settings *settings, const struct setting *setting)
{
    return (char *)settings + setting->offset;
}

void settings_init(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    settings->level_dm_dbfs = NAN;
    for (size_t i = 0; i < settings_count; i++)
        if (*settings_table[i].preset)
            settings_set(settings, settings_table[i].name, settings_table[i].preset, NULL);
}

/* The same name with '_' or '-'. */
static int is_name(const char *a, const char *b)
{
    while (*a && (*a == *b || (*a == '_' && *b == '-'))) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}

const struct setting *settings_find(const char *name)
{
    for (size_t i = 0; i < settings_count; i++)
        if (is_name(settings_table[i].name, name))
            return &settings_table[i];
    return NULL;
}

static enum cmrr_status set_text(char *field, const struct setting *setting, const char *value, struct cmrr_error *why)
{
    size_t length = strlen(value);
    if (length >= setting->size)
        return cmrr_fail(why, CMRR_USAGE, "%s: %zu bytes long, the limit is %zu", setting->name, length,
                         setting->size - 1);
    memcpy(field, value, length + 1);
    return CMRR_OK;
}

static enum cmrr_status set_flag(bool *field, const struct setting *setting, const char *value, struct cmrr_error *why)
{
    int is_on = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
    if (!is_on && strcmp(value, "0") != 0 && strcmp(value, "false") != 0)
        return cmrr_fail(why, CMRR_USAGE, "%s: '%.40s' is neither true nor false", setting->name, value);
    *field = is_on;
    return CMRR_OK;
}

enum cmrr_status settings_set(struct settings *settings, const char *name, const char *value, struct cmrr_error *why)
{
    const struct setting *setting = settings_find(name);
    if (!setting)
        return cmrr_fail(why, CMRR_USAGE, "unknown setting '%.60s'", name);
    void *field = field_of(settings, setting);
    if (setting->type == SETTING_TEXT)
        return set_text(field, setting, value, why);
    if (setting->type == SETTING_FLAG)
        return set_flag(field, setting, value, why);
    double number;
    if (units_parse(value, &number) != CMRR_OK)
        return cmrr_fail(why, CMRR_USAGE, "%s: '%.40s' is not a number", setting->name, value);
    if (number < setting->min || number > setting->max || (setting->type == SETTING_WHOLE && number != rint(number)))
        return cmrr_fail(why, CMRR_USAGE, "%s: %.40s is outside %g to %g%s", setting->name, value, setting->min,
                         setting->max, setting->type == SETTING_WHOLE ? ", whole numbers" : "");
    *(double *)field = number;
    return CMRR_OK;
}

const char *settings_format(const struct settings *settings, const struct setting *setting, char *text, size_t size)
{
    const void *field = field_of(settings, setting);
    if (setting->type == SETTING_TEXT)
        snprintf(text, size, "%s", (const char *)field);
    else if (setting->type == SETTING_FLAG)
        snprintf(text, size, "%d", *(const bool *)field);
    else if (isnan(*(const double *)field))
        snprintf(text, size, "%s", "");
    else
        snprintf(text, size, "%.12g", *(const double *)field);
    return text;
}

static enum cmrr_status check_levels(const struct settings *s, struct cmrr_error *why)
{
    static const char format[] = "%s: %g dBFS is above max_level, %g dBFS; lower it or raise --max-level";
    if (s->level_cm_dbfs > s->max_level_dbfs)
        return cmrr_fail(why, CMRR_USAGE, format, "level_cm", s->level_cm_dbfs, s->max_level_dbfs);
    if (s->level_dm_dbfs > s->max_level_dbfs)
        return cmrr_fail(why, CMRR_USAGE, format, "level_dm", s->level_dm_dbfs, s->max_level_dbfs);
    return CMRR_OK;
}

enum cmrr_status settings_out_channels(const struct settings *settings, unsigned channel[2], struct cmrr_error *why)
{
    char rest;
    unsigned a, b;
    if (strspn(settings->out_channels, "0123456789,") != strlen(settings->out_channels) ||
        sscanf(settings->out_channels, "%3u,%3u%c", &a, &b, &rest) != 2 || a < 1 || b < 1 || a > 32 || b > 32 || a == b)
        return cmrr_fail(why, CMRR_USAGE, "out_channels: '%s' is not two different channels from 1 to 32, such as 1,2",
                         settings->out_channels);
    channel[0] = a;
    channel[1] = b;
    return CMRR_OK;
}

enum cmrr_status settings_check(const struct settings *settings, struct cmrr_error *why)
{
    unsigned channel[2];
    struct position_list states;
    enum grid_kind kind = GRID_HUM_SAFE;
    struct grid grid = {.count = 0};
    enum cmrr_status status = check_levels(settings, why);
    if (status == CMRR_OK)
        status = settings_out_channels(settings, channel, why);
    if (status == CMRR_OK)
        status = position_list_parse(&states, settings->states, why);
    if (status == CMRR_OK)
        status = grid_kind_parse(&kind, settings->grid, why);
    if (status == CMRR_OK)
        status = grid_make(&grid, settings->freqs, kind, (unsigned)settings->rate_hz, why);
    grid_free(&grid);
    return status;
}

void settings_write(const struct settings *settings, struct table *table)
{
    char text[1100];
    for (size_t i = 0; i < settings_count; i++)
        table_set_key(table, settings_table[i].name, settings_format(settings, &settings_table[i], text, sizeof text));
}

enum cmrr_status settings_read(struct settings *settings, const struct table *table, struct cmrr_error *why)
{
    for (size_t i = 0; i < settings_count; i++) {
        const char *value = table_key(table, settings_table[i].name);
        if (!value || (*value == '\0' && settings_table[i].type != SETTING_TEXT))
            continue;
        enum cmrr_status status = settings_set(settings, settings_table[i].name, value, why);
        if (status != CMRR_OK)
            return status;
    }
    return CMRR_OK;
}
