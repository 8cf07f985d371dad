/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_request.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "cmrr/words.h"

/* New tasks are new rows. */
static const struct task {
    const char *name;
    enum cmrr_status (*check)(const struct settings *settings, struct cmrr_error *why);
    session_task *run;
} tasks[] = {
    {"measure", measure_check, measure_run},
};

static enum cmrr_status unknown_key(const char *key, struct cmrr_error *why)
{
    const char *nearest = "task";
    for (size_t i = 0; i < settings_count; i++)
        if (words_distance(key, settings_table[i].name) < words_distance(key, nearest))
            nearest = settings_table[i].name;
    return cmrr_fail(why, CMRR_USAGE, "unknown key '%.60s': did you mean %s?", key, nearest);
}

static const char *const type_names[] = {"text", "a number", "a whole number", "true or false"};

/* The value as settings_set() reads it; NULL where its type does not belong to the setting. */
static const char *value_text(const struct setting *setting, const json_t *value, char *text, size_t size)
{
    bool is_number = setting->type == SETTING_NUMBER || setting->type == SETTING_WHOLE;
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value) && setting->type != SETTING_TEXT)
        snprintf(text, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value) && is_number)
        snprintf(text, size, "%.17g", json_real_value(value));
    else if (json_is_boolean(value) && setting->type == SETTING_FLAG)
        return json_is_true(value) ? "true" : "false";
    else
        return NULL;
    return text;
}

static enum cmrr_status set_one(struct settings *settings, const char *key, const json_t *value, struct cmrr_error *why)
{
    char text[64];
    const struct setting *setting = strchr(key, '-') ? NULL : settings_find(key);
    if (!setting)
        return unknown_key(key, why);
    const char *word = value_text(setting, value, text, sizeof text);
    if (!word)
        return cmrr_fail(why, CMRR_USAGE, "%s: must be %s", setting->name, type_names[setting->type]);
    return settings_set(settings, setting->name, word, why);
}

static enum cmrr_status set_all(struct settings *settings, json_t *root, struct cmrr_error *why)
{
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        if (strcmp(key, "task") == 0)
            continue;
        enum cmrr_status status = set_one(settings, key, value, why);
        if (status != CMRR_OK)
            return status;
    }
    return CMRR_OK;
}

static const struct task *find_task(const json_t *root, struct cmrr_error *why)
{
    const char *name = json_string_value(json_object_get(root, "task"));
    for (size_t i = 0; name && i < sizeof tasks / sizeof *tasks; i++)
        if (strcmp(tasks[i].name, name) == 0)
            return &tasks[i];
    if (name)
        cmrr_fail(why, CMRR_USAGE, "unknown task '%.60s': did you mean %s?", name, tasks[0].name);
    else
        cmrr_fail(why, CMRR_USAGE, "task: must be the name of a task, such as measure");
    return NULL;
}

static enum cmrr_status read_object(json_t *root, struct settings *settings, session_task **task,
                                    struct cmrr_error *why)
{
    const struct task *found = find_task(root, why);
    if (!found)
        return CMRR_USAGE;
    settings_init(settings);
    enum cmrr_status status = set_all(settings, root, why);
    if (status == CMRR_OK)
        status = found->check(settings, why);
    if (status == CMRR_OK)
        *task = found->run;
    return status;
}

enum cmrr_status run_request_parse(const char *body, size_t size, struct settings *settings, session_task **task,
                                   struct cmrr_error *why)
{
    json_error_t error;
    json_t *root = json_loadb(size ? body : "", size, JSON_REJECT_DUPLICATES, &error);
    enum cmrr_status status;
    if (!root)
        status = cmrr_fail(why, CMRR_USAGE, "the body is no JSON object: line %d: %s", error.line, error.text);
    else if (!json_is_object(root))
        status = cmrr_fail(why, CMRR_USAGE, "the body is no JSON object");
    else
        status = read_object(root, settings, task, why);
    json_decref(root);
    return status;
}
