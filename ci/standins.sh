#!/usr/bin/env bash
# Builds the images that stand in for those of a registry, from the machine's own distribution packages, so that
# compose.yml runs for real where no image can be pulled. compose.standin.yml puts them in place.
#
# They hold the files of the packages and of what these depend on, extracted, never configured: seconds rather
# than minutes, and no more in an image than it needs. One that is up to date is left as it is.
# The images of the service and of the load add a program to one of them, by a Dockerfile of their own.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ci/apt.sh
. scripts/lib/common.sh
. scripts/lib/tools.sh

# image NAME PACKAGES HOOK CHANGE...: the image localhost/standin/NAME.
# HOOK is shell code that finishes the root filesystem in $1, each CHANGE a Dockerfile instruction.
image() {
  local name=$1 packages=$2 hook=$3 image=localhost/standin/$1 recipe change changes=()
  shift 3
  recipe=$(cat - <<<"$packages $hook $*" ci/standin/postgres.sh | cksum)
  if [ "$(docker image inspect --format '{{.Config.Labels.recipe}}' "$image" 2>/dev/null)" = "$recipe" ]; then
    return
  fi
  echo "building $image from $packages"
  for change in "LABEL recipe=\"$recipe\"" "$@"; do
    changes+=(--change "$change")
  done
  mmdebstrap --quiet --variant=extract --include="$packages" --extract-hook="set -e; $hook" \
    "$(distribution)" - - <<<"$sources" |
    docker import "${changes[@]}" - "$image" >/dev/null
}

# context FOLDER/NAME PROGRAM: the build context of an image that holds a program of this machine by that name.
context() {
  mkdir -p ".observer/ci/${1%/*}"
  cp "$2" ".observer/ci/$1"
}

sources=$(apt_sources)
apt_install mmdebstrap mmdebstrap

path='ENV PATH=/usr/local/bin:/usr/bin:/bin'
# shellcheck disable=SC2016 # $1 is the hook's
applets='for applet in sh rm mv wget; do ln -sf busybox "$1/bin/$applet"; done;'

# For the project's own binaries: the C library and nothing else, no shell either, as in the distroless image.
# shellcheck disable=SC2016
image cc libc6,libgcc-s1 'install -d -o 65532 -g 65532 "$1/var/lib/observer"' "$path"

# For attack.sh: the tools of a shell too.
image shell libc6,libgcc-s1,busybox "chroot \"\$1\" /bin/busybox --install -s /bin" "$path"

# Uid 70 is the user of the real image.
# shellcheck disable=SC2016
image postgres postgresql,busybox "$applets"'
  echo "postgres:x:70:70::/:/bin/sh" >>"$1/etc/passwd"
  install -d -o 70 -g 70 "$1/var/lib/postgresql"
  install -d -m 1777 "$1/var/run/postgresql"
  ln -s "$(ls "$1/usr/lib/postgresql")/bin" "$1/usr/lib/postgresql/bin"
  install -D ci/standin/postgres.sh "$1/usr/local/bin/entrypoint"' \
  'ENV PATH=/usr/lib/postgresql/bin:/usr/bin:/bin' 'ENTRYPOINT ["/usr/local/bin/entrypoint"]'

# shellcheck disable=SC2016
image prometheus prometheus,busybox "$applets"'install -d -o 65534 -g 65534 "$1/prometheus"' \
  "$path" 'ENTRYPOINT ["/usr/bin/prometheus"]'

# shellcheck disable=SC2016
image alertmanager prometheus-alertmanager,busybox "$applets"'install -d -o 65534 -g 65534 "$1/alertmanager"' \
  "$path" 'ENTRYPOINT ["/usr/bin/prometheus-alertmanager"]'

observer=${OBSERVER_BINARY:-target/release/observer}
[ -x "$observer" ] || die "$observer is missing" "cargo build --release builds it."
context observer/observer "$observer"
tool_path trunks >/dev/null || install_crate trunks-cli "$TRUNKS_VERSION"
context vegeta/trunks "$(tool_path trunks)"
