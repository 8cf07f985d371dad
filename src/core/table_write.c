/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "cmrr/units.h"
#include "table_internal.h"

/*
 * Writing CSV into memory. A text cell that begins like a formula (= + - @ or a tab) gets an apostrophe, the usual
 * guard of spreadsheets; numbers are put by the number functions and keep their sign. printf obeys the locale of the
 * program, so the decimal mark is put right afterwards.
 */

static char *number_text(double value, const char *format, int digits)
{
    char text[64];
    snprintf(text, sizeof text, format, digits, value);
    for (char *c = text; *c; c++)
        if (*c == ',')
            *c = '.';
    return strdup(text);
}

static void put_number(struct table *table, size_t row, int column, double value, const char *format, int digits)
{
    char *text = isfinite(value) ? number_text(value, format, digits) : NULL;
    if (isfinite(value) && !text)
        table->has_failed = true;
    table_put_cell(table, row, column, text);
}

void table_put_number(struct table *table, size_t row, int column, double value, int digits)
{
    put_number(table, row, column, value, "%.*g", digits);
}

void table_put_fixed(struct table *table, size_t row, int column, double value, int decimals)
{
    put_number(table, row, column, value, "%.*f", decimals);
}

void table_put_text(struct table *table, size_t row, int column, const char *text)
{
    double ignored;
    int is_formula = *text && strchr("=+-@\t\r", *text) && units_parse(text, &ignored) != CMRR_OK;
    size_t length = strlen(text);
    char *copy = length ? malloc(length + 2) : NULL;
    if (length && !copy)
        table->has_failed = true;
    if (copy) {
        copy[0] = '\'';
        memcpy(copy + is_formula, text, length + 1);
    }
    table_put_cell(table, row, column, copy);
}

static void write_cell(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n") && *text != '#') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_head(FILE *out, const struct table *table)
{
    for (size_t i = 0; i < table->key_count; i++)
        fprintf(out, "# %s: %s\n", table->keys[i], table->values[i]);
    for (size_t i = 0; i < table->column_count; i++) {
        if (i)
            fputc(',', out);
        write_cell(out, table->columns[i]);
    }
    fputc('\n', out);
}

static void write_row(FILE *out, const struct table *table, size_t row)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (i)
            fputc(',', out);
        write_cell(out, table_text(table, row, (int)i));
    }
    fputc('\n', out);
}

/* Rows [from, to), with the head before them where asked for, into one malloc'ed string. */
static char *format_part(const struct table *table, int has_head, size_t from, size_t to)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = table->has_failed ? NULL : open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (has_head)
        write_head(out, table);
    for (size_t row = from; row < to; row++)
        write_row(out, table, row);
    int failed = ferror(out);
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}

char *table_format(const struct table *table)
{
    return format_part(table, 1, 0, table->row_count);
}

char *table_format_head(const struct table *table)
{
    return format_part(table, 1, 0, 0);
}

char *table_format_row(const struct table *table, size_t row)
{
    return format_part(table, 0, row, row + 1);
}
