/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "finish.h"

#include <math.h>
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

/* What limits a bound: the largest part of its floor. */
enum limit { LIMIT_NOISE, LIMIT_MATCH, LIMIT_TIE, LIMIT_CROSSTALK, LIMIT_GROUND, LIMITS };

static enum limit limit_of(const struct point *point, const struct assumptions *assumed)
{
    struct assumptions only = *assumed;
    double gain = cabs(point->gain_dm);
    int is_tied = strncmp(point->method, "tied", 4) == 0, has_residual = strstr(point->method, "residual") != NULL;
    double part[LIMITS] = {[LIMIT_NOISE] = CMRR_DETECT * point->rho.u};
    only.ground_db = only.crosstalk_db = -INFINITY;
    part[is_tied ? LIMIT_TIE : LIMIT_MATCH] = cmrr_assumed_radius(&only, point->freq_hz, gain, is_tied, has_residual);
    only.crosstalk_db = assumed->crosstalk_db;
    only.mismatch_db = only.skew_ns = 0.0;
    part[LIMIT_CROSSTALK] = cmrr_assumed_radius(&only, point->freq_hz, gain, is_tied, has_residual);
    only.crosstalk_db = -INFINITY;
    only.ground_db = assumed->ground_db;
    part[LIMIT_GROUND] = cmrr_assumed_radius(&only, point->freq_hz, gain, is_tied, has_residual);
    enum limit largest = LIMIT_NOISE;
    for (unsigned i = 1; i < LIMITS; i++)
        if (part[i] > part[largest])
            largest = (enum limit)i;
    return largest;
}

static void say_cause(struct text *text, enum limit limit, const struct settings *settings)
{
    const struct assumptions *assumed = &settings->assumed;
    switch (limit) {
    case LIMIT_MATCH:
        say(text,
            "because the two outputs are only assumed to match within %g dB and %g ns; to see further, tie the legs "
            "together at the device for the common-mode part (-S tied,terminated, needs a fixture) or state a "
            "match that you have measured (--assume-mismatch-db, --assume-skew-ns)",
            assumed->mismatch_db, assumed->skew_ns);
        break;
    case LIMIT_TIE:
        say(text,
            "because outputs that match within %g dB leave their share over a tie of %g ohm; to see further, make a "
            "shorter tie (--assume-tie-ohm) or state a measured match (--assume-mismatch-db)",
            assumed->mismatch_db, assumed->tie_ohm);
        break;
    case LIMIT_CROSSTALK:
        say(text,
            "because the interface's own crosstalk is only assumed to be below %g dB; to see further, measure "
            "terminated "
            "too (needs a fixture) or state what you have measured (--assume-crosstalk-db)",
            assumed->crosstalk_db);
        break;
    case LIMIT_GROUND:
        say(text, "because of the ground current that is assumed (--assume-ground-db %g)", assumed->ground_db);
        break;
    case LIMIT_NOISE:
    case LIMITS:
        say(text, "because noise hides the rest; raise the level or the device's gain");
        break;
    }
}

static void say_bounds(struct text *text, const struct run_points *points, const struct settings *settings)
{
    size_t bounds = 0, count[LIMITS] = {0};
    enum limit most = LIMIT_NOISE;
    for (size_t i = 0; i < points->count; i++) {
        if (points->at[i].result.kind != CMRR_KIND_BOUND)
            continue;
        enum limit limit = limit_of(&points->at[i], &settings->assumed);
        bounds++;
        if (++count[limit] > count[most])
            most = limit;
    }
    if (bounds == 0)
        return;
    begin(text, "%zu of %zu points are lower bounds: the CMRR is at least the figure, ", bounds, points->count);
    say_cause(text, most, settings);
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
