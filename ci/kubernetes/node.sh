# shellcheck shell=bash
# shellcheck disable=SC2154 # of those who source this: the addresses, the counts
# Sourced. The manifests on a real node (stack/): they start, roll over, scale and leave a drained node without losing a
# request, and an outage of Postgres spreads to nobody.

# shellcheck source=ci/kubernetes/load.sh
. ci/kubernetes/load.sh

services=(observer-app observer-beta)

apply() {
  # kubectl's own --kustomize, as a user types it.
  kube apply --kustomize ci/kubernetes/stack
}

all_ready() {
  kube rollout status statefulset --timeout=5s && kube rollout status deployment --timeout=5s &&
    kube wait job/migrate --for=condition=complete --timeout=5s && equal "$(minimum)" "2 2"
}

# number SERVICE: of pods that it wants, by the autoscaler.
number() {
  kube get deployment "$1" --output jsonpath='{.spec.replicas}'
}

# minimum: each at least the autoscaler's lower bound.
minimum() {
  local service numbers=()
  for service in "${services[@]}"; do
    numbers+=("$(($(number "$service") < 2 ? $(number "$service") : 2))")
  done
  echo "${numbers[*]}"
}

targets() {
  fetch "$prometheus/api/v1/targets?state=active" | python3 -c '
import json, sys
for target in json.load(sys.stdin)["data"]["activeTargets"]:
    print(target["labels"]["job"], target["health"])' | sort
}

all_up() {
  equal "$(targets | sort -u)" "$(printf '%s up\n' alertmanager app beta pager prometheus)" &&
    equal "$(targets | grep -c '^app\|^beta')" "$(($(number observer-app) + $(number observer-beta)))"
}

console_has_dashboards() {
  equal "$(fetch "$console/api/dashboards" --header "Authorization: Bearer observer" |
    grep -o '"uid":"[^"]*"' | cut -d '"' -f 4 | sort)" "$(cd grafana/source/dashboards && printf '%s\n' * | sed 's/\.json$//')"
}

# The load lasts longer than the limit here.
restart_all() {
  kube rollout restart deployment "${services[@]}" && within 120 kube rollout status deployment --timeout=5s
}

# more_than NUMBER SERVICE: pods that are ready.
more_than() {
  local ready
  ready=$(kube get deployment "$2" --output jsonpath='{.status.readyReplicas}')
  [ "${ready:-0}" -gt "$1" ] || {
    kube get hpa,pods
    return 1
  }
}

# generations: of all but the autoscaled, which the autoscaler may change at any time.
generations() {
  kube get deployments,statefulsets --no-headers \
    --output custom-columns=KIND:.kind,NAME:.metadata.name,GENERATION:.metadata.generation,REPLICAS:.spec.replicas |
    grep -v "${services[0]}\|${services[1]}"
}

# A change of what they run would have made new sets of replicas.
replica_sets() {
  kube get replicasets --no-headers --output custom-columns=NAME:.metadata.name | sort
}

apply_again() {
  local generations sets before after
  generations=$(generations) sets=$(replica_sets) before=$(number observer-app)
  apply || return
  after=$(number observer-app)
  [ "$after" -ge "$before" ] || {
    echo "observer-app had $before pods, and $after afterwards"
    return 1
  }
  equal "$(generations)" "$generations" && equal "$(replica_sets)" "$sets" &&
    kube diff --kustomize ci/kubernetes/stack
}

section "Start on a real node"
need_engine
set_bases
build_standins
build_image
start_cluster
check "the images are loaded" load_images
check "kubectl apply" apply
[ "$failed" -gt 0 ] || check "every pod is ready" within 600 all_ready
[ "$failed" -eq 0 ] || {
  kube get pods,events || true
  summary
  exit
}
app=$(address observer-app) beta=$(address observer-beta) prometheus=$(address prometheus)
pager=$(address pager) console=$(address console)
check "every target of Prometheus is up" within 180 all_up
check "the console has every dashboard" console_has_dashboards

section "Under load"
check "a rolling restart" under_load 50 130 "(app|beta):" restart_all
check "50 requests/s lose none by it" none_is_lost 6500
before=$(number observer-app)
# Without /counter: how many a second one row takes is for docs/scaling.md, not for the autoscaler.
check "1,500 requests/s make the autoscaler add to $before pods" \
  under_load 1500 90 "app:8080/(ping|echo)" within 80 more_than "$before" observer-app
check "they lose none by it" none_is_lost 135000
check "applying again changes nothing, the number of pods included" apply_again

section "Disruptions"
. ci/kubernetes/disruption.sh

section "Postgres is away"
. ci/kubernetes/outage.sh
