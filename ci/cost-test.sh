#!/usr/bin/env bash
# Fails if a change makes requests more expensive: counts the allocations and the instructions that the metrics layer adds,
# which are the same on every machine. (A Rust test counts the statements of /counter.)
#
#   ci/cost-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

COST=${CARGO_TARGET_DIR:-target}/release/cost

cd "$ROOT"
step build "the program under test" cargo build --release --locked --package observer-benches --bin cost
check "what the metrics layer adds to a request" "$COST" guard
# A guard that cannot fail guards nothing.
check "the guard fails where more is added" fails_with "at most 10 are let through" "$COST" guard 10

summary
