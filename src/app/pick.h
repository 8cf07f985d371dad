/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PICK_H
#define PICK_H

#include <string.h>
#include "cmrr/audio.h"

/* The part of a chunk that falls into captured frames [from, from + frames), into `into`; whether it was the last part. */
static inline bool pick_frames(const struct audio_chunk *chunk, uint64_t from, uint64_t frames, double *into)
{
    uint64_t begin = chunk->first > from ? chunk->first : from;
    uint64_t chunk_end = chunk->first + chunk->frames, end = from + frames;
    end = chunk_end < end ? chunk_end : end;
    if (end > begin)
        memcpy(into + (begin - from), chunk->samples + (begin - chunk->first), (end - begin) * sizeof *into);
    return chunk_end >= from + frames;
}

#endif
