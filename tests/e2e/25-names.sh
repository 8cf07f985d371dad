#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Names and paths that are no plain text: nothing of them drives a terminal, nothing of them spoils JSON.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
quick="$cmrr measure -D sim:DUT=active -f 1000 -S tied"
escape=$(printf '\033') csi=$(printf '\302\233') broken=$(printf '\377')

long=$(printf 'a%.0s' {1..59})ä # cut in the middle of its last character
cut_name_is_told() {
    "$cmrr" measure -D sim:DUT=active,SPEED=4 -f 1000 -S tied -n "$long" >/dev/null 2>&1 &
    local pid=$! rc=1
    for _ in {1..50}; do
        "$cmrr" status 2>/dev/null | grep -q measuring && break
        sleep 0.1
    done
    refuses 3 'is being measured' $quick && rc=0
    wait "$pid"
    return $rc
}
check a_busy_daemon_names_a_run_whose_long_name_was_cut cut_name_is_told

check json_is_written_into_a_folder_that_is_not_utf_8 $quick --json -o "$work/json$broken"

$quick -q -o "$work/good" >/dev/null
no_escape_sequence() { # COMMAND...
    "$@" >"$work/.said" 2>&1
    ! LC_ALL=C grep -a "$escape\|$csi" "$work/.said"
}
mkdir "$work/hostile" "$work/in${escape}[31mred$csi"
sed "s/^# name:.*/# name: a${escape}[31mb${csi}31mc$broken/; s/^# started:.*/# started: $csi/" "$work/good/run.csv" \
    >"$work/hostile/run.csv"
sed '/^# name:/d' "$work/good/run.csv" >"$work/in${escape}[31mred$csi/run.csv"
check a_hostile_name_in_a_run_reaches_no_terminal no_escape_sequence "$cmrr" show -v ./hostile
check a_hostile_name_in_a_run_is_valid_json sh -c "'$cmrr' show --json ./hostile | python3 -m json.tool"
check a_hostile_folder_name_reaches_no_terminal no_escape_sequence "$cmrr" show "./in${escape}[31mred$csi"
check hostile_labels_reach_no_terminal no_escape_sequence "$cmrr" compare ./hostile "./in${escape}[31mred$csi" ./good
finish
