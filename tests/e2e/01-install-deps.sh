#!/bin/bash
# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# scripts/install-deps on invented systems: a private PATH with a dpkg-query, apt-get, id of our own. Installs nothing.
set -u
tree=${CMRR_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
chmod 755 "$work"; cp "$tree/scripts/install-deps" "$work/install-deps"; chmod 755 "$work/install-deps"
failed=0

# system UID INSTALLED...: a Debian of this user with these packages and no others ("all": every package)
system() {
    rm -rf "${work:?}/bin"; mkdir "$work/bin"; : >"$work/calls"; chmod 666 "$work/calls"
    for tool in sh awk grep tail mktemp rm env sleep ls cat; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
    printf '#!/bin/sh\necho %s\n' "$1" >"$work/bin/id"; shift
    cat >"$work/bin/dpkg-query" <<EOT
#!/bin/sh
shift 3
for package in "\$@"; do
    case " $* " in *" \$package "*|*" all "*) printf '%s installed ' "\$package" ;; esac
done
EOT
    cat >"$work/bin/apt-get" <<EOT
#!/bin/sh
echo "\${DEBIAN_FRONTEND:-} \$*" >>"$work/calls"
case "\$*" in *" install "*) [ ! -e "$work/apt-fails" ] || { echo "E: Unable to locate package"; exit 100; } ;; esac
EOT
    chmod 755 "$work"/bin/{id,dpkg-query,apt-get}
}
stub() { printf '#!/bin/sh\nexit 0\n' >"$work/bin/$1"; chmod 755 "$work/bin/$1"; }
install_deps() { PATH=$work/bin "$work/install-deps" "$@" >"$work/out" 2>"$work/err" </dev/null; }
no_calls() { [ ! -s "$work/calls" ]; }
says() { grep -qF -- "$1" "$work/err"; }
verdict() { # verdict NAME: of the conditions before it, in $?
    if [ $? = 0 ]; then echo "ok $1"; else echo "FAIL $1"; cat "$work/out" "$work/err" "$work/calls"; failed=1; fi
}

system 0 all
install_deps build run test audio lint truth sanitize && [ ! -s "$work/out" ] && [ ! -s "$work/err" ] && no_calls
verdict nothing_to_do_is_silent

install_deps build nonsense; [ $? = 2 ] && says "no set 'nonsense'" && says "build run test audio" && no_calls
verdict an_unknown_set_is_refused_with_the_list

install_deps; [ $? = 2 ] && says "the sets are"
verdict no_set_is_refused

system 0 python3
NO_DEPS=1 install_deps audio truth && says alsa-utils && says ngspice && ! says python3 && no_calls
verdict no_deps_names_what_is_missing_and_goes_on

system 0 clang-tidy cppcheck python3
install_deps lint truth && says "installing clang-format ngspice" && [ ! -s "$work/out" ] &&
    grep -qE '^noninteractive .*Lock::Timeout=300 update$' "$work/calls" &&
    grep -qE '^noninteractive .* install --no-install-recommends clang-format ngspice$' "$work/calls"
verdict root_installs_only_what_is_missing_and_is_asked_nothing

system 0; touch "$work/apt-fails"
install_deps truth; [ $? = 1 ] && says "Unable to locate package" && says "could not install ngspice python3"
verdict an_apt_that_fails_is_one_sentence_and_exit_1
rm "$work/apt-fails"

system 1000
install_deps truth; [ $? = 1 ] && says "apt-get install --no-install-recommends ngspice python3" && no_calls
verdict a_user_is_told_the_command

system 1000
stub true
cat >"$work/bin/sudo" <<EOT
#!/bin/sh
[ "\$1" != -n ] || shift
[ "\$1" = true ] || echo sudo >>"$work/calls"
exec "\$@"
EOT
chmod 755 "$work/bin/sudo"
install_deps truth && grep -qx sudo "$work/calls" && grep -q 'install .*ngspice' "$work/calls"
verdict a_user_with_sudo_installs_through_it

system 1000; rm "$work/bin/apt-get" "$work/bin/dpkg-query"
install_deps truth; [ $? = 1 ] && says "ngspice python3" && says "no apt-get"
verdict another_system_is_told_the_names

stub ngspice; stub python3
install_deps truth && [ ! -s "$work/err" ]
verdict another_system_that_has_everything_goes_through

system 0
stub pkg-config
NO_DEPS=1 install_deps build && says gcc && ! says libcurl4-gnutls-dev && no_calls
verdict a_replacement_of_a_package_counts_as_there

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    system 0; rm "$work/bin/id"; ln -s "$(command -v id)" "$work/bin/id"
    setpriv=$(command -v setpriv)
    PATH=$work/bin "$setpriv" --reuid=65534 --regid=65534 --clear-groups "$work/install-deps" truth \
        >"$work/out" 2>"$work/err" </dev/null
    [ $? = 1 ] && says "as root run: apt-get install" && no_calls
    verdict nobody_is_told_the_command
fi
exit $failed
