/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_BACKENDS_H
#define CMRR_BACKENDS_H

#include "cmrr/audio.h"
#include "cmrr/fixture.h"
#include "cmrr/settings.h"

/* What a device name opens: one row per back end in backends.c. */
struct bench_devices {
    struct audio *audio;
    struct fixture *fixture; /* belongs to the audio; NULL where nothing can set a position */
};

/* Open what settings->device names. *devices untouched on failure. */
enum cmrr_status backend_open(struct bench_devices *devices, const struct settings *settings, struct cmrr_error *why);

/* Without opening: is the name well formed, do the files exist that it names, can a fixture set positions there? */
enum cmrr_status backend_check(const struct settings *settings, bool *has_fixture, struct cmrr_error *why);

#endif
