/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_FFT_H
#define CMRR_FFT_H

#include <complex.h>
#include <stddef.h>

/*
 * Real Fourier transforms of one length, by FFTW. X[k] = sum x[n] exp(-2 pi i k n / N), k = 0 .. N/2; the inverse is
 * scaled by 1/N. An object is used by one thread at a time; making and freeing objects is safe from any thread.
 */
struct fft;

struct fft *fft_new(size_t frames); /* NULL: no memory; frames >= 2 */
void fft_free(struct fft *fft);
size_t fft_frames(const struct fft *fft);
size_t fft_bins(const struct fft *fft); /* frames / 2 + 1 */

/* x of `frames` samples, spectrum of `bins`; neither is changed but the result. */
void fft_forward(struct fft *fft, const double *x, double complex *spectrum);
void fft_inverse(struct fft *fft, const double complex *spectrum, double *x);

/* Small primes' products are fast: the smallest length >= frames of the form 2^a 3^b 5^c. */
size_t fft_good_length(size_t frames);

#endif
