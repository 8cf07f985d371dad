/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DEVICES_H
#define DEVICES_H

#include <jansson.h>

/*
 * The interfaces of this machine and, last, the simulated bench: an array of objects with name, card, outputs, inputs,
 * rates_hz, formats, is_busy, holder, is_simulated. Opens every free device for a moment. NULL: no memory.
 */
json_t *devices_json(void);

#endif
