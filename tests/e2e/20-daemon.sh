#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Client and daemon as a user meets them: private daemon, lock, killed daemon, Ctrl-C, -o, sockets in strange places.
set -u
build=${CMRR_BUILD:-$(cd "$(dirname "$0")/../.." && pwd)/build}
cmrr=$build/cmrr; cmrrd=$build/cmrrd
work=$(mktemp -d)
export XDG_RUNTIME_DIR=$work/run XDG_STATE_HOME=$work/state TMPDIR=$work/tmp
unset CMRR_SERVER
mkdir -m 700 "$work/run" "$work/tmp"
failed=0; started=()
socket=$work/run/cmrr/cmrrd.sock
slow=sim:DUT=active,SPEED=1 # a minute and more
cleanup() {
    for pid in "${started[@]}" $(daemon_pid); do kill -9 "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap cleanup EXIT
# The daemon of our socket: the process that holds its lock, and has our folder in its environment.
daemon_pid() {
    [ -e "$socket.lock" ] || return 0
    local inode pid; inode=$(stat -c %i "$socket.lock")
    for pid in $(awk -v inode="$inode" '$2 == "FLOCK" && $6 ~ ":" inode "$" { print $5 }' /proc/locks); do
        tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -qxF "XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR" && echo "$pid"
    done
}
verdict() { # verdict NAME: of the conditions before it, in $?
    if [ $? = 0 ]; then echo "ok $1"
    else echo "FAIL $1"; sed 's/^/    out: /' "$work/out"; sed 's/^/    err: /' "$work/err"; failed=1; fi
}
run() { "$@" >"$work/out" 2>"$work/err" </dev/null; }
says() { grep -qF -- "$1" "$work/err"; }
sentence() { [ "$(wc -l <"$work/err")" = 1 ]; } # exactly one line, on standard error
until_true() { # until_true SECONDS COMMAND...
    local end=$((SECONDS + $1)); shift
    until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done
}
no_daemon() { [ -z "$(daemon_pid)" ] && [ ! -e "$socket" ]; }
measuring() { curl -s --unix-socket "$socket" http://localhost/v1/status 2>/dev/null | grep -q '"measuring"'; }
slow_run() { # slow_run [OPTION...]: in the background, its exit code into $work/rc
    ( "$cmrr" measure -D "$slow" -n slow "$@" >"$work/slow.out" 2>"$work/slow.err" </dev/null & pid=$!
      echo $pid >"$work/slow.pid"; wait $pid; echo $? >"$work/rc" ) &
    started+=("$!")
    until_true 30 measuring
}

run "$cmrr" measure -D sim:DUT=active -f 100,1000 -S tied,terminated -n first -o "$work/first"
[ $? = 0 ] && [ -s "$work/first/run.csv" ] && [ -s "$work/first/steps.csv" ] && grep -q '46\.' "$work/out" &&
    says "written to $work/first" && [ "$(stat -c %a "$work/run/cmrr")" = 700 ] && [ -z "$(ls -A "$work/tmp")" ]
verdict a_measurement_starts_a_private_daemon_and_brings_its_run

until_true 30 no_daemon
verdict a_private_daemon_ends_by_itself_and_removes_its_socket

run "$cmrr" runs
[ $? = 0 ] && grep -q 'first.*done' "$work/out" && run "$cmrr" show last && grep -q '46\.' "$work/out"
verdict runs_and_show_find_what_was_measured

run "$cmrr" measure -D sim:DUT=active -f 1000 --json
[ $? = 4 ] && python3 -c 'import json,sys; run=json.load(open(sys.argv[1])); assert run["state"]=="done"; assert run["verdict"]=="untrusted"; assert run["points"][0]["kind"]=="bound"' "$work/out"
verdict json_is_one_object_and_a_bound_exits_4

slow_run
run "$cmrr" measure -D sim:DUT=active -f 1000
[ $? = 3 ] && sentence && says 'is being measured' && says 'slow'
verdict a_second_client_is_told_who_measures

run timeout 10 "$cmrr" status
[ $? = 0 ] && grep -q measuring "$work/out"
verdict status_answers_while_it_measures

run "$cmrrd" --private
[ $? = 3 ] && sentence && says 'another cmrrd holds this socket' && measuring
verdict the_lock_lets_one_daemon_in

before=$SECONDS
daemon=$(daemon_pid)
[ -n "$daemon" ] && kill -9 "$daemon" && until_true 30 test -s "$work/rc" && [ "$(cat "$work/rc")" = 3 ] &&
    [ $((SECONDS - before)) -le 3 ] && [ "$(wc -l <"$work/slow.err")" = 1 ] && grep -q 'the daemon ended' "$work/slow.err"
cp "$work/slow.err" "$work/err"
verdict a_killed_daemon_is_noticed_at_once_in_one_sentence

run "$cmrr" measure -D sim:DUT=active -f 1000 -S tied,terminated
[ $? = 0 ] && grep -q '46\.' "$work/out"
verdict the_next_client_replaces_the_socket_of_a_killed_daemon

run "$cmrr" runs
[ $? = 0 ] && grep -q 'slow .*interrupted' "$work/out"
verdict the_run_of_a_killed_daemon_is_interrupted

rm -f "$work/rc"; slow_run
daemon=$(daemon_pid); kill -STOP "$daemon"
run "$cmrr" status
[ $? = 3 ] && sentence && says 'does not answer'
verdict a_daemon_that_hangs_is_not_taken_for_none
kill -CONT "$daemon"; run "$cmrr" abort

rm -f "$work/rc"; slow_run
kill -INT "$(cat "$work/slow.pid")"
until_true 30 test -s "$work/rc" && [ "$(cat "$work/rc")" = 5 ] && run "$cmrr" runs && grep -q 'slow-*[0-9]* .*aborted' "$work/out"
cat "$work/slow.err" >>"$work/err"
verdict ctrl_c_stops_the_run_and_exits_5

rm -f "$work/rc"; slow_run
run "$cmrr" abort && until_true 30 test -s "$work/rc" && [ "$(cat "$work/rc")" = 5 ]
verdict abort_from_another_client_ends_the_run

rm -f "$work/rc"; slow_run
kill -9 "$(cat "$work/slow.pid")"
sleep 0.5; measuring
verdict a_client_that_vanishes_does_not_stop_its_run
run "$cmrr" abort

run "$cmrr" measure -D sim:DUT=active -f 1000 -o "$work/first"
[ $? = 2 ] && sentence && says --force && run "$cmrr" measure -D sim:DUT=active -f 1000 -S tied -o "$work/first" --force &&
    [ "$(grep -c '^[0-9]' "$work/first/run.csv")" = 1 ] && [ -z "$(find "$work" -maxdepth 1 -name '*first.*')" ]
verdict force_replaces_a_run_folder_and_only_then

mkdir "$work/here"
run env -C "$work/here" "$cmrr" measure -D sim:DUT=active -f 1000 -o .
[ $? = 2 ] && sentence && says 'a name of its own' && [ -z "$(ls -A "$work/here")" ]
verdict the_present_folder_as_output_is_refused_before_measuring

rm -f "$work/rc"; slow=sim:DUT=active,SPEED=8 slow_run -o "$work/late" -f 1000 -S tied
mkdir "$work/late"; echo precious >"$work/late/letter"
until_true 30 test -s "$work/rc"; cp "$work/slow.err" "$work/err"
[ "$(cat "$work/rc")" = 2 ] && sentence && says "$work/late" && says "complete in $XDG_STATE_HOME"
verdict an_output_that_fails_after_the_run_says_where_the_run_is

rm -f "$work/rc"; slow_run -o "$work/gone"
kill -9 "$(cat "$work/slow.pid")"
[ -z "$(find "$work" -maxdepth 1 -name '*gone*')" ]
verdict a_client_that_is_killed_leaves_nothing_in_the_place_of_its_output
run "$cmrr" abort

mkdir "$work/mine"; echo precious >"$work/mine/letter"
run "$cmrr" measure -D sim:DUT=active -f 1000 -o "$work/mine" --force
[ $? = 2 ] && sentence && [ "$(ls "$work/mine")" = letter ]
verdict a_folder_of_other_things_is_never_replaced

run "$cmrr" measure -D sim:DUT=active -f 1000 -o "$work/absent/below"
[ $? = 2 ] && sentence && [ ! -e "$work/absent" ] && [ "$("$cmrr" runs | wc -l)" = "$("$cmrr" runs | sort -u | wc -l)" ]
verdict an_unwritable_output_is_refused_before_measuring

run "$cmrr" measure -D sim:DUT=active -f 1000 --levle-cm -3
[ $? = 2 ] && sentence && says "--levle-cm" && says "--level-cm"
verdict an_unknown_option_names_the_nearest

run "$cmrr" meassure
[ $? = 2 ] && sentence && says "meassure" && says "measure?"
verdict an_unknown_command_names_the_nearest

run "$cmrr" measure -D sim:DUT=nothing
[ $? = 2 ] && sentence && says nothing && run "$cmrr" measure -D hw:CARD=none,DEV=0
[ $? = 3 ] && sentence
verdict unknown_devices_are_refused_in_one_sentence

run "$cmrr" measure -s unix:"$work/nobody.sock" -D sim:DUT=active
[ $? = 3 ] && sentence && run "$cmrr" status -s nonsense
[ $? = 2 ] && sentence && CMRR_SERVER=unix:$work/nobody.sock run "$cmrr" runs
[ $? = 3 ] && sentence
verdict a_named_server_that_does_not_answer_is_no_reason_to_start_one

(cd "$work" && cp "${CMRR_SOURCE:-$(dirname "$build")}/calib/duts/active.csv" "$work/with, comma.csv" &&
    run "$cmrr" measure -D 'sim:DUT=./with\, comma.csv,IDEAL=1' -f 1000 -S tied)
[ $? = 0 ] && grep -q '46\.' "$work/out"
verdict a_relative_device_file_is_found_by_the_daemon

until_true 30 no_daemon
others=()
for _ in 1 2 3 4; do "$cmrr" devices >/dev/null 2>&1 </dev/null & others+=("$!"); done
started+=("${others[@]}")
run "$cmrr" devices && wait "${others[0]}" && wait "${others[1]}" && wait "${others[2]}" && wait "${others[3]}" && grep -q sim: "$work/out" && [ "$(daemon_pid | wc -w)" = 1 ]
verdict clients_that_come_together_share_one_daemon

until_true 30 no_daemon
mkdir -m 700 "$work/elsewhere"; mv "$work/run/cmrr" "$work/away"; ln -s "$work/elsewhere" "$work/run/cmrr"
run "$cmrr" devices
[ $? = 3 ] && sentence && says 'symbolic link' && run "$cmrrd" --private
[ $? = 3 ] && sentence && says 'symbolic link' && [ -z "$(ls -A "$work/elsewhere")" ]
verdict a_socket_folder_that_is_a_link_is_refused
rm "$work/run/cmrr"

mkdir -m 777 "$work/run/cmrr"; chmod 777 "$work/run/cmrr"
run "$cmrr" devices
[ $? = 3 ] && sentence && says 'open to others'
verdict a_socket_folder_open_to_others_is_refused
rmdir "$work/run/cmrr"; mv "$work/away" "$work/run/cmrr"

"$cmrrd" --listen "unix:$work/run/own.sock" >"$work/out" 2>"$work/err" </dev/null & own=$!; started+=("$own")
until_true 30 test -S "$work/run/own.sock"
rm -f "$work/rc"
( "$cmrr" measure -s "unix:$work/run/own.sock" -D "$slow" >"$work/slow.out" 2>"$work/slow.err"; echo $? >"$work/rc" ) &
started+=("$!")
sleep 1; before=$SECONDS
kill -TERM $own; wait $own
[ $? = 0 ] && [ $((SECONDS - before)) -le 30 ] && [ ! -e "$work/run/own.sock" ] && until_true 30 test -s "$work/rc" &&
    [ "$(cat "$work/rc")" = 5 ]
verdict a_daemon_told_to_end_stops_its_run_and_leaves_nothing

# A cmrrd of another build, or version: ours with its letters changed (the build's stamp has as many letters).
version=$("$cmrr" --version | sed -E 's/cmrr ([^ ]+) .*/\1/'); id=$("$cmrr" --version | sed -E 's/.*\((.*)\)/\1/')
other() { # other VERSION ID: into $work/other
    mkdir -p "$work/other"
    python3 -c 'import sys; old, new, a, b, c, d = sys.argv[1:]; data = open(old, "rb").read()
data = data.replace(a.encode(), b.encode()).replace(c.encode() + b"\0", d.encode() + b"\0"); open(new, "wb").write(data)' \
        "$cmrrd" "$work/other/cmrrd" "$id" "$2" "$version" "$1"
    chmod 755 "$work/other/cmrrd"
}
until_true 30 no_daemon
other "$version" "${id//[0-9a-f]/0}"
"$work/other/cmrrd" --private >/dev/null 2>&1 </dev/null & old=$!; started+=("$old")
until_true 30 test -S "$socket"
run "$cmrr" devices
[ $? = 0 ] && wait "$old" && [ -n "$(daemon_pid)" ] && [ "$(daemon_pid)" != "$old" ]
verdict a_private_daemon_of_another_build_is_waited_for_and_replaced

until_true 30 no_daemon
"$work/other/cmrrd" --private >/dev/null 2>&1 </dev/null & old=$!; started+=("$old")
until_true 30 test -S "$socket"
curl -s --unix-socket "$socket" -d '{"task":"measure","device":"'$slow'"}' http://localhost/v1/runs >/dev/null
run "$cmrr" measure -D sim:DUT=active -f 1000
[ $? = 3 ] && sentence && says 'another build' && says measuring
verdict a_private_daemon_of_another_build_that_measures_is_named
kill "$old"; wait "$old"

other "${version//[0-9]/9}" "${id//[0-9a-f]/0}"
"$work/other/cmrrd" >/dev/null 2>&1 </dev/null & old=$!; started+=("$old")
until_true 30 test -S "$socket"
run "$cmrr" devices
[ $? = 3 ] && sentence && says "${version//[0-9]/9}" && says "$version"
verdict a_lasting_daemon_of_another_version_is_refused
kill "$old"; wait "$old"

port=$((20000 + $$ % 20000))
"$cmrrd" --listen "http://127.0.0.1:$port" >/dev/null 2>"$work/err" </dev/null & old=$!; started+=("$old")
until_true 30 curl -s -o /dev/null "http://127.0.0.1:$port/v1/status"
http_proxy=http://192.0.2.1:9 run "$cmrr" measure -s "http://127.0.0.1:$port" -D sim:DUT=active -f 1000 -S tied
[ $? = 0 ] && grep -q '46\.' "$work/out" &&
    [ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: evil.example' "http://127.0.0.1:$port/v1/status")" = 403 ]
verdict over_loopback_it_is_the_same_and_foreign_hosts_are_refused
kill "$old"; wait "$old"

run "$cmrrd" --lisen x
[ $? = 2 ] && sentence && run "$cmrrd" --listen http://192.0.2.1:80
[ $? = 2 ] && sentence && says loopback && run "$cmrrd" --help && grep -q -- --private "$work/out" && run "$cmrrd" --version
verdict cmrrd_names_what_it_does_not_know
exit $failed
