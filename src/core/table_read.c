/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/table.h"

#include <stdlib.h>
#include <string.h>
#include "table_internal.h"

/*
 * Reading CSV from memory: RFC 4180 quoting, `# key: value` lines before the column line, LF or CRLF. Strict where
 * leniency would lose data: a row with too few or too many fields, a repeated column, a NUL byte, a quote that never
 * closes are refused by line.
 */
enum { NAMES_MAX = 1000 }; /* keys, and columns: names are looked up one by one, the square of their number */

struct reader {
    const char *at, *end;
    size_t line;
    const char *name;
    struct table *table;
    struct cmrr_error *why;
    char *field; /* room for the longest field: as large as the text */
};

static enum cmrr_status refuse(struct reader *reader, const char *what)
{
    return cmrr_fail(reader->why, CMRR_BAD_FILE, "%s: line %zu: %s", reader->name, reader->line, what);
}

/* One `# key: value` line; a comment without a colon is passed over. */
static void read_key(struct reader *reader)
{
    const char *stop = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    size_t length = (size_t)((stop ? stop : reader->end) - reader->at);
    char *line = reader->field;
    memcpy(line, reader->at + 1, length - 1);
    line[length - 1] = '\0';
    reader->at += length + (stop ? 1 : 0);
    reader->line++;
    char *colon = strchr(line, ':');
    if (!colon)
        return;
    *colon = '\0';
    char *key = line + strspn(line, " \t");
    key[strcspn(key, " \t")] = '\0';
    table_set_key(reader->table, key, colon + 1);
}

/* The text of one field into reader->field; leaves `at` on the separator behind it. */
static enum cmrr_status read_field(struct reader *reader)
{
    char *out = reader->field;
    if (reader->at < reader->end && *reader->at == '"') {
        for (reader->at++;; reader->at++) {
            if (reader->at >= reader->end)
                return refuse(reader, "a quote that never closes");
            if (*reader->at == '"' && (reader->at + 1 >= reader->end || reader->at[1] != '"'))
                break;
            if (*reader->at == '"')
                reader->at++;
            *out++ = *reader->at;
        }
        reader->at++;
        if (reader->at < reader->end && !strchr(",\r\n", *reader->at))
            return refuse(reader, "text behind a closing quote");
    } else {
        while (reader->at < reader->end && !strchr(",\r\n", *reader->at))
            *out++ = *reader->at++;
    }
    *out = '\0';
    return CMRR_OK;
}

/* Step over a separator; returns whether the row is over. */
static int end_of_row(struct reader *reader)
{
    if (reader->at < reader->end && *reader->at == ',') {
        reader->at++;
        return 0;
    }
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    reader->line++;
    return 1;
}

static enum cmrr_status read_columns(struct reader *reader)
{
    for (;;) {
        if (read_field(reader) != CMRR_OK)
            return CMRR_BAD_FILE;
        if (table_columns(reader->table) == NAMES_MAX)
            return refuse(reader, "too many columns");
        int column = table_add_column(reader->table, reader->field);
        if (column < 0)
            return CMRR_OK; /* out of memory, which the table remembers */
        /* Compared as the table keeps it, trimmed and cleaned. */
        const char *name = table_column_name(reader->table, (size_t)column);
        if (*name == '\0')
            return refuse(reader, "a column without a name");
        if (table_column(reader->table, name) != column)
            return refuse(reader, "the same column twice");
        if (end_of_row(reader))
            return CMRR_OK;
    }
}

static enum cmrr_status read_row(struct reader *reader)
{
    struct table *table = reader->table;
    size_t row = table_add_row(table);
    for (size_t column = 0;; column++) {
        if (read_field(reader) != CMRR_OK)
            return CMRR_BAD_FILE;
        if (column >= table->column_count)
            return refuse(reader, "more fields than columns");
        if (*reader->field)
            table_put_cell(table, row, (int)column, table_copy(table, reader->field, strlen(reader->field)));
        if (!end_of_row(reader))
            continue;
        if (column + 1 < table->column_count)
            return refuse(reader, "fewer fields than columns");
        return CMRR_OK;
    }
}

static enum cmrr_status read_all(struct reader *reader)
{
    while (reader->at < reader->end && *reader->at == '#') {
        if (table_keys(reader->table) == NAMES_MAX)
            return refuse(reader, "too many keys");
        read_key(reader);
    }
    if (reader->at >= reader->end || *reader->at == '\n')
        return refuse(reader, "no line of column names");
    enum cmrr_status status = read_columns(reader);
    while (status == CMRR_OK && reader->at < reader->end && !reader->table->has_failed)
        status = read_row(reader);
    if (status == CMRR_OK && reader->table->has_failed)
        status = cmrr_fail(reader->why, CMRR_NO_MEMORY, "%s: out of memory", reader->name);
    return status;
}

enum cmrr_status table_parse(struct table **table, const char *text, size_t size, const char *name,
                             struct cmrr_error *why)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf"; /* what some editors put before UTF-8 */
    if (size >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        text += 3;
        size -= 3;
    }
    if (memchr(text, '\0', size))
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: not a text file (it holds a NUL byte)", name);
    /* Editors that write a byte order mark put it before the first name or '#'. */
    size_t mark = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    struct reader reader = {.at = text + mark, .end = text + size, .line = 1, .name = name, .why = why};
    reader.table = table_new();
    reader.field = malloc(size + 1);
    enum cmrr_status status = CMRR_NO_MEMORY;
    if (reader.table && reader.field) {
        reader.field[0] = '\0';
        reader.table->name = table_copy(reader.table, name, strlen(name));
        status = read_all(&reader);
    } else {
        cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", name);
    }
    free(reader.field);
    if (status == CMRR_OK)
        *table = reader.table;
    else
        table_free(reader.table);
    return status;
}
