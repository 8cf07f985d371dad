/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/units.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double units_db(double ratio)
{
    return 20.0 * log10(ratio);
}

double units_ratio(double db)
{
    return pow(10.0, db / 20.0);
}

double units_deg(double rad)
{
    double deg = remainder(rad, 2.0 * M_PI) * 180.0 / M_PI;
    return deg > -180.0 ? deg : 180.0;
}

/*
 * strtod() reads the decimal mark of the program's locale, which is "C" unless somebody called setlocale(); the check
 * of the characters first keeps out "inf", "nan", hexadecimal and leading blanks, whatever the locale.
 */
enum cmrr_status units_parse(const char *text, double *value)
{
    size_t length = strlen(text);
    if (length == 0 || length > 63 || strspn(text, "+-.0123456789eE") != length)
        return CMRR_RANGE;
    char local[64];
    memcpy(local, text, length + 1);
    char *point = strchr(local, '.');
    if (point)
        *point = localeconv()->decimal_point[0];
    char *end = NULL;
    double parsed = strtod(local, &end);
    if (*end != '\0' || end == local || !isfinite(parsed))
        return CMRR_RANGE;
    *value = parsed;
    return CMRR_OK;
}
