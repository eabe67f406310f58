# shellcheck shell=bash
# Sourced. Images that stand in for those of a registry, so that compose.yml and the Dockerfile run for real where no image
# can be pulled. compose.standin.yml puts them in place. They hold the same versions where those can be had, as static
# builds (shared-tools.sh) and from a newer suite of Debian; else what the machine's own distribution packages.
# name_versions says which.
#
# They hold the files of the packages and of what these depend on, extracted, never configured: seconds rather
# than minutes, and no more in an image than it needs. One that is up to date is left as it is.

# shellcheck source=ci/apt.sh
. ci/apt.sh
# shellcheck source=ci/shared-tools.sh
. ci/shared-tools.sh

SEARCH_PATH='ENV PATH=/usr/local/bin:/usr/lib/postgresql/bin:/usr/bin:/bin'

# standin NAME PACKAGES HOOK CHANGE...: the image localhost/standin/NAME, from the distribution or from $SUITE.
# HOOK is shell code that finishes the root filesystem in $1, each CHANGE a Dockerfile instruction. A hook that copies
# files of this machine says in a comment what they are made of: what it says decides whether the image is up to date.
#
# The filesystem is complete before it is imported: of a stream that breaks off, docker would make an image all the same.
standin() {
  local name=$1 packages=$2 hook=$3 image=localhost/standin/$1 suite=${SUITE:-$(distribution)} sources recipe
  local change changes=() archive=.observer/ci/standin-$1.tar
  shift 3
  recipe=$(cksum <<<"$suite $packages $hook $*")
  if [ "$(docker image inspect --format '{{.Config.Labels.recipe}}' "$image" 2>/dev/null)" = "$recipe" ]; then
    return
  fi
  apt_install mmdebstrap mmdebstrap
  sources=$(apt_sources "$suite")
  # The key of a newer suite may not be among those of this machine.
  [ -z "${SUITE:-}" ] || sources=${sources//deb /deb [trusted=yes] }
  echo "building $image from $packages of $suite"
  for change in "LABEL recipe=\"$recipe\"" "$SEARCH_PATH" "$@"; do
    changes+=(--change "$change")
  done
  mkdir -p "${archive%/*}"
  # A mirror's copy of a suite that is not released yet may be older than its Release file allows.
  if mmdebstrap --quiet --variant=extract --include="$packages" --extract-hook="set -e; $hook" --format=tar \
    --aptopt='Acquire::Check-Valid-Until "false"' "$suite" - - <<<"$sources" >"$archive" &&
    docker import "${changes[@]}" "$archive" "$image" >/dev/null; then
    rm -f "$archive"
  else
    rm -f "$archive"
    echo "the stand-in image $image could not be built" >&2
    return 1
  fi
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

# shellcheck disable=SC2016 # $1 is the hook's
APPLETS='for applet in sh rm mv wget; do ln -sf busybox "$1/bin/$applet"; done;'

build_standins() {
  # For attack.sh: the tools of a shell.
  standin shell libc6,libgcc-s1,busybox "chroot \"\$1\" /bin/busybox --install -s /bin"
  standin_postgres
  standin_prometheus
  standin_alertmanager
  fetch_load_tool
  name_versions
}

standin_postgres() {
  # /bin is a link of the package base-files there.
  SUITE=forky standin_postgres_of postgresql-18,base-files || {
    echo "PostgreSQL 18 cannot be had from Debian's forky: the stand-in takes that of $(distribution)"
    standin_postgres_of postgresql
  }
}

# standin_postgres_of PACKAGES. Uid 70 is the user of the real image.
standin_postgres_of() {
  # shellcheck disable=SC2016
  standin postgres "$1,busybox" "# made of: $(cksum <ci/standin/postgres.sh)
    $APPLETS"'
    echo "postgres:x:70:70::/:/bin/sh" >>"$1/etc/passwd"
    install -d -o 70 -g 70 "$1/var/lib/postgresql"
    install -d -m 1777 "$1/var/run/postgresql"
    ln -s "$(ls "$1/usr/lib/postgresql")/bin" "$1/usr/lib/postgresql/bin"
    install -D ci/standin/postgres.sh "$1/usr/local/bin/entrypoint"' 'ENTRYPOINT ["/usr/local/bin/entrypoint"]'
}

standin_prometheus() {
  local program promtool
  # shellcheck disable=SC2016
  local folder='install -d -o 65534 -g 65534 "$1/prometheus"'
  if program=$(shared_tool prometheus) && promtool=$(shared_tool promtool); then
    standin prometheus busybox "$APPLETS$folder; $(copies "$program" "$promtool")" 'ENTRYPOINT ["/usr/bin/prometheus"]'
  else
    # Version 3 always expands the variables of external labels, version 2 on request.
    standin prometheus prometheus,busybox "$APPLETS$folder" \
      'ENTRYPOINT ["/usr/bin/prometheus", "--enable-feature=expand-external-labels"]'
  fi
}

standin_alertmanager() {
  local program
  # shellcheck disable=SC2016
  local folder='install -d -o 65534 -g 65534 "$1/alertmanager"'
  if program=$(shared_tool alertmanager); then
    standin alertmanager busybox "$APPLETS$folder; $(copies "$program")" 'ENTRYPOINT ["/usr/bin/alertmanager"]'
  else
    # Under its usual name, too.
    # shellcheck disable=SC2016
    standin alertmanager prometheus-alertmanager,busybox \
      "$APPLETS$folder; "'ln -s prometheus-alertmanager "$1/usr/bin/alertmanager"' 'ENTRYPOINT ["/usr/bin/alertmanager"]'
  fi
}

# copies PROGRAM...: the part of a hook that copies programs of this machine into the image.
copies() {
  printf '# made of: %s\n' "$(cksum "$@" | xargs)"
  # shellcheck disable=SC2016 # $1 is the hook's
  printf 'install -D "%s" -t "$1/usr/bin"\n' "$@"
}

# fetch_load_tool: puts vegeta, or trunks in its place, where standin/vegeta.Dockerfile adds it to the shell.
fetch_load_tool() {
  local program
  program=$(shared_tool vegeta) || {
    tool_path trunks >/dev/null || install_crate trunks-cli "$TRUNKS_VERSION"
    program=$(tool_path trunks)
  }
  rm -rf .observer/ci/vegeta
  install -D "$program" -t .observer/ci/vegeta/bin
}

# name_versions: what the stand-ins hold.
name_versions() {
  local service
  echo "stand-ins:"
  for service in prometheus alertmanager postgres; do
    version_in "$service"
  done | sed 's/^/  /'
  basename .observer/ci/vegeta/bin/* | sed 's/^/  the load by /'
}

# is_of_listed_version SERVICE: its stand-in is of the version of the image that it stands in for.
is_of_listed_version() {
  local image
  image=$(tr '[:lower:]' '[:upper:]' <<<"$1")_IMAGE
  # The tag without what follows the number: v3.13.5, 18-alpine.
  image=$(sed 's/.*:v\{0,1\}//; s/-.*//' <<<"${!image}")
  grep -wF -- "$image" <<<"$(version_in "$1")"
}

# version_in SERVICE: the first line of what the program in the service's stand-in says of its version.
version_in() {
  docker run --rm --entrypoint "$1" "localhost/standin/$1" --version 2>&1 | head -n 1
}
