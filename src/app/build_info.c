/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include "cmrr/file.h"

/*
 * Which build this is, and where its data lie. The Makefile compiles this file anew, with a new CMRR_BUILD_STAMP,
 * whenever any other object changed: client and daemon of one build agree, those of two builds do not.
 */
#ifndef CMRR_VERSION
#define CMRR_VERSION "0"
#endif
#ifndef CMRR_BUILD_STAMP
#define CMRR_BUILD_STAMP __DATE__ " " __TIME__
#endif
#ifndef CMRR_TREE
#define CMRR_TREE "."
#endif
#ifndef CMRR_PREFIX
#define CMRR_PREFIX "/usr/local"
#endif

const char *build_version(void)
{
    return CMRR_VERSION;
}

const char *build_id(void)
{
    return CMRR_VERSION "-" CMRR_BUILD_STAMP;
}

enum cmrr_status data_path(const char *name, char path[PATH_MAX], struct cmrr_error *why)
{
    const char *own = getenv("CMRR_DATADIR");
    const char *const roots[] = {own && *own ? own : NULL, CMRR_TREE "/calib", CMRR_PREFIX "/share/cmrr"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (roots[i] && snprintf(path, PATH_MAX, "%s/%s", roots[i], name) < PATH_MAX && file_exists(path))
            return CMRR_OK;
    return cmrr_fail(why, CMRR_BAD_FILE, "%.80s: not found in $CMRR_DATADIR, %s/calib, %s/share/cmrr", name, CMRR_TREE,
                     CMRR_PREFIX);
}
