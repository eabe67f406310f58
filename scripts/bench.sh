#!/usr/bin/env bash
# Measures what the metrics layer, the counter and the service cost, and holds it against the targets. All parts, or those
# that are named; each measures the candidates in turns, so that what else the machine does meets all of them.
#
#   make bench                             all of it; twenty minutes, and the builds
#   make bench PART=counter
#   scripts/bench.sh counter footprint
#
#   cost         what measuring adds to a request in allocations and instructions, in process
#   layer        the time that the metrics layer takes of a request, beside its peers, in process
#   summary      an observation of a summary and of a histogram, in process
#   service      CPU for each request, beside a bare axum server, also of the service built by a profile of its load
#                (make pgo); with up to 10,000 open connections
#   counter      /counter beside one UPDATE for each request, beside two instances, beside pgbench
#   scrape       the time of GET /metrics
#   footprint    the binary's size, resident memory, the time until ready
#   build        the time of a clean build
#
# The table is in .observer/bench/results.txt afterwards, as JSON in results.json. A target that is missed is no failure.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/postgres.sh
. "$ROOT/scripts/lib/postgres.sh"
usage_if_asked "$@"

PARTS="cost layer summary service counter scrape footprint build"
FOLDER=$STATE/bench
PROGRAMS=target/benches/release

# The longest that a part may take, in seconds.
PATIENCE=600

finish() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  if [ -n "$running" ]; then
    kill "$running" 2>/dev/null || true
    wait "$running" || true
  fi
  exit "$status"
}

# Both into folders of this project, whatever CARGO_TARGET_DIR says: the parts look for them there.
build() {
  step build "the service" cargo build --release --locked --bin observer --target-dir target
  step build "the benchmarks; minutes, the first time" \
    cargo build --release --locked --manifest-path benches/Cargo.toml --target-dir target/benches
  case " ${parts[*]} " in
    *" service "* | *" footprint "*) build_by_profile ;;
  esac
}

# The same service once more. Where rustup has not installed the compiler, what it needs is not to be had.
build_by_profile() {
  if need_profdata >"$LOGS/profdata.log" 2>&1; then
    say "  build         the service by a profile of its load"
    # It shows its own steps.
    scripts/pgo.sh
  else
    say "  left out: the service built by a profile. This needs llvm-profdata, of the compiler's own version."
    rm -f target/pgo/observer
  fi
}

# measure PART: as a process of its own, with all that it starts in one process group, which timeout ends.
measure() {
  local program=scripts/bench/$1.sh
  [ -f "$program" ] || program=$PROGRAMS/$1
  exec timeout --kill-after=20 "$PATIENCE" "$program"
}

cd "$ROOT"
# Split, but not expanded: `make bench PART='...'` hands all of them on as one word.
read -ra parts <<<"${*:-$PARTS}"
for part in "${parts[@]}"; do
  case " $PARTS " in
    *" $part "*) ;;
    *) die "PART: found '$part', expected some of: $PARTS" "For example: make bench PART=counter" ;;
  esac
done

running=
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

need_cargo || exit 1
mkdir -p "$FOLDER"
get_load_and_database
build

failed=()
: >"$FOLDER/measurements.jsonl"
for part in "${parts[@]}"; do
  say "$part"
  # In the background, because a trap would wait for what runs in the foreground.
  measure "$part" >>"$FOLDER/measurements.jsonl" &
  running=$!
  wait "$running" || failed+=("$part")
  running=
done

say
"$PROGRAMS/report" "$FOLDER/results.json" <"$FOLDER/measurements.jsonl" | tee "$FOLDER/results.txt"
[ ${#failed[@]} -eq 0 ] || die "failed, and is not in the table or only half: ${failed[*]}" "What went wrong is said above."
