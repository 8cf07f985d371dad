/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_CMRR_H
#define CMRR_CMRR_H

#include <complex.h>
#include "cmrr/quantity.h"

/*
 * rho = g_cm / g_dm, the complex common-mode conversion; CMRR = -20 log10 |rho|, referred to the input
 * (docs/method.md, "Definitions"). Everything is computed with rho; dB only here, at the edge.
 */

/* g_dm = y / v_dm with v_dm = 2 d: driving +d and -d. g_cm = y / v_cm with v_cm = d: driving d and d. */
struct phasor cmrr_gain_dm(struct phasor y, double drive_ratio);
struct phasor cmrr_gain_cm(struct phasor y, double drive_ratio);

/* What is only assumed or bounded about the set-up; the radii of discs in the complex plane. */
struct assumptions {
    double mismatch_db;  /* gain mismatch of the two outputs */
    double skew_ns;      /* time skew of the two outputs */
    double crosstalk_db; /* of each output into the input, relative to the output */
    double tie_ohm;      /* resistance of the tie between the legs */
    double ground_db;    /* ground current through pin 1 and shields, relative to the common-mode drive at the output */
    double source_ohm;   /* source resistance behind each leg */
};

/*
 * b, the radius of the disc around a reading of rho within which only assumptions know (docs/method.md,
 * "Uncertainty"): gain and skew mismatch in quadrature; through a tie times R_tie / (2 R_source); plus crosstalk
 * of both outputs over |g_dm| unless it was measured and subtracted; plus ground current over |g_dm|.
 */
double cmrr_assumed_radius(const struct assumptions *assumed, double freq_hz, double gain_dm, int is_tied,
                           int is_residual_subtracted);

enum cmrr_kind { CMRR_KIND_VALUE, CMRR_KIND_BOUND, CMRR_KIND_INVALID };
const char *cmrr_kind_name(enum cmrr_kind kind); /* "value", "bound", "invalid" */

struct cmrr_result {
    enum cmrr_kind kind;
    double cmrr_db;  /* what is reported; for a bound the limit that holds ("at least"); NAN where invalid */
    double lo95_db;  /* lower 95 % limit; equals cmrr_db for a bound */
    double hi95_db;  /* upper 95 % limit; NAN where there is none */
    double floor_db; /* nothing above this is ever printed */
};

enum { CMRR_NU_MIN = 80 }; /* fewer degrees of freedom give no value, only a bound */
#define CMRR_DETECT 2.716  /* detection threshold in standard deviations per quadrature: exp(-x^2/2) = 0.025 */
#define CMRR_S_MIN 1e-12   /* no reading of rho is known better */

/* The one rule for value and bound (docs/method.md, "What may be printed"). rho.u is s, b >= 0 the radius of above. */
struct cmrr_result cmrr_judge(struct phasor rho, double b);

/*
 * One-sided 97.5 % limits of the true amplitude behind a Rician amplitude of `ratio` standard deviations per
 * quadrature: upper(1) = 2.636, upper(10) = 11.914, lower = 0 up to 2.716, lower(10) = 7.984. ratio >= 0.
 */
double cmrr_rice_upper(double ratio);
double cmrr_rice_lower(double ratio);

#endif
