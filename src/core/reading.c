/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/reading.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Words and rows of steps.csv. */
static const char *const mode_names[] = {"dm", "cm", "hot", "cold", "off"};
static const char *const pass_names[] = {"look", "main", "refine"};
static const char *const flag_names[] = {"clip",         "no-signal", "leg-hot",  "leg-cold",   "shorted",
                                         "disconnected", "inverted",  "few-bins", "no-released"};
_Static_assert(sizeof flag_names / sizeof *flag_names == FLAG_COUNT, "a flag without a name");

enum column {
    STREAM,
    BLOCK,
    PASS,
    STATE,
    MODE,
    CHANNEL,
    FREQ,
    TIME,
    FRAMES,
    LATENCY,
    DRIVE,
    DRIVE2_RE,
    DRIVE2_IM,
    Y_RE,
    Y_IM,
    S,
    NU,
    ATTEMPT,
    FLAGS,
    COLUMNS
};
static const char *const column_names[COLUMNS] = {"stream",     "block",     "pass",      "state",  "mode",
                                                  "channel",    "freq_hz",   "t_s",       "frames", "latency_frames",
                                                  "drive_dbfs", "drive2_re", "drive2_im", "y_re",   "y_im",
                                                  "s",          "nu",        "attempt",   "flags"};

const char *mode_name(enum mode mode)
{
    return mode_names[mode];
}

const char *pass_name(enum pass pass)
{
    return pass_names[pass];
}

double mode_drive(enum mode mode, size_t output)
{
    static const double drive[MODE_COUNT][2] = {
        [MODE_DM] = {1.0, -1.0}, [MODE_CM] = {1.0, 1.0}, [MODE_HOT] = {1.0, 0.0}, [MODE_COLD] = {0.0, 1.0}};
    return drive[mode][output];
}

const char *flags_format(unsigned flags, char *text)
{
    text[0] = '\0';
    for (unsigned i = 0; i < FLAG_COUNT; i++)
        if (flags & (1u << i)) {
            if (*text)
                strcat(text, "|");
            strcat(text, flag_names[i]);
        }
    return text;
}

enum cmrr_status flags_parse(const char *text, unsigned *flags)
{
    unsigned made = 0;
    while (*text) {
        size_t length = strcspn(text, "|");
        unsigned i = 0;
        while (i < FLAG_COUNT && !(strlen(flag_names[i]) == length && strncmp(text, flag_names[i], length) == 0))
            i++;
        if (i == FLAG_COUNT)
            return CMRR_RANGE;
        made |= 1u << i;
        text += length + (text[length] == '|');
    }
    *flags = made;
    return CMRR_OK;
}

struct table *readings_table(void)
{
    struct table *table = table_new();
    for (int i = 0; table && i < COLUMNS; i++)
        table_add_column(table, column_names[i]);
    return table;
}

void readings_append(struct table *table, const struct reading *reading)
{
    char state[POSITION_TEXT], flags[FLAGS_TEXT];
    size_t row = table_add_row(table);
    table_put_text(table, row, PASS, pass_names[reading->pass]);
    table_put_text(table, row, STATE, position_format(&reading->position, state));
    table_put_text(table, row, MODE, mode_names[reading->mode]);
    table_put_text(table, row, CHANNEL, "in");
    table_put_text(table, row, FLAGS, flags_format(reading->flags, flags));
    const struct {
        enum column column;
        double value;
        int digits;
    } numbers[] = {
        {STREAM, reading->stream, 9},
        {BLOCK, reading->block, 9},
        {FREQ, reading->freq_hz, 12},
        {TIME, reading->t_s, 12},
        {FRAMES, (double)reading->frames, 15},
        {LATENCY, (double)reading->latency_frames, 15},
        {DRIVE, reading->drive_dbfs, 15},
        {DRIVE2_RE, creal(reading->drive2), 15},
        {DRIVE2_IM, cimag(reading->drive2), 15},
        {Y_RE, creal(reading->y.value), 15},
        {Y_IM, cimag(reading->y.value), 15},
        {S, reading->y.u, 12},
        {NU, reading->y.nu, 12},
        {ATTEMPT, reading->attempt, 9},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        table_put_number(table, row, (int)numbers[i].column, numbers[i].value, numbers[i].digits);
}

static int find(const char *const *names, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return (int)i;
    return -1;
}

static enum cmrr_status parse_words(const struct table *table, size_t row, const int *column, struct reading *reading)
{
    struct position_list state;
    int pass = find(pass_names, PASS_COUNT, table_text(table, row, column[PASS]));
    int mode = find(mode_names, MODE_COUNT, table_text(table, row, column[MODE]));
    if (pass < 0 || mode < 0 || flags_parse(table_text(table, row, column[FLAGS]), &reading->flags) != CMRR_OK ||
        position_list_parse(&state, table_text(table, row, column[STATE]), NULL) != CMRR_OK || state.count != 1)
        return CMRR_BAD_FILE;
    reading->pass = (enum pass)pass;
    reading->mode = (enum mode)mode;
    reading->position = state.at[0];
    return CMRR_OK;
}

/* A double beyond the range of the type has no defined conversion. */
static int is_count(double value)
{
    return value >= 0.0 && value <= UINT_MAX;
}

static enum cmrr_status parse_row(const struct table *table, size_t row, const int *column, struct reading *reading,
                                  struct cmrr_error *why)
{
    static const enum column numbers[] = {STREAM,    BLOCK,     FREQ, TIME, FRAMES, LATENCY, DRIVE,
                                          DRIVE2_RE, DRIVE2_IM, Y_RE, Y_IM, S,      NU,      ATTEMPT};
    double value[COLUMNS];
    if (parse_words(table, row, column, reading) != CMRR_OK)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: unknown pass, state, mode or flag", table_name(table),
                         row + 1);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        enum column c = numbers[i];
        if (table_number(table, row, column[c], &value[c], why) != CMRR_OK)
            return CMRR_BAD_FILE;
        if (!(fabs(value[c]) < 1e15))
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: %s is empty or too large", table_name(table), row + 1,
                             column_names[c]);
    }
    if (!(value[FREQ] > 0.0) || value[S] < 0.0 || !(value[NU] > 0.0) || !is_count(value[STREAM]) ||
        !is_count(value[BLOCK]) || !is_count(value[ATTEMPT]) || value[FRAMES] < 0.0)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: a number outside its range", table_name(table), row + 1);
    reading->stream = (unsigned)value[STREAM];
    reading->block = (unsigned)value[BLOCK];
    reading->freq_hz = value[FREQ];
    reading->t_s = value[TIME];
    reading->frames = (uint64_t)value[FRAMES];
    reading->latency_frames = (int64_t)value[LATENCY];
    reading->drive_dbfs = value[DRIVE];
    reading->drive2 = value[DRIVE2_RE] + I * value[DRIVE2_IM];
    reading->y = (struct phasor){value[Y_RE] + I * value[Y_IM], value[S], value[NU]};
    reading->attempt = (unsigned)value[ATTEMPT];
    return CMRR_OK;
}

enum cmrr_status readings_parse(const struct table *table, struct reading **readings, size_t *count,
                                struct cmrr_error *why)
{
    int column[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        if ((column[i] = table_column(table, column_names[i])) < 0)
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: no column %s: not a steps.csv", table_name(table),
                             column_names[i]);
    struct reading *made = calloc(table_rows(table) + 1, sizeof *made);
    if (!made)
        return cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", table_name(table));
    size_t made_count = 0;
    for (size_t row = 0; row < table_rows(table); row++) {
        if (strcmp(table_text(table, row, column[CHANNEL]), "in") != 0)
            continue;
        if (parse_row(table, row, column, &made[made_count], why) != CMRR_OK) {
            free(made);
            return CMRR_BAD_FILE;
        }
        made_count++;
    }
    *readings = made;
    *count = made_count;
    return CMRR_OK;
}
