# shellcheck shell=bash
# Sourced. A real Kubernetes of one node, by ../shared/tools/cluster, and how the tests reach it.

NAMESPACE=observer
# As ../shared/tools/cluster has it; it is said here for those that it starts.
export CLUSTER_STATE=${CLUSTER_STATE:-/var/lib/test-cluster}

# why_no_cluster: prints the reason, or fails if there is none.
why_no_cluster() {
  if ! [ -x "$SHARED_TOOLS/cluster" ]; then
    echo "../shared/tools/cluster is missing"
  elif [ "$(id -u)" -ne 0 ]; then
    echo "it needs root"
  elif ! docker version >/dev/null 2>&1; then
    echo "no Docker engine answers, which makes the images"
  else
    return 1
  fi
}

cluster() {
  "$SHARED_TOOLS/cluster" "$@"
}

kube() {
  cluster kubectl --namespace "$NAMESPACE" "$@"
}

# start_cluster: one that answers already is used, and left running at the end.
start_cluster() {
  if [ -e "$CLUSTER_STATE/pid" ] && cluster kubectl get --raw /readyz >/dev/null 2>&1; then
    echo "the cluster that runs in $CLUSTER_STATE is used"
    cluster kubectl delete namespace "$NAMESPACE" --ignore-not-found
    return
  fi
  trap 'cluster down' EXIT
  # Left over from an interrupted test.
  cluster down
  flock "$SHARED_TOOLS" "$SHARED_TOOLS/unpack.sh" >/dev/null
  cluster up
}

# load_image NAME IMAGE [PROPERTY]: an image of the engine, in one layer, under the name by which the manifests know it, with
# one more property in its configuration. The engine itself never has it by that name: whoever else uses this engine would
# take it for the real one.
load_image() {
  local folder container
  folder=$(mktemp -d)
  container=$(docker create "$2" none) || return
  docker export --output "$folder/root.tar" "$container" &&
    docker image inspect --format '{{json .Config}}' "$2" | sed "s/^{/{${3:+$3,}/" >"$folder/configuration.json" &&
    cluster image "$1" "$folder/root.tar" "$folder/configuration.json"
  # Whether that has succeeded is for the caller: the rest is cleaning up.
  local status=$?
  docker rm "$container" >/dev/null
  rm -rf "$folder"
  return "$status"
}

load_images() {
  load_image observer:0.1.0 "$IMAGE" &&
    # The real image has it, too; `docker import` cannot set it.
    load_image "$POSTGRES_IMAGE" localhost/standin/postgres '"StopSignal": "SIGINT"' &&
    load_image "$PROMETHEUS_IMAGE" localhost/standin/prometheus &&
    load_image "$ALERTMANAGER_IMAGE" localhost/standin/alertmanager &&
    docker build --quiet --tag localhost/standin/vegeta --file ci/standin/vegeta.Dockerfile .observer/ci/vegeta &&
    load_image observer-vegeta:0.1.0 localhost/standin/vegeta
}

# address SERVICE: http://IP:PORT, which leads to its pods from the node.
address() {
  kube get service "$1" --output jsonpath='http://{.spec.clusterIP}:{.spec.ports[0].port}'
}

# fetch URL [FLAG...]: over a new connection.
fetch() {
  cluster exec curl --silent --show-error --fail-with-body --max-time 30 "${@:2}" "$1"
}
