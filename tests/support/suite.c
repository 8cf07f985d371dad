/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>

#define LIMIT_S 300.0 /* far above what any test needs, also under valgrind */

int suite_finish(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int suite_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, LIMIT_S);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}

uint64_t suite_seed(uint64_t preset)
{
    const char *text = getenv("CMRR_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : preset;
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    return seed;
}
