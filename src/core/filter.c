/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/filter.h"

#include <stdlib.h>
#include <string.h>
#include "cmrr/fft.h"

/*
 * The impulse response is cut into parts of `block` samples, each transformed with as many zeros behind. Every block of
 * input is transformed once (with the block before it) and kept; the output's spectrum is the sum of kept spectra
 * times parts, newest times first part; the second half of the inverse is the output (Gardner, JAES 43, 1995).
 * Products are written out in real arithmetic: C's complex product checks for NaN and is four times slower.
 */
enum { INPUTS = 2 };

struct filter {
    struct fft *fft;
    size_t block, bins, parts;
    double complex *history[INPUTS]; /* ring of `parts` spectra */
    size_t newest;
    double *time[INPUTS]; /* last block, this block */
    double complex *sum;
    double *out;
};

struct filter_response {
    double complex *part[INPUTS]; /* `parts` spectra each */
};

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    fft_free(filter->fft);
    for (int i = 0; i < INPUTS; i++) {
        free(filter->history[i]);
        free(filter->time[i]);
    }
    free(filter->sum);
    free(filter->out);
    free(filter);
}

struct filter *filter_new(size_t block, size_t taps)
{
    struct filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return NULL;
    filter->block = block;
    filter->bins = block + 1;
    filter->parts = (taps + block - 1) / block;
    filter->fft = fft_new(2 * block);
    filter->sum = calloc(filter->bins, sizeof *filter->sum);
    filter->out = calloc(2 * block, sizeof *filter->out);
    int has_all = filter->fft && filter->sum && filter->out;
    for (int i = 0; i < INPUTS; i++) {
        filter->history[i] = calloc(filter->bins * filter->parts, sizeof **filter->history);
        filter->time[i] = calloc(2 * block, sizeof **filter->time);
        has_all = has_all && filter->history[i] && filter->time[i];
    }
    if (has_all)
        return filter;
    filter_free(filter);
    return NULL;
}

struct filter_response *filter_response_new(struct filter *filter, const double *const taps[2])
{
    struct filter_response *response = calloc(1, sizeof *response);
    size_t total = filter->parts * filter->block;
    double *padded = calloc(2 * filter->block, sizeof *padded);
    if (response && padded)
        for (int i = 0; i < INPUTS; i++)
            response->part[i] = calloc(filter->bins * filter->parts, sizeof **response->part);
    if (!response || !padded || !response->part[0] || !response->part[1]) {
        free(padded);
        filter_response_free(response);
        return NULL;
    }
    for (int i = 0; i < INPUTS; i++)
        for (size_t start = 0; start < total; start += filter->block) {
            memcpy(padded, taps[i] + start, filter->block * sizeof *padded);
            fft_forward(filter->fft, padded, response->part[i] + start / filter->block * filter->bins);
        }
    free(padded);
    return response;
}

void filter_response_free(struct filter_response *response)
{
    if (!response)
        return;
    for (int i = 0; i < INPUTS; i++)
        free(response->part[i]);
    free(response);
}

static void multiply_add(double complex *sum, const double complex *a, const double complex *b, size_t bins)
{
    double *s = (double *)sum;
    const double *x = (const double *)a, *h = (const double *)b;
    for (size_t k = 0; k < 2 * bins; k += 2) {
        s[k] += x[k] * h[k] - x[k + 1] * h[k + 1];
        s[k + 1] += x[k] * h[k + 1] + x[k + 1] * h[k];
    }
}

void filter_run(struct filter *filter, const struct filter_response *response, const double *const x[2], double *y)
{
    size_t block = filter->block;
    filter->newest = (filter->newest + 1) % filter->parts;
    memset(filter->sum, 0, filter->bins * sizeof *filter->sum);
    for (int i = 0; i < INPUTS; i++) {
        memmove(filter->time[i], filter->time[i] + block, block * sizeof(double));
        memcpy(filter->time[i] + block, x[i], block * sizeof(double));
        fft_forward(filter->fft, filter->time[i], filter->history[i] + filter->newest * filter->bins);
        for (size_t part = 0; part < filter->parts; part++) {
            size_t kept = (filter->newest + filter->parts - part) % filter->parts;
            multiply_add(filter->sum, filter->history[i] + kept * filter->bins, response->part[i] + part * filter->bins,
                         filter->bins);
        }
    }
    fft_inverse(filter->fft, filter->sum, filter->out);
    memcpy(y, filter->out + block, block * sizeof *y);
}
