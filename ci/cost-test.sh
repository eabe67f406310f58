#!/usr/bin/env bash
# Fails where a change makes each request dearer: counts the allocations and the instructions that the metrics layer adds,
# which are the same on every machine. (That /counter takes a handful of statements for a thousand calls is one of the Rust tests.)
#
#   ci/cost-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

COST=target/benches/release/cost

# of_benches COMMAND [ARGUMENT...]: of cargo, for the package that is a workspace of its own.
of_benches() {
  local command=$1
  shift
  cargo "$command" --release --locked --manifest-path benches/Cargo.toml --target-dir target/benches "$@"
}

cd "$ROOT"
step build "what is counted" of_benches build --bin cost
check "what the metrics layer adds to a request" "$COST" guard
# A guard that holds whatever is added guards nothing.
check "the guard fails where more is added" fails_with "at most 10 are let through" "$COST" guard 10
check "tests of what the benchmarks share" of_benches test --lib

summary
