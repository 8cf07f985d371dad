#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the ALSA back end does when samples or the device are lost; the server of this rig is stopped and then killed.
exec "$CMRR_SOURCE/tests/support/with-jack" -- "$CMRR_BUILD/tests/test_alsa_loss"
