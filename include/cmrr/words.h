/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_WORDS_H
#define CMRR_WORDS_H

/*
 * Letters to change, add or drop to get from a to b: which known word somebody probably meant. UINT_MAX where b has
 * more than 38 letters.
 */
unsigned words_distance(const char *a, const char *b);

#endif
