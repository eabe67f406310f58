#!/usr/bin/env bash
# Tests the Compose runtime for real: the project's own compose.yml and Dockerfile, with stand-ins for the images that
# cannot be pulled (standins.sh), driven by the commands that people type. Needs root, to look into containers from
# outside: those of the project have no shell.
#
#   ci/compose-test.sh
#
# It works on a copy of the tree, with a project name, ports and volumes of its own, so that a stack that runs
# here is not touched. What ci/image-test.sh has built serves it, by the engine's cache.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=ci/stack.sh
. ci/stack.sh
# shellcheck source=ci/standins.sh
. ci/standins.sh

# --- The stack ---

project=observer-test
tree=$(mktemp -d)
events=$(mktemp)
watcher=

containers() {
  docker ps --all --quiet --filter "label=com.docker.compose.project=$project" "$@"
}

container() {
  containers --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False
}

# inspect SERVICE TEMPLATE
inspect() {
  docker inspect --format "$2" "$(container "$1")"
}

# The first process of a service's container, as this machine numbers it.
pid_of() {
  inspect "$1" '{{.State.Pid}}'
}

clean_up() {
  docker compose --progress quiet down --volumes --remove-orphans --rmi local || true
  [ -z "$watcher" ] || kill "$watcher"
  rm -rf "$tree" "$events"
}

section "Preparing"
need_engine
export COMPOSE_FILE=compose.yml:ci/compose.standin.yml COMPOSE_PROJECT_NAME=$project RUNTIME=compose
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
copy_to "$tree" 19080
share_tools "$tree"
enter "$tree"
cat >>.env <<'ENV'
GRAFANA_PASSWORD=not-for-the-service
OBSERVER_LOG_FORMAT=json
OBSERVER_BODY_LIMIT=500000
ENV
set_bases
build_standins
build_image

trap clean_up EXIT
# Left over from an interrupted test.
docker compose --progress quiet down --volumes --remove-orphans
docker events --filter "label=com.docker.compose.project=$project" \
  --filter event=start --filter event=die --filter event=health_status \
  --format '{{index .Actor.Attributes "com.docker.compose.service"}} {{.Status}}' >"$events" &
watcher=$!

# --- Start ---

section "Start"
# The load outlasts what is checked while it runs.
OBSERVER_BODY_LIMIT=400000 check "make start_observer" make start_observer DURATION=30m
# Without a stack, the other tests are meaningless.
[ "$failed" -eq 0 ] || {
  summary
  exit
}
check "make status finds every part healthy" make status
if has_shared_tools; then
  for service in prometheus alertmanager postgres; do
    check "$service is of the version that users get" is_of_listed_version "$service"
  done
fi
for service in prometheus alertmanager; do
  check "$service starts without a warning" is_quiet "$(make logs APP="$service")"
done
check "make logs shows what app logged" grep '^{.*"serving"' <<<"$(make logs APP=app)"

# first EVENT: the line of its first occurrence.
first() {
  grep --line-number --line-regexp --max-count=1 "$1" "$events" | cut -d: -f1
}

before() {
  [ "$(first "$1")" -lt "$(first "$2")" ] || {
    cat "$events"
    return 1
  }
}

healthy="health_status: healthy"
check "migrate starts when Postgres is healthy" before "postgres $healthy" "migrate start"
check "app starts when migrate has completed" before "migrate die" "app start"
check "beta starts when migrate has completed" before "migrate die" "beta start"
check "migrate succeeded" equal "$(inspect migrate '{{.State.ExitCode}}')" 0
check "Alertmanager starts when the pager is healthy" before "pager $healthy" "alertmanager start"
for service in app beta alertmanager; do
  check "Prometheus starts when $service is healthy" before "$service $healthy" "prometheus start"
done
check "the load starts when Prometheus is healthy" before "prometheus $healthy" "vegeta start"

# --- Settings ---

section "Settings"
environment=$(inspect app '{{range .Config.Env}}{{println .}}{{end}}')
check "a setting in .env reaches the instances" grep -x OBSERVER_LOG_FORMAT=json <<<"$environment"
check "the environment takes precedence over .env" grep -x OBSERVER_BODY_LIMIT=400000 <<<"$environment"
check "the passwords of other services do not reach them" fails_with "" grep GRAFANA <<<"$environment"

check "compose.yml names every setting of the binary" names_every_setting compose.yml serve pager

# --- Ports, rights, limits ---

section "Privileges and limits"
published() {
  # shellcheck disable=SC2016 # the template's own variable
  containers | xargs docker inspect --format '{{$service := index .Config.Labels "com.docker.compose.service"}}
    {{- range .NetworkSettings.Ports}}{{range .}}{{println .HostIp .HostPort $service}}{{end}}{{end}}' | grep . | sort
}
check "ports are published on 127.0.0.1 only, and not that of Postgres" equal "$(published)" "\
127.0.0.1 19080 app
127.0.0.1 19081 beta
127.0.0.1 19082 pager
127.0.0.1 19084 prometheus
127.0.0.1 19085 alertmanager
127.0.0.1 19087 app
127.0.0.1 19088 beta
127.0.0.1 19089 console"

long_running=(postgres app beta pager alertmanager prometheus console)

process_status() {
  sed -n "s/^$2:[[:space:]]*//p" "/proc/$(pid_of "$1")/status"
}

not_root() {
  [ "$(process_status "$1" Uid | cut -f1)" -ne 0 ]
}

positive() {
  [ "$(inspect "$1" "{{.HostConfig.$2}}")" -gt 0 ]
}

for service in "${long_running[@]}" vegeta; do
  check "$service does not run as root" not_root "$service"
  check "$service has no capabilities" equal "$(process_status "$service" CapEff) $(process_status "$service" CapBnd)" \
    "0000000000000000 0000000000000000"
  check "$service cannot gain privileges" equal "$(process_status "$service" NoNewPrivs)" 1
  check "$service cannot write to its root" fails_with "Read-only file system" touch "/proc/$(pid_of "$service")/root/file"
  check "$service has a memory limit" positive "$service" Memory
  check "$service has a limit of processes" positive "$service" PidsLimit
  check "$service has its log rotated" equal "$(inspect "$service" '{{index .HostConfig.LogConfig.Config "max-size"}}')" 10m
done

# --- Networks ---

section "Networks"

# reaches SERVICE ADDRESS PORT: from the service's network namespace, with the bash of this machine.
reaches() {
  nsenter --net --target "$(pid_of "$1")" timeout 2 bash -c "exec 3<>/dev/tcp/$2/$3"
}

# address_of SERVICE NETWORK
address_of() {
  inspect "$1" "{{(index .NetworkSettings.Networks \"${project}_$2\").IPAddress}}"
}

database=$(address_of postgres database)
for service in app beta; do
  check "$service reaches Postgres" within 30 reaches "$service" "$database" 5432
done
for service in pager alertmanager prometheus vegeta; do
  check "$service does not reach Postgres" fails_with "" reaches "$service" "$database" 5432
done
check "Postgres reaches no other network" fails_with "" reaches postgres "$(address_of prometheus default)" 9090
check "the network of Postgres is internal" equal "$(docker network inspect --format '{{.Internal}}' "${project}_database")" true

# --- The stack at work ---

section "At work"

requests() {
  docker exec "$(container prometheus)" promtool query instant http://127.0.0.1:9090 'sum(http_requests_total)' |
    awk '{ print int($3) }'
}

# The peers make about 11 calls a second: of 2,000 requests more in two minutes, some are the load's.
load_flows() {
  [ "$(requests)" -ge "$((requests_before + 2000))" ] || {
    echo "$requests_before, then $(requests)"
    return 1
  }
}
requests_before=$(requests)
check "the load flows" within 120 load_flows
check "make verify: every target, every panel" make verify
check "the console draws every panel with data" live_test live_console
check "it has less than 30 MB resident" is_small "$(pid_of console)" 30
check "a silence made on the console's page holds a page back, and its end lets it through" live_test live_silence

check "the pager reports that Prometheus has stopped, and that it is back" chaos prometheus-stopped
beside .observer/burst live_test live_burst "/proc/$(pid_of pager)/root/var/lib/observer/pager-ledger.jsonl"
check "a burst of errors reaches the pager, and its end" chaos error-burst
check "the console shows the burst as it was: pending, firing, inhibited, on the pager, resolved" ended .observer/burst

check "make load ends with a report and a plot" load_reports

starts_of() {
  local service
  for service in "$@"; do
    inspect "$service" '{{.Name}} {{.Id}} {{.State.StartedAt}}'
  done
}

restart_beta() {
  local others before_others before_beta
  others=(postgres app pager alertmanager prometheus console)
  before_others=$(starts_of "${others[@]}")
  before_beta=$(starts_of beta)
  # A change that takes no time to build.
  echo 'LABEL changed="yes"' >>Dockerfile
  make restart APP=beta &&
    equal "$before_others" "$(starts_of "${others[@]}")" &&
    [ "$before_beta" != "$(starts_of beta)" ] &&
    equal "$(inspect beta '{{.State.Health.Status}}')" healthy &&
    [ "$(inspect beta '{{.Image}}')" != "$(inspect app '{{.Image}}')" ]
}
check "make restart APP=beta rebuilds and restarts beta, nothing else" restart_beta

app_comes_back() {
  kill -KILL "$(pid_of app)" && within 60 is_ready 19080
}
check "app comes back when it is killed" app_comes_back

start_again() {
  local before
  # Rebuilds the others: only beta was rebuilt before.
  make start_observer && before=$(starts_of "${long_running[@]}") &&
    make start_observer && equal "$before" "$(starts_of "${long_running[@]}")"
}
check "make start_observer changes nothing that runs" start_again

# --- Stop ---

section "Stop, start, clean"
counted=$(count 19080)
check "make stop_observer" make stop_observer
check "no container is left" equal "$(containers)" ""
check "make start_observer after it" make start_observer
check "the counter goes on from its number" test "$(count 19080)" -gt "$counted"
check "make clean_observer" make clean_observer
check "no container is left after it" equal "$(containers)" ""
check "no volume is left" equal "$(docker volume ls --quiet --filter "name=^${project}_")" ""
check "no network is left" equal "$(docker network ls --quiet --filter "name=^${project}_")" ""

section "A start that fails"
OBSERVER_PING_ERROR_RATIO=7 check "a bad setting is reported" fails_with "ping-error-ratio" make start_observer
check "nothing is left running" equal "$(containers)" ""

summary
