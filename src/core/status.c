/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "cmrr/words.h"

/* One row per status: what it is called in words, in JSON, and how a program ends with it. */
static const struct {
    const char *words;
    const char *code;
    int exit_code;
} status_table[CMRR_STATUS_COUNT] = {
    [CMRR_OK] = {"no error", "ok", 0},
    [CMRR_USAGE] = {"cannot be used as given", "usage", 2},
    [CMRR_BAD_FILE] = {"input file cannot be used", "bad_file", 2},
    [CMRR_WRITE] = {"output cannot be written", "write", 2},
    [CMRR_NO_MEMORY] = {"out of memory", "no_memory", 3},
    [CMRR_RANGE] = {"outside the valid range", "range", 2},
    [CMRR_DEVICE_UNKNOWN] = {"no such device", "device_unknown", 3},
    [CMRR_DEVICE_BUSY] = {"device busy", "device_busy", 3},
    [CMRR_DEVICE_LOST] = {"device lost", "device_lost", 3},
    [CMRR_SAMPLES_LOST] = {"samples lost", "samples_lost", 3},
    [CMRR_FIXTURE] = {"fixture failed", "fixture", 3},
    [CMRR_DAEMON] = {"daemon cannot be used", "daemon", 3},
    [CMRR_RUN_BUSY] = {"a measurement is running", "run_busy", 3},
    [CMRR_UNTRUSTED] = {"measured, but not to be trusted", "untrusted", 4},
    [CMRR_CANCELLED] = {"cancelled", "cancelled", 5},
    [CMRR_FAILED] = {"failed", "failed", 3},
};

static enum cmrr_status known(enum cmrr_status status)
{
    return (unsigned)status < CMRR_STATUS_COUNT ? status : CMRR_FAILED;
}

const char *cmrr_strerror(enum cmrr_status status)
{
    return status_table[known(status)].words;
}

const char *cmrr_status_code(enum cmrr_status status)
{
    return status_table[known(status)].code;
}

enum cmrr_status cmrr_status_from_code(const char *code)
{
    for (unsigned i = 0; i < CMRR_STATUS_COUNT; i++)
        if (strcmp(status_table[i].code, code) == 0)
            return (enum cmrr_status)i;
    return CMRR_FAILED;
}

int cmrr_exit_code(enum cmrr_status status)
{
    return status_table[known(status)].exit_code;
}

enum cmrr_status cmrr_fail(struct cmrr_error *why, enum cmrr_status status, const char *format, ...)
{
    if (!why || why->status != CMRR_OK)
        return status;
    why->status = status;
    va_list args;
    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    words_clean(why->text, '?');
    return status;
}
