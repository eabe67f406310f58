#!/usr/bin/env bash
# How long a clean release build of the service takes, once the crates are fetched.

# shellcheck source=scripts/lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

begin
cd "$ROOT"
step fetch "the crates" cargo fetch --locked
progress "a clean release build"
TIMEFORMAT='%R %U %S'
{ time bounded 550 cargo build --release --locked --offline --target-dir "$scratch/target" >"$scratch/build.log" 2>&1; } \
  2>"$scratch/time" || die "the build failed" "$(tail -n 20 "$scratch/build.log")"
read -r real user system <"$scratch/time"
say "$real" | tell "a clean release build" s at_most 150
# What it takes on a machine that does nothing else, but for the cores that have to wait for each other.
calculate "($user + $system) / 2" | tell "a clean release build, CPU time of each of two cores" s
