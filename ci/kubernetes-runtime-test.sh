#!/usr/bin/env bash
# Tests the Kubernetes runtime with the commands that people type, in a cluster that runs and whose nodes have the images:
# start, status, verify, load, one service, chaos scenarios, what goes wrong, stop and clean.
#
#   ci/kubernetes-runtime-test.sh        with the node of ../shared/tools/cluster, in whose network it runs
#
# It works on a copy of the tree, in a namespace of its own.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=ci/stack.sh
. ci/stack.sh

# What needs a network is done outside, where there is one.
if [ "${1:-}" != inside ]; then
  # shellcheck disable=SC2016 # the inner shell's
  bash -c '. scripts/lib/common.sh && . scripts/lib/tools.sh && mkdir -p "$TOOLS" && need_supervisor' >/dev/null
  cargo fetch --quiet --locked
  exec ../shared/tools/cluster exec "$root/ci/kubernetes-runtime-test.sh" inside
fi

work=$(mktemp -d)
tree=$work/observer
# The rest of the kubeconfig is the cluster's own.
kubeconfig=$work/kubeconfig
cp "$KUBECONFIG" "$kubeconfig"
export KUBECONFIG=$kubeconfig CARGO_TARGET_DIR=$root/target CARGO_NET_OFFLINE=true
context=$(kubectl config current-context)
namespace=observer-runtime-test
# What does not name its context finds nobody.
kubectl config set-cluster unused --server=https://127.0.0.1:1 >/dev/null
kubectl config set-context unused --cluster=unused >/dev/null
kubectl config use-context unused >/dev/null

# As its administrator, whatever the stack uses.
cluster_kubectl() {
  kubectl --context "$context" "$@"
}

# in_group LOG COMMAND...: starts it in a process group of its own, to which Ctrl-C can be sent: a shell's background
# processes ignore it. The group's id is in a file, because a check runs in a subshell.
in_group() {
  setsid env --default-signal=INT "${@:2}" >"$1" 2>&1 &
  echo $! >"$work/group"
}

interrupt_group() {
  kill -INT -- "-$(cat "$work/group")"
}

# wait_for_group: until its command ends. Returns its exit code.
wait_for_group() {
  local status=0
  wait "$(cat "$work/group")" || status=$?
  rm "$work/group"
  return "$status"
}

group_is_gone() {
  # A process that nobody reaps stays, as in a container without an init.
  cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' |
    awk -v group="$(cat "$work/group")" '$3 == group && $1 != "Z" { found = 1 } END { exit found }'
}

# end_group: of a check that failed, or whose test was interrupted. A start undoes itself first, and takes a while.
end_group() {
  [ -e "$work/group" ] || return 0
  { interrupt_group && within 300 group_is_gone; } || kill -KILL -- "-$(cat "$work/group")"
  rm "$work/group"
}

# What the kubeconfig leads to from now on, and before.
hide_cluster() {
  cp "$kubeconfig" "$work/kept"
  sed -i 's|server: .*|server: https://127.0.0.1:1|' "$kubeconfig"
}

show_cluster() {
  mv "$work/kept" "$kubeconfig"
}

clean_up() {
  [ ! -e "$work/kept" ] || show_cluster
  # It holds the stack's lock.
  end_group >/dev/null 2>&1 || true
  # shellcheck disable=SC2046 # one word a node
  cluster_kubectl uncordon $(cluster_kubectl get nodes --output=name) >/dev/null 2>&1 || true
  make --directory "$tree" clean_observer >/dev/null 2>&1 || true
  cluster_kubectl delete namespace "$namespace" "$namespace"-{foreign,shared} --ignore-not-found >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

copy_to "$tree" 24000
share_tools "$tree"
printf '%s\n' RUNTIME=kubernetes "KUBE_CONTEXT=$context" "KUBE_NAMESPACE=$namespace" KUBE_IMAGES=present KUBE_GRAFANA=no \
  >>"$tree/.env"
enter "$tree"
use_runtime kubernetes

pods() {
  kube get pods --selector="${1:-app.kubernetes.io/part-of=observer}" --output=name
}

# The stack's processes. Listed before they are searched, because the search itself has such a path on its command line.
processes() {
  local lines
  lines=$(command_lines)
  grep -F "$tree/" <<<"$lines" || true
}

# nothing_left [NAMESPACE]: no pod there, and no process here.
nothing_left() {
  local left
  left=$(cluster_kubectl --namespace "${1:-$namespace}" get pods --output=name) && left+=$(processes) && equal "$left" ""
}

# ends_with CODE TEXT COMMAND...: its exit code, and what it prints.
ends_with() {
  local expected=$1 text=$2 output status=0
  shift 2
  output=$("$@" 2>&1) || status=$?
  echo "$output"
  equal "$status" "$expected" && grep "$text" <<<"$output"
}

section "What goes wrong"
check "an unknown context is refused with those there are, and exit code 2" \
  ends_with 2 "KUBE_CONTEXT: found 'nowhere', expected one of: .*$context" env KUBE_CONTEXT=nowhere scripts/start.sh

# context_of NAME NAMESPACE ACCOUNT: adds a context, in which that account acts.
context_of() {
  local token cluster
  token=$(cluster_kubectl create token "$3" --namespace "$2") &&
    cluster=$(cluster_kubectl config view --minify --output='jsonpath={.contexts[0].context.cluster}') &&
    kubectl config set-credentials "$1" --token="$token" &&
    kubectl config set-context "$1" --user="$1" --cluster="$cluster"
}

no_rights() {
  context_of no-rights default default &&
    KUBE_CONTEXT=no-rights ends_with 1 "no right to create the namespace '$namespace' in the context 'no-rights'" scripts/start.sh
}
check "a missing right to create a namespace is named" no_rights

foreign() {
  cluster_kubectl create namespace "$namespace-foreign" &&
    KUBE_NAMESPACE=$namespace-foreign ends_with 1 "exists in the context '$context', and make start_observer has not created it" \
      scripts/start.sh
}
check "a namespace of somebody else is refused" foreign

secrets_are_secret() {
  local key=R0123456789
  (OBSERVER_PAGER_FORWARD_ROUTING_KEY=$key && kube_render) &&
    ! grep "$key" "$KUBE_STACK/rendered.yml" && grep "$(printf %s "$key" | base64)" "$KUBE_STACK/rendered.yml"
}
check "a key of PagerDuty is in a Secret and in no ConfigMap" secrets_are_secret

section "Start"
started() {
  local began=$SECONDS
  make start_observer || return 1
  echo "        started in $((SECONDS - began)) s" >&"$terminal"
}
failed_before=$failed
check "make start_observer" started
[ "$failed" -eq "$failed_before" ] || {
  summary
  exit
}
check "make status finds every part healthy" make status
check "make verify: every target, every panel, little memory" make verify

started_again() {
  local before
  before=$(pods app.kubernetes.io/name=observer)
  make start_observer && equal "$(pods app.kubernetes.io/name=observer)" "$before"
}
check "a second start changes no pod of the services" started_again

section "One service"
# none_of PODS: whether none of these is left; those that were replaced take a while to end.
none_of() {
  local now
  now=$(pods app.kubernetes.io/component=beta | sort) && equal "$(comm -12 <(echo "$1") <(echo "$now"))" ""
}

restarted() {
  local before
  before=$(pods app.kubernetes.io/component=beta | sort)
  make restart APP=beta && within 60 none_of "$before" && make status
}
check "make restart APP=beta replaces its pods" restarted

# stopped_comes_back TARGET...: by this.
stopped_comes_back() {
  make stop APP=beta && equal "$(pods app.kubernetes.io/component=beta)" "" && make "$@" && make status
}
check "make restart brings back what was stopped" stopped_comes_back restart APP=beta
check "and so does make start_observer" stopped_comes_back start_observer
check "make logs shows what app logged" grep serving <<<"$(make logs APP=app)"
check "make load ends with a report and a plot" load_reports

forward_comes_back() {
  kube delete pods --selector=app.kubernetes.io/component=app --wait=false && sleep 15 && within 60 is_ready "$APP_PORT"
}
check "the port-forward comes back when its pod goes" forward_comes_back

section "Chaos"
check "half of /echo fails, Postgres is killed: both page in time and resolve" chaos error-burst,postgres-killed
check "a scenario that a cluster does not support is refused with those it does" \
  fails_with "'postgres-stopped', which RUNTIME=kubernetes does not support, expected one of: error-burst" \
  scripts/chaos.sh postgres-stopped

is_cordoned() {
  equal "$(cluster_kubectl get nodes --output='jsonpath={.items[*].spec.unschedulable}')" true
}

takes_pods() {
  local cordoned
  cordoned=$(cluster_kubectl get nodes --output='jsonpath={.items[*].spec.unschedulable}') && equal "$cordoned" ""
}

load_is_gone() {
  local found
  found=$(kube get job load --ignore-not-found --output=name) && equal "$found" ""
}

interrupted_drain() {
  local log=$work/drain.log status=0
  in_group "$log" scripts/chaos.sh node-drained
  within 900 grep "kept by the disruption budget" "$log" && is_cordoned || status=1
  interrupt_group
  # The load would go on for longer.
  within 60 takes_pods || status=1
  ! wait_for_group || status=1
  cat "$log"
  load_is_gone && return "$status"
}
check "an interrupted drain gives the node back at once, and leaves no load" interrupted_drain

section "Stop"
counted=$(count "$APP_PORT")

without_cluster() {
  local status=0
  hide_cluster
  "$@" || status=$?
  show_cluster
  return "$status"
}
check "a cluster that does not answer is named by make status" \
  without_cluster fails_with "the cluster of the context '$context' does not answer" make status
check "and by make stop_observer, with what stays in it" \
  without_cluster fails_with "What runs in its namespace '$namespace' stays there" make stop_observer

check "make stop_observer" make stop_observer
check "no pod and no process is left" nothing_left
check "a warm start" started
check "the counter goes on from its number" test "$(count "$APP_PORT")" -gt "$counted"
check "make clean_observer" make clean_observer
namespace_is_gone() {
  local found
  found=$(cluster_kubectl get namespace "$namespace" --ignore-not-found --output=name) && equal "$found" ""
}
check "the namespace is gone" namespace_is_gone
check "no process is left" equal "$(processes)" ""

# Here, where no panel shows an instance of one that has failed.
section "Starts that fail, in a namespace that somebody else has created for the user"
shared=$namespace-shared
share_namespace() {
  cluster_kubectl create namespace "$shared" && cluster_kubectl label namespace "$shared" "$KUBE_OWNED" &&
    cluster_kubectl --namespace "$shared" create serviceaccount user &&
    cluster_kubectl --namespace "$shared" create rolebinding user --clusterrole=admin --serviceaccount="$shared:user" &&
    context_of shared "$shared" user
}
in_shared() {
  KUBE_CONTEXT=shared KUBE_NAMESPACE=$shared "$@"
}
check "the user may act in it, and only there" share_namespace

# Nothing listens there; the tag is one that docker has made.
image_is_missing() {
  mkdir -p "$work/bin"
  # shellcheck disable=SC2016 # the script's own
  printf '%s\n' '#!/bin/sh' '[ "$1 $2" != "image inspect" ] || echo sha256:0123456789abcdef' >"$work/bin/docker"
  chmod +x "$work/bin/docker"
  in_shared ends_with 1 "the image 127.0.0.1:1/none/observer:0123456789ab of migrate cannot be pulled" \
    env PATH="$work/bin:$PATH" KUBE_IMAGES=127.0.0.1:1/none scripts/start.sh
}
check "an image that cannot be pulled is named, with exit code 1" image_is_missing
check "and nothing is left running" nothing_left "$shared"

# starting LOG: a start in a process group of its own, up to the step `app`.
starting() {
  in_shared in_group "$1" scripts/start.sh
  within 600 grep deployment/observer-app "$1" || {
    end_group
    return 1
  }
}

interrupted() {
  local log=$work/interrupted.log status=0
  starting "$log" && interrupt_group || return
  wait_for_group || status=$?
  cat "$log"
  equal "$status" 130 && grep "Stopping the stack again" "$log" && grep "the namespace '$shared' stays, with its volumes" "$log"
}
check "a start that is interrupted stops what it has started, and says what stays" interrupted
check "nothing is left running" nothing_left "$shared"

goes_in_the_middle() {
  local log=$work/gone.log status=0 began
  starting "$log" || return
  hide_cluster
  began=$SECONDS
  wait_for_group || status=$?
  show_cluster
  cat "$log"
  equal "$status" 1 && equal "$(grep -c "the cluster of the context 'shared' does not answer" "$log")" 1 &&
    grep "What runs in its namespace '$shared' stays there: make stop_observer" "$log" || return
  # Instead of the three minutes that a service has to get ready.
  [ $((SECONDS - began)) -lt 120 ]
}
check "a cluster that goes in the middle of a start is named at once, with what stays in it" goes_in_the_middle
check "make stop_observer, when it answers again" make stop_observer
check "no pod and no process is left" nothing_left "$shared"

check "make start_observer" in_shared make start_observer
check "make stop_observer" make stop_observer
check "no pod and no process is left" nothing_left "$shared"
check "make clean_observer says that the user may not delete it" \
  fails_with "the namespace '$shared' of the context 'shared' is not gone: .*forbidden" make clean_observer

summary
