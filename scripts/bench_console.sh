#!/usr/bin/env bash
# Measures in headless Chromium how long the console takes to draw 40 panels over 6 hours for the first time, and the
# console's resident memory. No stack is needed, but a quiet machine.
#
#   make bench_console [ROUNDS=10]
#
# Each round is in a browser that has nothing of the console yet.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
usage_if_asked "$@"
# shellcheck source=ci/apt.sh
. "$ROOT/ci/apt.sh"
# shellcheck source=ci/browser.sh
. "$ROOT/ci/browser.sh"

[[ ${1:-10} =~ ^[1-9][0-9]{0,2}$ ]] || die "ROUNDS: found '$1', expected a number, 1 to 999"
cd "$ROOT"
need_cargo || exit 1
need_browser
need_prometheus
step build "the console" cargo build --release --locked --package console --bins
in_browser first_draw "${CARGO_TARGET_DIR:-target}/release/observer-console" \
  "$(tool_path prometheus)" "$(tool_path promtool)" "$(command -v chromium)" "${1:-10}"
