# shellcheck shell=bash
# Sourced. The package sources of this machine, so that the scripts here use the same mirror.

distribution() {
  (. /etc/os-release && echo "$VERSION_CODENAME")
}

# apt_sources [SUITE]: prints one `deb` line for each source of the distribution, without those of third parties; or that
# of another suite on the same mirror.
apt_sources() {
  local codename sources
  codename=$(distribution)
  # shellcheck disable=SC2016 # the fields are apt's to expand
  sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Identifier: Packages' |
    awk -v codename="$codename" '$3 ~ "^" codename "(-|$)"' | sort -u)
  if [ -z "$sources" ]; then
    echo "no package lists of $codename on this machine: run apt-get update first" >&2
    return 1
  fi
  if [ "${1:-$codename}" = "$codename" ]; then
    echo "$sources"
  else
    awk -v suite="$1" '$4 == "main" && $3 !~ /-/ { $3 = suite; print }' <<<"$sources"
  fi
}

# apt_install COMMAND PACKAGE: installs the package where the command is missing.
apt_install() {
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" -ne 0 ]; then
    echo "$1 is missing: sudo apt-get install $2" >&2
    return 1
  fi
  echo "installing the package $2" >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$2" >&2
}

# fetch_from_trixie FOLDER PACKAGE...: unpacks packages of Debian 13 into FOLDER without installing them.
fetch_from_trixie() (
  apt=$(mktemp -d)
  trap 'rm -rf "$apt"' EXIT
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$1"
  # An empty status: an installed package must not replace the one from the suite.
  touch "$apt/status"
  # apt's state is in a separate folder, so the machine's does not change.
  apt_sources trixie >"$apt/sources.list"
  options=(
    -o "Dir::State=$apt" -o "Dir::State::status=$apt/status" -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache"
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o "Dir::Etc::sourceparts=-"
    -o APT::Sandbox::User=root -o Acquire::Languages=none
  )
  apt-get "${options[@]}" update -qq >&2
  cd "$apt" || return
  apt-get "${options[@]}" download -qq "${@:2}" >&2
  for package in ./*.deb; do
    dpkg-deb --extract "$package" "$1"
  done
)
