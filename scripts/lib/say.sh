# shellcheck shell=bash
# What the commands print: lines, errors, steps with their duration.

say() {
  printf '%s\n' "$*"
}

warn() {
  printf '%s\n' "$*" >&2
}

# die MESSAGE [HINT...]: what is wrong in the first line, how to mend it in the others.
die() {
  warn "error: $1"
  shift
  local hint
  for hint in "$@"; do
    warn "  $hint"
  done
  exit 1
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

# step LABEL DETAIL COMMAND...: one line per step, with its duration. What the command prints is kept back,
# and shown if it fails. It runs in a subshell, so that what a trap of this shell prints is not kept back as well.
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

# show_end_of LOG: set apart from what the command itself says.
show_end_of() {
  tail -n 20 "$1" | sed 's/^/    | /' >&2
}
