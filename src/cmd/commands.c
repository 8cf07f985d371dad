/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

const struct command *const commands[] = {
    &command_measure,  &command_devices, &command_compare, &command_show,  &command_runs,
    &command_stimulus, &command_analyze, &command_status,  &command_abort, NULL,
};
