#!/usr/bin/env bash
# What a request costs the service, beside a bare axum server, in CPU time: the time that passes is mostly the kernel's and
# the load's. Then the same while more and more connections are open.

# shellcheck source=scripts/lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

ACTIVE=32
ROUNDS=7
COUNTED_ROUNDS=3
GROWTH_ROUNDS=3
OPEN="1 10 100 1000 10000"

# cost NAME SERVER CONNECTIONS SECONDS: records NAME.user and NAME.cpu, the microseconds of CPU time of a request.
cost() {
  local user system user_before system_before answered
  read -r user_before system_before < <(ticks "$2")
  load "$2" /echo "$3" "$4" -- "$BODY"
  read -r user system < <(ticks "$2")
  answered=$(result "$2" answered)
  record "$1.user" "$(calculate "($user - $user_before) / $TICK * 1e6 / $answered")"
  record "$1.cpu" "$(calculate "($user - $user_before + $system - $system_before) / $TICK * 1e6 / $answered")"
  record "$1.rate" "$(result "$2" rate)"
}

# open_idle SERVER NUMBER: connections that have nothing to ask, until close_idle.
open_idle() {
  local log=$scratch/idle.log
  # What the one before has said must not be taken for this one's.
  rm -f "$scratch/hold" "$log"
  mkfifo "$scratch/hold"
  timeout 60 "$PROGRAMS/idle" "$(address_of "$1")" "$2" <"$scratch/hold" >"$log" 2>&1 5>&- &
  idle=$!
  exec 4>"$scratch/hold"
  until [ -s "$log" ] || ! kill -0 "$idle" 2>/dev/null; do
    sleep 0.05
  done
  grep -q 'are open$' "$log" || die "$2 connections could not be opened" "$(cat "$log")"
}

# close_idle: fails if the server has closed one of them before.
close_idle() {
  exec 4>&-
  wait "$idle" || die "the connections did not stay open" "$(cat "$scratch/idle.log")"
}

# fits NUMBER: whether a process may have so many connections, and what else it opens.
fits() {
  local limit
  limit=$(ulimit -n)
  [ "$limit" = unlimited ] || [ "$limit" -ge $(($1 + 100)) ]
}

# active OPEN: how many of the open connections are busy.
active() {
  if [ "$1" -lt "$ACTIVE" ]; then say "$1"; else say "$ACTIVE"; fi
}

measure_cost() {
  local round server
  for server in "${servers[@]}"; do
    cost "warm-up-$server" "$server" "$ACTIVE" 2
  done
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "CPU time of a request, round $round of $ROUNDS"
    for server in $(in_turn "$round" "${servers[@]}"); do
      cost "$server" "$server" "$ACTIVE" 4
    done
  done
  numbers observer.user | tell "/echo over loopback: user CPU of a request" us
  numbers bare.user | tell "/echo over loopback: user CPU of a request, bare axum" us
  ratios observer.user bare.user | tell "/echo over loopback: user CPU of a request, to bare axum's" times at_most 1.0
  ratios observer.cpu bare.cpu | tell "/echo over loopback: user and system CPU of a request, to bare axum's" times
  numbers observer.rate | tell "/echo over loopback: requests" 1/s
  ratios observer.rate bare.rate | tell "/echo over loopback: requests, to bare axum's" times
  has_profiled || return 0
  numbers profiled.user | tell "/echo over loopback: user CPU of a request, built by a profile" us
  ratios profiled.user bare.user |
    tell "/echo over loopback: user CPU of a request, built by a profile, to bare axum's" times at_most 1.0
  ratios profiled.cpu bare.cpu |
    tell "/echo over loopback: user and system CPU of a request, built by a profile, to bare axum's" times
}

# under_callgrind COMMAND NAME ARGUMENT...: starts a server as the command does.
under_callgrind() {
  WITH=(valgrind --tool=callgrind "--callgrind-out-file=$scratch/$2.callgrind")
  "$@"
  WITH=(env)
}

# count_instructions SERVER: records SERVER.instructions, of a request. The server runs under callgrind.
count_instructions() {
  local pid total
  pid=$(pid_of "$1")
  bounded 20 callgrind_control --zero "$pid" >"$scratch/callgrind.log" 2>&1
  load "$1" /echo "$ACTIVE" 2 -- "$BODY"
  bounded 20 callgrind_control --dump "$pid" >"$scratch/callgrind.log" 2>&1
  total=$(cat "$scratch/$1.callgrind".* | sed -n 's/^totals: //p' | tail -n 1)
  record "$1.instructions" "$(calculate "$total / $(result "$1" answered)")"
}

# What no other work of the machine can change.
measure_instructions() {
  local round server
  if ! command -v callgrind_control >/dev/null; then
    progress "left out: the instructions of a request. This needs valgrind."
    return 0
  fi
  under_callgrind start_observer counted-observer
  under_callgrind start_server counted-bare "$PROGRAMS/bare"
  ! has_profiled || under_callgrind start_profiled counted-profiled
  for server in "${servers[@]/#/counted-}"; do
    load "$server" /echo "$ACTIVE" 2 -- "$BODY"
  done
  for ((round = 1; round <= COUNTED_ROUNDS; round++)); do
    progress "instructions of a request, round $round of $COUNTED_ROUNDS"
    for server in "${servers[@]/#/counted-}"; do
      count_instructions "$server"
    done
  done
  numbers counted-observer.instructions | tell "/echo over loopback: instructions of a request" instructions
  numbers counted-bare.instructions | tell "/echo over loopback: instructions of a request, bare axum" instructions
  ratios counted-observer.instructions counted-bare.instructions |
    tell "/echo over loopback: instructions of a request, to bare axum's" times
  if has_profiled; then
    numbers counted-profiled.instructions |
      tell "/echo over loopback: instructions of a request, built by a profile" instructions
    ratios counted-profiled.instructions counted-bare.instructions |
      tell "/echo over loopback: instructions of a request, built by a profile, to bare axum's" times
  fi
  for server in "${servers[@]/#/counted-}"; do
    stop_server "$server"
  done
}

measure_growth() {
  local round open server
  for ((round = 1; round <= GROWTH_ROUNDS; round++)); do
    progress "CPU time of a request by the number of open connections, round $round of $GROWTH_ROUNDS"
    for open in $(in_turn "$round" "${points[@]}"); do
      for server in $(in_turn "$round" observer bare); do
        open_idle "$server" $((open - $(active "$open")))
        cost "$server-$open" "$server" "$(active "$open")" 3
        close_idle
      done
    done
  done
  for open in "${points[@]}"; do
    numbers "observer-$open.cpu" | tell "CPU of a request, open connections: $open, active: $(active "$open")" us
    ratios "observer-$open.cpu" "bare-$open.cpu" | tell "CPU of a request, open connections: $open, to bare axum's" times
  done
}

# compare OPEN TO [at_most BOUND]: the cost with so many connections to that with fewer.
compare() {
  fits "$1" || return 0
  ratios "observer-$1.cpu" "observer-$2.cpu" | tell "CPU of a request, open connections: $1, to $2" times "${@:3}"
}

begin
TICK=$(getconf CLK_TCK)
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
points=()
for open in $OPEN; do
  if fits "$open"; then
    points+=("$open")
  else
    progress "left out: $open open connections. This needs ulimit -n $((open + 100)), and $(ulimit -n) is allowed."
  fi
done

# No connection is ever closed to make room, or because it was idle for too long.
start_observer observer OBSERVER_MAX_CONNECTIONS=20000 OBSERVER_HEADER_TIMEOUT=10m
start_server bare "$PROGRAMS/bare"
servers=(observer bare)
if has_profiled; then
  start_profiled profiled
  servers+=(profiled)
fi
measure_cost
measure_instructions
measure_growth
for open in $OPEN; do
  [ "$open" -eq 1 ] || compare "$open" 1
done
# Both of these have the same number of active ones.
compare 10000 100
compare 10000 10 at_most 1.2
