#!/usr/bin/env bash
# What /counter can do on a durable database, beside one UPDATE for each request, beside two instances that share the row,
# and beside what pgbench gets out of the same row. And that each answer has counted.

# shellcheck source=scripts/lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

ROUNDS=5
SECONDS_EACH=3

# bound_at CLIENTS: how many times as fast as one UPDATE for each request it must be.
bound_at() {
  case $1 in
    1) say 0.9 ;;
    16) say 6 ;;
    64) say 12 ;;
    256) say 15 ;;
  esac
}

# client PROGRAM ARGUMENT...: one of Postgres' own.
client() {
  set_postgres "$1"
  shift
  # From /, because its user may not be allowed into the folder where this one stands.
  (cd / && bounded 30 "${POSTGRES[@]}" "$@" "$DATABASE_URL")
}

counted() {
  client psql --no-psqlrc --tuples-only --no-align --command='SELECT value FROM counter'
}

# check_count BEFORE CLIENTS SERVER...: that the row has grown by each answer, and by no more than was asked for: at its end
# wrk leaves the requests that are in flight, at most one for each client.
check_count() {
  local before=$1 clients=$2 answered=0 server grown
  shift 2
  for server; do
    answered=$((answered + $(result "$server" answered)))
  done
  # Those in flight, too.
  sleep 0.2
  grown=$(($(counted) - before))
  [ "$grown" -ge "$answered" ] && [ "$grown" -le $((answered + clients)) ] ||
    die "the count is wrong: it grew by $grown; $answered requests were answered, and at most $clients more were sent"
}

# measure NAME CANDIDATE CLIENTS: records NAME.rate and NAME.p99; of pgbench the rate only.
measure() {
  local before
  case $2 in
    pgbench)
      client pgbench --no-vacuum --protocol=prepared --file="$scratch/update.sql" --client="$3" \
        --jobs=$(($3 < 2 ? $3 : 2)) --time="$SECONDS_EACH" >"$scratch/pgbench" 2>&1 ||
        die "pgbench failed" "$(cat "$scratch/pgbench")"
      record "$1.rate" "$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$scratch/pgbench")"
      ;;
    *)
      before=$(counted)
      load "$2" /counter "$3" "$SECONDS_EACH"
      check_count "$before" "$3" "$2"
      record "$1.rate" "$(result "$2" rate)"
      record "$1.p99" "$(result "$2" p99)"
      ;;
  esac
}

# measure_two NAME CLIENTS: two instances at once, each with half of them. Records NAME.rate.
measure_two() {
  local before first second
  before=$(counted)
  load observer /counter $(($2 / 2)) "$SECONDS_EACH" &
  first=$!
  load other /counter $(($2 / 2)) "$SECONDS_EACH" &
  second=$!
  wait "$first"
  wait "$second"
  check_count "$before" "$2" observer other
  record "$1.rate" "$(calculate "$(result observer rate) + $(result other rate)")"
}

measure_clients() {
  local clients=$1 round candidate
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "$clients clients, round $round of $ROUNDS"
    for candidate in $(in_turn "$round" observer one_update pgbench); do
      measure "$candidate-$clients" "$candidate" "$clients"
    done
  done
  numbers "observer-$clients.rate" | tell "/counter, clients: $clients" 1/s
  numbers "one_update-$clients.rate" | tell "/counter, clients: $clients, with one UPDATE each" 1/s
  ratios "observer-$clients.rate" "one_update-$clients.rate" |
    tell "/counter, clients: $clients, to one UPDATE each" times at_least "$(bound_at "$clients")"
  numbers "pgbench-$clients.rate" | tell "/counter, clients: $clients, pgbench's updates" 1/s
  ratios "observer-$clients.rate" "pgbench-$clients.rate" | tell "/counter, clients: $clients, to pgbench's updates" times
  numbers "observer-$clients.p99" | tell "/counter, clients: $clients, the slowest in a hundred" ms
  numbers "one_update-$clients.p99" | tell "/counter, clients: $clients, the slowest in a hundred, with one UPDATE" ms
}

measure_instances() {
  local round way
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "two instances, round $round of $ROUNDS"
    for way in $(in_turn "$round" one two); do
      case $way in
        one) measure one observer 64 ;;
        two) measure_two two 64 ;;
      esac
    done
  done
  numbers two.rate | tell "/counter, two instances of 32 clients each" 1/s
  ratios two.rate one.rate | tell "/counter, two instances of 32 clients each, to one of 64" times at_least 0.7
}

begin
say 'UPDATE counter SET value = value + 1;' >"$scratch/update.sql"
start_database
start_observer observer
start_observer other
start_server one_update "$PROGRAMS/one_update"
for candidate in observer other one_update; do
  load "$candidate" /counter 64 1
done
for clients in 1 16 64 256; do
  measure_clients "$clients"
done
ratios observer-64.p99 one_update-64.p99 |
  tell "/counter, clients: 64, the slowest in a hundred, to that with one UPDATE" times at_most 0.2
measure_instances
