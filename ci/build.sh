#!/usr/bin/env bash
# Builds what the tests of running stacks need beyond `make test`: the service as users get it, the chaos proof and the
# load generator, and a browser. Once, before those tests run at the same time.
#
#   ci/build.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
. "$ROOT/ci/apt.sh"
# shellcheck source=ci/browser.sh
. "$ROOT/ci/browser.sh"
usage_if_asked "$@"

cd "$ROOT"
cargo build --release --locked --package observer --package console --bins
cargo build --locked --package chaos
cargo test --locked --workspace --no-run --test live --test abuse
need_load_tool
need_browser
