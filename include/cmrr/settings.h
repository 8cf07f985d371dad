/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_SETTINGS_H
#define CMRR_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include "cmrr/cmrr.h"
#include "cmrr/status.h"
#include "cmrr/table.h"

/*
 * Everything that one measurement is asked for, with one table that gives every setting its name, unit, bounds,
 * default and a sentence of what it does. The name is the same word on the command line (--level-cm), in JSON
 * ("level_cm") and in the headers of files (# level_cm: -1).
 */
struct settings {
    char device[1024]; /* "" = the only interface there is */
    char name[256];    /* label of the device under test */
    char freqs[1024];  /* -f */
    char grid[16];     /* "hum-safe" or "exact" */
    char states[256];  /* -S */
    double rate_hz;
    double level_cm_dbfs;
    double level_dm_dbfs; /* NAN = from the look */
    double max_level_dbfs;
    char out_channels[16]; /* "1,2" */
    double in_channel;
    bool allow_plug;
    struct assumptions assumed;
};

enum setting_type { SETTING_TEXT, SETTING_NUMBER, SETTING_WHOLE, SETTING_FLAG };

struct setting {
    const char *name; /* with '_' */
    char letter;      /* short option, or 0 */
    enum setting_type type;
    size_t offset;      /* in struct settings */
    size_t size;        /* of a text, with its NUL */
    double min, max;    /* of a number */
    const char *preset; /* default as text; "" = none or chosen by the program */
    const char *unit;   /* "dBFS", "Hz", ... for --help */
    const char *help;
};

extern const struct setting settings_table[];
extern const size_t settings_count;

void settings_init(struct settings *settings);         /* all defaults */
const struct setting *settings_find(const char *name); /* '-' and '_' alike; NULL: unknown */

/* Set one by name from text; CMRR_USAGE names the setting, the value and the range. */
enum cmrr_status settings_set(struct settings *settings, const char *name, const char *value, struct cmrr_error *why);
/* The value as text; "" where it is chosen by the program. Returns text. */
const char *settings_format(const struct settings *settings, const struct setting *setting, char *text, size_t size);

/* What no single setting shows: levels above max_level, equal channels, states and frequencies that cannot be read. */
enum cmrr_status settings_check(const struct settings *settings, struct cmrr_error *why);

/* The two channels of out_channels: hot, cold. CMRR_USAGE where it names no two. */
enum cmrr_status settings_out_channels(const struct settings *settings, unsigned channel[2], struct cmrr_error *why);

/* All settings as header keys of a table, and back (keys that are no setting are skipped). */
void settings_write(const struct settings *settings, struct table *table);
enum cmrr_status settings_read(struct settings *settings, const struct table *table, struct cmrr_error *why);

#endif
