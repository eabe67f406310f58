# shellcheck shell=bash
# The load test: an installed tool at a constant rate, then report and plot.

# A tool that records its arguments.
fake_tool() {
  fake "$1" "echo \"$1 \$*\" >>$sandbox/calls" \
    'case $1 in' \
    '  attack) for word; do case $word in --output=*) echo results >"${word#*=}" ;; esac; done ;;' \
    '  report) echo "the report" ;;' \
    '  plot) echo "<html>" ;;' \
    'esac'
}

attack() {
  mkdir -p out
  (cd vegeta && PATH="$sandbox/bin:/usr/bin:/bin" ./attack.sh 7 3s "$sandbox/out")
}

test_attack_ends_with_report_and_plot() {
  fake_tool vegeta
  succeeds attack
  equals "$output" 'the report'
  equals "$(cat out/report.txt)" 'the report'
  equals "$(cat out/plot.html)" '<html>'
  grep -q -- "--targets=$sandbox/vegeta/targets.http --rate=7 --duration=3s" calls
}

test_attack_takes_trunks_without_vegeta_and_never_waits_for_answers() {
  fake_tool trunks
  succeeds attack
  grep -q -- '^trunks attack .*--max-workers 500' calls
}

test_attack_without_a_tool_says_so() {
  fails attack
  says 'neither vegeta nor trunks'
}
