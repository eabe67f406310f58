#!/usr/bin/env bash
# Fails where a change makes each request dearer: counts the allocations and the instructions that the metrics layer adds,
# which are the same on every machine. (That /counter takes a handful of statements for a thousand calls is one of the Rust tests.)
#
#   ci/cost-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

GUARD=target/release/guard

cd "$ROOT"
step build "what is counted" \
  cargo build --release --locked -p observer-benches --bin counted --bin guard --target-dir target
check "what the metrics layer adds to a request" "$GUARD"
# A guard that lets everything through guards nothing.
check "the guard fails where allocations are added" \
  fails_with "from_fn: allocations added to a request: .* at most 0: exceeded" "$GUARD" from_fn
check "the guard fails where instructions are added" \
  fails_with "from_fn: instructions added to a request: .* at most 650: exceeded" "$GUARD" from_fn

summary
