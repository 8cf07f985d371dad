/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_FILTER_H
#define CMRR_FILTER_H

#include <stddef.h>
#include "cmrr/status.h"

/*
 * Long filters applied to arbitrary signals, block by block: y = h_1 * x_1 + h_2 * x_2 by uniformly partitioned
 * overlap-save convolution. A response can be exchanged between two blocks; the history of the inputs stays.
 */
struct filter;
struct filter_response;

struct filter *filter_new(size_t block, size_t taps); /* two inputs, one output; NULL: no memory */
void filter_free(struct filter *filter);

/*
 * taps[0] and taps[1]: as many coefficients as the filter was made for, rounded up to whole blocks (zeros behind).
 * NULL: no memory.
 */
struct filter_response *filter_response_new(struct filter *filter, const double *const taps[2]);
void filter_response_free(struct filter_response *response);

/* One block: x[0] and x[1] in, y out, `block` samples each. y may be one of the inputs. */
void filter_run(struct filter *filter, const struct filter_response *response, const double *const x[2], double *y);

#endif
