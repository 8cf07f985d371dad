/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_SUITE_H
#define TEST_SUITE_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The tests of one module as one suite. Every test stands alone: in a process of its own, or with CK_FORK=no in one
 * after another. Returns main's exit code.
 *
 *     const TTest *tests[] = {this_holds, that_is_refused};
 *     return suite_run("units", tests, sizeof tests / sizeof *tests);
 */
int suite_run(const char *name, const TTest *const *tests, size_t count);

/* Run a suite that was put together by hand (fixtures, loops), free it, return main's exit code. */
int suite_finish(Suite *suite);

/* The seed of a test: $CMRR_SEED, else `preset`. Printed, so that a failure can be repeated. */
uint64_t suite_seed(uint64_t preset);

#endif
