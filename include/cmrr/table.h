/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_TABLE_H
#define CMRR_TABLE_H

#include <stddef.h>
#include <stdio.h>
#include "cmrr/status.h"

/*
 * The one reader and writer of the project's text tables, in memory (files are the business of others):
 * `# key: value` lines, one line of column names, rows; UTF-8, LF, decimal point; an empty field is "no value".
 * Columns are found by name. Text that comes from users is made harmless on the way in: control characters in keys
 * and values become spaces, and a text cell that a spreadsheet would take for a formula gets a leading apostrophe.
 *
 *     struct table *table = table_new();
 *     table_set_key(table, "name", label);
 *     int freq = table_add_column(table, "freq_hz");
 *     size_t row = table_add_row(table);
 *     table_put_number(table, row, freq, 1000.0, 9);
 *     char *text = table_format(table);
 *
 * Setters remember the first failed allocation; table_format() then returns NULL.
 */
struct table;

struct table *table_new(void); /* NULL: no memory */
void table_free(struct table *table);

/* Parse `size` bytes of text (need not end in NUL); `name` is what messages call it. *table is new, or untouched. */
enum cmrr_status table_parse(struct table **table, const char *text, size_t size, const char *name,
                             struct cmrr_error *why);

const char *table_name(const struct table *table);
/* The value of a header key, or NULL. Borrowed until the table changes. */
const char *table_key(const struct table *table, const char *key);
size_t table_keys(const struct table *table);
void table_key_at(const struct table *table, size_t index, const char **key, const char **value);

size_t table_rows(const struct table *table);
size_t table_columns(const struct table *table);
int table_column(const struct table *table, const char *column); /* index, or -1 */
const char *table_column_name(const struct table *table, size_t column);
/* The cell's text, "" where empty. Borrowed. row and column must exist. */
const char *table_text(const struct table *table, size_t row, int column);
/* A finite number, or NAN where the cell is empty; CMRR_BAD_FILE names table, row and column otherwise. */
enum cmrr_status table_number(const struct table *table, size_t row, int column, double *value, struct cmrr_error *why);

void table_set_key(struct table *table, const char *key, const char *value); /* replaces or appends */
void table_set_key_format(struct table *table, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int table_add_column(struct table *table, const char *column);
size_t table_add_row(struct table *table);
void table_put_text(struct table *table, size_t row, int column, const char *text);
/* `digits` significant digits, trailing zeros dropped; a NAN or infinity leaves the cell empty. */
void table_put_number(struct table *table, size_t row, int column, double value, int digits);
/* Fixed decimals, as dB are printed. */
void table_put_fixed(struct table *table, size_t row, int column, double value, int decimals);

/* The whole as text, or only the head (keys and column line), or one row with its line feed; free() it. */
char *table_format(const struct table *table);
char *table_format_head(const struct table *table);
char *table_format_row(const struct table *table, size_t row);

#endif
