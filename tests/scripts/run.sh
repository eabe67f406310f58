#!/usr/bin/env bash
# Runs the tests of the scripts: every function test_* in every *_test.sh here, each in its own shell with a copy of the
# scripts in a fresh folder. Starts no service and fetches nothing.
#
#   tests/scripts/run.sh [NAME]      NAME: part of the names of the tests to run

set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

passed=0 failed=0
for file in "$here"/*_test.sh; do
  # shellcheck disable=SC1090 # each is checked on its own
  for test in $(. "$file" && compgen -A function test_); do
    case $test in
      *"${1:-}"*) ;;
      *) continue ;;
    esac
    # A separate process, because a subshell in a condition ignores `set -e`.
    if output=$(bash "$here/harness.sh" "$file" "$test" 2>&1); then
      echo "test $test ... ok"
      passed=$((passed + 1))
    else
      echo "test $test ... FAILED"
      awk '{ print "    " $0 }' <<<"$output"
      failed=$((failed + 1))
    fi
  done
done

verdict=ok
[ "$failed" -eq 0 ] || verdict=FAILED
echo "test result: $verdict. $passed passed; $failed failed"
[ "$failed" -eq 0 ]
