#!/usr/bin/env bash
# Fails where a change makes each request dearer: counts the allocations and the instructions that the metrics layer adds,
# which are the same on every machine. (That /counter takes a handful of statements for a thousand calls is one of the Rust tests.)
#
#   ci/cost-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

COST=${CARGO_TARGET_DIR:-target}/release/cost

cd "$ROOT"
step build "what is counted" cargo build --release --locked --package observer-benches --bin cost
check "what the metrics layer adds to a request" "$COST" guard
# A guard that holds whatever is added guards nothing.
check "the guard fails where more is added" fails_with "at most 10 are let through" "$COST" guard 10

summary
