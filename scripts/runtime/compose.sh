# shellcheck shell=bash
# The stack in containers, with Docker Compose v2. COMPOSE_FILE, Compose's own variable, works with every command.

# shellcheck source=scripts/lib/health.sh
. "$ROOT/scripts/lib/health.sh"

# The oldest with `ps --format TEMPLATE` and every feature that compose.yml uses.
COMPOSE_OLDEST=2.24

compose() {
  (cd "$ROOT" && docker compose "$@")
}

# --- Can it run here? ---

runtime_usable() {
  compose_finds_engine && compose_finds_version && compose_finds_images
}

compose_finds_engine() {
  local answer
  if ! command -v docker >/dev/null; then
    say "there is no docker on the PATH"
  elif answer=$(docker version --format '{{.Server.Version}}' 2>&1); then
    return 0
  elif [[ $answer == *"permission denied"* ]]; then
    say "no permission to use Docker's socket (sudo usermod -aG docker $(id -un), then a new login)"
  else
    say "no Docker engine answers (${answer##*$'\n'})"
  fi
  return 1
}

compose_finds_version() {
  local version major minor found=
  if version=$(docker compose version --short 2>/dev/null); then
    version=${version#v}
    IFS=. read -r major minor _ <<<"$version"
    if [ "$((major * 1000 + minor))" -ge "$((${COMPOSE_OLDEST%.*} * 1000 + ${COMPOSE_OLDEST#*.}))" ]; then
      return 0
    fi
    found=", only $version"
  elif command -v docker-compose >/dev/null; then
    found=", only docker-compose $(docker-compose version --short 2>/dev/null)"
  fi
  say "there is no Docker Compose of version $COMPOSE_OLDEST or later$found"
  return 1
}

# Each image must be present or available from its registry. Reading the manifest needs no download; where the client
# cannot read it, the engine may still be able to pull, through a mirror or a proxy.
compose_finds_images() {
  local image answer
  if ! answer=$(compose config --quiet 2>&1); then
    say "the Compose configuration is not valid (${answer##*$'\n'})"
    return 1
  fi
  for image in $(compose_missing_images); do
    if ! docker manifest inspect "$image" >/dev/null 2>&1 && ! answer=$(docker pull --quiet "$image" 2>&1); then
      say "the image $image is not here and cannot be pulled (${answer##*$'\n'})"
      return 1
    fi
  done
}

compose_missing_images() {
  local image
  for image in $(compose_images); do
    docker image inspect "$image" >/dev/null 2>&1 || say "$image"
  done
}

# The images that come from a registry: those of the services, and the base images of the Dockerfiles. A build argument
# takes precedence over its default in the Dockerfile.
compose_images() {
  compose config | awk '
    function flush() {
      if (builds) print "dockerfile|" arguments "|" context "/" dockerfile
      else if (image) print "image||" image
      builds = 0; image = ""; dockerfile = "Dockerfile"; arguments = ""
    }
    /^[a-z]/ { flush(); in_services = /^services:/ }
    !in_services { next }
    /^  [^ ]/ { flush() }
    /^    build:/ { builds = 1 }
    /^    image:/ { image = $2 }
    /^      context:/ { sub(/^ *context: /, ""); context = $0 }
    /^      dockerfile:/ { sub(/^ *dockerfile: /, ""); dockerfile = $0 }
    /^        [A-Z_]+: [^ ]+$/ && builds { sub(/:$/, "", $1); arguments = arguments " " $1 "=" $2 }
    END { flush() }
  ' | sort -u | while IFS='|' read -r kind arguments name; do
    # shellcheck disable=SC2086 # one word an argument
    case $kind in
      image) say "$name" ;;
      dockerfile) compose_bases "$name" $arguments ;;
    esac
  done | sort -u
}

# compose_bases DOCKERFILE [NAME=VALUE...]: its base images with these build arguments.
compose_bases() {
  local dockerfile=$1
  shift
  printf '%s\n' "$@" | awk '
    NR == FNR { split($0, given, "="); values[given[1]] = substr($0, length(given[1]) + 2); next }
    $1 == "ARG" && split($2, own, "=") == 2 && !(own[1] in values) { values[own[1]] = own[2] }
    $1 == "FROM" {
      base = $2
      if (base ~ /^\$\{.*\}$/) base = values[substr(base, 3, length(base) - 3)]
      if (!(base in stages)) print base
      stages[$4]
    }
  ' - "$dockerfile"
}

# --- Start and stop ---

runtime_start() {
  # Before the first container starts there is nothing to undo, and running services must keep running.
  # shellcheck disable=SC2034 # start.sh reads it
  undo_needed=no
  [ -z "$(compose_missing_images)" ] || step pull "images (minutes, the first time)" compose_pull
  step build "images (minutes, the first time)" compose_build
  # shellcheck disable=SC2046 # a list of words
  check_ports_free $(compose_ports_to_take)
  # shellcheck disable=SC2034
  undo_needed=yes
  if ! (compose_start); then
    compose_explain_failures
    return 1
  fi
}

# Without the load, which is started separately with its own settings.
compose_start() {
  local parts
  parts=$(compose_services | grep -vx vegeta)
  # shellcheck disable=SC2086 # a list of words
  step start "each service when its dependencies are healthy" \
    compose --progress quiet up --detach --remove-orphans $parts
  # shellcheck disable=SC2086
  step health "all services" compose_wait $parts
  step targets "Prometheus scrapes all of its targets" wait_for_targets
}

# The services that publish a port and are not running yet.
compose_ports_to_take() {
  local part running
  running=$(compose ps --status running --services)
  for part in $(compose_services); do
    [ -z "$(compose_url "$part")" ] || grep -qx "$part" <<<"$running" || say "$part"
  done
}

compose_pull() {
  local image
  for image in $(compose_missing_images); do
    docker pull "$image" || return 1
  done
}

# compose_build [SERVICE...]
compose_build() {
  REVISION=$(revision) compose --progress plain build "$@"
}

# compose_wait SERVICE...: waits until none of them is starting. Fails if one has failed or is not ready in time.
compose_wait() {
  local deadline=$((SECONDS + PATIENCE)) verdicts
  while :; do
    verdicts=$(compose_states "$@" | cut -d' ' -f3)
    case $verdicts in
      *failed* | *absent*) break ;;
      *starting* | *waiting*) [ "$SECONDS" -lt "$deadline" ] || break ;;
      *) return 0 ;;
    esac
    sleep 0.5
  done
  compose_states "$@"
  return 1
}

# Prints the last health check and the end of the log of each service that failed or, if none did, that is not ready.
compose_explain_failures() {
  local states service condition verdict
  # shellcheck disable=SC2046 # a list of words
  states=$(compose_states $(compose_services))
  { grep ' failed$' <<<"$states" || grep ' starting$' <<<"$states" || true; } |
    while read -r service condition verdict; do
      warn "  $service: $verdict, its container is $condition"
      compose_last_check "$service" | sed 's/^/    its health check: /' >&2
      docker logs --tail 20 "$(compose_container "$service")" 2>&1 | sed 's/^/    | /' >&2
    done
}

compose_last_check() {
  docker inspect --format '{{with .State.Health}}{{range .Log}}{{.Output}}{{end}}{{end}}' \
    "$(compose_container "$1")" | awk 'NF { line = $0 } END { if (line) print line }'
}

runtime_stop() {
  compose --progress quiet down --remove-orphans
}

runtime_clean() {
  compose --progress quiet down --remove-orphans --volumes
}

runtime_restart() {
  if [ "$1" = vegeta ]; then
    step load "$(load_detail)" runtime_load_background "$RATE" "$DURATION"
  elif ! (compose_restart "$1"); then
    compose_explain_failures
    return 1
  fi
}

compose_restart() {
  grep -qx "$1" <<<"$(compose_services)" || die "$1 is not part of this configuration (COMPOSE_FILE=${COMPOSE_FILE:-compose.yml})"
  step build "image, if the project builds it" compose_build "$1"
  # Not with --no-deps: Compose would recreate such a container at the next start.
  step "$1" "in a new container" compose --progress quiet up --detach --force-recreate "$1"
  step health "$1" compose_wait "$1"
}

runtime_stop_one() {
  compose --progress quiet stop "$1"
}

# The engine restarts containers that die, but not those that it was told to kill.
runtime_kill_one() {
  compose_needs "$1" running
  compose --progress quiet kill --signal KILL "$1"
}

runtime_freeze_one() {
  compose_needs "$1" running
  compose --progress quiet pause "$1"
}

runtime_start_one() {
  if compose_is "$1" paused; then
    step resume "$1" compose_resume "$1"
  fi
  compose --progress quiet start "$1"
  step health "$1" compose_wait "$1"
}

runtime_reload() {
  compose_needs "$1" running
  compose --progress quiet kill --signal HUP "$1"
}

# runtime_prometheus_folder: the configuration that it reads. It is mounted.
runtime_prometheus_folder() {
  say "$ROOT/prometheus"
}

# compose_is SERVICE STATE, as Docker names states: running, paused, exited ...
compose_is() {
  [ -n "$(compose ps --status "$2" --quiet "$1")" ]
}

compose_needs() {
  compose_is "$@" || die "$1 is not $2" "make status lists the services."
}

# compose_resume SERVICE: waits for the next health check, because the last one failed while it was frozen.
compose_resume() {
  local deadline=$((SECONDS + PATIENCE))
  compose --progress quiet unpause "$1"
  until [[ $(compose_states "$1") == *" healthy" || $SECONDS -ge $deadline ]]; do
    sleep 0.5
  done
}

# --- State ---

# The services of this configuration, in the order of their start.
compose_services() {
  local service configured
  configured=$(compose config --services)
  for service in $SERVICES; do
    if grep -qx "$service" <<<"$configured"; then
      say "$service"
    fi
  done
}

# compose_states SERVICE...: "SERVICE STATE VERDICT" of each.
compose_states() {
  local service condition health code containers
  containers=$(compose ps --all --format '{{.Service}} {{.State}} {{or .Health "unchecked"}} {{.ExitCode}}')
  for service in "$@"; do
    read -r _ condition health code <<<"$(grep "^$service " <<<"$containers" || say "$service absent unchecked 0")"
    if [ "$condition" = exited ]; then
      condition="exited($code)"
    fi
    say "$service $condition $(compose_verdict "$service" "$condition" "$health")"
  done
}

compose_container() {
  compose ps --all --quiet "$1"
}

# compose_verdict SERVICE STATE HEALTH
compose_verdict() {
  case $1/$2/$3 in
    */running/healthy) say healthy ;;
    # These two run to completion and need no health check.
    migrate/exited\(0\)/* | vegeta/exited\(0\)/*) say "done" ;;
    migrate/running/* | */running/starting) say starting ;;
    */running/unchecked) say running ;;
    */created/*) say waiting ;;
    */absent/*) say absent ;;
    *) say failed ;;
  esac
}

runtime_status() {
  local service condition verdict unhealthy=0
  table_row SERVICE STATE HEALTH ADDRESS
  # shellcheck disable=SC2046 # a list of words
  while read -r service condition verdict; do
    table_row "$service" "$condition" "$verdict" "$(compose_url "$service")"
    case $service/$verdict in
      */healthy | */done | vegeta/running | vegeta/absent) ;;
      *) unhealthy=1 ;;
    esac
  done <<<"$(compose_states $(compose_services))"
  return "$unhealthy"
}

# Prints nothing for those that publish no port.
compose_url() {
  case $1 in
    postgres | migrate | vegeta) ;;
    *) url_of "$1" ;;
  esac
}

# runtime_logs SERVICE [-f]
runtime_logs() {
  local container
  container=$(compose_container "$1")
  [ -n "$container" ] || die "$1 has no container" "make status lists the services."
  # Not with Compose, which writes escape codes even to a pipe.
  docker logs --tail 200 "${@:2}" "$container" 2>&1
}

# --- Load ---

runtime_load() {
  compose --progress quiet rm --stop --force vegeta
  compose_prepare_load
  LOAD_RESULTS=$STATE/load compose run --rm --no-deps vegeta "$1" "$2" /results
  say "The plot: $STATE/load/plot.html"
}

runtime_load_background() {
  compose_prepare_load
  RATE=$1 DURATION=$2 LOAD_RESULTS=$STATE/load \
    compose --progress quiet up --detach --no-deps --force-recreate vegeta
}

# The container runs as another user, who must be able to write here.
compose_prepare_load() {
  mkdir -p "$STATE/load"
  chmod 1777 "$STATE/load"
}
