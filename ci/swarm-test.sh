#!/usr/bin/env bash
# Tests the Swarm's stack for real, deploy/swarm/stack.yml on this machine's engine, with stand-ins for the images that
# cannot be pulled (stack.standin.yml): it becomes healthy, and an outage of Postgres spreads to nobody and pages.
# Needs root, and an engine that is in no Swarm: it makes one of its own, and leaves it.
#
#   ci/swarm-test.sh

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=ci/stack.sh
. ci/stack.sh
# shellcheck source=ci/standins.sh
. ci/standins.sh
# shellcheck source=ci/swarm.sh
. ci/swarm.sh

# The name that stack.yml is written for. Used in swarm/outage.sh, too.
stack=observer
# shellcheck disable=SC2034 # stack.sh reads it
pager=http://pager:8090
# How long Postgres is away, in seconds: longer than the alerts wait.
OUTAGE=200
TOKEN=for-the-test
tree=$(mktemp -d)
# Those that an outage of Postgres must leave alone.
others=(app beta discover pager alertmanager prometheus console client)

clean_up() {
  docker stack rm "$stack" >/dev/null 2>&1 || true
  leave_swarm
  within 60 no_container || true
  docker volume ls --quiet --filter "label=com.docker.stack.namespace=$stack" | xargs --no-run-if-empty docker volume rm >/dev/null
  rm -rf "$tree"
}

no_container() {
  equal "$(docker ps --all --quiet --filter "label=com.docker.stack.namespace=$stack")" ""
}

# container SERVICE: its only running one.
container() {
  docker ps --quiet --filter "label=com.docker.swarm.service.name=${stack}_$1"
}

# fetch URL [FLAG...]: as Prometheus reaches it.
fetch() {
  timeout 10 docker exec "$(container prometheus)" wget -q -O - "${@:2}" "$1"
}

# The stack's own file but for its published ports: a kernel without IPVS cannot publish any.
deploy() {
  sed -i '/^    ports: /d' deploy/swarm/stack.yml
  printf 'for the test' | docker secret create postgres_password - &&
    printf 'postgres:5432:observer:observer:for the test' | docker secret create pgpass - &&
    printf 'for the test' | docker secret create grafana_password - &&
    OBSERVER_IMAGE=$IMAGE CONTROL_TOKEN=$TOKEN docker stack deploy --resolve-image never \
      --compose-file deploy/swarm/stack.yml --compose-file ci/stack.standin.yml "$stack"
}

# Each service has all of its tasks. A task with a health check runs once it is healthy. migrate ends when it is done.
all_run() {
  local services
  services=$(docker service ls --format '{{.Name}} {{.Replicas}}' | grep -v "_migrate ")
  awk '{ split($2, tasks, "/") } tasks[1] != tasks[2] { missing = 1 } END { exit missing }' <<<"$services" || {
    docker service ls
    return 1
  }
}

# The tasks that run, one line each.
tasks() {
  local service
  for service in "${others[@]}"; do
    docker service ps --quiet --no-trunc --filter desired-state=running "${stack}_$service" | sed "s/^/$service /"
  done | sort
}

# The jobs of all active targets with their health, one line each.
targets() {
  fetch 'http://127.0.0.1:9090/api/v1/targets?state=active' | python3 -c '
import json, sys
for target in json.load(sys.stdin)["data"]["activeTargets"]:
    print(target["labels"]["job"], target["health"])' | sort
}

all_up() {
  equal "$(targets)" "$(printf '%s up\n' alertmanager app app beta beta discover pager prometheus)"
}

counts() {
  local service
  for service in app beta; do
    fetch "http://$service:8080/counter" | grep count || return 1
  done
}

# has_dashboards: the console lists each, which it asks its token for.
has_dashboards() {
  equal "$(fetch http://console:8000/api/dashboards --header "Authorization: Bearer $TOKEN" | python3 -c '
import json, sys
for dashboard in json.load(sys.stdin)["dashboards"]:
    print(dashboard["uid"] + ".json")' | sort)" "$(cd grafana/source/dashboards && ls)"
}

# Whom a Swarm starts at the same time may be missing for a moment, and the log warns of it. A folder never comes.
watches_folders() {
  local log
  log=$(docker logs "$(container prometheus)" 2>&1)
  grep 'Server is ready' <<<"$log" && ! grep 'file watch' <<<"$log"
}

section "Preparing"
need_engine
copy_to "$tree" 21080
share_tools "$tree"
enter "$tree"
set_bases
build_standins
build_image

section "Start"
make_swarm
trap clean_up EXIT
check "docker stack deploy" deploy
check "every service is healthy" within 300 all_run
[ "$failed" -eq 0 ] || {
  summary
  exit
}
check "every target of Prometheus is up" within 180 all_up
check "/counter counts" within 120 counts
check "the console serves its pages" within 60 fetch http://console:8000/healthz
check "the console has every dashboard" has_dashboards
check "Prometheus finds every folder that it watches" watches_folders

section "Postgres is away for $OUTAGE s"
. ci/swarm/outage.sh

section "Stop"
clean_up
trap - EXIT
check "no container is left" no_container
check "no volume is left" equal "$(docker volume ls --quiet --filter "label=com.docker.stack.namespace=$stack")" ""
check "the Swarm is left" swarm_is_left
summary
