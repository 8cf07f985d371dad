#!/bin/sh
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The device files in the tree are what ngspice makes of their netlists, and agree with the whole circuits.
set -u
tree=${CMRR_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
CMRR_SOURCE=$tree exec "$tree/scripts/make-duts" --check
