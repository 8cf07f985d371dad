/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "finish.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "cmrr/legs.h"

/* What a run says about itself: each sentence names what is so and what to do. */
struct text {
    const char *start;
    char *at;
    size_t left;
};

static void say_list(struct text *text, const char *format, va_list args)
{
    int used = vsnprintf(text->at, text->left, format, args);
    size_t moved = (size_t)used < text->left ? (size_t)used : text->left - 1;
    text->at += moved;
    text->left -= moved;
}

static void say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void begin(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_list(text, format, args);
    va_end(args);
}

/* A new sentence, set off from the one before. */
static void begin(struct text *text, const char *format, ...)
{
    va_list args;
    if (text->at > text->start)
        say(text, "%s", "; ");
    va_start(args, format);
    say_list(text, format, args);
    va_end(args);
}

/* Flags that every, or any, point carries. */
static unsigned any_flags(const struct run_points *points)
{
    unsigned flags = 0;
    for (size_t i = 0; i < points->count; i++)
        flags |= points->at[i].flags;
    return flags;
}

static size_t count_bounds(const struct run_points *points, size_t *assumed)
{
    size_t bounds = 0;
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->at[i];
        if (point->result.kind != CMRR_KIND_BOUND)
            continue;
        bounds++;
        *assumed += point->b > CMRR_DETECT * point->rho.u;
    }
    return bounds;
}

static void say_bounds(struct text *text, const struct run_points *points, const struct settings *settings)
{
    size_t assumed = 0, bounds = count_bounds(points, &assumed);
    if (bounds == 0)
        return;
    int is_tied = points->source_per_leg_ohm == 0.0;
    begin(text, "%zu of %zu points are lower bounds: the CMRR is at least the figure, ", bounds, points->count);
    if (2 * assumed < bounds)
        say(text, "noise hides the rest; raise the level or the device's gain");
    else if (!is_tied)
        say(text,
            "because the two outputs are only assumed to match within %g dB and %g ns; to see further, tie the legs "
            "together at the device for the common-mode part (-S tied,terminated, needs a fixture) or state a "
            "match that you have measured (--assume-mismatch-db, --assume-skew-ns)",
            settings->assumed.mismatch_db, settings->assumed.skew_ns);
    else
        say(text,
            "because outputs that match within %g dB leave their share over a tie of %g ohm; to see further, make a "
            "shorter tie (--assume-tie-ohm) or state a measured match (--assume-mismatch-db)%s",
            settings->assumed.mismatch_db, settings->assumed.tie_ohm,
            strstr(points->at[0].method, "residual") ? "" : ", or measure terminated too");
}

void finish_message(const struct run_points *points, const struct settings *settings, char *text, size_t size)
{
    struct text out = {text, text, size};
    text[0] = '\0';
    unsigned flags = any_flags(points) | points->flags;
    const char *legs = legs_sentence(flags);
    if (*legs)
        begin(&out, "%s", legs);
    if (flags & FLAG_CLIP)
        begin(&out, "the input clipped in some steps, which are invalid; lower --level-cm or --level-dm");
    if ((flags & FLAG_NO_SIGNAL) && !*legs)
        begin(&out, "no differential output at some frequencies, which are invalid");
    say_bounds(&out, points, settings);
}
