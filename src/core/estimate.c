/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/estimate.h"

#include <math.h>
#include <stdlib.h>
#include "cmrr/spectrum.h"
#include "cmrr/tone.h"

/*
 * The noise beside a tone must not hold what is not noise: the step's tones and their harmonics (the window's reach
 * on either side), the mains' harmonics (a few bins more, since the mains wander), and direct current. Mains lines
 * are left out up to 6 kHz; above, they are small and would leave no bins at all.
 */
#define MAINS_TOP_HZ 6000.0
#define MAINS_WANDER 0.001 /* of the frequency: +-0.05 Hz at 50 Hz */
#define NU_WANTED 100.0    /* above CMRR_NU_MIN, so that a combination of readings stays above it */
#define S_MIN 1e-13        /* full scale = 1; a noiseless simulation would otherwise divide by zero */
enum { HARMONICS = 10, LENGTHS_MAX = 4 };

struct estimator {
    struct spectrum *spectrum[LENGTHS_MAX]; /* by window length */
    size_t lengths;
};

struct estimator *estimator_new(void)
{
    return calloc(1, sizeof(struct estimator));
}

void estimator_free(struct estimator *estimator)
{
    if (!estimator)
        return;
    for (size_t i = 0; i < estimator->lengths; i++)
        spectrum_free(estimator->spectrum[i]);
    free(estimator);
}

static struct spectrum *spectrum_for(struct estimator *estimator, size_t frames)
{
    for (size_t i = 0; i < estimator->lengths; i++)
        if (spectrum_frames(estimator->spectrum[i]) == frames)
            return estimator->spectrum[i];
    struct spectrum *spectrum = spectrum_new(frames, WINDOW_BLACKMAN_HARRIS);
    if (!spectrum)
        return NULL;
    if (estimator->lengths == LENGTHS_MAX)
        spectrum_free(estimator->spectrum[--estimator->lengths]);
    estimator->spectrum[estimator->lengths++] = spectrum;
    return spectrum;
}

enum cmrr_status estimator_prepare(struct estimator *estimator, size_t window_frames)
{
    return spectrum_for(estimator, window_frames) ? CMRR_OK : CMRR_NO_MEMORY;
}

static void take_mains(struct spectrum_mask *mask, double bin_hz, double reach)
{
    static const double mains_hz[] = {50.0, 60.0};
    for (size_t i = 0; i < 2; i++)
        for (double f = mains_hz[i]; f <= MAINS_TOP_HZ; f += mains_hz[i])
            spectrum_mask_take(mask, f / bin_hz, reach + MAINS_WANDER * f / bin_hz);
}

static void take_step(struct spectrum_mask *mask, const struct plan *plan, const struct plan_step *step, double bin_hz,
                      double reach)
{
    spectrum_mask_take(mask, 0.0, reach);
    take_mains(mask, bin_hz, reach + 1.0);
    for (size_t i = 0; i < step->tones; i++)
        for (int harmonic = 1; harmonic <= HARMONICS; harmonic++)
            spectrum_mask_take(mask, (double)plan->tone[step->first_tone + i].cycles * harmonic, reach);
}

static enum cmrr_status read_tones(const struct spectrum *spectrum, const struct plan *plan,
                                   const struct plan_step *step, const struct spectrum_mask *mask, struct phasor *y)
{
    int64_t offset = (int64_t)(step->window - step->start);
    for (size_t i = 0; i < step->tones; i++) {
        const struct plan_tone *tone = &plan->tone[step->first_tone + i];
        double complex amplitude = 0.0;
        struct spectrum_noise noise = {0};
        enum cmrr_status status = spectrum_tone(spectrum, tone->cycles, &amplitude);
        if (status == CMRR_OK)
            status = spectrum_noise(spectrum, tone->cycles, mask, NU_WANTED, &noise);
        if (status != CMRR_OK)
            return status;
        double played = tone->phase_rad + tone_phase(tone->cycles, step->window_frames, offset);
        y[i] = (struct phasor){amplitude * cexp(-I * played), fmax(noise.s, S_MIN), noise.nu};
    }
    return CMRR_OK;
}

enum cmrr_status estimator_step(struct estimator *estimator, const struct plan *plan, size_t step_index,
                                const double *window, struct phasor *y)
{
    const struct plan_step *step = &plan->step[step_index];
    struct spectrum *spectrum = spectrum_for(estimator, step->window_frames);
    struct spectrum_mask mask = {.bins = step->window_frames / 2 + 1};
    mask.is_taken = calloc(mask.bins, sizeof *mask.is_taken);
    enum cmrr_status status = CMRR_NO_MEMORY;
    if (spectrum && mask.is_taken) {
        double bin_hz = (double)plan->rate_hz / (double)step->window_frames;
        take_step(&mask, plan, step, bin_hz, (double)spectrum_reach(spectrum));
        spectrum_transform(spectrum, window);
        status = read_tones(spectrum, plan, step, &mask, y);
    }
    free(mask.is_taken);
    return status;
}
