#!/usr/bin/env bash
# Builds the service by a profile of its load (profile-guided optimization): once with counters in it, which say after
# seventeen seconds of load what runs often and what seldom; then again, by these counts. That takes two clean builds.
#
#   make pgo
#   OBSERVER_BINARY=target/pgo/observer make start_observer
#
# What it gives and what it costs: docs/performance.md. A profile is only good for the compiler and the sources that it was
# recorded with, so it is recorded anew when one of them has changed.

# shellcheck source=scripts/lib/bench.sh
. "$(dirname "$0")/lib/bench.sh"
usage_if_asked "$@" >&5

FOLDER=${PROFILED%/observer}
PROFILE=$FOLDER/observer.profdata

# build_with FLAG WAY: no other flags for the compiler are taken over. They are encoded, because a path may have blanks.
build_with() {
  # With a platform named, programs that run during the build are compiled as ever: they would write profiles, too.
  CARGO_ENCODED_RUSTFLAGS=$1 \
    cargo build --release --locked --bin observer --target "$platform" --target-dir "$FOLDER/$2"
}

# built WAY: the binary of that build.
built() {
  say "$FOLDER/$1/$platform/release/observer"
}

# What a service is mostly asked. Faults are off: what fails is no use of it.
run_load() {
  OBSERVER=$(built instrumented)
  # Each process writes its own when it ends.
  export LLVM_PROFILE_FILE=$scratch/profiles/%p.profraw
  start_database
  start_observer observer OBSERVER_PING_ERROR_RATIO=0 OBSERVER_PING_DELAY=none
  load observer /echo 32 6 -- "$BODY"
  load observer /ping 32 4
  load observer /counter 64 6
  load observer /metrics 1 1
  stop_server observer
}

merge() {
  local profdata
  profdata=$(profdata_path) || return 1
  # Renamed into place: half of a profile is never used.
  "$profdata" merge --sparse --output="$PROFILE.new" "$scratch/profiles" && mv "$PROFILE.new" "$PROFILE"
}

begin
cd "$ROOT"
need_cargo || exit 1
platform=$(rustc -vV | sed -n 's/^host: //p')
profdata_path >/dev/null || step fetch "llvm-profdata, of the same version as the compiler" need_profdata
get_load_and_database

step build "with counters; minutes, the first time" build_with -Cprofile-generate instrumented
if [ "$PROFILE" -nt "$(built instrumented)" ]; then
  progress "the profile is as it was: the service has not changed"
else
  progress "a load of seventeen seconds"
  run_load
  # cargo does not see that what a flag names has changed. Before there is a new one, so that none is taken for the other.
  rm -rf "$FOLDER/optimized"
  step profile "${PROFILE#"$ROOT"/}" merge
fi
step build "by the profile; minutes, the first time" build_with "-Cprofile-use=$PROFILE" optimized
cp "$(built optimized)" "$PROFILED"
say "The service, built by a profile of its load: ${PROFILED#"$ROOT"/}" >&5
