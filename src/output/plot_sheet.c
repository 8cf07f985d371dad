/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <locale.h>
#include <stdlib.h>

/*
 * Script and data files as text in memory, with a decimal point whatever the program's locale is: gnuplot
 * would read "46,5" as two columns.
 */

static FILE *begin_file(struct plot_file *file)
{
    return open_memstream(&file->text, &file->size);
}

/* A stream in memory fails only for want of memory. */
static bool end_file(FILE *out)
{
    bool is_bad = ferror(out);
    return fclose(out) == 0 && !is_bad;
}

/* An empty layer leaves no file. */
static bool add_layer(struct plot_sheet *sheet, enum plot_layer layer, const struct run_points *points,
                      const struct plot_axes *axes, size_t curve, size_t level, size_t *rows)
{
    struct plot_file *file = &sheet->file[sheet->files];
    FILE *out = begin_file(file);
    if (!out)
        return false;
    sheet->files++;
    plot_layer_name(file->name, sizeof file->name, layer, curve);
    *rows = plot_layer_write(out, layer, points, axes, level);
    if (!end_file(out))
        return false;
    if (*rows == 0) {
        free(file->text);
        *file = (struct plot_file){0};
        sheet->files--;
    }
    return true;
}

static bool add_data(struct plot_sheet *sheet, const struct plot *plot, const struct plot_axes *axes, plot_rows rows)
{
    size_t level = 0;
    for (size_t c = 0; c < plot->curves; c++) {
        for (int layer = 0; layer < PLOT_LAYERS; layer++) {
            /* Floors and residuals of several runs would be a thicket. */
            bool is_drawn = plot->curves == 1 || (layer != PLOT_FLOOR && layer != PLOT_RESIDUAL);
            if (is_drawn &&
                !add_layer(sheet, (enum plot_layer)layer, plot->curve[c].points, axes, c, level, &rows[c][layer]))
                return false;
        }
        level += rows[c][PLOT_INVALID] > 0;
    }
    return true;
}

static bool fill(struct plot_sheet *sheet, const struct plot *plot, enum plot_format format)
{
    plot_rows rows = {{0}};
    struct plot_axes axes = plot_axes_fit(plot);
    struct plot_file *script = &sheet->file[0];
    FILE *out = begin_file(script);
    if (!out)
        return false;
    sheet->files = 1;
    snprintf(script->name, sizeof script->name, "%s", PLOT_SCRIPT_NAME);
    bool is_good = add_data(sheet, plot, &axes, rows);
    plot_script_write(out, plot, format, &axes, rows);
    return end_file(out) && is_good;
}

enum cmrr_status plot_sheet_make(struct plot_sheet *sheet, const struct plot *plot, enum plot_format format,
                                 struct cmrr_error *why)
{
    *sheet = (struct plot_sheet){0};
    locale_t point = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!point)
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory while composing a plot");
    locale_t before = uselocale(point);
    bool is_good = fill(sheet, plot, format);
    uselocale(before);
    freelocale(point);
    return is_good ? CMRR_OK : cmrr_fail(why, CMRR_NO_MEMORY, "out of memory while composing a plot");
}

void plot_sheet_free(struct plot_sheet *sheet)
{
    for (size_t i = 0; i < PLOT_FILES_MAX; i++)
        free(sheet->file[i].text);
    *sheet = (struct plot_sheet){0};
}
