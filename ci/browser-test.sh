#!/usr/bin/env bash
# Tests the pages in a real browser, headless Chromium. Keeps the screenshots in .observer/ci/screenshots/.
#
#   ci/browser-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/apt.sh"
# shellcheck source=ci/browser.sh
. "$ROOT/ci/browser.sh"
usage_if_asked "$@"

cd "$ROOT"
need_browser
# As `make test` has built it.
cargo build --locked --quiet --workspace --bin observer --bin observer-console
passed=0
for page in pager faults console console_drawing console_reading console_shift console_axe keyboard pages recovery console_memory; do
  in_browser_apart "$page" \
    "${CARGO_TARGET_DIR:-target}/debug/observer" "$(command -v chromium)" "$SCREENSHOTS" | tee "$STATE/ci/browser.log"
  passed=$((passed + $(sed -n 's/^\([0-9]*\) passed.*/\1/p' "$STATE/ci/browser.log")))
done
say "Screenshots: $SCREENSHOTS"
say "$passed passed, 0 failed"
