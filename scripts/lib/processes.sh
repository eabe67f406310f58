# shellcheck shell=bash
# Processes and ports, by what every machine has: /proc or ps, and bash's own sockets.

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

# children_of PID: the pids of the processes that it has started.
children_of() {
  if [ -r "/proc/$1/task/$1/children" ]; then
    tr ' ' '\n' <"/proc/$1/task/$1/children"
  else
    ps -axww -o pid=,ppid= | awk -v parent="$1" '$2 == parent { print $1 }'
  fi
}

# port_answers PORT: does anybody listen on 127.0.0.1?
port_answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port: one on which nobody listens, below the range from which connections take theirs.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && port_answers "$port"; do
    :
  done
  say "$port"
}

# port_holder PORT: name and pid of who listens, where it can be known.
port_holder() {
  if command -v ss >/dev/null; then
    ss -ltnpH "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (pid \2)/p' | head -n 1
  elif command -v lsof >/dev/null; then
    lsof -nP -iTCP:"$1" -sTCP:LISTEN -Fpc 2>/dev/null | tr '\n' ' ' | sed -n 's/^p\([0-9]*\) c\([^ ]*\).*/\2 (pid \1)/p'
  fi
}

# check_ports_free SERVICE...: names every port that is taken, and by whom.
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
