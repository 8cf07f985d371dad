/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "devices.h"

#include <stdlib.h>
#include "cmrr/units.h"

struct device *devices_flat(const struct device_point *point)
{
    static const char *const names[] = {"freq_hz", "t_hot_re", "t_hot_im", "t_cold_re", "t_cold_im", "y11_re", "y11_im",
                                        "y12_re",  "y12_im",   "y21_re",   "y21_im",    "y22_re",    "y22_im"};
    struct table *table = table_new();
    struct device *device = NULL;
    double complex hot = 0.5 * point->t_sum + point->t_diff, cold = 0.5 * point->t_sum - point->t_diff;
    const double complex value[] = {hot, cold, point->y[0][0], point->y[0][1], point->y[1][0], point->y[1][1]};
    for (int i = 0; i < 13; i++)
        table_add_column(table, names[i]);
    for (int row = 0; row < 3; row++) {
        table_add_row(table);
        table_put_number(table, (size_t)row, 0, row == 0 ? 1.0 : row == 1 ? 1e3 : 1e6, 17);
        for (int i = 0; i < 6; i++) {
            table_put_number(table, (size_t)row, 1 + 2 * i, creal(value[i]), 17);
            table_put_number(table, (size_t)row, 2 + 2 * i, cimag(value[i]), 17);
        }
    }
    device_new(&device, table, NULL);
    table_free(table);
    return device;
}

struct device_point devices_diffamp(double r1_ohm, double r2_ohm)
{
    double sum = r1_ohm + r2_ohm;
    return (struct device_point){
        .t_sum = 0.0, .t_diff = r2_ohm / r1_ohm, .y = {{1.0 / sum, 0.0}, {-r2_ohm / (r1_ohm * sum), 1.0 / r1_ohm}}};
}

struct device_point devices_legs(double z_ohm, double rho0_db)
{
    return (struct device_point){
        .t_sum = units_ratio(-rho0_db), .t_diff = 1.0, .y = {{1.0 / z_ohm, 0.0}, {0.0, 1.0 / z_ohm}}};
}
