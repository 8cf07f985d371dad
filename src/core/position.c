/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/position.h"

#include <stdio.h>
#include <string.h>
#include "cmrr/units.h"

/* A state in text: WIRING, LEG+R or WIRING/LEG+R; R in ohm, 0 < R <= 100000. */
#define R_MAX_OHM 1e5

static const char *const wiring_names[] = {"normal", "swapped", "tied", "terminated"};
static const char *const leg_names[] = {"", "hot", "cold"};

const char *wiring_name(enum wiring wiring)
{
    return wiring_names[wiring];
}

const char *position_format(const struct position *position, char *text)
{
    if (position->leg == LEG_NONE)
        snprintf(text, POSITION_TEXT, "%s", wiring_names[position->wiring]);
    else
        snprintf(text, POSITION_TEXT, "%s/%s+%.6g", wiring_names[position->wiring], leg_names[position->leg],
                 position->r_ohm);
    return text;
}

static bool parse_wiring(const char *text, enum wiring *wiring)
{
    for (unsigned i = 0; i < WIRING_COUNT; i++)
        if (strcmp(text, wiring_names[i]) == 0) {
            *wiring = (enum wiring)i;
            return true;
        }
    return false;
}

static bool parse_imbalance(const char *text, struct position *position)
{
    for (unsigned leg = LEG_HOT; leg <= LEG_COLD; leg++) {
        size_t length = strlen(leg_names[leg]);
        if (strncmp(text, leg_names[leg], length) != 0 || text[length] != '+')
            continue;
        position->leg = (enum leg)leg;
        return units_parse(text + length + 1, &position->r_ohm) == CMRR_OK && position->r_ohm > 0.0 &&
               position->r_ohm <= R_MAX_OHM;
    }
    return false;
}

/* One state; *is_bare says that it names a leg but no wiring. */
static bool parse_state(char *text, struct position *position, bool *is_bare)
{
    *position = (struct position){.leg = LEG_NONE};
    *is_bare = false;
    char *slash = strchr(text, '/');
    if (slash) {
        *slash = '\0';
        return parse_wiring(text, &position->wiring) && parse_imbalance(slash + 1, position);
    }
    if (parse_wiring(text, &position->wiring))
        return true;
    *is_bare = true;
    return parse_imbalance(text, position);
}

bool position_is_same(const struct position *a, const struct position *b)
{
    return a->wiring == b->wiring && a->leg == b->leg && a->r_ohm == b->r_ohm;
}

static enum cmrr_status check_repeats(const struct position_list *list, struct cmrr_error *why)
{
    char text[POSITION_TEXT];
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++)
            if (position_is_same(&list->at[i], &list->at[j]))
                return cmrr_fail(why, CMRR_USAGE, "states: '%s' is listed twice", position_format(&list->at[i], text));
    return CMRR_OK;
}

enum cmrr_status position_list_parse(struct position_list *list, const char *text, struct cmrr_error *why)
{
    struct position_list made = {.count = 0};
    bool is_bare[POSITIONS_MAX] = {false};
    for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char word[POSITION_TEXT];
        size_t length = strcspn(at, ",");
        if (made.count == POSITIONS_MAX)
            return cmrr_fail(why, CMRR_USAGE, "states: more than %d of them", POSITIONS_MAX);
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), at);
        if (length >= sizeof word || !parse_state(word, &made.at[made.count], &is_bare[made.count]))
            return cmrr_fail(why, CMRR_USAGE,
                             "states: '%.*s' is none of normal, swapped, tied, terminated, nor hot+R or cold+R in ohm",
                             (int)(length < 40 ? length : 40), at);
        made.count++;
    }
    for (size_t i = 0; i < made.count; i++)
        if (is_bare[i])
            made.at[i].wiring = position_list_has(&made, WIRING_TIED) ? WIRING_TIED : WIRING_NORMAL;
    enum cmrr_status status = check_repeats(&made, why);
    if (status == CMRR_OK)
        *list = made;
    return status;
}

bool position_list_has(const struct position_list *list, enum wiring wiring)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].wiring == wiring && list->at[i].leg == LEG_NONE)
            return true;
    return false;
}
