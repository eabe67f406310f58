# shellcheck shell=bash
# What tests in a real browser need: Playwright in a folder of its own, and Debian's Chromium. Sourced after
# scripts/lib/common.sh and ci/apt.sh.

VENV=$STATE/ci/browser
# shellcheck disable=SC2034 # for the callers
SCREENSHOTS=$STATE/ci/screenshots

make_venv() {
  python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet playwright==1.65.2
}

need_browser() {
  "$VENV/bin/python" -c 'import playwright' 2>/dev/null || step fetch playwright make_venv
  command -v chromium >/dev/null || step fetch "chromium, from the distribution's packages" apt_install chromium chromium
  mkdir -p "$SCREENSHOTS"
}
