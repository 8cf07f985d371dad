/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include "cmrr/fft.h"

/*
 * A window is a sum of cosines w[n] = sum_j a_j (-1)^j cos(2 pi j n / N), so the windowed transform is the plain one
 * convolved with 2 J + 1 coefficients: c_0 = a_0, c_{+-j} = (-1)^j a_j / 2. One plain FFT therefore serves both
 * windows, a coherent tone reaches exactly J bins, and the correlation of two bins d apart under white noise is
 * r_d = sum_j c_j c_{j+d} / sum_j c_j^2. Coefficients: Harris, Proc. IEEE 66 (1978), 4-term, -92 dB.
 */
enum { REACH_MAX = 3 };

struct spectrum {
    struct fft *fft;
    double complex *plain;
    double c[REACH_MAX + 1]; /* c[j] = c[-j], scaled so that a tone's own bin shows its peak amplitude */
    size_t reach;
    double correlation2[2 * REACH_MAX + 1]; /* r_d^2 */
};

static void set_window(struct spectrum *spectrum, enum window window)
{
    static const double harris[] = {0.35875, 0.48829, 0.14128, 0.01168};
    spectrum->reach = window == WINDOW_BLACKMAN_HARRIS ? REACH_MAX : 0;
    double *c = spectrum->c;
    /* 2 because a real cosine splits over +-k; the sum of w is N a_0. */
    c[0] = 2.0 / (double)fft_frames(spectrum->fft);
    for (size_t j = 1; j <= spectrum->reach; j++)
        c[j] = c[0] * (j % 2 ? -0.5 : 0.5) * harris[j] / harris[0];
}

static double coefficient(const struct spectrum *spectrum, long j)
{
    size_t size = (size_t)labs(j);
    return size <= spectrum->reach ? spectrum->c[size] : 0.0;
}

static void set_correlation(struct spectrum *spectrum)
{
    double energy = 0.0;
    for (long d = 0; d <= 2 * (long)spectrum->reach; d++) {
        double sum = 0.0;
        for (long j = -(long)spectrum->reach; j <= (long)spectrum->reach; j++)
            sum += coefficient(spectrum, j) * coefficient(spectrum, j + d);
        energy = d == 0 ? sum : energy;
        spectrum->correlation2[d] = sum * sum / (energy * energy);
    }
}

struct spectrum *spectrum_new(size_t frames, enum window window)
{
    struct spectrum *spectrum = calloc(1, sizeof *spectrum);
    if (!spectrum)
        return NULL;
    spectrum->fft = fft_new(frames);
    spectrum->plain = calloc(frames / 2 + 1, sizeof *spectrum->plain);
    if (!spectrum->fft || !spectrum->plain) {
        spectrum_free(spectrum);
        return NULL;
    }
    set_window(spectrum, window);
    set_correlation(spectrum);
    return spectrum;
}

void spectrum_free(struct spectrum *spectrum)
{
    if (!spectrum)
        return;
    fft_free(spectrum->fft);
    free(spectrum->plain);
    free(spectrum);
}

size_t spectrum_frames(const struct spectrum *spectrum)
{
    return fft_frames(spectrum->fft);
}

size_t spectrum_reach(const struct spectrum *spectrum)
{
    return spectrum->reach;
}

void spectrum_transform(struct spectrum *spectrum, const double *x)
{
    fft_forward(spectrum->fft, x, spectrum->plain);
}

/* The plain transform at any bin from -N/2 to N: real signals mirror. */
static double complex plain_at(const struct spectrum *spectrum, long bin)
{
    long frames = (long)spectrum_frames(spectrum);
    if (bin < 0)
        return conj(spectrum->plain[-bin]);
    return 2 * bin <= frames ? spectrum->plain[bin] : conj(spectrum->plain[frames - bin]);
}

static double complex amplitude_at(const struct spectrum *spectrum, size_t bin)
{
    double complex sum = 0.0;
    for (long j = -(long)spectrum->reach; j <= (long)spectrum->reach; j++)
        sum += coefficient(spectrum, j) * plain_at(spectrum, (long)bin + j);
    return sum;
}

enum cmrr_status spectrum_tone(const struct spectrum *spectrum, size_t cycles, double complex *amplitude)
{
    if (cycles < 1 || 2 * cycles >= spectrum_frames(spectrum))
        return CMRR_RANGE;
    *amplitude = amplitude_at(spectrum, cycles);
    return CMRR_OK;
}

void spectrum_mask_take(struct spectrum_mask *mask, double centre, double width)
{
    double from = ceil(centre - width), to = floor(centre + width);
    if (to < 0.0 || from >= (double)mask->bins)
        return;
    size_t first = from < 0.0 ? 0 : (size_t)from;
    size_t last = to >= (double)mask->bins ? mask->bins - 1 : (size_t)to;
    for (size_t bin = first; bin <= last; bin++)
        mask->is_taken[bin] = true;
}

/* Bins used so far, in the order of taking, and what is needed to count how many are independent. */
struct harvest {
    const struct spectrum *spectrum;
    const struct spectrum_mask *mask;
    bool *is_used;
    double power;
    double correlation2_sum;
    size_t bins;
};

/* nu = 2 K^2 / sum over all pairs of r^2: two quadratures for each of K bins were they independent. */
static double harvest_nu(const struct harvest *harvest)
{
    double bins = (double)harvest->bins;
    return bins > 0.0 ? 2.0 * bins * bins / harvest->correlation2_sum : 0.0;
}

static void harvest_bin(struct harvest *harvest, long bin)
{
    long last = (long)spectrum_frames(harvest->spectrum) / 2 - 1;
    if (bin < 1 || bin > last || harvest->mask->is_taken[bin])
        return;
    double complex amplitude = amplitude_at(harvest->spectrum, (size_t)bin);
    harvest->power += creal(amplitude) * creal(amplitude) + cimag(amplitude) * cimag(amplitude);
    harvest->correlation2_sum += 1.0;
    for (long d = 1; d <= 2 * (long)harvest->spectrum->reach; d++) {
        int neighbours = (bin - d >= 1 && harvest->is_used[bin - d]) + (bin + d <= last && harvest->is_used[bin + d]);
        harvest->correlation2_sum += 2.0 * neighbours * harvest->spectrum->correlation2[d];
    }
    harvest->is_used[bin] = true;
    harvest->bins++;
}

enum cmrr_status spectrum_noise(const struct spectrum *spectrum, size_t cycles, const struct spectrum_mask *mask,
                                double nu_wanted, struct spectrum_noise *noise)
{
    long half = (long)spectrum_frames(spectrum) / 2;
    struct harvest harvest = {.spectrum = spectrum, .mask = mask};
    harvest.is_used = calloc((size_t)half + 1, sizeof *harvest.is_used);
    if (!harvest.is_used)
        return CMRR_NO_MEMORY;
    for (long distance = 1; distance < half && harvest_nu(&harvest) < nu_wanted; distance++) {
        harvest_bin(&harvest, (long)cycles - distance);
        harvest_bin(&harvest, (long)cycles + distance);
    }
    free(harvest.is_used);
    if (harvest.bins < 4)
        return CMRR_RANGE;
    *noise = (struct spectrum_noise){
        .s = sqrt(harvest.power / (double)harvest.bins / 2.0), .nu = harvest_nu(&harvest), .bins = harvest.bins};
    return CMRR_OK;
}
