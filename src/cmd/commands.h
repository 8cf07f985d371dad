/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "command.h"

/* One per file of this folder, named command_NAME there and in the list of commands.c. */
extern const struct command command_abort;
extern const struct command command_analyze;
extern const struct command command_compare;
extern const struct command command_devices;
extern const struct command command_measure;
extern const struct command command_runs;
extern const struct command command_show;
extern const struct command command_status;
extern const struct command command_stimulus;

#endif
