#!/usr/bin/env bash
# Gets Docker Compose v2 where the machine has none and its distribution only packages v1 (Debian 12 and before):
# takes the plugin out of Debian 13's package, without installing it. Prints the folder to use as DOCKER_CONFIG:
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
  apt=$(mktemp -d)
  trap 'rm -rf "$apt"' EXIT
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  # The same mirror with another suite, and apt's state in a folder of its own: the machine's is left alone.
  apt_sources | awk '$4 == "main" && $3 !~ /-/ { $3 = "trixie"; print }' >"$apt/sources.list"
  options=(
    -o "Dir::State=$apt" -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache"
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o "Dir::Etc::sourceparts=-"
    -o APT::Sandbox::User=root -o Acquire::Languages=none
  )
  echo "fetching Docker Compose v2 from Debian 13" >&2
  apt-get "${options[@]}" update -qq >&2
  (cd "$apt" && apt-get "${options[@]}" download -qq docker-compose >&2)
  dpkg-deb --extract "$apt"/docker-compose_*.deb "$apt/root"
  mkdir -p "${plugin%/*}"
  mv "$apt/root/usr/libexec/docker/cli-plugins/docker-compose" "$plugin"
fi
echo "$config"
