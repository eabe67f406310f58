# shellcheck shell=bash
# make doctor on a cluster: it says what a start would, and fails where that would.

# shellcheck source=tests/scripts/fake_kubectl.sh
. "$(dirname "${BASH_SOURCE[0]}")/fake_kubectl.sh"

# A cluster with all that a start needs.
good_cluster=(
  '  *" version"*) echo "Server Version: v1.34.4" ;;'
  '  *"get storageclasses"*) echo "local " ;;'
)

# doctor [SETTING...]: of a machine without Docker.
doctor() {
  env RUNTIME=kubernetes "$@" scripts/doctor.sh
}

without_docker() {
  fake docker 'echo "Cannot connect to the Docker daemon" >&2; exit 1'
}

test_doctor_finds_a_good_cluster() {
  without_docker
  fake_kubectl "${good_cluster[@]}"
  succeeds doctor KUBE_CONTEXT=two KUBE_IMAGES=present
  says 'Runtime: kubernetes, as requested.'
  says 'Kubernetes 1.34.4'
}

# finds_wrong TEXT [SETTING...]: and says that a start would fail.
finds_wrong() {
  fails doctor KUBE_IMAGES=present "${@:2}"
  says "$1"
  says 'make start_observer would fail: see Kubernetes above.'
  says_not 'would choose'
}

test_doctor_fails_without_the_context_of_a_cluster() {
  without_docker
  fake_kubectl "${good_cluster[@]}"
  finds_wrong "'' is not one of: kind-one, two"
  finds_wrong "'wrong' is not one of: kind-one, two" KUBE_CONTEXT=wrong
}

test_doctor_fails_where_the_cluster_does_not_answer() {
  without_docker
  fake_kubectl '  *"get --raw /version"*) echo "connection refused" >&2; exit 1 ;;'
  finds_wrong "the cluster of the context 'two' does not answer (connection refused)" KUBE_CONTEXT=two
}

test_doctor_fails_where_a_start_would() {
  local answer text
  without_docker
  while IFS='|' read -r answer text; do
    fake_kubectl "  $answer ;;" "${good_cluster[@]}"
    finds_wrong "$text" KUBE_CONTEXT=two
  done <<'CASES'
*" version"*) echo "Server Version: v1.29.9"|Kubernetes 1.29.9, 1.30 or later is needed
*"get namespace"*) echo "observer somebody"|observer is there, not made by make start_observer
*"auth can-i create namespaces"*) exit 1|no right to create observer
*"get storageclasses"*) true|there is no default StorageClass
CASES
  fake_kubectl "${good_cluster[@]}"
  finds_wrong 'KUBE_IMAGES=auto does not know how images reach this cluster' KUBE_CONTEXT=two KUBE_IMAGES=auto
}

test_doctor_tells_apart_what_it_may_not_see() {
  without_docker
  fake_kubectl '  *"get storageclasses"*) exit 1 ;;' "${good_cluster[@]}"
  succeeds doctor KUBE_CONTEXT=two KUBE_IMAGES=present
  says 'no right to see whether there is a default StorageClass'
}

test_doctor_checks_a_cluster_that_another_runtime_does_not_need() {
  without_docker
  fake_kubectl '  *"get --raw /version"*) exit 1 ;;'
  fake cargo 'exit 0'
  for tool in initdb prometheus alertmanager; do fake "$tool" 'exit 0'; done
  succeeds doctor RUNTIME=local KUBE_CONTEXT=two
  says 'does not answer'
  says 'Runtime: local, as requested.'
}
