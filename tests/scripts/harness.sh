# shellcheck shell=bash
# Runs one test in a sandbox; defines the assertions.
#
#   bash harness.sh FILE TEST

set -euo pipefail

# fake NAME LINE...: puts a program first on the PATH, an sh script of these lines.
fake() {
  local name=$1
  shift
  printf '%s\n' '#!/bin/sh' "$@" >"$sandbox/bin/$name"
  chmod +x "$sandbox/bin/$name"
  PATH=$sandbox/bin:$PATH
}

# settings_say NAME: the value of a setting in the scripts.
settings_say() {
  bash -c '. scripts/lib/common.sh && printf "%s\n" "${!1}"' settings "$1"
}

# in_scripts LINE: runs it with the libraries sourced.
in_scripts() {
  bash -c ". scripts/lib/common.sh; $1"
}

# succeeds COMMAND... and fails COMMAND... keep the output in $output.
succeeds() {
  output=$("$@" 2>&1) || die_of "expected success of: $*" "$output"
}

fails() {
  ! output=$("$@" 2>&1) || die_of "expected failure of: $*" "$output"
}

says() {
  [[ $output == *"$1"* ]] || die_of "expected it to say: $1" "$output"
}

says_not() {
  [[ $output != *"$1"* ]] || die_of "expected it not to say: $1" "$output"
}

equals() {
  [ "$1" = "$2" ] || die_of "expected: $2" "found:    $1"
}

die_of() {
  printf '%s\n' "$@"
  exit 1
}

sandbox=$(mktemp -d "${TMPDIR:-/tmp}/observer-scripts.XXXXXX")
trap 'rm -rf "$sandbox"' EXIT
repository=$(cd "$(dirname "$0")/../.." && pwd)
cp -R "$repository/scripts" "$repository/local" "$repository/vegeta" "$repository/Makefile" "$sandbox"
mkdir "$sandbox/bin"
cd "$sandbox"
# The caller's settings would take precedence over a test's .env.
mapfile -t with_default < <(sed -n 's/^: "${\([A-Z_]*\):=.*/\1/p' scripts/lib/settings.sh)
unset "${!OBSERVER_@}" "${with_default[@]}" APP SCENARIO FOLLOW TARGET PLATFORM PICTURE COMPOSE_FILE KUBECONFIG
unset MAKEFLAGS MAKELEVEL MFLAGS

# shellcheck disable=SC1090 # each is checked on its own
. "$1"
"$2"
