/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef API_JSON_H
#define API_JSON_H

#include <jansson.h>
#include "session.h"

/*
 * What the interface says about runs and their events: plain structs into JSON objects, names as in run.csv. A number
 * that is none is null. NULL: no memory. All new references.
 */
json_t *api_number(double value);
json_t *api_state(const struct session_view *view);
json_t *api_progress(const char *id, const struct progress *progress);
json_t *api_point(const char *id, const struct point *point);
json_t *api_done(const struct session_view *view);

/* {"error": {...}}; hint "" leaves it out. */
json_t *api_error(const char *code, const char *message, const char *hint);

/* The whole as text with enough digits for what was measured and no more; free() it. */
char *api_format(const json_t *body);

#endif
