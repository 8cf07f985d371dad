/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_WORDS_H
#define CMRR_WORDS_H

/*
 * Letters to change, add or drop to get from a to b: which known word somebody probably meant. UINT_MAX where b has
 * more than 38 letters.
 */
unsigned words_distance(const char *a, const char *b);

/*
 * Make text fit for a terminal and for JSON, in place: control characters (also U+0080 to U+009F, which terminals obey
 * too) and bytes that are not UTF-8, such as what is left of a character that was cut, become `with`.
 */
void words_clean(char *text, char with);

#endif
