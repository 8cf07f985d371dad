#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The main job through the real programs, as a user would meet it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# Value of column $2 in run.csv $1 at the frequency $3.
column() {
    awk -F, -v name="$2" -v freq="$3" '/^#/ { next } !n { n = NF; for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
        $1 == freq { print $c }' "$1"
}
near() { # VALUE WANTED TOLERANCE
    awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN { exit !(a != "" && (a - b) ^ 2 <= t * t) }'
}

measured() {
    "$cmrr" measure -D sim:DUT=active -S tied,terminated -f 60,1000,10000 -n 'Channel 1' -o run1 >table &&
        [ "$(ls run1 | sort | tr '\n' ' ')" = "cmrr.png cmrr.svg log run.csv steps.csv " ] &&
        near "$(column run1/run.csv cmrr_db 925)" 46.06 0.02 && grep -q '46.06' table
}
check 'measures, prints a table and makes the folder that -o names' measured

exact() {
    "$cmrr" measure -D "sim:DUT=$source_tree/tests/data/truth/transformer.csv,IDEAL=1" --grid exact -f 60,1000,20000 \
        --assume-mismatch-db 0 --assume-skew-ns 0 --assume-crosstalk-db -200 -o exact >/dev/null &&
        near "$(column exact/run.csv cmrr_db 60)" 107.4610 0.005 &&
        near "$(column exact/run.csv cmrr_db 1000)" 83.0096 0.005 &&
        near "$(column exact/run.csv cmrr_db 20000)" 53.1456 0.005
}
check 'equals SPICE on an ideal bench' exact

relative() {
    mkdir -p 'a, b\c' && cp "$source_tree/tests/data/truth/diffamp-1pct.csv" 'a, b\c/dut.csv' &&
        (cd 'a, b\c' && "$cmrr" measure -q -D sim:DUT=./dut.csv,IDEAL=1 -f 1000 --assume-mismatch-db 0 --assume-skew-ns 0 \
            --assume-crosstalk-db -200 >/dev/null)
}
check 'finds a device file by a relative path, whatever the folder is called' relative

bound() {
    "$cmrr" measure -D sim:DUT=active-trimmed -f 100,1000 -o bound >/dev/null 2>said
    [ $? = 4 ] && [ "$(column bound/run.csv kind 925)" = bound ] && [ -z "$(column bound/run.csv hi95_db 925)" ] &&
        near "$(column bound/run.csv cmrr_db 925)" 35.2 1 && grep -q 'tied,terminated' said
}
check 'says at least, exits with 4 and tells what to do, in normal with unknown outputs' bound

for fault in hot-open cold-open shorted unbalanced disconnected; do
    faulty() {
        "$cmrr" measure -q -D "sim:DUT=active,FAULT=$fault" -S tied,terminated -f 100,1000 -o "fault-$fault" >/dev/null 2>said
        [ $? = 4 ] && [ "$(grep -vc '^#' "fault-$fault/run.csv")" = 3 ] &&
            [ "$(column "fault-$fault/run.csv" kind 925)" = invalid ] &&
            [ -z "$(column "fault-$fault/run.csv" cmrr_db 925)" ] && grep -q "${fault%%-open}" said
    }
    check "prints no value and names the fault: $fault" faulty
done

compared() {
    "$cmrr" measure -q -D sim:DUT=transformer -S tied,terminated -f 60,1000,10000 -o run2 >/dev/null &&
        "$cmrr" compare ./run1 ./run2 -o cmp.svg >table && tail -c 20 cmp.svg | grep -q '</svg>' && grep -q '46.06' table &&
        "$cmrr" compare ./run1 ./run2 -o cmp.csv >/dev/null && grep -q '^freq_hz,cmrr_db_1,kind_1' cmp.csv
}
check 'overlays and tabulates two runs' compared

shown() {
    "$cmrr" show last | grep -q 925 && "$cmrr" show ./run1 --json | grep -q '"cmrr_db": 46.06' &&
        "$cmrr" runs | grep -q 'Channel 1'
}
check 'shows and lists runs' shown

check 'refuses to overwrite a run' refuses 2 --force "$cmrr" measure -q -D sim: -f 1000 -o run1
check 'refuses a folder with other things in it' refuses 2 'other things' sh -c 'mkdir other; touch other/x; exec "$0" measure -q -D sim: -f 1000 -o other --force' "$cmrr"
check 'replaces a run when told to' sh -c '"$0" measure -q -D sim:DUT=active -S tied -f 1000 -o run1 --force && grep -q "^# states: tied$" run1/run.csv' "$cmrr"
check 'leaves nothing beside the folders that were asked for' test -z "$(find . -maxdepth 1 -name '.*XXXX*' -o -maxdepth 1 -name '.run1*')"

check 'unknown command' refuses 2 measure "$cmrr" mesure
check 'unknown option' refuses 2 --freqs "$cmrr" measure --frqs 1000
check 'unknown key of the bench' refuses 2 MISMATCH_DB "$cmrr" measure -q -D sim:MISMATCH=1
check 'missing device file' refuses 2 none.csv "$cmrr" measure -q -D sim:DUT=./none.csv
check 'broken device file' refuses 2 broken.csv sh -c 'echo "freq_hz,x" >broken.csv; exec "$0" measure -q -D sim:DUT=./broken.csv' "$cmrr"
check 'unwritable folder' refuses 2 file sh -c 'touch file; exec "$0" measure -q -D sim: -o file/run' "$cmrr"
check 'unknown interface' refuses 3 hw:CARD=NONE "$cmrr" measure -q -D hw:CARD=NONE,DEV=0
check 'no interface at all' refuses 3 sim:DUT=active "$cmrr" measure -q
check 'a conversion layer without permission' refuses 2 --allow-plug "$cmrr" measure -q -D default
check 'a state that needs a fixture' refuses 2 fixture "$cmrr" measure -q -D hw:0 -S tied
check 'a frequency out of range' refuses 2 30000 "$cmrr" measure -q -D sim: -f 30000
check 'a level above the maximum' refuses 2 max_level "$cmrr" measure -q -D sim: --level-cm 0
check 'an unknown run' refuses 2 nothing "$cmrr" show nothing
check 'a broken run' refuses 2 run.csv sh -c 'mkdir bad; echo "a,a" >bad/run.csv; exec "$0" show ./bad' "$cmrr"

# The README shows what the program prints: the seed is fixed, so they are the same to the digit.
as_documented() {
    "$cmrr" measure -q -D sim:DUT=transformer -S tied,terminated -n 'Line transformer' -f 20,65,925,9925,19825 2>/dev/null |
        sed 's/^/    /' >printed
    sed -n '/-f 20,65,925,9925,19825/,/cmrr: note/{/freq Hz/,/19825 /p}' "$source_tree/README.md" >documented
    diff documented printed
}
check 'prints what the README shows' as_documented

hostile() {
    "$cmrr" measure -q -D sim:DUT=active -S tied -f 1000 -o hostile -n "$(printf '=cmd\`touch PWNED\`\nsystem "touch PWNED" '"'"'<script>')" >/dev/null &&
        [ ! -e PWNED ] && ! grep -q '^system' hostile/run.csv && ! grep -q '<script>' hostile/cmrr.svg &&
        "$cmrr" compare ./hostile ./run2 -o hostile.svg >/dev/null && [ ! -e PWNED ]
}
check 'a hostile label stays text' hostile
full() { "$cmrr" show ./run1 >/dev/full; }
check 'a full standard output' refuses 2 'standard output' full
finish
