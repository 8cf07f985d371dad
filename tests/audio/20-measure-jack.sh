#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The real programs over a real ALSA: gain matrices of known CMRR between outputs and input, a minute without a lost
# sample, a server that is killed in mid-run.
if [ -z "${RIG_GAIN_FILE:-}" ]; then exec "$CMRR_SOURCE/tests/support/with-jack" -- "$0"; fi
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
nothing=(--assume-mismatch-db 0 --assume-skew-ns 0 --assume-crosstalk-db -200)

set_gain() { # A B: in 1 = A out 1 + B out 2
    echo "$1,$2,0,0" >"$RIG_GAIN_FILE" && kill -HUP "$RIG_DUT_PID" && sleep 0.2
}
# All points of run.csv $1 are values within $3 dB of $2.
all_near() {
    awk -F, -v want="$2" -v tol="$3" '/^#/ || /^freq_hz/ { next }
        { n++; d = $2 - want; if (d < 0) d = -d; if (d > worst) worst = d; if ($5 != "value" || d > tol) bad++ }
        END { printf "%d points, worst %.4f dB from %.4f\n", n, worst, want; exit !(n > 0 && !bad) }' "$1/run.csv"
}

# rho = (a + b) / ((a - b) / 2); CMRR = -20 log10 |rho|
matrix() { # NAME A B DB OPTIONS...
    local name=$1 a=$2 b=$3 db=$4
    shift 4
    set_gain "$a" "$b" && "$cmrr" measure -q -D rig --allow-plug "${nothing[@]}" -o "$name" "$@" >/dev/null &&
        all_near "$name" "$db" 0.05 && grep -q '^# lost_samples: 0$' "$name/run.csv"
}
check 'a gain matrix of 40 dB'                            matrix m40 0.5025 -0.4975 40 -f 100,1000,10000
check 'a gain matrix of 60 dB, third octaves, over 60 s'  matrix m60 0.50025 -0.49975 60
check 'a gain matrix of 80 dB'                            matrix m80 0.500025 -0.499975 80 -f 100,1000,10000
sed -n 's/^/note /p' < <(for m in m40 m60 m80; do all_near $m "${m#m}" 0.05; done)
check 'the long one lasted more than 60 s' awk '/^# audio_s: / { exit !($3 > 60) }' m60/run.csv
check 'marks a run that went through a conversion layer' grep -q '^# plug: ' m40/run.csv

check 'another rate than the server has' refuses 3 44100 "$cmrr" measure -q -D rig --allow-plug -r 44100 -f 1000
check 'a channel that is not there' refuses 3 'input 5' "$cmrr" measure -q -D rig --allow-plug --in-channel 5 -f 1000

busy() { # two clients at once
    "$cmrr" measure -q -D rig --allow-plug -f 100,1000 >/dev/null 2>first.err & local first=$!
    sleep 1.5
    refuses 3 'measur' "$cmrr" measure -q -D rig --allow-plug -f 1000
    local rc=$?
    wait "$first"
    return $rc
}
check 'a second client while one measures' busy

killed() {
    "$cmrr" measure -q -D rig --allow-plug >out 2>err & local client=$!
    sleep 6
    kill -9 "$RIG_JACKD_PID"
    local began=$EPOCHREALTIME
    wait "$client"
    local rc=$?
    awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "noticed after %.2f s\n", b - a; exit !(b - a < 30) }' | tee noticed
    cat err
    [ "$rc" = 3 ] && [ "$(grep -c '^cmrr: ' err)" = 1 ] && grep -q '^# status: interrupted' "$XDG_STATE_HOME"/cmrr/runs/*/run.csv
}
check 'a server that is killed in mid-run' killed
[ -s noticed ] && sed 's/^/note /' noticed
finish
