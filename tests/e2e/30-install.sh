#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# make install from a build that was made for another PREFIX: the usual order, 'make' and then 'make install PREFIX=...'.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

cp -a "$build" "$work/build"
installs() {
    make -C "$source_tree" BUILD="$work/build" PREFIX="$work/prefix" DESTDIR="$work/stage" install >/dev/null &&
        mv "$work/stage$work/prefix" "$work/prefix"
}
check installs_below_destdir_and_prefix installs
without_tree() { # CMRR_DATADIR unset; what the program says that it searches is not the old PREFIX
    refuses 2 "$work/prefix/share/cmrr" "$work/prefix/bin/cmrr" measure -D sim:DUT=absent -f 1000 -S tied
}
check an_installed_program_looks_for_its_data_under_its_own_prefix without_tree
check an_installed_program_measures "$work/prefix/bin/cmrr" measure -D sim:DUT=active -f 1000 -S tied
finish
