/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/quantity.h"

#include <math.h>
#include "cmrr/rng.h"
#include "../support/suite.h"

START_TEST(an_expanded_uncertainty_is_k_times_the_standard_one)
{
    ck_assert_double_eq(quantity_expanded((struct quantity){3.0, 0.25}, 2.0), 0.5);
}
END_TEST

START_TEST(a_difference_adds_deviations_in_squares)
{
    struct phasor d = phasor_subtract((struct phasor){1.0 + 2.0 * I, 3e-3, 100}, (struct phasor){0.5 - I, 4e-3, 100});
    ck_assert_double_eq(creal(d.value), 0.5);
    ck_assert_double_eq(cimag(d.value), 3.0);
    ck_assert_double_eq_tol(d.u, 5e-3, 1e-17);
}
END_TEST

/* (v_a + v_b)^2 / (v_a^2 / nu_a + v_b^2 / nu_b): equal variances of 40 degrees each have 80. */
START_TEST(equal_variances_add_their_degrees_of_freedom)
{
    struct phasor d = phasor_subtract((struct phasor){1.0, 1e-6, 40}, (struct phasor){2.0, 1e-6, 40});
    ck_assert_double_eq_tol(d.nu, 80.0, 1e-9);
}
END_TEST

/* Variances 9 and 16: 625 / (81 / 10 + 256 / 20) = 29.904306. */
START_TEST(unequal_variances_follow_welch_and_satterthwaite)
{
    struct phasor d = phasor_subtract((struct phasor){0.0, 3.0, 10}, (struct phasor){0.0, 4.0, 20});
    ck_assert_double_eq_tol(d.nu, 625.0 / (81.0 / 10.0 + 256.0 / 20.0), 1e-9);
}
END_TEST

START_TEST(what_dominates_lends_its_degrees_of_freedom)
{
    struct phasor d = phasor_subtract((struct phasor){0.0, 1.0, 7}, (struct phasor){0.0, 1e-9, 1000});
    ck_assert_double_eq_tol(d.nu, 7.0, 1e-9);
}
END_TEST

/* (1e-90)^4 is below the smallest double. */
START_TEST(tiny_deviations_do_not_underflow)
{
    struct phasor d = phasor_subtract((struct phasor){0.0, 1e-90, 40}, (struct phasor){0.0, 1e-90, 40});
    ck_assert_double_eq_tol(d.nu, 80.0, 1e-9);
    ck_assert_double_eq_tol(d.u, M_SQRT2 * 1e-90, 1e-104);
}
END_TEST

START_TEST(two_exact_values_keep_the_smaller_degrees_of_freedom)
{
    struct phasor d = phasor_subtract((struct phasor){1.0, 0.0, 40}, (struct phasor){1.0, 0.0, 90});
    ck_assert_double_eq(d.u, 0.0);
    ck_assert_double_eq(d.nu, 40.0);
}
END_TEST

START_TEST(scaling_turns_the_value_and_stretches_the_deviation)
{
    struct phasor s = phasor_scale((struct phasor){1.0 + I, 0.1, 55}, 3.0 * I);
    ck_assert_double_eq(creal(s.value), -3.0);
    ck_assert_double_eq(cimag(s.value), 3.0);
    ck_assert_double_eq_tol(s.u, 0.3, 1e-16);
    ck_assert_double_eq(s.nu, 55.0);
}
END_TEST

/* Sample deviations of the quotient's two quadratures, pooled. */
static double scatter_of_quotients(struct phasor a, struct phasor b, size_t draws, uint64_t seed)
{
    struct rng rng;
    double squares = 0.0;
    double complex centre = a.value / b.value;
    rng_init(&rng, seed);
    for (size_t i = 0; i < draws; i++) {
        double complex x = a.value + a.u * rng_gauss(&rng), y = b.value + b.u * rng_gauss(&rng);
        x += I * a.u * rng_gauss(&rng);
        y += I * b.u * rng_gauss(&rng);
        double complex away = x / y - centre;
        squares += creal(away) * creal(away) + cimag(away) * cimag(away);
    }
    return sqrt(squares / (2.0 * (double)draws));
}

/*
 * 100000 draws of two quadratures know a deviation to 1/sqrt(4e5) = 0.16 %; 4.5 of those are 0.7 %. Second-order
 * terms, (u_b/|b|)^2 = 1e-4, are below that.
 */
START_TEST(a_quotient_scatters_as_its_propagated_deviation_says)
{
    const struct phasor a[] = {{1.0 + 0.5 * I, 0.01, 100}, {1e-4 * I, 1e-6, 100}, {2.0, 0.002, 100}};
    const struct phasor b[] = {{2.0 - I, 0.01, 100}, {0.5 + 0.1 * I, 0.005, 100}, {-1.0 + 0.3 * I, 0.01, 100}};
    uint64_t seed = suite_seed(1);
    for (size_t i = 0; i < 3; i++) {
        struct phasor q = phasor_divide(a[i], b[i]);
        double found = scatter_of_quotients(a[i], b[i], 100000, seed + i);
        ck_assert_msg(fabs(found / q.u - 1.0) < 0.007, "case %zu: %g drawn, %g propagated", i, found, q.u);
        ck_assert_double_eq_tol(cabs(q.value - a[i].value / b[i].value), 0.0, 1e-15);
    }
}
END_TEST

/* The relative variances are those that Welch and Satterthwaite weigh: (1e-2)^2 and (2e-2)^2 of relative size. */
START_TEST(a_quotient_weighs_relative_variances)
{
    struct phasor q = phasor_divide((struct phasor){10.0, 0.1, 30}, (struct phasor){0.5 * I, 0.01, 60});
    ck_assert_double_eq_tol(q.nu, 25.0 / (1.0 / 30.0 + 16.0 / 60.0), 1e-9);
    ck_assert_double_eq_tol(q.u, 20.0 * sqrt(5.0) * 0.01, 1e-12);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {
        an_expanded_uncertainty_is_k_times_the_standard_one,  a_difference_adds_deviations_in_squares,
        equal_variances_add_their_degrees_of_freedom,         unequal_variances_follow_welch_and_satterthwaite,
        what_dominates_lends_its_degrees_of_freedom,          tiny_deviations_do_not_underflow,
        two_exact_values_keep_the_smaller_degrees_of_freedom, scaling_turns_the_value_and_stretches_the_deviation,
        a_quotient_scatters_as_its_propagated_deviation_says, a_quotient_weighs_relative_variances};
    return suite_run("quantity", tests, sizeof tests / sizeof *tests);
}
