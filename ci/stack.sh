# shellcheck shell=bash
# Sourced by the tests of running stacks, from the repository's root.

# shellcheck source=ci/checks.sh
. ci/checks.sh
# shellcheck source=scripts/lib/say.sh
. scripts/lib/say.sh

# The browser that ci/build.sh has fetched.
browser_python=$PWD/.observer/ci/browser/bin/python

# live_test NAME ARGUMENT...: a test of the console's pages in a browser, on the stack that runs.
live_test() {
  (export_addresses && "$browser_python" "tests/browser/$1.py" "$(command -v chromium)" "${@:2}")
}

# is_small PID MEGABYTES: whether the process has less than that resident.
is_small() {
  local kilobytes
  kilobytes=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB$/\1/p' "/proc/$1/status")
  echo "$kilobytes kB"
  [ "$kilobytes" -lt "$((1000 * $2))" ]
}

# A command that hangs must not hang the test. Far above what any of them takes on a slow machine.
make() {
  timeout 1800 make "$@"
}

# copy_to FOLDER FIRST_PORT: the tree without what was built or started in it, with ports of its own, so that a stack
# that runs here is not touched.
copy_to() {
  local name names port=$2
  # In a shell of its own: settings that are there already would win over those of the copy.
  # shellcheck source=scripts/lib/settings.sh
  names=$(. scripts/lib/settings.sh && say "$PORT_SETTINGS")
  mkdir -p "$1"
  tar --create --exclude=./.git --exclude=./target --exclude=./.observer --exclude=./.env . | tar --extract --directory "$1"
  for name in $names; do
    echo "$name=$port"
    port=$((port + 1))
  done >"$1/.env"
}

# share_tools FOLDER: the copy uses the tools that were fetched for this tree.
share_tools() {
  mkdir -p .observer/tools "$1/.observer"
  ln -s "$PWD/.observer/tools" "$1/.observer/tools"
}

# enter FOLDER: changes to this tree and loads its settings and libraries.
enter() {
  cd "$1" || return
  # shellcheck source=scripts/lib/common.sh
  . scripts/lib/common.sh
  # shellcheck source=scripts/lib/health.sh
  . scripts/lib/health.sh
  # shellcheck source=scripts/lib/tools.sh
  . scripts/lib/tools.sh
}

# is_quiet LOG: of a program of Prometheus' project; there is something in it, and neither a warning nor an error.
is_quiet() {
  grep -i 'level="\?info' <<<"$1" >/dev/null || {
    echo "nothing was logged"
    return 1
  }
  ! grep -iE 'level="?(warn|err)' <<<"$1"
}

# count PORT: increments the counter and prints its value; nothing if it does not answer with one within a minute. Right
# after a start it may answer with 503.
count() {
  local number limit=$((SECONDS + 60))
  while [ "$SECONDS" -lt "$limit" ]; do
    number=$(http_get "$1" /counter | sed -n 's/.*"count": *\([0-9]*\).*/\1/p') || true
    if [ -n "$number" ]; then
      say "$number"
      return
    fi
    sleep 0.5
  done
}

# is_ready PORT: whether an instance and its database answer.
is_ready() {
  http_get "$1" /readyz | head -n 1 | grep ' 200 '
}

# pages: "ALERT JOB" of each that fires on the pager, whose URL is $pager. How it is reached is the test's own, `fetch`.
pages() {
  # shellcheck disable=SC2154 # the test's
  fetch "$pager/api/pages" | python3 -c '
import json, sys
for page in json.load(sys.stdin)["firing"]:
    print(page["alertname"], page.get("job", "-"))' | sort -u
}

# has_paged ALERT: the pager has it for app and beta, and maybe for others.
has_paged() {
  local found job
  found=$(pages) || return
  echo "$found"
  for job in app beta; do
    grep -Fx "$1 $job" <<<"$found" || return
  done
}

# within SECONDS COMMAND...: retries it until it succeeds. Prints its last output if it does not.
within() {
  local limit=$((SECONDS + $1)) began=$SECONDS output
  shift
  until output=$("$@" 2>&1); do
    [ "$SECONDS" -lt "$limit" ] || {
      echo "not after $((SECONDS - began)) s: $output"
      return 1
    }
    sleep 0.5
  done
}

# names_every_setting FILE SUBCOMMAND...: whether the file names every variable that the subcommands' --help lists.
names_every_setting() {
  local file=$1 command name missing=
  shift
  for name in $(for command in "$@"; do docker run --rm "$IMAGE" "$command" --help; done |
    sed -n 's/.*\[env: \([A-Z_]*\).*/\1/p' | sort -u); do
    grep -q "^ *$name:" "$file" || missing="$missing $name"
  done
  equal "$missing" ""
}

# need_engine: requires root and a Docker engine, and provides Compose v2. Root, because the containers have no shell and
# are inspected from outside.
need_engine() {
  [ "$(id -u)" -eq 0 ] || die "$0 needs root"
  docker version --format 'Docker Engine {{.Server.Version}}'
  DOCKER_CONFIG=$(ci/compose-v2.sh)
  export DOCKER_CONFIG
}
