/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/words.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Bytes of the UTF-8 character at `text`, 0 where there is none (RFC 3629: shortest form, no surrogates). */
static size_t character_bytes(const unsigned char *text)
{
    unsigned char lead = text[0], low = 0x80, high = 0xbf;
    size_t bytes = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (lead == 0xe0)
        low = 0xa0;
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xed)
        high = 0x9f;
    else if (lead == 0xf4)
        high = 0x8f;
    for (size_t i = 1; i < bytes; i++, low = 0x80, high = 0xbf)
        if (text[i] < low || text[i] > high) /* the NUL at the end too */
            return 0;
    return bytes;
}

void words_clean(char *text, char with)
{
    for (unsigned char *at = (unsigned char *)text; *at;) {
        size_t bytes = character_bytes(at);
        bool is_control = at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && bytes == 2 && at[1] < 0xa0);
        if (bytes && !is_control) {
            at += bytes;
            continue;
        }
        memset(at, with, bytes ? bytes : 1);
        at += bytes ? bytes : 1;
    }
}

/* Levenshtein's distance, one row at a time. */
unsigned words_distance(const char *a, const char *b)
{
    unsigned row[40];
    size_t columns = strlen(b);
    if (columns >= 39)
        return UINT_MAX;
    for (unsigned j = 0; j <= columns; j++)
        row[j] = j;
    for (unsigned i = 1; a[i - 1]; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            unsigned change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            unsigned gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < gap ? change : gap;
        }
    }
    return row[columns];
}
