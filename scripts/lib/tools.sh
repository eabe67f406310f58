# shellcheck shell=bash
# The third-party programs that the local runtime and the tests use: found on this machine, or fetched into the project's
# folder. Nothing here needs root or changes the system.

# shellcheck source=scripts/lib/versions.sh
. "$ROOT/scripts/lib/versions.sh"

# tool_path NAME: its path. The PATH comes first: what the user has installed is used.
tool_path() {
  command -v "$1" && return 0
  case $1 in
    prometheus | promtool) fetched "prometheus/usr/bin/$1" ;;
    # Debian's name for it.
    alertmanager) command -v prometheus-alertmanager || fetched alertmanager/usr/bin/prometheus-alertmanager ;;
    amtool) fetched "alertmanager/usr/bin/$1" ;;
    wrk) fetched wrk/usr/bin/wrk ;;
    trunks) fetched "bin/$1" ;;
    *) return 1 ;;
  esac
}

fetched() {
  [ -x "$TOOLS/$1" ] && say "$TOOLS/$1"
}

# --- Prometheus and Alertmanager ---

need_prometheus() {
  { tool_path prometheus && tool_path promtool; } >/dev/null || fetch_packages "$TOOLS/prometheus" prometheus
}

# prometheus_pages: the URL of its pages. Debian's Prometheus 2 has the classic ones only, which version 3 no longer has.
prometheus_pages() {
  local url=http://127.0.0.1:$PROMETHEUS_PORT
  case $("$(tool_path prometheus)" --version 2>&1) in
    "prometheus, version 2."*debian*) url=$url/classic ;;
  esac
  say "$url"
}

need_alertmanager() {
  { tool_path alertmanager && tool_path amtool; } >/dev/null ||
    fetch_packages "$TOOLS/alertmanager" prometheus-alertmanager
}

# alertmanager_folder: the working directory that it needs; see patch_alertmanager.
alertmanager_folder() {
  case $(tool_path alertmanager) in
    "$TOOLS"/*) say "$TOOLS/alertmanager/usr/share/prometheus/alertmanager" ;;
    *) say "$RUN" ;;
  esac
}

# --- Grafana: never fetched, because no package registry has it ---

has_grafana() {
  tool_path grafana >/dev/null
}

# grafana_home: the folder with its static files: beside the program, or where packages put it.
grafana_home() {
  local program home
  program=$(tool_path grafana)
  program=$(readlink -f "$program" 2>/dev/null || say "$program")
  for home in "${program%/bin/*}" "${program%/bin/*}/share/grafana" /usr/share/grafana; do
    if [ -d "$home/public" ]; then
      say "$home"
      return 0
    fi
  done
  warn "grafana: no folder with its static files (public/) beside $program or in /usr/share/grafana"
  return 1
}

# --- The process manager: supervisor, in its own folder on the PYTHONPATH ---

need_supervisor() {
  ! supervisor_works || return 0
  rm -rf "$TOOLS/supervisor"
  if python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip install --quiet --no-deps --target "$TOOLS/supervisor" "supervisor==$SUPERVISOR_VERSION" || return 1
  else
    fetch_packages "$TOOLS/supervisor" supervisor || return 1
  fi
  supervisor supervisord --version
}

supervisor_works() {
  supervisor supervisord --version >/dev/null 2>&1
}

# supervisor MODULE ARGUMENT...: its daemon (supervisord) or its client (supervisorctl).
supervisor() {
  local python=(python3) modules=$TOOLS/supervisor
  # From the distribution's packages, which include Python where the machine has none.
  if [ -d "$TOOLS/supervisor/usr" ]; then
    modules=$TOOLS/supervisor/usr/lib/python3/dist-packages
    command -v python3 >/dev/null ||
      python=(env "LD_LIBRARY_PATH=$(libraries_of "$TOOLS/supervisor")" "$TOOLS/supervisor/usr/bin/python3")
  fi
  PYTHONPATH=$modules "${python[@]}" -m "supervisor.$1" "${@:2}"
}

# --- The load generator ---

load_tool() {
  tool_path vegeta || tool_path trunks
}

need_load_tool() {
  load_tool >/dev/null || install_crate trunks-cli "$TRUNKS_VERSION"
}

# set_wrk: sets WRK to the command that runs it.
set_wrk() {
  local program
  program=$(tool_path wrk) || return 1
  WRK=(env)
  case $program in
    "$TOOLS"/*) WRK+=("LD_LIBRARY_PATH=$(libraries_of "$TOOLS/wrk")") ;;
  esac
  WRK+=("$program")
}

need_wrk() {
  tool_path wrk >/dev/null && return 0
  can_fetch_packages || {
    warn "wrk: not found on the PATH. Install it (brew install wrk, or https://github.com/wg/wrk)."
    return 1
  }
  fetch_packages "$TOOLS/wrk" wrk
}

install_crate() {
  need_cargo || return 1
  cargo install "$1" --version "$2" --locked --root "$TOOLS"
}

need_cargo() {
  command -v cargo >/dev/null && return 0
  warn "cargo: not found on the PATH. Install Rust (https://rustup.rs), or add its folder (~/.cargo/bin) to the PATH."
  return 1
}

# --- Fetching ---

can_fetch_packages() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null
}

# fetch_packages FOLDER PACKAGE...: unpacks packages of the distribution and their missing dependencies into FOLDER.
# Installing them would start system services.
fetch_packages() {
  local folder=$1 work=$TOOLS/apt
  shift
  if ! can_fetch_packages; then
    warn "$(how_to_install "$@")"
    return 1
  fi
  local apt=(apt-get -qq -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  rm -rf "$work"
  mkdir -p "$work/cache/archives/partial" "$work/lists/partial" "$work/packages"
  if ! unpack_packages "$work" "$@"; then
    say "The package lists of this machine are empty or outdated: fetching a private copy."
    apt+=(-o "Dir::State::lists=$work/lists")
    "${apt[@]}" update && unpack_packages "$work" "$@" || return 1
  fi
  patch_packages "$work/root" || return 1
  # Renamed into place at the end, so that an incomplete package is never used.
  rm -rf "$folder"
  make_parent "$folder" && mv "$work/root" "$folder" && rm -rf "$work"
}

# unpack_packages WORK PACKAGE...: uses `apt` of fetch_packages.
unpack_packages() {
  local work=$1 list file
  shift
  list=$("${apt[@]}" --simulate install --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }') || return 1
  # shellcheck disable=SC2086 # one word a package
  (cd "$work/packages" && "${apt[@]}" download $list) || return 1
  for file in "$work"/packages/*.deb; do
    dpkg --extract "$file" "$work/root" || return 1
  done
}

# patch_packages ROOT: makes them work outside /.
patch_packages() {
  # Postgres' unprivileged user must be able to read them, whatever the umask.
  chmod -R a+rX "$1"
  [ ! -d "$1/usr/share/prometheus/web" ] || patch_prometheus "$1"
  [ ! -f "$1/usr/bin/prometheus-alertmanager" ] || patch_alertmanager "$1/usr/bin/prometheus-alertmanager"
}

# Its pages link to scripts of other packages. Installed ones were not fetched.
patch_prometheus() {
  local link target
  find "$1/usr/share/prometheus/web" -xtype l | while IFS= read -r link; do
    target=$(realpath -m "$link")
    ln -sfn "${target#"$1"}" "$link"
  done
}

# Debian's program reads its templates from an absolute path. The patch makes it read them from its working directory. The
# new path must have the length of the old one, so it is padded with slashes.
patch_alertmanager() {
  local from=/usr/share/prometheus/alertmanager to=/proc/self/cwd
  while [ ${#to} -lt ${#from} ]; do
    to=$to/
  done
  LC_ALL=C sed -i "s|$from|$to|g" "$1"
}

# libraries_of FOLDER: the fetched libraries of a program, in the form of LD_LIBRARY_PATH.
libraries_of() {
  local IFS=: folders=("$1"/usr/lib/*-linux-gnu* "$1"/lib/*-linux-gnu*)
  say "${folders[*]}"
}

# how_to_install PROGRAM...: the command for machines where packages cannot be fetched.
how_to_install() {
  if command -v brew >/dev/null; then
    say "install what is missing: brew install postgresql prometheus alertmanager python"
  elif command -v dnf >/dev/null; then
    say "install what is missing: sudo dnf install postgresql-server python3-pip" \
      "golang-github-prometheus golang-github-prometheus-alertmanager"
  else
    say "install $* and put it on the PATH (Prometheus and Alertmanager: https://prometheus.io/download/)"
  fi
}
