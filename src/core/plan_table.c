/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/plan.h"

#include <math.h>
#include <string.h>
#include <stdlib.h>
#include "cmrr/units.h"

/*
 * A plan as a table: a row per marker (kind "marker"), then a row per tone (kind "tone"; tones of one step share its
 * number, frames and mode). What is read back may have been edited: every number is checked against the block.
 */
enum column { KIND, STEP, MODE, FREQ, START, FRAMES, WINDOW, WINDOW_FRAMES, AMPLITUDE, PHASE, COLUMNS };
static const char *const names[COLUMNS] = {"kind",   "step",         "mode",          "freq_hz",   "start_frame",
                                           "frames", "window_frame", "window_frames", "amplitude", "phase_rad"};
#define FRAMES_MAX 1e9

struct table *plan_table(const struct plan *plan)
{
    struct table *table = table_new();
    if (!table)
        return NULL;
    int column[COLUMNS];
    table_set_key(table, "cmrr-plan", "1");
    table_set_key_format(table, "block_frames", "%llu", (unsigned long long)plan->frames);
    for (int i = 0; i < COLUMNS; i++)
        column[i] = table_add_column(table, names[i]);
    for (size_t i = 0; i < plan->markers; i++) {
        const struct plan_marker *marker = &plan->marker[i];
        size_t row = table_add_row(table);
        table_put_text(table, row, column[KIND], "marker");
        table_put_text(table, row, column[MODE], mode_name(marker->mode));
        table_put_number(table, row, column[START], (double)marker->start, 15);
        table_put_number(table, row, column[FRAMES], (double)marker->frames, 15);
        table_put_number(table, row, column[AMPLITUDE], marker->amplitude, 17);
    }
    for (size_t i = 0; i < plan->steps; i++)
        for (size_t j = 0; j < plan->step[i].tones; j++) {
            const struct plan_step *step = &plan->step[i];
            const struct plan_tone *tone = &plan->tone[step->first_tone + j];
            const double value[COLUMNS] = {
                [STEP] = (double)i + 1,          [FREQ] = tone->freq_hz,
                [START] = (double)step->start,   [FRAMES] = (double)step->frames,
                [WINDOW] = (double)step->window, [WINDOW_FRAMES] = (double)step->window_frames,
                [AMPLITUDE] = step->amplitude,   [PHASE] = tone->phase_rad};
            size_t row = table_add_row(table);
            table_put_text(table, row, column[KIND], "tone");
            table_put_text(table, row, column[MODE], mode_name(step->mode));
            for (int k = 0; k < COLUMNS; k++)
                if (k != KIND && k != MODE)
                    table_put_number(table, row, column[k], value[k], 17);
        }
    return table;
}

struct row {
    const char *kind;
    enum mode mode;
    double value[COLUMNS];
};

static enum cmrr_status refuse(const struct table *table, size_t row, const char *what, struct cmrr_error *why)
{
    return cmrr_fail(why, CMRR_BAD_FILE, "%s: row %zu: %s: not a plan that stimulus wrote", table_name(table), row + 1,
                     what);
}

static enum cmrr_status read_row(const struct table *table, size_t row, const int *column, struct row *out,
                                 struct cmrr_error *why)
{
    for (int i = 0; i < COLUMNS; i++)
        if (i != KIND && i != MODE && table_number(table, row, column[i], &out->value[i], why) != CMRR_OK)
            return CMRR_BAD_FILE;
    out->kind = table_text(table, row, column[KIND]);
    const char *mode = table_text(table, row, column[MODE]);
    out->mode = MODE_COUNT;
    for (unsigned i = 0; i < MODE_COUNT; i++)
        if (strcmp(mode, mode_name((enum mode)i)) == 0)
            out->mode = (enum mode)i;
    const double *v = out->value;
    if (out->mode == MODE_COUNT)
        return refuse(table, row, "unknown mode", why);
    if (!(v[AMPLITUDE] > 0.0 && v[AMPLITUDE] <= 1.0))
        return refuse(table, row, "amplitude outside 0 to 1", why);
    if (!(v[START] >= 0.0 && v[FRAMES] >= 1.0 && v[START] + v[FRAMES] <= FRAMES_MAX))
        return refuse(table, row, "frames outside the block", why);
    if (v[START] != rint(v[START]) || v[FRAMES] != rint(v[FRAMES]))
        return refuse(table, row, "frames that are not whole", why);
    return CMRR_OK;
}

static enum cmrr_status check_tone(const struct table *table, size_t row, const struct row *in, unsigned rate_hz,
                                   struct cmrr_error *why)
{
    const double *v = in->value;
    if (!(v[WINDOW] >= v[START] && v[WINDOW_FRAMES] >= 16.0 && v[WINDOW] + v[WINDOW_FRAMES] <= v[START] + v[FRAMES]))
        return refuse(table, row, "window outside its step", why);
    if (v[WINDOW] != rint(v[WINDOW]) || v[WINDOW_FRAMES] != rint(v[WINDOW_FRAMES]))
        return refuse(table, row, "frames that are not whole", why);
    double cycles = v[FREQ] * v[WINDOW_FRAMES] / rate_hz;
    if (!(v[FREQ] > 0.0 && 2.0 * cycles < v[WINDOW_FRAMES] && fabs(cycles - rint(cycles)) < 1e-6 && cycles > 0.5))
        return refuse(table, row, "the tone makes no whole number of cycles in its window", why);
    if (!(fabs(v[PHASE]) < 100.0) || !(v[STEP] >= 1.0))
        return refuse(table, row, "phase or step out of range", why);
    return CMRR_OK;
}

static enum cmrr_status take_marker(struct plan *plan, const struct row *in)
{
    if (plan->markers == PLAN_MARKERS_MAX)
        return CMRR_RANGE;
    plan->marker[plan->markers++] =
        (struct plan_marker){in->mode, (uint64_t)in->value[START], (uint64_t)in->value[FRAMES], in->value[AMPLITUDE]};
    return CMRR_OK;
}

/* Tones of one step sound and are analysed together. */
static int is_same_step(const struct plan_step *step, const struct row *in)
{
    const double *v = in->value;
    return step->mode == in->mode && (double)step->start == v[START] && (double)step->frames == v[FRAMES] &&
           (double)step->window == v[WINDOW] && (double)step->window_frames == v[WINDOW_FRAMES] &&
           step->amplitude == v[AMPLITUDE];
}

/* Rows of one step follow each other; a new number begins a new step. CMRR_RANGE where they disagree. */
static enum cmrr_status take_tone(struct plan *plan, const struct row *in, double *last_step)
{
    const double *v = in->value;
    if (plan->steps && v[STEP] == *last_step && !is_same_step(&plan->step[plan->steps - 1], in))
        return CMRR_RANGE;
    if (plan->steps == 0 || v[STEP] != *last_step)
        plan->step[plan->steps++] = (struct plan_step){.mode = in->mode,
                                                       .pass = PASS_MAIN,
                                                       .start = (uint64_t)v[START],
                                                       .frames = (uint64_t)v[FRAMES],
                                                       .window = (uint64_t)v[WINDOW],
                                                       .window_frames = (uint64_t)v[WINDOW_FRAMES],
                                                       .amplitude = v[AMPLITUDE],
                                                       .first_tone = plan->tones};
    *last_step = v[STEP];
    struct plan_step *step = &plan->step[plan->steps - 1];
    step->tones++;
    /* Several tones at once are a look: the leg check. */
    step->pass = step->mode == MODE_HOT || step->mode == MODE_COLD ? PASS_LOOK : PASS_MAIN;
    plan->tone[plan->tones++] =
        (struct plan_tone){v[FREQ], (uint64_t)llrint(v[FREQ] * (double)step->window_frames / plan->rate_hz), v[PHASE]};
    return CMRR_OK;
}

static enum cmrr_status take_rows(struct plan *plan, const struct table *table, const int *column,
                                  struct cmrr_error *why)
{
    double last_step = 0.0;
    for (size_t i = 0; i < table_rows(table); i++) {
        struct row in;
        if (read_row(table, i, column, &in, why) != CMRR_OK)
            return CMRR_BAD_FILE;
        if (in.value[START] + in.value[FRAMES] > (double)plan->frames)
            return refuse(table, i, "frames outside the block", why);
        if (strcmp(in.kind, "marker") == 0) {
            if (take_marker(plan, &in) != CMRR_OK)
                return refuse(table, i, "too many markers", why);
            continue;
        }
        if (strcmp(in.kind, "tone") != 0)
            return refuse(table, i, "kind is neither marker nor tone", why);
        if (check_tone(table, i, &in, plan->rate_hz, why) != CMRR_OK)
            return CMRR_BAD_FILE;
        if (take_tone(plan, &in, &last_step) != CMRR_OK)
            return refuse(table, i, "the tones of one step disagree", why);
    }
    return plan->markers && plan->steps
               ? CMRR_OK
               : cmrr_fail(why, CMRR_BAD_FILE, "%s: no marker or no tone in it", table_name(table));
}

static double key_number(const struct table *table, const char *key)
{
    const char *text = table_key(table, key);
    double value = NAN;
    if (text)
        units_parse(text, &value);
    return value;
}

enum cmrr_status plan_parse(struct plan *plan, const struct table *table, struct cmrr_error *why)
{
    int column[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        if ((column[i] = table_column(table, names[i])) < 0)
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: no column %s: not a plan that stimulus wrote", table_name(table),
                             names[i]);
    double rate = key_number(table, "rate"), frames = key_number(table, "block_frames");
    if (!(rate >= 8000.0 && rate <= 768000.0) || !(frames >= 1.0 && frames <= FRAMES_MAX))
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: no usable 'rate' or 'block_frames' in its head: not a plan",
                         table_name(table));
    struct plan made;
    plan_init(&made, (unsigned)rate);
    made.frames = (uint64_t)frames;
    made.step = calloc(table_rows(table) + 1, sizeof *made.step);
    made.tone = calloc(table_rows(table) + 1, sizeof *made.tone);
    enum cmrr_status status = made.step && made.tone
                                  ? take_rows(&made, table, column, why)
                                  : cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", table_name(table));
    if (status == CMRR_OK)
        *plan = made;
    else
        plan_finish(&made);
    return status;
}
