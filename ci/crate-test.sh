#!/usr/bin/env bash
# Uses the crate red-metrics as its users do: from a crate outside the workspace, and as a package of crates.io.
#
#   ci/crate-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

OUTSIDE=ci/outside-crate

# The versions that the project has been tested with, and not whatever is newest today.
test_outside_crate() {
  cp Cargo.lock "$OUTSIDE/Cargo.lock"
  cargo test --manifest-path "$OUTSIDE/Cargo.toml" --target-dir target/outside
}

cd "$ROOT"
check "a crate outside the workspace that has red-metrics and axum passes its test" test_outside_crate
for package in red-metrics prometheus-summary; do
  check "the package $package builds from what it contains" \
    cargo package --locked --allow-dirty --package "$package" --target-dir target/outside
done
check "red-metrics builds without its features" cargo check --locked --package red-metrics --no-default-features
check "the documentation of red-metrics has no broken link" \
  env RUSTDOCFLAGS="-D warnings" cargo doc --locked --package red-metrics --all-features --no-deps

summary
