#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stimulus and capture as sound files, through the real programs; the "device" is a copy of channel arithmetic below.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

written() {
    "$cmrr" stimulus -o stim.wav -f 100,1000,10000 --assume-mismatch-db 0 --assume-skew-ns 0 --assume-crosstalk-db -200 &&
        [ -s stim.wav ] && grep -q '^# cmrr-plan: 1' stim.plan.csv
}
check 'writes a stimulus and its plan' written

# The stimulus's own left channel is what an unbalanced input hears: a true figure of -6.02 dB and a dead cold leg.
unbalanced() {
    "$cmrr" analyze stim.wav --plan stim.wav -o unbalanced >/dev/null 2>said &&
        awk -F, '!/^#/ && $5 == "value" && $2 < -6.01 && $2 > -6.03 { n++ } END { exit n != 3 }' unbalanced/run.csv &&
        grep -q 'cold leg' said
}
check 'analyses a recording and names a dead leg' unbalanced

check 'no plan' refuses 2 --plan "$cmrr" analyze stim.wav
check 'missing capture' refuses 2 none.wav "$cmrr" analyze none.wav --plan stim.plan.csv
check 'a capture that is no sound file' refuses 2 'no sound file' "$cmrr" analyze stim.plan.csv --plan stim.plan.csv
check 'a broken plan' refuses 2 bad.plan.csv sh -c 'echo x >bad.plan.csv; exec "$0" analyze stim.wav --plan bad.plan.csv' "$cmrr"
short() { head -c 2000000 stim.wav >short.wav && refuses 2 'cut short' "$cmrr" analyze short.wav --plan stim.wav -o short; }
check 'a capture that is cut short leaves no run' short
check 'and nothing of it' test ! -e short
check 'a state that needs a fixture' refuses 2 normal "$cmrr" stimulus -o s2.wav -S tied
check 'a stimulus that is there already' refuses 2 --force "$cmrr" stimulus -o stim.wav
check 'a setting that the plan has fixed' refuses 2 freqs "$cmrr" analyze stim.wav --plan stim.wav -f 1000
check 'a channel that is not there' refuses 2 'no channel 3' "$cmrr" analyze stim.wav --plan stim.wav --in-channel 3
check 'an unwritable place' refuses 2 stim.wav/x.wav "$cmrr" stimulus -o stim.wav/x.wav
sed 's/^# rate:.*/# rate: x/' stim.plan.csv >edited.plan.csv
check 'a setting of an edited plan is named with its file' \
    refuses 2 'edited.plan.csv: rate' "$cmrr" analyze stim.wav --plan edited.plan.csv -o edited

# Replacing is a rename: what is no file would be gone, and a name in /dev is one.
mkfifo pipe.wav pipe.svg
stays() { # NAME COMMAND...
    local name=$1
    shift
    refuses 2 "$name" "$@" && [ -p "$name" ]
}
check 'a fifo is not replaced by a stimulus' stays pipe.wav "$cmrr" stimulus -f 1000 -o pipe.wav --force
check 'a fifo is not replaced by a picture' \
    stays pipe.svg "$cmrr" compare ./unbalanced ./unbalanced -o pipe.svg --force
check 'a fifo as a capture does not hang' refuses 2 'pipe.wav' timeout 10 "$cmrr" analyze pipe.wav --plan stim.wav -o piped
check 'a folder as a capture is named as such' refuses 2 'regular file' "$cmrr" analyze . --plan stim.wav -o piped
check 'and no run is left' [ ! -e piped ]

finish
