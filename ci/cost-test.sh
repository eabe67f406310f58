#!/usr/bin/env bash
# Fails if a change makes requests more expensive: counts the allocations and the instructions that the metrics layer adds,
# which are the same on every machine. (A Rust test counts the statements of /counter.)
#
#   ci/cost-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

GUARD=${CARGO_TARGET_DIR:-target}/release/guard

cd "$ROOT"
step build "the programs under test" \
  cargo build --release --locked -p observer-benches --bin counted --bin guard
check "what the metrics layer adds to a request" "$GUARD"
# A guard that cannot fail guards nothing.
check "the guard fails where allocations are added" \
  fails_with "from_fn: allocations added to a request: .* at most 0: exceeded" "$GUARD" from_fn
check "the guard fails where instructions are added" \
  fails_with "from_fn: instructions added to a request: .* at most 700: exceeded" "$GUARD" from_fn

summary
