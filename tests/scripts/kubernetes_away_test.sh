# shellcheck shell=bash
# A cluster that goes away, before a command of the Kubernetes runtime or in the middle of it: one sentence says so, and what
# stays there.

# shellcheck source=tests/scripts/fake_kubectl.sh
. "$(dirname "${BASH_SOURCE[0]}")/fake_kubectl.sh"

REFUSED='The connection to the server was refused'

# cluster_that_goes_at PATTERN [LINE...]: kubectl answers until the first call that matches, and then refuses every one.
cluster_that_goes_at() {
  local pattern=$1
  shift
  fake_kubectl "  kustomize*) ;;" "  $pattern) touch '$sandbox/gone' ;;&" \
    "  *) if [ -e '$sandbox/gone' ]; then echo 'raw words' >&2; echo '$REFUSED' >&2; exit 1; fi ;;&" "$@"
  # `;;&` is bash's.
  sed -i '1s/.*/#!\/usr\/bin\/env bash/' bin/kubectl
}

says_once() {
  says "$1"
  equals "$(grep -cF "$1" <<<"$output")" 1
}

# says_that_it_is_away WHAT_STAYS: in place of what kubectl says.
says_that_it_is_away() {
  says_once "the cluster of the context 'two' does not answer ($REFUSED)"
  says_once "$1"
  says_not 'raw words'
}

test_start_ends_early_and_says_what_stays() {
  with_manifests
  cluster_that_goes_at '*"rollout status statefulset/pager"*'
  KUBE_CONTEXT=two KUBE_IMAGES=present exits_with 1 start
  says 'pager         statefulset/pager'
  says_that_it_is_away "What runs in its namespace 'observer' stays there: make stop_observer"
  equals "$(cat .observer/runtime)" kubernetes
}

test_waits_of_a_start_end_when_it_goes() {
  cluster_that_goes_at '*'
  recorded
  fails in_scripts 'use_runtime kubernetes; wait_for_targets kube_answers'
  says "the cluster of the context 'two' does not answer"
  fails in_scripts 'use_runtime kubernetes; kube_reaches() { false; }; kube_wait_forward beta'
  says "the cluster of the context 'two' does not answer"
}

test_commands_on_one_service_say_so() {
  local command call
  with_manifests
  while read -r command call; do
    rm -f gone
    cluster_that_goes_at "*'$call'*" '  *.spec.replicas*) echo 2 ;;' '  *" wait "*"condition=Complete"*) exit 1 ;;'
    recorded
    exits_with 1 scripts/service.sh "$command" beta
    says_that_it_is_away "What runs in its namespace 'observer' stays there: make $command APP=beta again when it answers."
  done <<'CALLS'
restart /version
restart rollout restart
stop /version
stop scale
stop wait --for=delete
kill /version
kill get deployment/observer-beta
kill delete pod
start /version
start get deployment/observer-beta
start rollout status
CALLS
}

test_logs_say_so() {
  local call
  for call in /version ' logs '; do
    rm -f gone
    cluster_that_goes_at "*'$call'*"
    recorded
    exits_with 1 scripts/logs.sh beta
    says_that_it_is_away 'make doctor says more.'
  done
}

# The test's kubectl ends once it is told to.
test_followed_log_shows_at_once_what_kubectl_complains_of() {
  local limit=$((SECONDS + 30)) following
  fake_kubectl "  *' logs '*--follow*) echo 'raw words' >&2; until [ -e '$sandbox/seen' ]; do sleep 0.1; done ;;"
  recorded
  FOLLOW=1 scripts/logs.sh beta >followed 2>&1 &
  following=$!
  until grep -q 'raw words' followed || [ "$SECONDS" -ge "$limit" ]; do sleep 0.1; done
  output=$(cat followed)
  touch seen
  wait "$following"
  says 'raw words'
}

test_followed_log_says_so() {
  cluster_that_goes_at "*' logs '*"
  recorded
  FOLLOW=1 exits_with 1 scripts/logs.sh beta
  says_once "the cluster of the context 'two' does not answer ($REFUSED)"
  says_once 'make doctor says more.'
}

# An interrupted command could not remove it.
test_what_kubectl_complains_of_is_in_no_file_with_a_name() {
  fake_kubectl "  *' logs '*) ls '$sandbox/.observer/run/kubernetes' >'$sandbox/files'; echo 'raw words' >&2 ;;"
  recorded
  succeeds scripts/logs.sh beta
  says 'raw words'
  equals "$(cat files)" ''
}

test_load_says_so_and_that_it_goes_on() {
  local call
  for call in /version ' apply ' startedAt ' logs ' plot.html; do
    rm -f gone
    cluster_that_goes_at "*'$call'*" '  *startedAt*) echo 2026 ;;'
    recorded
    exits_with 1 scripts/load.sh
    says_that_it_is_away 'A load that has begun goes on there: make load replaces it when it answers.'
    says_not 'The plot'
  done
}

test_stop_says_so() {
  local call
  for call in /version 'delete statefulset prometheus' 'delete hpa' 'wait --for=delete pod --all'; do
    rm -f gone
    cluster_that_goes_at "*'$call'*"
    recorded
    exits_with 1 scripts/stop.sh
    says_that_it_is_away "What runs in its namespace 'observer' stays there: make stop_observer again when it answers."
    equals "$(cat .observer/runtime)" kubernetes
  done
}
