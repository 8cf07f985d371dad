/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ABSOLUTE_H
#define ABSOLUTE_H

#include <stddef.h>
#include "cmrr/status.h"

/*
 * The daemon works in another folder: a relative path in sim:...,DUT=PATH (one with a '/') becomes absolute, in place;
 * other device names stay. CMRR_USAGE where the result is longer than `size`.
 */
enum cmrr_status absolute_device(char *device, size_t size, struct cmrr_error *why);

#endif
