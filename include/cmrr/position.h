/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_POSITION_H
#define CMRR_POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include "cmrr/status.h"

/*
 * A measurement state is a wiring and an imbalance. WIRING_NORMAL: output 1 drives hot, output 2 cold; SWAPPED:
 * exchanged at the device; TIED: the legs joined in the device's connector, common mode only; TERMINATED: drive on,
 * the device's input not connected to it. The resistor stands in one leg, after the tie, at the pin.
 */
enum wiring { WIRING_NORMAL, WIRING_SWAPPED, WIRING_TIED, WIRING_TERMINATED, WIRING_COUNT };
enum leg { LEG_NONE, LEG_HOT, LEG_COLD };

struct position {
    enum wiring wiring;
    enum leg leg;
    double r_ohm; /* 0 where leg is LEG_NONE */
};

enum { POSITIONS_MAX = 16, POSITION_TEXT = 48 };

struct position_list {
    struct position at[POSITIONS_MAX];
    size_t count;
};

const char *wiring_name(enum wiring wiring);

/* "normal", "tied", "tied/hot+10"; text has room for POSITION_TEXT bytes. Returns text. */
const char *position_format(const struct position *position, char *text);

/*
 * Read a list of states as written behind -S: "tied,terminated", "normal,hot+10". `hot+10` alone takes tied if the
 * list has it, else normal. CMRR_USAGE with a sentence for unknown, repeated or too many states.
 */
enum cmrr_status position_list_parse(struct position_list *list, const char *text, struct cmrr_error *why);

bool position_is_same(const struct position *a, const struct position *b);
bool position_list_has(const struct position_list *list, enum wiring wiring);

#endif
