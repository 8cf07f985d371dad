/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "cmrr/status.h"

/*
 * Start the cmrrd beside our own executable: private, on the user's socket, in a session of its own, with nothing of our
 * terminal. *pid is its process. It may still lose the socket to another daemon; that shows by its ending.
 */
enum cmrr_status launch_daemon(int *pid, struct cmrr_error *why);

#endif
