# shellcheck shell=bash
# Sourced. Images that stand in for those of a registry, from the machine's own distribution packages, so that
# compose.yml and the Dockerfile run for real where no image can be pulled. compose.standin.yml puts them in place.
#
# They hold the files of the packages and of what these depend on, extracted, never configured: seconds rather
# than minutes, and no more in an image than it needs. One that is up to date is left as it is.

# shellcheck source=ci/apt.sh
. ci/apt.sh

SEARCH_PATH='ENV PATH=/usr/local/bin:/usr/lib/postgresql/bin:/usr/bin:/bin'

# standin NAME PACKAGES HOOK CHANGE...: the image localhost/standin/NAME.
# HOOK is shell code that finishes the root filesystem in $1, each CHANGE a Dockerfile instruction.
#
# The filesystem is complete before it is imported: of a stream that breaks off, docker would make an image all the same.
standin() {
  local name=$1 packages=$2 hook=$3 image=localhost/standin/$1 sources recipe change changes=() archive=.observer/ci/standin-$1.tar
  shift 3
  recipe=$(cat - ci/standin/* <<<"$packages $hook $*" | cksum)
  if [ "$(docker image inspect --format '{{.Config.Labels.recipe}}' "$image" 2>/dev/null)" = "$recipe" ]; then
    return
  fi
  apt_install mmdebstrap mmdebstrap
  sources=$(apt_sources)
  echo "building $image from $packages"
  for change in "LABEL recipe=\"$recipe\"" "$SEARCH_PATH" "$@"; do
    changes+=(--change "$change")
  done
  mkdir -p "${archive%/*}"
  if ! mmdebstrap --quiet --variant=extract --include="$packages" --extract-hook="set -e; $hook" --format=tar \
    "$(distribution)" - - <<<"$sources" >"$archive"; then
    rm -f "$archive"
    echo "the stand-in image $image could not be built" >&2
    return 1
  fi
  docker import "${changes[@]}" "$archive" "$image" >/dev/null
  rm -f "$archive"
}

# --- The bases of the project's own image ---

# set_bases: sets and exports BUILD_IMAGE and RUNTIME_IMAGE, and says which they are: the Dockerfile's own where both can
# be had, else stand-ins for both, because what one links against must be in the other.
set_bases() {
  BUILD_IMAGE=$(default_base BUILD_IMAGE)
  RUNTIME_IMAGE=$(default_base RUNTIME_IMAGE)
  if can_be_had "$BUILD_IMAGE" && can_be_had "$RUNTIME_IMAGE"; then
    echo "base images: $BUILD_IMAGE and $RUNTIME_IMAGE"
  else
    echo "base images: stand-ins of $(distribution) with $(rustc --version), because $BUILD_IMAGE or $RUNTIME_IMAGE cannot be pulled"
    BUILD_IMAGE=localhost/standin/rust
    RUNTIME_IMAGE=localhost/standin/cc
    standin_rust
    # The C library and nothing else, no shell either, as in the distroless image.
    standin cc libc6,libgcc-s1 :
  fi
  export BUILD_IMAGE RUNTIME_IMAGE
}

# default_base ARGUMENT: the Dockerfile's.
default_base() {
  sed -n "s/^ARG $1=//p" Dockerfile
}

can_be_had() {
  docker image inspect "$1" >/dev/null 2>&1 || docker pull --quiet "$1" >/dev/null 2>&1
}

# This machine's toolchain, a linker, the certificates that this machine trusts and its configuration of cargo: inside a
# build, cargo finds its registry as it does outside. Nothing of this gets into the image of the service.
standin_rust() {
  local sysroot configuration=${CARGO_HOME:-$HOME/.cargo}/config.toml certificates=/etc/ssl/certs/ca-certificates.crt
  sysroot=$(rustc --print sysroot)
  [ -f "$configuration" ] || configuration=/dev/null
  # shellcheck disable=SC2016 # $1 is the hook's
  standin rust gcc,libc6-dev,ca-certificates,coreutils,dash,findutils "
    sysroot=$sysroot configuration=$configuration certificates=$certificates
    # made of: $(rustc --version) $(cat "$configuration" "$certificates" | cksum)"'
    ln -s gcc "$1/usr/bin/cc"
    mkdir -p "$1/usr/local/bin" "$1/usr/local/lib" "$1/usr/local/cargo" "$1/etc/ssl/certs"
    cp "$sysroot/bin/cargo" "$sysroot/bin/rustc" "$1/usr/local/bin"
    cp -R "$sysroot/lib/." "$1/usr/local/lib"
    cp "$configuration" "$1/usr/local/cargo/config.toml"
    cp "$certificates" "$1/etc/ssl/certs"' 'ENV CARGO_HOME=/usr/local/cargo'
}

# The project's own image.
IMAGE=localhost/observer-test

# build_image: the project's image, by Compose as users build it. All tests use the same builder, so they share its cache.
build_image() {
  COMPOSE_FILE=compose.yml:ci/compose.standin.yml COMPOSE_PROJECT_NAME=observer-image-test \
    docker compose --progress plain build app && docker tag observer-image-test-app "$IMAGE"
}

# --- The other services of the stack ---

build_standins() {
  # shellcheck disable=SC2016 # $1 is the hook's
  local applets='for applet in sh rm mv wget; do ln -sf busybox "$1/bin/$applet"; done;'

  # For attack.sh: the tools of a shell.
  standin shell libc6,libgcc-s1,busybox "chroot \"\$1\" /bin/busybox --install -s /bin"

  # Uid 70 is the user of the real image.
  # shellcheck disable=SC2016
  standin postgres postgresql,busybox "$applets"'
    echo "postgres:x:70:70::/:/bin/sh" >>"$1/etc/passwd"
    install -d -o 70 -g 70 "$1/var/lib/postgresql"
    install -d -m 1777 "$1/var/run/postgresql"
    ln -s "$(ls "$1/usr/lib/postgresql")/bin" "$1/usr/lib/postgresql/bin"
    install -D ci/standin/postgres.sh "$1/usr/local/bin/entrypoint"' 'ENTRYPOINT ["/usr/local/bin/entrypoint"]'

  # Version 3 always expands the variables of external labels, version 2 on request.
  # shellcheck disable=SC2016
  standin prometheus prometheus,busybox "$applets"'install -d -o 65534 -g 65534 "$1/prometheus"' \
    'ENTRYPOINT ["/usr/bin/prometheus", "--enable-feature=expand-external-labels"]'

  # shellcheck disable=SC2016
  standin alertmanager prometheus-alertmanager,busybox "$applets"'install -d -o 65534 -g 65534 "$1/alertmanager"' \
    'ENTRYPOINT ["/usr/bin/prometheus-alertmanager"]'

  # trunks stands in for vegeta: standin/vegeta.Dockerfile adds it to the shell.
  tool_path trunks >/dev/null || install_crate trunks-cli "$TRUNKS_VERSION"
  mkdir -p .observer/ci/vegeta
  cp "$(tool_path trunks)" .observer/ci/vegeta/trunks
}
