# shellcheck shell=bash
# The images that a start has to pull: those of the services, and the base images of builds. And the stand-ins for them.

# configured_as LINE...: an engine whose Compose has this configuration.
configured_as() {
  printf '%s\n' "$@" >configuration
  fake docker "[ \"\$2\" != config ] || cat '$sandbox/configuration'"
}

images() {
  in_scripts 'use_runtime compose; compose_images' | xargs
}

test_image_of_a_service_is_listed() {
  configured_as 'services:' '  database:' '    image: postgres:18'
  equals "$(images)" 'postgres:18'
}

test_base_image_defaults_to_that_of_the_dockerfile() {
  mkdir 'a folder'
  printf '%s\n' 'ARG BASE=rust:1' 'FROM ${BASE} AS build' 'FROM build AS more' 'FROM debian:13' >'a folder/Dockerfile'
  configured_as 'services:' '  app:' '    build:' "      context: $sandbox/a folder"
  equals "$(images)" 'debian:13 rust:1'
}

test_build_argument_replaces_the_base_image() {
  printf '%s\n' 'ARG BASE=rust:1' 'FROM ${BASE}' >Dockerfile
  configured_as 'services:' '  app:' '    build:' "      context: $sandbox" '      dockerfile: Dockerfile' '      args:' \
    '        BASE: mirror/rust:1' '        REVISION: unknown'
  equals "$(images)" 'mirror/rust:1'
}

test_a_stand_in_that_cannot_be_built_leaves_no_image() {
  cp -R "$repository/ci" .
  fake apt-get 'echo "deb http://packages trixie main"'
  fake docker '[ "$1" != import ] || touch imported; exit 0'
  fake mmdebstrap 'echo half a filesystem; exit 1'
  fails bash -c '. ci/standins.sh; distribution() { echo trixie; }; standin shell busybox :'
  says 'localhost/standin/shell could not be built'
  [ ! -e imported ] || die_of 'an image was made of a broken stream'

  fake mmdebstrap 'echo a filesystem'
  succeeds bash -c '. ci/standins.sh; distribution() { echo trixie; }; standin shell busybox :'
  [ -e imported ] || die_of 'no image was made'
}

test_postgres_is_the_distributions_where_no_newer_one_can_be_had() {
  cp -R "$repository/ci" .
  fake apt-get 'echo "deb http://packages bookworm main"'
  fake docker '[ "$1" != import ] || touch imported; exit 0'
  fake mmdebstrap 'case "$*" in *forky*) exit 1 ;; esac'
  succeeds bash -c 'set -euo pipefail; . ci/standins.sh; distribution() { echo bookworm; }; standin_postgres'
  says "cannot be had from Debian's forky"
  says 'building localhost/standin/postgres from postgresql,busybox of bookworm'
  [ -e imported ] || die_of 'no image was made'
}
