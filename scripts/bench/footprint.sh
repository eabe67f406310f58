#!/usr/bin/env bash
# How large the service is: its binary, what it has resident after a load, and the time until it is ready.

# shellcheck source=scripts/lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

ROUNDS=3
STARTS=5

# resident NAME: what a server has resident now, in MB.
resident() {
  local status
  status=/proc/$(pid_of "$1")/status
  [ -r "$status" ] || die "$status: not there. What a process has resident is only known on Linux."
  awk '$1 == "VmRSS:" { printf "%.3f\n", $2 * 1024 / 1e6 }' "$status"
}

begin
size=$(wc -c <"$OBSERVER")
calculate "$size / 1e6" | tell "the binary, stripped" MB at_most 4
if has_profiled; then
  size=$(wc -c <"$PROFILED")
  calculate "$size / 1e6" | tell "the binary, stripped, built by a profile" MB
fi

start_database
for ((round = 1; round <= ROUNDS; round++)); do
  progress "resident memory, round $round of $ROUNDS"
  start_observer observer
  record at-start "$(resident observer)"
  load observer /echo 64 10
  load observer /counter 64 10
  record after-load "$(resident observer)"
  stop_server observer
done
numbers at-start | tell "resident memory at the start" MB
numbers after-load | tell "resident memory after a load of 20 s" MB at_most 10

progress "the time until it is ready, $STARTS times"
port=$(free_port)
OBSERVER_CONTROL_LISTEN=127.0.0.1:0 bounded 60 "$PROGRAMS/ready" "$STARTS" "127.0.0.1:$port" \
  "$OBSERVER" serve --listen "127.0.0.1:$port" >"$scratch/ready" 2>"$scratch/ready.log" || die "ready failed" "$(cat "$scratch/ready.log")"
cat "$scratch/ready" >&5
