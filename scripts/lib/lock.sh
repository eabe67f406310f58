# shellcheck shell=bash
# Only one command at a time starts, stops or restarts the stack. The lock of a killed command is ignored.

lock_stack() {
  local lock=$STATE/lock owner
  mkdir -p "$STATE" 2>/dev/null || true
  [ -w "$STATE" ] || die "$STATE: no permission to write" "Give it to yourself: sudo chown -R $(id -un) '$STATE'"
  if ! (set -o noclobber && echo $$ >"$lock") 2>/dev/null; then
    owner=$(cat "$lock" 2>/dev/null || true)
    if [ -n "$owner" ] && command_lines | grep "^$owner .*scripts/[a-z]*\.sh" >/dev/null; then
      die "another command is working on this stack (pid $owner)" "Wait for it to finish."
    fi
    echo $$ >"$lock"
  fi
}
