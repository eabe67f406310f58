# shellcheck shell=bash
# The benchmark's command: what it runs the program with, and that all ends with it.

# fake_bench LINE...: everything is built and fetched, the database is there, and the program is made of these lines of sh.
fake_bench() {
  local program
  for program in cargo wrk; do
    fake "$program" 'exit 0'
  done
  mkdir -p target/release
  fake observer 'exit 0'
  fake observer-benches "$@"
  mv bin/observer bin/observer-benches target/release
  printf '%s\n' 'postgres_bin() { echo /postgres; }' 'prepare_cluster() { :; }' \
    'start_cluster() { sleep 60 & CLUSTER=$!; echo "$CLUSTER" >cluster; export DATABASE_URL=postgres://database; }' \
    'stop_cluster() { kill "$CLUSTER"; }' \
    >>scripts/lib/postgres.sh
}

test_parts_may_come_as_one_word() {
  fake_bench 'printf "%s\n" "$DATABASE_URL" "$@"'
  succeeds make bench PART='scrape summary'
  says $'postgres://database\n--results\n'
  says $'--wrk=env\n--wrk='
  says $'/pgbench\nscrape\nsummary'
}

test_nothing_is_expanded_in_the_names_of_parts() {
  fake_bench 'printf "%s\n" "$@"'
  succeeds make bench PART='* counter'
  says $'/pgbench\n*\ncounter'
}

test_program_that_fails_fails_the_command_and_ends_the_database() {
  fake_bench 'exit 3'
  fails scripts/bench.sh summary
  # A killed process is gone a moment later, when its parent has noticed.
  until ! kill -0 "$(cat cluster)" 2>/dev/null; do sleep 0.1; done
}

test_all_ends_with_the_command() {
  fake_bench 'sleep 60 & echo $$ $! >started.new' 'mv started.new started' 'wait'
  scripts/bench.sh summary &
  until [ -s started ]; do sleep 0.1; done
  kill $!
  wait $! || equals $? 143
  local process processes
  read -ra processes <started
  for process in "${processes[@]}" "$(cat cluster)"; do
    until ! kill -0 "$process" 2>/dev/null; do sleep 0.1; done
  done
}
