# shellcheck shell=bash
# The benchmark: which parts, what becomes of one that fails, and the form of what parts say.

# Programs that were built, and what they are built and measured with.
fake_bench() {
  local program
  for program in cargo wrk initdb; do
    fake "$program" 'exit 0'
  done
  mkdir -p target/benches/release
}

# fake_part NAME LINE...: a part that is a program.
fake_part() {
  fake "$@"
  mv "bin/$1" target/benches/release
}

test_unknown_part_is_named_with_those_that_there_are() {
  fails scripts/bench.sh counter nonsense
  says "PART: found 'nonsense', expected some of: cost layer summary"
  says 'For example: make bench PART=counter'
  fails make bench PART='* counter'
  says "PART: found '*'"
}

test_part_that_fails_fails_the_run_after_the_others_ran() {
  fake_bench
  fake_part summary 'echo "line of summary"' 'exit 1'
  fake_part report 'cat'
  printf '%s\n' '#!/bin/sh' 'echo "line of scrape"' >scripts/bench/scrape.sh
  fails scripts/bench.sh summary scrape
  says 'line of summary'
  says 'line of scrape'
  says 'error: failed, and is not in the table or only half: summary'
  equals "$(cat .observer/bench/results.txt)" "$(printf 'line of summary\nline of scrape')"
}

test_parts_may_come_as_one_word() {
  fake_bench
  fake_part summary 'echo "line of summary"'
  fake_part report 'cat'
  printf '%s\n' '#!/bin/sh' 'echo "line of scrape"' >scripts/bench/scrape.sh
  succeeds make bench PART='scrape summary'
  equals "$(cat .observer/bench/measurements.jsonl)" "$(printf 'line of scrape\nline of summary')"
}

# part LINE: runs it as a part would, and keeps its measurements only.
part() {
  bash -c ". scripts/lib/bench.sh; begin; $1" 2>/dev/null
}

test_measurement_has_the_form_that_the_report_reads() {
  equals "$(part 'printf "1.5\n2\n" | tell "a name" ms at_most 2')" \
    '{"name":"a name","unit":"ms","at_most":2,"rounds":[1.5,2]}'
  equals "$(part 'echo 7 | tell "a name" MB')" '{"name":"a name","unit":"MB","rounds":[7]}'
}

test_ratios_are_of_the_same_round() {
  equals "$(part 'record a 1; record a 6; record b 2; record b 4; ratios a b >&5')" "$(printf '0.5\n1.5')"
}

test_what_is_no_number_is_named() {
  fails bash -c '. scripts/lib/bench.sh; begin; record rate ""'
  says "rate: found '', expected a number above 0"
  fails bash -c '. scripts/lib/bench.sh; begin; record rate nan'
  says "rate: found 'nan', expected a number above 0"
}

test_every_other_round_goes_backwards() {
  equals "$(part 'in_turn 2 a b >&5; in_turn 3 a b >&5' | xargs)" 'a b b a'
}

test_what_a_part_has_started_ends_with_it() {
  part 'say "$scratch" >&5; (sleep 60; :) & say $! >&5; sleep 60 & say $! >&5' >said
  local folder child
  { read -r folder; while read -r child; do fails kill -0 "$child"; done; } <said
  [ ! -e "$folder" ]
}

test_part_ends_with_the_command() {
  fake_bench
  fake_part summary 'echo $$ >part' 'exec sleep 60'
  scripts/bench.sh summary &
  until [ -s part ]; do sleep 0.1; done
  kill $!
  wait $! || equals $? 143
  fails kill -0 "$(cat part)"
}
