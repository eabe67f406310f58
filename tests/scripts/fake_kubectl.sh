# shellcheck shell=bash
# Sourced by the tests of the Kubernetes runtime: a kubectl that answers what a test says, and records what it was asked.

# fake_kubectl [LINE...]: the contexts are kind-one and two; further answers as the branches of a case.
fake_kubectl() {
  # shellcheck disable=SC2016 # the script's own
  fake kubectl "printf '%s\n' \"\$*\" >>'$sandbox/asked'" 'case "$*" in' \
    '  "config get-contexts"*) printf "kind-one\ntwo\n" ;;' "$@" '  *) exit 0 ;;' 'esac'
  fake python3 'exit 0'
}

# recorded [CONTEXT NAMESPACE IMAGES GRAFANA KUBECONFIG]: as if a stack were started there.
recorded() {
  mkdir -p .observer/used
  printf '%s\n' "${1:-two}" "${2:-observer}" "${3:-present}" "${4:-no}" "${5:-/somewhere/config}" >.observer/used/kubernetes
  echo kubernetes >.observer/runtime
}

# with_manifests: what a start renders, and ports that are free.
with_manifests() {
  cp -R "$repository"/{deploy,prometheus,alertmanager,grafana} .
  in_scripts 'port=$((20000 + RANDOM % 10000))
    for name in $PORT_SETTINGS; do
      while port_answers "$port"; do port=$((port + 1)); done
      say "$name=$port"
      port=$((port + 1))
    done' >.env.ports
  mv .env.ports .env
}

start() {
  RUNTIME=kubernetes scripts/start.sh
}

exits_with() {
  local expected=$1 status=0
  shift
  output=$("$@" 2>&1) || status=$?
  [ "$status" -eq "$expected" ] || die_of "expected exit code $expected, found $status" "$output"
}

# asked_for TEXT and never_asked_for TEXT: in a call of kubectl.
asked_for() {
  grep -qF -- "$1" asked || die_of "kubectl was never asked: $1" "$(cat asked)"
}

never_asked_for() {
  ! grep -F -- "$1" asked || die_of "kubectl was asked: $1"
}
