/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/fft.h"

#include <fftw3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * The only file that sees FFTW. Plans are made with ESTIMATE (0.1 ms instead of seconds; our lengths are products of
 * small primes, where a measured plan gains little). FFTW's planner has one state for the whole process and is not
 * thread safe, so a lock stands around it: the one writable global of the core, and it holds no result.
 */
static pthread_mutex_t planner_lock = PTHREAD_MUTEX_INITIALIZER;

struct fft {
    size_t frames;
    double *time;
    double complex *frequency;
    fftw_plan forward, inverse;
};

struct fft *fft_new(size_t frames)
{
    struct fft *fft = calloc(1, sizeof *fft);
    if (!fft)
        return NULL;
    fft->frames = frames;
    pthread_mutex_lock(&planner_lock);
    fft->time = fftw_alloc_real(frames);
    fft->frequency = fftw_alloc_complex(frames / 2 + 1);
    if (fft->time && fft->frequency) {
        fft->forward = fftw_plan_dft_r2c_1d((int)frames, fft->time, fft->frequency, FFTW_ESTIMATE);
        fft->inverse = fftw_plan_dft_c2r_1d((int)frames, fft->frequency, fft->time, FFTW_ESTIMATE);
    }
    pthread_mutex_unlock(&planner_lock);
    if (fft->forward && fft->inverse)
        return fft;
    fft_free(fft);
    return NULL;
}

void fft_free(struct fft *fft)
{
    if (!fft)
        return;
    pthread_mutex_lock(&planner_lock);
    if (fft->forward)
        fftw_destroy_plan(fft->forward);
    if (fft->inverse)
        fftw_destroy_plan(fft->inverse);
    fftw_free(fft->time);
    fftw_free(fft->frequency);
    pthread_mutex_unlock(&planner_lock);
    free(fft);
}

size_t fft_frames(const struct fft *fft)
{
    return fft->frames;
}

size_t fft_bins(const struct fft *fft)
{
    return fft->frames / 2 + 1;
}

void fft_forward(struct fft *fft, const double *x, double complex *spectrum)
{
    memcpy(fft->time, x, fft->frames * sizeof *x);
    fftw_execute(fft->forward);
    memcpy(spectrum, fft->frequency, fft_bins(fft) * sizeof *spectrum);
}

/* A copy first: FFTW's complex-to-real transform destroys its input. */
void fft_inverse(struct fft *fft, const double complex *spectrum, double *x)
{
    memcpy(fft->frequency, spectrum, fft_bins(fft) * sizeof *spectrum);
    fftw_execute(fft->inverse);
    double scale = 1.0 / (double)fft->frames;
    for (size_t i = 0; i < fft->frames; i++)
        x[i] = fft->time[i] * scale;
}

static int is_good(size_t n)
{
    static const size_t primes[] = {2, 3, 5};
    for (size_t i = 0; i < 3; i++)
        while (n % primes[i] == 0)
            n /= primes[i];
    return n == 1;
}

size_t fft_good_length(size_t frames)
{
    size_t n = frames < 2 ? 2 : frames;
    while (!is_good(n))
        n++;
    return n;
}
