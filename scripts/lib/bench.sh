# shellcheck shell=bash
# What the parts of the benchmark begin with (scripts/bench/*.sh). A part is a process of its own: what it starts ends with
# it. It writes measurements to its standard output, and all that it says besides to standard error.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/postgres.sh
. "$ROOT/scripts/lib/postgres.sh"

OBSERVER=$ROOT/target/release/observer
# The same, built by a profile of its load (scripts/pgo.sh), where that could be done.
PROFILED=$ROOT/target/pgo/observer
PROGRAMS=$ROOT/target/benches/release

# From here on descriptor 5 is where measurements go.
exec 5>&1 >&2

# --- Begin and end ---

# begin: before anything is started. Sets `scratch`, a folder that lives as long as the part.
begin() {
  # Not in /tmp, which may be in memory: to write through to the disk would cost nothing there.
  scratch=$(mktemp -d /var/tmp/observer-bench.XXXXXX)
  # Postgres' unprivileged user must get through it.
  chmod 711 "$scratch"
  mkdir "$scratch/numbers"
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # The caller's settings of the service would be measured, too.
  unset "${!OBSERVER_@}"
  # The same for all servers, whatever the machine has.
  export TOKIO_WORKER_THREADS=2
}

finish() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  stop_children $$
  stop_cluster
  wait
  rm -rf "$scratch"
  exit "$status"
}

# stop_children PID: and theirs, but not Postgres, which would wait for its clients to leave.
stop_children() {
  local child
  for child in $(children_of "$1"); do
    [ "$child" != "$CLUSTER" ] || continue
    stop_children "$child"
    kill "$child" 2>/dev/null || true
  done
}

# bounded SECONDS COMMAND...: in the background, because a trap would wait for what runs in the foreground.
bounded() {
  timeout --kill-after=5 "$@" 5>&- &
  wait $!
}

# progress TEXT...
progress() {
  printf '  %-14s%s\n' "$(basename "$0" .sh)" "$*"
}

# --- What is measured ---

# start_database: a Postgres as one runs it, with all that makes it durable, migrated.
start_database() {
  step postgres "durable, for this part only" prepare_cluster "$scratch/data"
  # For pgbench, which takes a connection for each client.
  start_cluster "$scratch" -c max_connections=300
  bounded 30 "$OBSERVER" migrate >"$scratch/migrate.log" 2>&1 || die "observer migrate failed" "$(cat "$scratch/migrate.log")"
}

# has_profiled: whether there is a service that was built by a profile.
has_profiled() {
  [ -x "$PROFILED" ]
}

# start_profiled: as start_observer does.
start_profiled() {
  local OBSERVER=$PROFILED
  start_observer "$@"
}

# start_observer NAME [SETTING=VALUE...]: without faults; what is not set is as by default.
start_observer() {
  local name=$1
  shift
  local -x OBSERVER_ECHO_ERROR_RATIO=0 OBSERVER_CONTROL_LISTEN=127.0.0.1:0 \
    OBSERVER_SHUTDOWN_DELAY=0s OBSERVER_SHUTDOWN_TIMEOUT=1s "$@"
  start_server "$name" "$OBSERVER" serve --listen
}

# What the servers are run by.
WITH=(env)

# start_server NAME PROGRAM ARGUMENT...: the last argument that it is given is its address. See pid_of, address_of.
start_server() {
  local name=$1 port pid tries=0
  shift
  port=$(free_port)
  "${WITH[@]}" "$@" "127.0.0.1:$port" >"$scratch/$name.log" 2>&1 5>&- &
  pid=$!
  until port_answers "$port"; do
    kill -0 "$pid" 2>/dev/null && [ $((tries += 1)) -lt 200 ] || die "$name did not start" "$(cat "$scratch/$name.log")"
    sleep 0.1
  done
  say "$pid" >"$scratch/$name.pid"
  say "127.0.0.1:$port" >"$scratch/$name.address"
}

pid_of() {
  cat "$scratch/$1.pid"
}

address_of() {
  cat "$scratch/$1.address"
}

# stop_server NAME
stop_server() {
  local pid
  pid=$(pid_of "$1")
  kill "$pid"
  wait "$pid" || true
}

# ticks NAME: the user and the system time of a server until now, in ticks of the clock.
ticks() {
  local pid stat
  pid=$(pid_of "$1")
  [ -r "/proc/$pid/stat" ] || die "/proc/$pid/stat: not there. What a process costs is only known on Linux."
  stat=$(<"/proc/$pid/stat")
  # Its name, in parentheses, may hold blanks.
  awk '{ print $12, $13 }' <<<"${stat##*) }"
}

# --- The load ---

# What is sent to /echo.
# shellcheck disable=SC2034 # used by those who source this
BODY=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

# load NAME PATH CONNECTIONS SECONDS [OPTION...] [-- BODY]: a server, by wrk; see result. Each answer must be a success.
load() {
  local name=$1 url connections=$3 seconds=$4
  url=http://$(address_of "$name")$2
  shift 4
  set_wrk
  bounded $((seconds + 15)) "${WRK[@]}" --threads 1 --connections "$connections" --duration "${seconds}s" \
    --script "$ROOT/scripts/bench/wrk.lua" "$url" "$@" >"$scratch/$name.wrk" 2>&1 ||
    die "wrk failed on $url" "$(cat "$scratch/$name.wrk")"
  [ "$(result "$name" failed)" = 0 ] || die "$url: not all was answered with success" "$(cat "$scratch/$name.wrk")"
}

# result NAME FIELD: of the last load of that name. The fields are those of wrk.lua.
result() {
  sed -n "s/^$2: //p" "$scratch/$1.wrk"
}

# --- The numbers ---

# calculate EXPRESSION
calculate() {
  awk "BEGIN { printf \"%.6g\\n\", $1 }"
}

# record NAME NUMBER: one more of that name. Nothing that is measured here can be 0: then something is wrong.
record() {
  [[ $2 =~ ^[0-9.]*[1-9][0-9.]*(e[-+]?[0-9]+)?$ ]] || die "$1: found '$2', expected a number above 0"
  say "$2" >>"$scratch/numbers/$1"
}

# numbers NAME: all of that name, one a line.
numbers() {
  cat "$scratch/numbers/$1"
}

# ratios OF TO: of all numbers with these names, round by round.
ratios() {
  paste "$scratch/numbers/$1" "$scratch/numbers/$2" | awk '{ printf "%.6g\n", $1 / $2 }'
}

# in_turn ROUND NAME...: the names, every other round backwards, so that none always runs after the same other one.
in_turn() {
  local round=$1 name names=
  shift
  for name; do
    if [ $((round % 2)) -eq 0 ]; then names="$names $name"; else names="$name $names"; fi
  done
  say "$names"
}

# tell NAME UNIT [at_most|at_least BOUND]: a measurement (benches/src/measurement.rs), of the numbers on standard input.
tell() {
  awk -v name="$1" -v unit="$2" -v bound="${3:+\"$3\":$4,}" '
    { rounds = rounds (NR > 1 ? "," : "") $1 }
    END { printf "{\"name\":\"%s\",\"unit\":\"%s\",%s\"rounds\":[%s]}\n", name, unit, bound, rounds }' >&5
}
