/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "find_run.h"

enum cmrr_status find_run(const char *word, char folder[PATH_MAX], struct cmrr_error *why)
{
    char root[PATH_MAX];
    struct cmrr_error own = {0};
    enum cmrr_status status = store_root(root, false, &own);
    if (status == CMRR_OK)
        status = store_find(root, word, folder, &own);
    if (status == CMRR_OK)
        return CMRR_OK;
    if (store_root(root, true, NULL) == CMRR_OK && store_find(root, word, folder, NULL) == CMRR_OK)
        return CMRR_OK;
    return cmrr_fail(why, status, "%s", own.text);
}
