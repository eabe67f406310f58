#!/usr/bin/env bash
# Provides Docker Compose v2 on a machine whose distribution only packages v1 (Debian 12 and before): extracts the plugin
# from the package of Debian 13, without installing it. Prints the folder to use as DOCKER_CONFIG:
#
#   DOCKER_CONFIG=$(ci/compose-v2.sh) docker compose version

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ci/apt.sh

if docker compose version --short 2>/dev/null | grep -q '^v\?[2-9]'; then
  echo "${DOCKER_CONFIG:-$HOME/.docker}"
  exit
fi

config=$PWD/.observer/ci/docker
plugin=$config/cli-plugins/docker-compose
if [ ! -x "$plugin" ]; then
  echo "fetching Docker Compose v2 from Debian 13" >&2
  fetched=$(mktemp -d)
  trap 'rm -rf "$fetched"' EXIT
  fetch_from_trixie "$fetched" docker-compose
  mkdir -p "${plugin%/*}"
  mv "$fetched/usr/libexec/docker/cli-plugins/docker-compose" "$plugin"
fi
echo "$config"
