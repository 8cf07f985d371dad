/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include "../support/suite.h"
#include "../support/truth.h"

/*
 * Every row of both tables through the whole chain: simulated bench, plan, stream, spectrum, combination. The bench is
 * perfect; what is left is the spline between a file's rows (0.0002 dB, by scripts/make-duts --check), the table's
 * rounding (0.00005 dB) and settling: 0.005 dB.
 */
static void check_table(const char *name, double tolerance_db)
{
    struct truth_row *rows = NULL;
    size_t count = truth_read(name, &rows), runs = 0;
    double worst = 0.0;
    for (size_t first = 0, size; first < count; first += size, runs++) {
        size = truth_group(rows, count, first);
        double off = truth_check(rows + first, size, 1, tolerance_db);
        worst = off > worst ? off : worst;
    }
    printf("note %s: %zu rows in %zu runs, worst %.5f dB\n", name, count, runs, worst);
    free(rows);
}

START_TEST(every_row_of_expected_is_read_within_5_thousandths_of_a_db)
{
    check_table("expected", 0.005);
}
END_TEST

START_TEST(every_row_of_extra_expected_is_read_within_5_thousandths_of_a_db)
{
    check_table("extra-expected", 0.005);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {every_row_of_expected_is_read_within_5_thousandths_of_a_db,
                            every_row_of_extra_expected_is_read_within_5_thousandths_of_a_db};
    return suite_run("truth_table", tests, sizeof tests / sizeof *tests);
}
