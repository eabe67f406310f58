#!/usr/bin/env bash
# How long GET /metrics takes, from the view of who scrapes, over one connection that stays open.

# shellcheck source=scripts/lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"
# shellcheck source=scripts/lib/health.sh
. "$ROOT/scripts/lib/health.sh"

ROUNDS=7

# scrape WAY: records WAY.p50, in milliseconds.
scrape() {
  case $1 in
    plain) load observer /metrics 1 2 ;;
    gzip) load observer /metrics 1 2 --header 'Accept-Encoding: gzip' ;;
  esac
  record "$1.p50" "$(result observer p50)"
}

begin
start_database
start_observer observer
# So that the series have numbers in them.
load observer /echo 32 1
load observer /counter 32 1

address=$(address_of observer)
http_get "${address##*:}" /metrics >"$scratch/metrics"
grep -c '^[a-z]' "$scratch/metrics" | tell "/metrics: samples" lines
wc -c <"$scratch/metrics" | tell "/metrics: size of the reply" bytes

for ((round = 1; round <= ROUNDS; round++)); do
  progress "round $round of $ROUNDS"
  for way in $(in_turn "$round" plain gzip); do
    scrape "$way"
  done
done
numbers plain.p50 | tell "/metrics: time" ms at_most 1
numbers gzip.p50 | tell "/metrics: time, compressed" ms
