#!/usr/bin/env bash
# Tests the pages in a real browser, headless Chromium, several at a time. Keeps the screenshots in
# .observer/ci/screenshots/.
#
#   ci/browser-test.sh                  all of them
#   ci/browser-test.sh console pager    those of tests/browser/ with these names

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/apt.sh"
# shellcheck source=ci/browser.sh
. "$ROOT/ci/browser.sh"
usage_if_asked "$@"

ALL=(
  console_memory
  console_recovery
  console_keyboard
  console
  console_pages
  console_reading
  console_drawing
  console_shift
  console_axe
  pager
  faults
)
AT_A_TIME=3

cd "$ROOT"
[ $# -gt 0 ] || set -- "${ALL[@]}"
need_browser
# As `make test` has built it.
cargo build --locked --quiet --workspace --bin observer --bin observer-console

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
# What runs in the background does not get it.
trap 'trap - TERM; kill 0' INT
for page in "$@"; do
  while [ "$(jobs -rp | wc -l)" -ge "$AT_A_TIME" ]; do wait -n || true; done
  {
    status=0
    in_browser_apart "$page" "${CARGO_TARGET_DIR:-target}/debug/observer" "$(command -v chromium)" "$SCREENSHOTS" \
      >"$logs/$page" 2>&1 || status=$?
    echo "$status" >"$logs/$page.status"
  } &
done
wait

passed=0 failed=0
for page in "$@"; do
  say "
$page"
  cat "$logs/$page"
  passed=$((passed + $(grep -c '^ok ' "$logs/$page" || true)))
  # A script ends at its first check that fails.
  [ "$(cat "$logs/$page.status")" -eq 0 ] || {
    failed=$((failed + 1))
    say "FAILED  $page"
  }
done
say "
Screenshots: $SCREENSHOTS
$passed passed, $failed failed"
[ "$failed" -eq 0 ]
