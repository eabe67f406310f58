#!/usr/bin/env bash
# Installs what a bare machine lacks to build and test anything: a C linker, make, git, Python with venv, valgrind.
# The scripts that need more fetch it into .observer/.
#
#   ci/install.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
usage_if_asked "$@"

# How to find out whether each is there, and the package that has it.
missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v make >/dev/null || missing+=(make)
command -v git >/dev/null || missing+=(git)
command -v valgrind >/dev/null || missing+=(valgrind)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || die "missing: ${missing[*]}" "Install these or their equivalents on this system."
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  say "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

# Package lists: the scripts fetch packages without installing them.
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  apt-get update -q
fi

PATH="$HOME/.cargo/bin:$PATH"
command -v cargo >/dev/null || die "cargo is missing" "Install Rust: https://rustup.rs"
cargo --version
