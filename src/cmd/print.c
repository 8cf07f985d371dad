/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/words.h"

enum cmrr_status print_json(json_t *object, struct cmrr_error *why)
{
    char *text = object ? json_dumps(object, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(object);
    if (!text)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    puts(text);
    free(text);
    return CMRR_OK;
}

void print_remarks(const char *message, enum cmrr_status verdict, const char *folder, bool is_quiet)
{
    if (*message)
        fprintf(stderr, "cmrr: %s%s\n", verdict == CMRR_OK ? "note: " : "not to be trusted: ", message);
    if (!is_quiet)
        fprintf(stderr, "written to %s\n", folder);
}

void print_head(const struct table *table)
{
    for (size_t i = 0; i < table_keys(table); i++) {
        const char *key, *value;
        table_key_at(table, i, &key, &value);
        printf("# %s: %s\n", key, value);
    }
}

json_t *text_json(const char *text)
{
    char *copy = strdup(text);
    if (copy)
        words_clean(copy, '?');
    json_t *made = copy ? json_string(copy) : NULL;
    free(copy);
    return made;
}
