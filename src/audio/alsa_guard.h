/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_ALSA_GUARD_H
#define CMRR_ALSA_GUARD_H

#include <stdbool.h>

/*
 * Run work(arg) in a thread of its own and wait for it, at most limit_s. True: it has returned. False: it is
 * still at it; `arg` then belongs to that thread, which calls abandoned(arg) when work returns after all
 * (perhaps never). Where no thread can be had, work runs here, without a limit.
 */
bool alsa_guard_run(void (*work)(void *), void (*abandoned)(void *), void *arg, double limit_s);

#endif
