# shellcheck shell=bash
# shellcheck disable=SC2154 # of those who source this: the addresses, the counts
# Sourced by node.sh. A release that does not work and a node that is drained: the pods that serve go on serving.

# pods_of SERVICE: their names, sorted.
pods_of() {
  kube get pods --selector="app.kubernetes.io/component=${1#observer-}" --output=name | sort
}

# state_of_new BEFORE SERVICE: "true RUNNING-SINCE" or "false RUNNING-SINCE", whether it is ready, of each pod of another
# release than those before. The autoscaler may add pods of either.
state_of_new() {
  local now new
  now=$(pods_of "$2") || return
  # All but the last part of a pod's name is that of its release.
  new=$(grep -vFf <(grep -o '.*-' <<<"$1") <<<"$now") || {
    echo "there is no new pod"
    return 1
  }
  # As columns, because one pod is no list for jsonpath.
  # shellcheck disable=SC2086 # one word a pod
  kube get $new --no-headers \
    --output 'custom-columns=READY:.status.containerStatuses[0].ready,SINCE:.status.containerStatuses[0].state.running.startedAt'
}

new_runs() {
  grep ' 2' <<<"$(state_of_new "$@")"
}

# stays_out BEFORE SERVICE: for 20 s no new pod is ready, and /counter is served by the others.
stays_out() {
  local until=$((SECONDS + 20)) state
  while [ "$SECONDS" -lt "$until" ]; do
    state=$(state_of_new "$@") && ! grep '^true' <<<"$state" && fetch "$beta/counter" || return 1
    sleep 1
  done
}

# none_gone BEFORE SERVICE: nothing but the autoscaler, down to its least of two, may have taken one away.
none_gone() {
  [ "$(comm -12 <(echo "$1") <(pods_of "$2") | wc -l)" -ge 2 ]
}

wrong_database() {
  local before status=0
  before=$(pods_of observer-beta) || return
  kube set env deployment/observer-beta DATABASE_URL=postgres://observer:wrong@postgres:5432/observer || return
  within 120 new_runs "$before" observer-beta && stays_out "$before" observer-beta || status=1
  kube rollout undo deployment/observer-beta && within 120 kube rollout status deployment observer-beta --timeout=5s &&
    none_gone "$before" observer-beta && return "$status"
}

each_has_a_pod() {
  local service
  for service in "${services[@]}"; do
    more_than 0 "$service" || return
  done
}

# drained: as `kubectl drain` does it, but of the services' pods only. There is no other node: the budget keeps all but one.
drained() {
  local node status=0 log=$REPORT.drain
  node=$(kube get nodes --output=name) || return
  beside "$log" fails_with "violate the pod's disruption budget" \
    kube drain "$node" --pod-selector=app.kubernetes.io/name=observer --timeout=20s
  until [ -s "$log.status" ]; do
    each_has_a_pod || status=1
    sleep 0.5
  done
  ended "$log" && kube get pods --field-selector=status.phase=Pending --output=name | grep observer- || status=1
  kube uncordon "$node" && within 60 kube rollout status deployment --timeout=5s && return "$status"
}

check "a pod with a wrong database never enters, and those before it serve" wrong_database
check "a node is drained, and the budget leaves each service a pod" under_load 50 100 "(app|beta):" drained
check "50 requests/s lose none by it" none_is_lost 5000
