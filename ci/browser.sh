# shellcheck shell=bash
# Sourced after scripts/lib/common.sh and ci/apt.sh. A real browser for tests: headless Chromium, and playwright in a
# folder of its own.

BROWSER_VENV=$STATE/ci/browser
# shellcheck disable=SC2034 # for the callers
SCREENSHOTS=$STATE/ci/screenshots
BROWSER_PACKAGES=(axe-playwright-python==0.1.8 playwright==1.65.2)

make_browser_venv() {
  python3 -m venv "$BROWSER_VENV" && "$BROWSER_VENV/bin/pip" install --quiet "${BROWSER_PACKAGES[@]}"
}

# need_browser: fetches what is missing.
need_browser() {
  "$BROWSER_VENV/bin/python" -c 'import axe_playwright_python, playwright' 2>/dev/null ||
    step fetch "playwright and axe" make_browser_venv
  command -v chromium >/dev/null || step fetch "chromium, from the distribution's packages" apt_install chromium chromium
  mkdir -p "$SCREENSHOTS"
}

# in_browser SCRIPT ARGUMENT...: runs a script of tests/browser/.
in_browser() {
  "$BROWSER_VENV/bin/python" "$ROOT/tests/browser/$1.py" "${@:2}"
}

# in_browser_apart SCRIPT ARGUMENT...: runs one that brings along all that it talks to.
in_browser_apart() {
  apart "$BROWSER_VENV/bin/python" "$ROOT/tests/browser/$1.py" "${@:2}"
}

# apart COMMAND...: runs a command that needs nothing but this machine's loopback in a network of its own, where the
# system lets it. Chromium drops its requests when an interface comes or goes, as Docker's do in other tests meanwhile.
apart() {
  local up='ip link set lo up'
  if unshare --net sh -c "$up" 2>/dev/null; then
    unshare --net sh -c "$up && exec \"\$@\"" apart "$@"
  else
    "$@"
  fi
}
