#!/usr/bin/env bash
# Tests the pages in a real browser, headless Chromium. Keeps the screenshots in .observer/ci/screenshots/.
#
#   ci/browser-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/apt.sh"
usage_if_asked "$@"

VENV=$STATE/ci/browser
SCREENSHOTS=$STATE/ci/screenshots

make_venv() {
  python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet playwright==1.65.2
}

cd "$ROOT"
"$VENV/bin/python" -c 'import playwright' 2>/dev/null || step fetch playwright make_venv
command -v chromium >/dev/null || step fetch "chromium, from the distribution's packages" apt_install chromium chromium
# As `make test` has built it.
cargo build --locked --quiet --workspace --bin observer
mkdir -p "$SCREENSHOTS"
passed=0
for page in pager faults; do
  "$VENV/bin/python" "tests/browser/$page.py" \
    "${CARGO_TARGET_DIR:-target}/debug/observer" "$(command -v chromium)" "$SCREENSHOTS" | tee "$STATE/ci/browser.log"
  passed=$((passed + $(sed -n 's/^\([0-9]*\) passed.*/\1/p' "$STATE/ci/browser.log")))
done
say "Screenshots: $SCREENSHOTS"
say "$passed passed, 0 failed"
