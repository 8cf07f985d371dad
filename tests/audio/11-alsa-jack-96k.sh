#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Exactness once more at another rate, with periods that divide nothing of ours.
export CK_RUN_CASE=exact
exec "$CMRR_SOURCE/tests/support/with-jack" --rate 96000 --period 512 -- "$CMRR_BUILD/tests/test_alsa_jack"
