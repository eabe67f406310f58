#!/usr/bin/env bash
# Builds the project's image by its Dockerfile and runs it. Where the base images cannot be pulled, it is built on
# stand-ins (standins.sh); the first lines say which. Then builds the stand-ins of the stack's other images. The tests of
# Compose, Swarm and Kubernetes use them all, beside each other.
#
#   ci/image-test.sh

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=ci/stack.sh
. ci/stack.sh
# shellcheck source=ci/standins.sh
. ci/standins.sh

copy=$(mktemp -d)
started=
clean_up() {
  [ -z "$started" ] || docker rm --force --volumes "$started" >/dev/null
  rm -rf "$copy"
}
trap clean_up EXIT

need_engine
set_bases
check "the image is built" build_image
[ "$failed" -eq 0 ] || {
  summary
  exit
}

# A change of the sources alone: the layer of the dependencies stays.
dependencies_are_kept() {
  local log
  copy_to "$copy" 20080
  echo '// A change.' >>"$copy/src/main.rs"
  echo 'services: {app: {build: {target: dependencies}}}' >"$copy/target.yml"
  log=$(cd "$copy" && COMPOSE_FILE=compose.yml:ci/compose.standin.yml:target.yml \
    COMPOSE_PROJECT_NAME=observer-image-test docker compose --progress plain build app 2>&1)
  grep -A 1 'RUN cargo build' <<<"$log" | grep CACHED || {
    echo "$log"
    return 1
  }
}
check "a change of the sources leaves the dependencies built" dependencies_are_kept

check "it says its version" grep -x "observer [0-9.]*" <<<"$(docker run --rm "$IMAGE" --version)"
check "it runs as an unprivileged user" equal "$(docker image inspect --format '{{.Config.User}}' "$IMAGE")" 65532:65532
check "it names its revision" equal \
  "$(docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.revision"}}' "$IMAGE")" unknown

# answers URL FLAG...: a container of the image with these flags answers there and then stops cleanly.
answers() {
  local url=$1
  shift
  started=$(docker run --detach --read-only --cap-drop ALL "$@") &&
    within 60 docker exec "$started" /usr/local/bin/observer healthcheck --url "$url" &&
    docker stop --time 30 "$started" && equal "$(docker inspect --format '{{.State.ExitCode}}' "$started")" 0 || return 1
  docker rm --volumes "$started"
  started=
}
check "without a command it serves" answers http://127.0.0.1:8080/healthz "$IMAGE"
check "the pager serves with a read-only root, writes its ledger to the volume and stops cleanly" \
  answers http://127.0.0.1:8090/healthz --mount type=volume,target=/var/lib/observer \
  --env OBSERVER_PAGER_LISTEN=127.0.0.1:8090 --env OBSERVER_PAGER_LEDGER=/var/lib/observer/ledger.jsonl "$IMAGE" pager

build_standins
summary
