/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIND_RUN_H
#define FIND_RUN_H

#include "cmrr/store.h"

/* A run of the user's store, else of the system's; the sentence is that of the user's. */
enum cmrr_status find_run(const char *word, char folder[PATH_MAX], struct cmrr_error *why);

#endif
