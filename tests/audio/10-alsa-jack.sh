#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The ALSA back end over a real libasound: exactness, gains, fade, refusals, a minute without a lost sample, and the
# loss of the device. The Check program's own closing line is what is counted.
exec "$CMRR_SOURCE/tests/support/with-jack" --rate 48000 --period 1024 -- "$CMRR_BUILD/tests/test_alsa_jack"
