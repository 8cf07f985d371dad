/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/store.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "cmrr/file.h"

/*
 * Names of run folders begin with the UTC time, so that their alphabetical order is the order of time. The slug keeps
 * letters and digits of the label and nothing else: whatever a label holds, an id is safe in paths and in URLs.
 */
enum { SLUG_MAX = 40, COLLISIONS_MAX = 1000 };

enum cmrr_status store_root(char path[PATH_MAX], bool is_system, struct cmrr_error *why)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length;
    if (is_system)
        length = snprintf(path, PATH_MAX, "/var/lib/cmrr/runs");
    else if (state && state[0] == '/')
        length = snprintf(path, PATH_MAX, "%s/cmrr/runs", state);
    else if (home && home[0] == '/')
        length = snprintf(path, PATH_MAX, "%s/.local/state/cmrr/runs", home);
    else
        return cmrr_fail(why, CMRR_USAGE, "no place for runs: neither XDG_STATE_HOME nor HOME is an absolute path");
    return length < PATH_MAX ? CMRR_OK : cmrr_fail(why, CMRR_USAGE, "the path of the store is too long");
}

static void make_slug(const char *label, char slug[SLUG_MAX + 1])
{
    size_t length = 0;
    for (; *label && length < SLUG_MAX; label++) {
        unsigned char c = (unsigned char)*label;
        if (isascii(c) && isalnum(c))
            slug[length++] = (char)tolower(c);
        else if (length && slug[length - 1] != '-')
            slug[length++] = '-';
    }
    while (length && slug[length - 1] == '-')
        length--;
    slug[length] = '\0';
    if (length == 0)
        strcpy(slug, "run");
}

enum cmrr_status store_create(const char *root, const char *label, time_t utc, char id[RUN_ID_MAX], char path[PATH_MAX],
                              struct cmrr_error *why)
{
    char slug[SLUG_MAX + 1], stamp[32], suffix[16] = "";
    struct tm tm;
    enum cmrr_status status = file_make_folders(root, why);
    if (status != CMRR_OK)
        return status;
    gmtime_r(&utc, &tm);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm);
    make_slug(label, slug);
    for (int i = 2; i < COLLISIONS_MAX; i++) {
        snprintf(id, RUN_ID_MAX, "%s-%s%s", stamp, slug, suffix);
        if (snprintf(path, PATH_MAX, "%s/%s", root, id) >= PATH_MAX)
            return cmrr_fail(why, CMRR_WRITE, "%.60s...: the path of the store is too long", root);
        if (mkdir(path, 0777) == 0)
            return file_sync_folder(root, why);
        if (errno != EEXIST)
            return cmrr_fail(why, CMRR_WRITE, "%s: cannot be made: %s", path, strerror(errno));
        snprintf(suffix, sizeof suffix, "-%d", i);
    }
    return cmrr_fail(why, CMRR_WRITE, "%s: too many runs with this name in one second", path);
}

bool store_is_id(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length < RUN_ID_MAX && text[0] != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static int is_run_name(const struct dirent *entry)
{
    /* YYYYMMDD-HHMMSS-slug */
    const char *name = entry->d_name;
    return store_is_id(name) && strlen(name) > 16 && strspn(name, "0123456789") == 8 && name[8] == '-' &&
           strspn(name + 9, "0123456789") == 6 && name[15] == '-';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strverscmp((*a)->d_name, (*b)->d_name);
}

enum cmrr_status store_list(const char *root, char ***ids, size_t *count, struct cmrr_error *why)
{
    struct dirent **entries = NULL;
    int found = scandir(root, &entries, is_run_name, by_name);
    if (found < 0 && errno != ENOENT)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: cannot be read: %s", root, strerror(errno));
    size_t entry_count = found < 0 ? 0 : (size_t)found, kept = 0;
    char **made = calloc(entry_count + 1, sizeof *made);
    for (size_t i = 0; i < entry_count; i++) {
        char *name = made ? strdup(entries[i]->d_name) : NULL;
        if (name)
            made[kept++] = name;
        free(entries[i]);
    }
    free(entries);
    if (!made || kept < entry_count) {
        if (made)
            store_list_free(made, kept);
        return cmrr_fail(why, CMRR_NO_MEMORY, "out of memory");
    }
    *ids = made;
    *count = kept;
    return CMRR_OK;
}

void store_list_free(char **ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(ids[i]);
    free(ids);
}

/* The one id that a word means: itself, "last", or the only one that holds it. */
static enum cmrr_status choose(char **ids, size_t count, const char *word, const char **chosen, struct cmrr_error *why)
{
    const char *first = NULL, *second = NULL;
    if (strcmp(word, "last") == 0)
        first = count ? ids[count - 1] : NULL;
    for (size_t i = 0; strcmp(word, "last") != 0 && i < count; i++) {
        if (strcmp(ids[i], word) == 0) {
            *chosen = ids[i];
            return CMRR_OK;
        }
        if (*word && strstr(ids[i], word)) {
            second = first ? ids[i] : NULL;
            first = first ? first : ids[i];
        }
        if (second)
            break;
    }
    if (!first)
        return cmrr_fail(why, CMRR_USAGE, "no run '%.80s' in the store; cmrr runs lists them, and a folder has a '/'",
                         word);
    if (second)
        return cmrr_fail(why, CMRR_USAGE, "'%.80s' could be %s or %s: give more of it", word, first, second);
    *chosen = first;
    return CMRR_OK;
}

enum cmrr_status store_find(const char *root, const char *word, char path[PATH_MAX], struct cmrr_error *why)
{
    if (strchr(word, '/')) {
        if (!file_is_folder(word) || strlen(word) >= PATH_MAX)
            return cmrr_fail(why, CMRR_USAGE, "%.200s: no such run folder", word);
        strcpy(path, word);
        return CMRR_OK;
    }
    char **ids = NULL;
    size_t count = 0;
    const char *chosen = NULL;
    enum cmrr_status status = store_list(root, &ids, &count, why);
    if (status != CMRR_OK)
        return status;
    status = choose(ids, count, word, &chosen, why);
    if (status == CMRR_OK && snprintf(path, PATH_MAX, "%s/%s", root, chosen) >= PATH_MAX)
        status = cmrr_fail(why, CMRR_USAGE, "the path of run %s is too long", chosen);
    store_list_free(ids, count);
    return status;
}
