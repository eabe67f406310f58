# shellcheck shell=bash
# Output of the commands: lines, errors, steps with their duration.

say() {
  printf '%s\n' "$*"
}

warn() {
  printf '%s\n' "$*" >&2
}

# die MESSAGE [HINT...]: prints what is wrong, then how to fix it, and exits with 1.
die() {
  (refuse "$@") || exit 1
}

# refuse MESSAGE [HINT...]: the same for a wrong argument; exits with 2.
refuse() {
  warn "error: $1"
  shift
  local hint
  for hint in "$@"; do
    warn "  $hint"
  done
  exit 2
}

# usage_if_asked "$@": prints the comment at the top of the running script when --help is the first argument.
usage_if_asked() {
  case ${1:-} in
    -h | --help) ;;
    *) return 0 ;;
  esac
  sed -n -e '1d' -e '/^#/!q' -e 's/^# \{0,1\}//p' "$0"
  exit 0
}

# step LABEL DETAIL COMMAND...: one line per step, with its duration. The command's output goes to a log, which is shown
# if it fails. It runs in a subshell, so that the output of this shell's traps does not go to the log as well.
step() {
  local label=$1 detail=$2 began=$SECONDS log=$LOGS/step.log
  shift 2
  mkdir -p "$LOGS"
  printf '  %-14s%-56s' "$label" "$detail"
  if ("$@") >"$log" 2>&1 </dev/null; then
    printf '%4d s\n' "$((SECONDS - began))"
  else
    printf 'failed\n'
    show_end_of "$log"
    exit 1
  fi
}

# table_row SERVICE STATE HEALTH ADDRESS
table_row() {
  printf '  %-14s%-12s%-12s%s\n' "$@"
}

# show_end_of LOG: indented, to set it apart from the output of the command itself.
show_end_of() {
  tail -n 20 "$1" | sed 's/^/    | /' >&2
}
