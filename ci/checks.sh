# shellcheck shell=bash
# Sourced by those who check: checks that are counted, and how they are written down.

passed=0
failed=0
# The way to the terminal for what is to be shown in any case.
exec {terminal}>&1

# check NAME COMMAND...: a test, passed if the command is. What it prints is shown if it fails.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name"
    echo "        | ${output//$'\n'/$'\n'        | }"
  fi
}

# fails_with TEXT COMMAND...: it must fail, and say so.
fails_with() {
  local expected=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "it succeeded"
    return 1
  fi
  grep -q "$expected" <<<"$output" || {
    echo "expected '$expected' in: $output"
    return 1
  }
}

equal() {
  [ "$1" = "$2" ] || {
    diff <(echo "$1") <(echo "$2")
    return 1
  }
}

# A short attack on the running stack: most requests succeed, and its report and plot are there.
load_reports() {
  local output
  output=$(make load RATE=20 DURATION=5s)
  grep -q "^Success .*9[0-9]\.\|^Success .*100" <<<"$output" && [ -s .observer/load/plot.html ] || {
    echo "$output"
    return 1
  }
}

# chaos SCENARIOS: these of the chaos proof. Its times are shown whether it passes or not.
chaos() {
  local status=0
  make chaos SCENARIO="$1" || status=$?
  grep '^|' .observer/chaos/report.md >&"$terminal" || true
  return "$status"
}

# The last line of a test: it counts all.
summary() {
  echo
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

section() {
  echo
  echo "$1 (${SECONDS} s)"
}
