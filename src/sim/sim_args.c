/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/sim.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "cmrr/units.h"
#include "cmrr/words.h"

/*
 * One row per key: range, what a plausible good USB interface has, and what IDEAL=1 makes of it. Words are keys with
 * a list of names, stored as the index.
 */
static const char *const fixture_words[] = {"ok", "stuck", "hang", "fail", NULL};
static const char *const fault_words[] = {"none",    "hot-open",   "cold-open",    "shorted",
                                          "swapped", "unbalanced", "disconnected", NULL};
static const char *const slope_words[] = {"flat", "6", NULL};
#define NOTHING_DB (-300.0)

static const struct key {
    const char *name;
    size_t offset;
    double min, max, preset, ideal;
    const char *const *words;
    const char *later; /* known, but not built yet */
} keys[] = {
#define NUMBER(name, field, min, max, preset, ideal)                                                                   \
    {                                                                                                                  \
        name, offsetof(struct sim_args, field), min, max, preset, ideal, 0, 0                                          \
    }
    {"DUT", 0, 0, 0, 0, 0, NULL, NULL},
    NUMBER("MISMATCH_DB", mismatch_db, -6, 6, 0.05, 0),
    NUMBER("SKEW_NS", skew_ns, -1e6, 1e6, 20, 0),
    {"DRIFT_DB_S", 0, 0, 0, 0, 0, NULL, "mismatch drift"},
    NUMBER("CROSSTALK_DB", crosstalk_db, NOTHING_DB, 0, -100, NOTHING_DB),
    {"CROSSTALK_SLOPE", offsetof(struct sim_args, crosstalk_slope), 0, 0, 0, 0, slope_words, NULL},
    NUMBER("NOISE_DBFS", noise_dbfs, NOTHING_DB, 0, -110, NOTHING_DB),
    NUMBER("HUM_HZ", hum_hz, 10, 500, 50, 50),
    NUMBER("HUM_DBFS", hum_dbfs, NOTHING_DB, 0, -90, NOTHING_DB),
    NUMBER("R_SOURCE", r_source_ohm, 0, 1e5, 50, 50),
    NUMBER("R_SOURCE_DIFF", r_source_diff_ohm, -1e4, 1e4, 0.1, 0),
    NUMBER("R_TIE", r_tie_ohm, 0, 1e3, 0.01, 0),
    NUMBER("DR_HOT", dr_hot_ohm, 0, 1e6, 0, 0),
    NUMBER("DR_COLD", dr_cold_ohm, 0, 1e6, 0, 0),
    NUMBER("LATENCY", latency_frames, 256, 2e6, 512, 512),
    NUMBER("SPEED", speed, 0, 1e4, 0, 0),
    NUMBER("SEED", seed, 0, 9e15, 1, 1),
    NUMBER("CLIP_DBFS", clip_dbfs, -120, 0, 0, 0),
    {"FAULT", offsetof(struct sim_args, fault), 0, 0, 0, 0, fault_words, NULL},
    {"FIXTURE", offsetof(struct sim_args, fixture), 0, 0, 0, 0, fixture_words, NULL},
    {"XRUN_AT", 0, 0, 0, 0, 0, NULL, "lost samples"},
    {"UNPLUG_AT", 0, 0, 0, 0, 0, NULL, "an unplugged interface"},
    {"IDEAL", 0, 0, 0, 0, 0, NULL, NULL},
};
enum { KEYS = sizeof keys / sizeof *keys };

static int find_key(const char *name)
{
    for (int i = 0; i < KEYS; i++)
        if (strcmp(keys[i].name, name) == 0)
            return i;
    return -1;
}

static enum cmrr_status refuse_key(const char *name, struct cmrr_error *why)
{
    int nearest = 0;
    for (int i = 1; i < KEYS; i++)
        if (words_distance(name, keys[i].name) < words_distance(name, keys[nearest].name))
            nearest = i;
    for (int i = KEYS - 1; *name && i >= 0; i--)
        if (strncmp(keys[i].name, name, strlen(name)) == 0)
            nearest = i; /* a beginning of a key is meant for it, however much is missing */
    return cmrr_fail(why, CMRR_USAGE, "sim: unknown key '%.40s': did you mean %s?", name, keys[nearest].name);
}

static double *number_of(struct sim_args *args, const struct key *key)
{
    return (double *)(void *)((char *)args + key->offset);
}

static enum cmrr_status set_word(struct sim_args *args, const struct key *key, const char *value,
                                 struct cmrr_error *why)
{
    int index = 0;
    while (key->words[index] && strcmp(key->words[index], value) != 0)
        index++;
    if (!key->words[index]) {
        char list[128] = "";
        for (int i = 0; key->words[i]; i++)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", key->words[i]);
        return cmrr_fail(why, CMRR_USAGE, "sim: %s=%.40s: it is one of %s", key->name, value, list);
    }
    if (key->words == fault_words)
        args->fault = (enum fault)index;
    else if (key->words == fixture_words)
        args->fixture = (enum sim_fixture)index;
    else
        args->crosstalk_slope = index ? 6.0 : 0.0;
    return CMRR_OK;
}

static enum cmrr_status set_dut(struct sim_args *args, const char *value, struct cmrr_error *why)
{
    if (*value == '\0' || strlen(value) >= sizeof args->dut)
        return cmrr_fail(why, CMRR_USAGE, "sim: DUT: a name under calib/duts or the path of a device file (with a /)");
    strcpy(args->dut, value);
    return CMRR_OK;
}

static enum cmrr_status set_key(struct sim_args *args, const struct key *key, const char *value, struct cmrr_error *why)
{
    if (key->later)
        return cmrr_fail(why, CMRR_USAGE, "sim: %s: %s cannot be simulated yet; leave it out", key->name, key->later);
    if (strcmp(key->name, "DUT") == 0)
        return set_dut(args, value, why);
    if (strcmp(key->name, "IDEAL") == 0)
        return strcmp(value, "0") == 0 || strcmp(value, "1") == 0
                   ? CMRR_OK /* taken before all others */
                   : cmrr_fail(why, CMRR_USAGE, "sim: IDEAL=%.40s: it is 0 or 1", value);
    if (key->words)
        return set_word(args, key, value, why);
    double number;
    if (units_parse(value, &number) != CMRR_OK || number < key->min || number > key->max)
        return cmrr_fail(why, CMRR_USAGE, "sim: %s=%.40s: a number from %g to %g", key->name, value, key->min,
                         key->max);
    int is_whole = strcmp(key->name, "LATENCY") == 0 || strcmp(key->name, "SEED") == 0;
    if (is_whole && number != rint(number))
        return cmrr_fail(why, CMRR_USAGE, "sim: %s=%.40s: a whole number", key->name, value);
    *number_of(args, key) = number;
    return CMRR_OK;
}

/* One KEY=VALUE; leaves *at behind its comma. Backslash takes the next character as it is. */
static enum cmrr_status next_pair(const char **at, char *pair, size_t size, struct cmrr_error *why)
{
    size_t length = 0;
    while (**at && **at != ',') {
        if (**at == '\\' && (*at)[1])
            (*at)++;
        if (length + 1 >= size)
            return cmrr_fail(why, CMRR_USAGE, "sim: an argument longer than %zu characters", size - 1);
        pair[length++] = *(*at)++;
    }
    pair[length] = '\0';
    if (**at == ',')
        (*at)++;
    return CMRR_OK;
}

static enum cmrr_status parse_pairs(struct sim_args *args, const char *at, bool is_ideal_pass, struct cmrr_error *why)
{
    bool is_seen[KEYS] = {false};
    while (*at) {
        char pair[600];
        if (next_pair(&at, pair, sizeof pair, why) != CMRR_OK)
            return CMRR_USAGE;
        char *equals = strchr(pair, '=');
        if (!equals)
            return cmrr_fail(why, CMRR_USAGE, "sim: '%.40s' is not KEY=VALUE", pair);
        *equals = '\0';
        int index = find_key(pair);
        if (index < 0)
            return refuse_key(pair, why);
        if (is_seen[index])
            return cmrr_fail(why, CMRR_USAGE, "sim: %s is given twice", pair);
        is_seen[index] = true;
        if (is_ideal_pass && strcmp(pair, "IDEAL") == 0)
            args->is_ideal = strcmp(equals + 1, "1") == 0;
        if (!is_ideal_pass && set_key(args, &keys[index], equals + 1, why) != CMRR_OK)
            return CMRR_USAGE;
    }
    return CMRR_OK;
}

enum cmrr_status sim_args_parse(struct sim_args *args, const char *text, struct cmrr_error *why)
{
    struct sim_args made = {.dut = "active"};
    if (strncmp(text, "sim:", 4) != 0)
        return cmrr_fail(why, CMRR_USAGE, "'%.40s' does not begin with sim:", text);
    if (parse_pairs(&made, text + 4, true, why) != CMRR_OK)
        return CMRR_USAGE;
    for (int i = 0; i < KEYS; i++)
        if (keys[i].offset && !keys[i].words && !keys[i].later)
            *number_of(&made, &keys[i]) = made.is_ideal ? keys[i].ideal : keys[i].preset;
    if (parse_pairs(&made, text + 4, false, why) != CMRR_OK)
        return CMRR_USAGE;
    if (made.r_source_ohm + made.r_source_diff_ohm < 0.0)
        return cmrr_fail(why, CMRR_USAGE, "sim: R_SOURCE_DIFF=%g: output 2 would have %g ohm; not below -R_SOURCE",
                         made.r_source_diff_ohm, made.r_source_ohm + made.r_source_diff_ohm);
    *args = made;
    return CMRR_OK;
}
