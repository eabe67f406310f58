# shellcheck shell=bash
# Sourced by discovery-test.sh: a Swarm of one node, services of the project's own image, and after each step what
# the discovery has written and what a Prometheus that reads it has.

swarm_folder=$(mktemp -d)
targets=$swarm_folder/targets.json
tag=localhost/observer-swarm-test
network=observer-swarm-test
swarm_port=19143
processes=()

clean_up_swarm() {
  local process
  for process in "${processes[@]}"; do
    kill "$process" 2>/dev/null || true
  done
  leave_swarm
  docker image rm --force "$tag:1" "$tag:2" >/dev/null 2>&1 || true
  rm -rf "$swarm_folder"
}

# service NAME FLAG...: a service of the project's image; its pager needs no other part.
service() {
  docker service create --quiet --detach=false --no-resolve-image --name "$1" \
    --env OBSERVER_PAGER_LISTEN=0.0.0.0:8090 --env OBSERVER_PAGER_LEDGER=/var/lib/observer/ledger.jsonl \
    "${@:2}" "$tag:1" pager
}

# addresses SERVICE: of its running tasks on the network, as Docker tells them, with the port.
addresses() {
  docker ps --quiet --filter "label=com.docker.swarm.service.name=$1" |
    xargs --no-run-if-empty docker inspect --format "{{(index .NetworkSettings.Networks \"$network\").IPAddress}}:8090"
}

# The groups that there must be for these services, written down by Python's JSON.
expected_groups() {
  local service
  for service in "$@"; do
    addresses "$service" | sed "s/^/$service /"
  done | python3 -c '
import ipaddress, json, sys
groups = {}
for line in sys.stdin:
    service, target = line.split()
    groups.setdefault(service, []).append(target)
order = lambda target: ipaddress.ip_address(target.rsplit(":", 1)[0])
print(json.dumps([{"targets": sorted(groups[service], key=order), "labels": {"task": service}}
                  for service in sorted(groups)], separators=(",", ":")))'
}

# file_has NUMBER SERVICE...: the file tells of just these services, so many tasks in all.
file_has() {
  local expected
  expected=$(expected_groups "${@:2}")
  equal "$(grep -o ':8090' <<<"$expected" | wc -l)" "$1" && equal "$(cat "$targets")" "$expected"
}

# What Prometheus scrapes is what is in the file.
prometheus_has_the_same() {
  equal "$(http_get "$swarm_port" '/api/v1/targets?state=active' | tail -n 1 | python3 -c '
import json, sys
for target in json.load(sys.stdin)["data"]["activeTargets"]:
    print(target["labels"]["job"], target["discoveredLabels"]["__address__"])' | sort)" \
    "$(python3 -c '
import json, sys
for group in json.load(open(sys.argv[1])):
    for target in group["targets"]:
        print(group["labels"]["task"], target)' "$targets" | sort)"
}

# right_after NAME NUMBER SERVICE...: what must be right after what was done.
right_after() {
  check "$1: the file is right" within 30 file_has "${@:2}"
  check "$1: Prometheus has exactly those targets" within 30 prometheus_has_the_same
}

start_watchers() {
  need_prometheus
  cat >"$swarm_folder/prometheus.yml" <<YAML
scrape_configs:
  - job_name: found
    scrape_interval: 5s
    file_sd_configs: [{files: [$targets]}]
    relabel_configs: [{source_labels: [task], target_label: job}]
YAML
  "$OBSERVER_BINARY" discover --file "$targets" --network "$network" --ignored-services=ignored,unused \
    >"$swarm_folder/discover.log" 2>&1 &
  processes+=($!)
  "$(tool_path prometheus)" --config.file="$swarm_folder/prometheus.yml" --storage.tsdb.path="$swarm_folder/data" \
    --web.listen-address="127.0.0.1:$swarm_port" >"$swarm_folder/prometheus.log" 2>&1 &
  processes+=($!)
}

section "Swarm"
make_swarm
trap clean_up_swarm EXIT
for version in 1 2; do
  printf '%s\n' "FROM $IMAGE" "LABEL version=$version" | docker build --quiet --tag "$tag:$version" - >/dev/null
done
docker network create --driver overlay "$network" >/dev/null
docker network create --driver overlay elsewhere >/dev/null
start_watchers

check "a service starts" service first --network "$network" --label prometheus.port=8090 --replicas 2
right_after "started" 2 first
check "another, which publishes its port" service second --network "$network" --publish 18899:8090
right_after "a second one started" 3 first second
check "one that is ignored by the flag" service ignored --network "$network" --label prometheus.port=8090
check "one that says so itself" \
  service quiet --network "$network" --label prometheus.port=8090 --label prometheus.ignore=true
check "one on another network" service other --network elsewhere --label prometheus.port=8090
right_after "none of the three is a target" 3 first second
check "scaled up" docker service scale --detach=false first=4
right_after "scaled up" 5 first second
check "scaled down" docker service scale --detach=false first=1
right_after "scaled down" 2 first second
check "updated to another image" docker service update --quiet --detach=false --no-resolve-image --image "$tag:2" first
right_after "updated" 2 first second
check "removed" docker service rm second
right_after "removed" 1 first
clean_up_swarm
trap - EXIT
check "the Swarm is left" swarm_is_left
