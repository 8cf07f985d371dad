/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "api_json.h"

#include <math.h>

json_t *api_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* Four decimals, as in run.csv. */
static json_t *decibels(double value)
{
    return api_number(rint(value * 1e4) / 1e4);
}

json_t *api_state(const struct session_view *view)
{
    if (!view->is_running)
        return json_pack("{s:s}", "state", "idle");
    return json_pack("{s:s, s:s, s:s, s:s}", "state", view->is_stopping ? "stopping" : "measuring", "run", view->id,
                     "name", view->label, "device", view->device);
}

json_t *api_progress(const char *id, const struct progress *progress)
{
    bool has_read = progress->freq_hz > 0;
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:o}", "run", id, "phase",
                     progress->phase ? progress->phase : "", "state", progress->state, "freq_hz",
                     api_number(has_read ? progress->freq_hz : NAN), "level_dbfs",
                     decibels(has_read ? progress->level_dbfs : NAN), "step", (json_int_t)progress->step, "steps",
                     (json_int_t)progress->steps, "left_s", decibels(progress->left_s));
}

json_t *api_point(const char *id, const struct point *point)
{
    char flags[FLAGS_TEXT];
    const struct cmrr_result *result = &point->result;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:s, s:s}", "run", id, "freq_hz", api_number(point->freq_hz),
                     "cmrr_db", decibels(result->cmrr_db), "lo95_db", decibels(result->lo95_db), "hi95_db",
                     decibels(result->hi95_db), "kind", cmrr_kind_name(result->kind), "floor_db",
                     decibels(result->floor_db), "method", point->method ? point->method : "", "flags",
                     flags_format(point->flags, flags));
}

json_t *api_done(const struct session_view *view)
{
    bool has_failed = view->status != CMRR_OK;
    enum cmrr_status verdict = has_failed ? view->status : view->result.verdict;
    const char *message = has_failed ? view->why.text : view->result.message;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "run", view->id, "state",
                     view->result.state[0] ? view->result.state : "interrupted", "verdict", cmrr_status_code(verdict),
                     "message", has_failed && !*message ? cmrr_strerror(verdict) : message, "folder", view->folder,
                     "audio_s", decibels(view->result.audio_s));
}

json_t *api_error(const char *code, const char *message, const char *hint)
{
    json_t *error = json_pack("{s:s, s:s}", "code", code, "message", message);
    if (error && *hint)
        json_object_set_new(error, "hint", json_string(hint));
    return error ? json_pack("{s:o}", "error", error) : NULL;
}

char *api_format(const json_t *body)
{
    return body ? json_dumps(body, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
}
