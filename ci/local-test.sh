#!/usr/bin/env bash
# Tests the local runtime with the commands that people type: start, status, restart, chaos scenarios, disturbances and
# stop, as root and then as an ordinary user.
#
#   ci/local-test.sh        OBSERVER_BINARY=path uses that program instead of building one
#
# It works on a copy of the tree, with its own ports, and does not touch a stack that runs here.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=ci/stack.sh
. ci/stack.sh

work=$(mktemp -d)
# Like a clone in the home folder of root: the database's unprivileged user has no access.
tree=$work/root/observer
user=observer-test
listener=

clean_up() {
  [ -z "$listener" ] || kill "$listener" 2>/dev/null || true
  make --directory "$tree" clean_observer >/dev/null 2>&1 || true
  if id "$user" >/dev/null 2>&1; then
    runuser --login "$user" --command "make --directory observer clean_observer" >/dev/null 2>&1 || true
    userdel --remove "$user" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT

export RUNTIME=local CARGO_TARGET_DIR=$root/target
copy_to "$tree" 18080
share_tools "$tree"
chmod 700 "$work"
enter "$tree"

started() {
  local began=$SECONDS
  make start_observer || return 1
  echo "started in $((SECONDS - began)) s" >>"$work/times"
}

# Processes with one of these folders on their command lines. Listed before they are searched, because the search itself
# has such a path on its command line.
processes_in() {
  local lines folder
  lines=$(command_lines)
  for folder in "$@"; do
    grep -F "$folder/" <<<"$lines" || true
  done
}

processes() {
  processes_in "$tree/.observer" "$OUTSIDE"
}

pids_of_services() {
  processes | grep -E "bin/observer (serve|pager)" | cut -d ' ' -f 1
}

section "Start"
check "make start_observer" started
[ "$failed" -eq 0 ] || {
  summary
  exit
}
check "make status finds every part healthy" make status
for service in prometheus alertmanager; do
  check "$service starts without a warning" is_quiet "$(make logs APP="$service")"
done
check "make verify: every target, every panel, little memory" make verify
check "Chromium opens the runbook of every alert, and runs its queries" \
  "$root/ci/runbooks-test.sh" "http://127.0.0.1:$PAGER_PORT" "http://127.0.0.1:$PROMETHEUS_PORT"
check "the console draws every panel with data" live_test live_console
check "it has less than 30 MB resident" is_small "$(pgrep --full "^$tree/.observer/bin/observer-console")" 30

started_again() {
  local before
  before=$(pids_of_services)
  make start_observer && equal "$before" "$(pids_of_services)"
}
check "a second start changes nothing that runs" started_again

section "One service"
# The restarts below do not touch the alerts, and the chaos proof needs a stack where none is made up.
beside "$work/silence" live_test live_silence
# A restart must change the pid of one instance.
restarted() {
  local before after
  before=$(pids_of_services | sort)
  make restart APP=beta || return 1
  after=$(pids_of_services | sort)
  equal "$(comm -23 <(echo "$before") <(echo "$after") | wc -l)" 1 && make status
}
check "make restart APP=beta" restarted
check "make verify_restart: under load, no request to beta fails and no response of app is cut off" make verify_restart
check "an unknown service is refused" fails_with "expected one of" make restart APP=gamma
check "make logs shows what app logged" grep serving <<<"$(make logs APP=app)"

check "make load ends with a report and a plot" load_reports

instance_comes_back() {
  kill -KILL "$(processes | grep -F "bin/observer serve" | head -n 1 | cut -d ' ' -f 1)" &&
    within 60 is_ready 18080 && within 60 is_ready 18081
}
check "an instance comes back when it is killed" instance_comes_back

check "a silence made on the console's page holds a page back, and its end lets it through" ended "$work/silence"

section "Chaos"
beside "$work/burst" live_test live_burst .observer/pager/ledger.jsonl
check "half of /echo fails, Postgres is killed: both page in time and resolve" chaos error-burst,postgres-killed
check "the console shows the burst as it was: pending, firing, inhibited, on the pager, resolved" ended "$work/burst"

section "Disturbances"
manager_is_killed() {
  kill -KILL "$(cat .observer/run/supervisord.pid)" && make start_observer && make status
}
check "a start after the process manager was killed" manager_is_killed

counted=$(count 18080)
check "make stop_observer" make stop_observer
check "nothing is left running" equal "$(processes)" ""
check "make stop_observer where nothing runs" make stop_observer

python3 -m http.server 18081 --bind 127.0.0.1 >/dev/null 2>&1 &
listener=$!
until port_answers 18081; do sleep 0.1; done
check "a taken port is reported with the setting to change" fails_with "18081.*BETA_PORT" make start_observer
check "and nothing is left running" equal "$(processes)" ""
kill "$listener"
wait "$listener" 2>/dev/null || true
listener=

OBSERVER_PING_ERROR_RATIO=7 check "a bad setting is reported with the end of the log" fails_with "ping-error-ratio" make start_observer
check "and nothing is left running" equal "$(processes)" ""

check "a warm start" started
check "the counter goes on from its number" test "$(count 18080)" -gt "$counted"
check "make verify right after the warm start" make verify
check "make clean_observer" make clean_observer
check "nothing is left running" equal "$(processes)" ""
check "no data is left" test ! -e "$OUTSIDE" -a ! -e .observer/prometheus -a ! -e .observer/pager
cat "$work/times"

if [ "$(id -u)" -eq 0 ]; then
  section "As an ordinary user"
  useradd --create-home --shell /bin/bash "$user"
  home=$(getent passwd "$user" | cut -d : -f 6)
  (cd "$root" && copy_to "$home/observer" 18080)
  cp "$CARGO_TARGET_DIR/release/observer" "$home/observer-binary"
  cp "$CARGO_TARGET_DIR/release/observer-console" "$home/observer-console"
  mkdir -p "$home/observer/.observer"
  cp -R "$root/.observer/tools" "$home/observer/.observer/tools"
  chown -R "$user:" "$home"
  as_user() {
    timeout 900 runuser --login "$user" --command "cd observer && RUNTIME=local OBSERVER_BINARY=\$HOME/observer-binary $1"
  }
  check "make start_observer" as_user "make start_observer"
  check "make status finds every part healthy" as_user "make status"
  check "make stop_observer" as_user "make stop_observer"
  check "nothing of it is left running" equal "$(processes_in "$home/observer/.observer")" ""
fi

summary
