# shellcheck shell=bash
# Sourced. Programs for tests that may lie in a folder beside the repository, ../shared/tools: static builds of the versions
# in scripts/lib/versions.sh. Where the folder is missing, the tests take what the distribution has.

SHARED_TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/shared/tools

has_shared_tools() {
  [ -x "$SHARED_TOOLS/unpack.sh" ]
}

# shared_tool NAME: unpacks the program and prints its path. Tests run beside each other: the lock lets one unpack.
shared_tool() {
  local folder
  has_shared_tools && folder=$(flock "$SHARED_TOOLS" "$SHARED_TOOLS/unpack.sh" "$1") && echo "$folder/$1"
}

# each_promtool ARGUMENT...: runs the local runtime's and, where it is there, that of the version in compose.yml.
each_promtool() {
  "$(tool_path promtool)" "$@" || return
  ! has_shared_tools || "$(shared_tool promtool)" "$@"
}
