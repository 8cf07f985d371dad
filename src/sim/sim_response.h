/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIM_RESPONSE_H
#define SIM_RESPONSE_H

#include "cmrr/filter.h"
#include "cmrr/sim.h"

/* Delay of the converters' own low-pass filter, frames. */
enum { SIM_FILTER_DELAY = 256 };

/* Length of the impulse responses at a rate: 4 s, so that every whole multiple of 0.25 Hz is exact. */
size_t sim_response_taps(unsigned rate_hz);

/*
 * Everything linear between the two outputs and the input in one position of the fixture: output mismatch and skew,
 * circuit, device, crosstalk and the converters' band limit, as one impulse response per output. NULL: no memory.
 */
struct filter_response *sim_response_new(struct filter *filter, const struct sim_args *args,
                                         const struct device *device, const struct position *position,
                                         unsigned rate_hz);

#endif
