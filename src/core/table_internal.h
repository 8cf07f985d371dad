/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TABLE_INTERNAL_H
#define TABLE_INTERNAL_H

#include <stdbool.h>
#include "cmrr/table.h"

struct table {
    char *name;
    char **keys, **values;
    size_t key_count, key_room;
    char **columns;
    size_t column_count, column_room;
    char **cells; /* row by row; NULL = empty */
    size_t row_count, cell_room;
    bool has_failed;
};

/* A copy of `length` bytes; NULL marks the table as failed. */
char *table_copy(struct table *table, const char *text, size_t length);

/* Put malloc'ed text into a cell; the table owns it then. */
void table_put_cell(struct table *table, size_t row, int column, char *text);

#endif
