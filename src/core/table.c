/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/units.h"
#include "cmrr/words.h"
#include "table_internal.h"

/*
 * The table itself: keys, columns, cells, all as text. Reading is in table_read.c, writing in table_write.c.
 * The first allocation that fails is remembered in has_failed; whatever comes after is dropped.
 */

struct table *table_new(void)
{
    return calloc(1, sizeof(struct table));
}

static void free_strings(char **strings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(strings[i]);
    free(strings);
}

void table_free(struct table *table)
{
    if (!table)
        return;
    free_strings(table->keys, table->key_count);
    free_strings(table->values, table->key_count);
    free_strings(table->columns, table->column_count);
    free_strings(table->cells, table->row_count * table->column_count);
    free(table->name);
    free(table);
}

/* Room for one more pointer: the array doubles, so that a row costs a constant time on the average. */
static bool grow(struct table *table, char ***array, size_t count, size_t more, size_t *room)
{
    if (count + more <= *room)
        return true;
    size_t wanted = *room ? *room : 16;
    while (wanted < count + more)
        wanted *= 2;
    char **larger = realloc(*array, wanted * sizeof **array);
    if (!larger) {
        table->has_failed = true;
        return false;
    }
    *array = larger;
    *room = wanted;
    return true;
}

char *table_copy(struct table *table, const char *text, size_t length)
{
    char *copy = strndup(text, length);
    if (!copy)
        table->has_failed = true;
    return copy;
}

/* Header lines are one line each: control characters and what is no UTF-8 become spaces, blanks at the ends go. */
static char *copy_line(struct table *table, const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    char *copy = table_copy(table, text, length);
    if (copy)
        words_clean(copy, ' ');
    return copy;
}

/*
 * A spreadsheet cuts a header line at its commas: what would begin like a formula behind one gets an apostrophe, as
 * cells do.
 */
static char *guard_formulas(struct table *table, char *value)
{
    size_t length = value ? strlen(value) : 0, used = 0;
    char *guarded = value ? malloc(2 * length + 1) : NULL;
    if (!guarded) {
        table->has_failed = true;
        free(value);
        return NULL;
    }
    bool is_behind_comma = false;
    for (const char *c = value; *c; c++) {
        if (is_behind_comma && strchr("=+-@", *c))
            guarded[used++] = '\'';
        is_behind_comma = *c == ',' || (is_behind_comma && *c == ' ');
        guarded[used++] = *c;
    }
    guarded[used] = '\0';
    free(value);
    return guarded;
}

void table_set_key(struct table *table, const char *key, const char *value)
{
    if (table->has_failed)
        return;
    char *new_value = guard_formulas(table, copy_line(table, value));
    for (size_t i = 0; new_value && i < table->key_count; i++)
        if (strcmp(table->keys[i], key) == 0) {
            free(table->values[i]);
            table->values[i] = new_value;
            return;
        }
    char *new_key = copy_line(table, key);
    size_t room_values = table->key_room;
    if (!new_key || !new_value || !grow(table, &table->values, table->key_count, 1, &room_values) ||
        !grow(table, &table->keys, table->key_count, 1, &table->key_room)) {
        free(new_key);
        free(new_value);
        return;
    }
    table->keys[table->key_count] = new_key;
    table->values[table->key_count++] = new_value;
}

void table_set_key_format(struct table *table, const char *key, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    table_set_key(table, key, text);
}

/* Columns are complete before the first row: cells are stored row by row. */
int table_add_column(struct table *table, const char *column)
{
    if (table->has_failed || table->row_count)
        return -1;
    char *copy = copy_line(table, column);
    if (!copy || !grow(table, &table->columns, table->column_count, 1, &table->column_room)) {
        free(copy);
        return -1;
    }
    table->columns[table->column_count] = copy;
    return (int)table->column_count++;
}

size_t table_add_row(struct table *table)
{
    size_t used = table->row_count * table->column_count;
    if (table->has_failed || !grow(table, &table->cells, used, table->column_count, &table->cell_room))
        return 0;
    memset(table->cells + used, 0, table->column_count * sizeof *table->cells);
    return table->row_count++;
}

void table_put_cell(struct table *table, size_t row, int column, char *text)
{
    if (table->has_failed || column < 0 || row >= table->row_count) {
        free(text);
        return;
    }
    char **cell = &table->cells[row * table->column_count + (size_t)column];
    free(*cell);
    *cell = text;
}

const char *table_name(const struct table *table)
{
    return table->name ? table->name : "table";
}

size_t table_keys(const struct table *table)
{
    return table->key_count;
}

void table_key_at(const struct table *table, size_t index, const char **key, const char **value)
{
    *key = table->keys[index];
    *value = table->values[index];
}

const char *table_key(const struct table *table, const char *key)
{
    for (size_t i = 0; i < table->key_count; i++)
        if (strcmp(table->keys[i], key) == 0)
            return table->values[i];
    return NULL;
}

size_t table_rows(const struct table *table)
{
    return table->row_count;
}

size_t table_columns(const struct table *table)
{
    return table->column_count;
}

const char *table_column_name(const struct table *table, size_t column)
{
    return table->columns[column];
}

int table_column(const struct table *table, const char *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i], column) == 0)
            return (int)i;
    return -1;
}

const char *table_text(const struct table *table, size_t row, int column)
{
    const char *cell = table->cells[row * table->column_count + (size_t)column];
    return cell ? cell : "";
}

enum cmrr_status table_number(const struct table *table, size_t row, int column, double *value, struct cmrr_error *why)
{
    const char *text = table_text(table, row, column);
    if (*text == '\0') {
        *value = NAN;
        return CMRR_OK;
    }
    if (units_parse(text, value) != CMRR_OK)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu, %s: '%.40s' is not a finite number", table_name(table),
                         row + 1, table->columns[column], text);
    return CMRR_OK;
}
