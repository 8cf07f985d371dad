# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For end-to-end tests: source it first. A private place for runtime, store and work; `check NAME COMMAND...` prints
# ok or FAIL with what the command said; `finish` ends with the right exit status.
set -u
build=${CMRR_BUILD:-build}
cmrr=$build/cmrr
source_tree=${CMRR_SOURCE:-$PWD}
work=$(mktemp -d /tmp/cmrr-e2e.XXXXXX)
export XDG_RUNTIME_DIR=$work/run XDG_STATE_HOME=$work/state
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset CMRR_SERVER
cd "$work" || exit 1
failures=0

cleanup() {
    cd / && rm -rf "$work"
}
trap cleanup EXIT

check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$work/.out" 2>&1; then echo "ok   $name"; else
        echo "FAIL $name"
        sed 's/^/     /' "$work/.out" | head -20
        failures=$((failures + 1))
    fi
}

# Run a command; succeed when it exits with CODE and its standard error is one line that holds WORD, if WORD is given.
refuses() { # CODE WORD COMMAND...
    local code=$1 word=$2
    shift 2
    "$@" >"$work/.stdout" 2>"$work/.stderr"
    local rc=$?
    cat "$work/.stderr"
    [ "$rc" = "$code" ] || { echo "exit $rc instead of $code"; return 1; }
    [ "$(wc -l <"$work/.stderr")" = 1 ] || { echo "not one sentence"; return 1; }
    grep -qF -- "$word" "$work/.stderr" || { echo "does not name '$word'"; return 1; }
}

finish() {
    [ "$failures" = 0 ]
    exit
}
