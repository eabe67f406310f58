# shellcheck shell=bash
# Processes and ports, with what every machine has: /proc or ps, and bash's sockets.

# command_lines: "PID COMMAND LINE" of every process. Small machines have /proc but no ps, macOS has ps only.
command_lines() {
  if ! [ -r /proc/self/cmdline ]; then
    ps -axww -o pid=,command=
    return
  fi
  local folder word line
  for folder in /proc/[0-9]*; do
    line=
    while IFS= read -r -d '' word; do
      line="$line $word"
    done 2>/dev/null <"$folder/cmdline" || continue
    printf '%s%s\n' "${folder#/proc/}" "$line"
  done 2>/dev/null
}

# children_of PID: the pids of its child processes.
children_of() {
  if [ -r "/proc/$1/task/$1/children" ]; then
    tr ' ' '\n' <"/proc/$1/task/$1/children"
  else
    ps -axww -o pid=,ppid= | awk -v parent="$1" '$2 == parent { print $1 }'
  fi
}

# port_answers PORT: whether something listens there on 127.0.0.1.
port_answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port: a port without a listener, below the ephemeral range.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && port_answers "$port"; do
    :
  done
  say "$port"
}

# port_holder PORT: the name and pid of the listener, where they can be found.
port_holder() {
  if command -v ss >/dev/null; then
    ss -ltnpH "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (pid \2)/p' | head -n 1
  elif command -v lsof >/dev/null; then
    lsof -nP -iTCP:"$1" -sTCP:LISTEN -Fpc 2>/dev/null | tr '\n' ' ' | sed -n 's/^p\([0-9]*\) c\([^ ]*\).*/\2 (pid \1)/p'
  fi
}

# check_ports_free SERVICE...: exits if a port is taken, naming each and its holder.
check_ports_free() {
  local service port holder name taken=()
  for service in "$@"; do
    for name in $(port_settings "$service"); do
      port=${!name}
      if port_answers "$port"; then
        holder=$(port_holder "$port")
        taken+=("port $port ($service) is held by ${holder:-another process}: stop that, or set $name in .env")
      fi
    done
  done
  [ ${#taken[@]} -eq 0 ] || die "a port is taken" "${taken[@]}"
}
