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

clean_up() {
  make --directory "$tree" clean_observer >/dev/null 2>&1 || true
  kubectl --context "$context" delete namespace "$namespace" "$namespace-foreign" --ignore-not-found >/dev/null 2>&1 || true
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

exits_with() {
  local expected=$1 status=0
  shift
  "$@" || status=$?
  equal "$status" "$expected"
}

section "What goes wrong"
check "an unknown context is refused with those there are, and exit code 2" \
  fails_with "KUBE_CONTEXT: found 'nowhere', expected one of: $context" env KUBE_CONTEXT=nowhere scripts/start.sh
check "its exit code is 2" exits_with 2 env KUBE_CONTEXT=nowhere scripts/start.sh

no_rights() {
  local token
  token=$(kubectl create token default --namespace default) &&
    kubectl config set-credentials nobody --token="$token" &&
    kubectl config set-context no-rights --user=nobody --cluster="$(kubectl config view --minify --output='jsonpath={.contexts[0].context.cluster}')" &&
    KUBE_CONTEXT=no-rights fails_with "no right to create the namespace '$namespace' in the context 'no-rights'" scripts/start.sh
}
check "a missing right to create a namespace is named" no_rights

foreign() {
  kubectl --context "$context" create namespace "$namespace-foreign" &&
    KUBE_NAMESPACE=$namespace-foreign fails_with "exists in the context '$context', and make start_observer has not created it" \
      scripts/start.sh
}
check "a namespace of somebody else is refused" foreign

# Nothing listens there; the tag is one that docker has made.
image_is_missing() {
  mkdir -p "$work/bin"
  # shellcheck disable=SC2016 # the script's own
  printf '%s\n' '#!/bin/sh' '[ "$1 $2" != "image inspect" ] || echo sha256:0123456789abcdef' >"$work/bin/docker"
  chmod +x "$work/bin/docker"
  PATH=$work/bin:$PATH KUBE_IMAGES=127.0.0.1:1/none fails_with \
    "the image 127.0.0.1:1/none/observer:0123456789ab of migrate cannot be pulled" scripts/start.sh
}
check "an image that cannot be pulled is named" image_is_missing
check "and nothing is left running" equal "$(pods)$(processes)" ""

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
  equal "$(comm -12 <(echo "$1") <(pods app.kubernetes.io/component=beta | sort))" ""
}

restarted() {
  local before
  before=$(pods app.kubernetes.io/component=beta | sort)
  make restart APP=beta && within 60 none_of "$before" && make status
}
check "make restart APP=beta replaces its pods" restarted
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

section "Stop"
counted=$(count "$APP_PORT")
without_cluster() {
  sed 's|server: .*|server: https://127.0.0.1:1|' "$kubeconfig" >"$work/away"
  KUBECONFIG=$work/away "$@"
}
check "a cluster that does not answer is named by make status" \
  without_cluster fails_with "the cluster of the context '$context' does not answer" make status
check "and by make stop_observer, with what stays in it" \
  without_cluster fails_with "What runs in its namespace '$namespace' stays there" make stop_observer

check "make stop_observer" make stop_observer
check "no pod and no process is left" equal "$(pods)$(processes)" ""
check "a warm start" started
check "the counter goes on from its number" test "$(count "$APP_PORT")" -gt "${counted:-0}"
check "make clean_observer" make clean_observer
check "the namespace is gone" equal "$(kubectl --context "$context" get namespace "$namespace" --ignore-not-found)" ""
check "no process is left" equal "$(processes)" ""

summary
