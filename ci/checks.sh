# shellcheck shell=bash
# Sourced by the tests in this folder: counted checks and their output.

passed=0
failed=0
# The test's own output, for what a check prints even if it passes.
exec {terminal}>&1

# check NAME COMMAND...: passes if the command succeeds. Prints the command's output if it fails.
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

# beside LOG COMMAND...: starts a command that runs beside the next checks. `ended LOG` is the check of it.
beside() {
  local log=$1
  shift
  rm -f "$log.status"
  {
    status=0
    "$@" >"$log" 2>&1 || status=$?
    echo "$status" >"$log.status"
  } &
}

# ended LOG: waits for the command that `beside` started, and succeeds if it did. Prints its output. Not by `wait`: a
# check runs in a subshell, of which the command is no child.
ended() {
  until [ -s "$1.status" ]; do sleep 0.5; done
  cat "$1"
  return "$(cat "$1.status")"
}

# fails_with TEXT COMMAND...: the command must fail and print this.
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

# A short load test on the running stack: most requests succeed, and it writes its report and plot.
load_reports() {
  local output
  output=$(make load RATE=20 DURATION=5s)
  grep -q "^Success .*[5-9][0-9]\.\|^Success .*100" <<<"$output" && [ -s .observer/load/plot.html ] || {
    echo "$output"
    return 1
  }
}

# chaos SCENARIOS: runs these scenarios. Prints their times whether they pass or not.
chaos() {
  local status=0
  make chaos SCENARIO="$1" || status=$?
  grep '^|' .observer/chaos/report.md >&"$terminal" || true
  return "$status"
}

# add_counts_of COMMAND...: runs another test, and adds its counts to those here. One that ends without counts has failed.
add_counts_of() {
  local log counts more_passed more_failed
  log=$(mktemp)
  "$@" 2>&1 | tee "$log" || true
  counts=$(grep -oE '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1 | tr -dc '0-9 ') || true
  rm -f "$log"
  read -r more_passed more_failed <<<"${counts:-0 1}"
  passed=$((passed + more_passed)) failed=$((failed + more_failed))
}

# summary: the last line of a test, with its counts.
summary() {
  echo
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

section() {
  echo
  echo "$1 (${SECONDS} s)"
}
