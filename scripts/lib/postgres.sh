# shellcheck shell=bash
# Private clusters of Postgres: one for the local runtime, a throw-away one for each run of the tests.
#
# Postgres refuses to run as root. Root hands its clusters to an unprivileged user, who must be able to reach
# them, and the programs too.

# A prefix for the commands that this user runs. `env` where there is nothing to change.
AS_DATABASE_USER=(env)
if [ "$(id -u)" -eq 0 ]; then
  DATABASE_USER=postgres
  id -u "$DATABASE_USER" >/dev/null 2>&1 || DATABASE_USER=nobody
  AS_DATABASE_USER=(setpriv "--reuid=$DATABASE_USER" "--regid=$(id -g "$DATABASE_USER")" --clear-groups env)
fi

# database_home: .observer, or a folder outside it where the unprivileged user cannot enter that
# (a clone under /root, for example).
database_home() {
  if "${AS_DATABASE_USER[@]}" test -x "$STATE"; then
    printf '%s' "$STATE"
  else
    printf '%s' "$OUTSIDE"
  fi
}

# --- The programs ---

# postgres_bin: the folder of the newest of this machine, or of the fetched one.
postgres_bin() {
  local initdb
  for initdb in $(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -t / -k 5 -rn) "$(command -v initdb)" \
    /opt/homebrew/opt/postgresql*/bin/initdb /usr/local/opt/postgresql*/bin/initdb \
    "$(database_home)"/tools/postgres/usr/lib/postgresql/*/bin/initdb; do
    if [ -x "$initdb" ]; then
      dirname "$initdb"
      return 0
    fi
  done
  return 1
}

need_postgres() {
  postgres_bin >/dev/null || fetch_packages "$(database_home)/tools/postgres" postgresql
}

# set_postgres PROGRAM: sets POSTGRES to the command that runs it: an array, so that a caller can exec it.
set_postgres() {
  local bin
  bin=$(postgres_bin) || return 1
  POSTGRES=("${AS_DATABASE_USER[@]}")
  case $bin in
    */tools/postgres/*) POSTGRES+=("LD_LIBRARY_PATH=$(libraries_of "${bin%/usr/lib/postgresql/*}")") ;;
  esac
  POSTGRES+=("$bin/$1")
}

# --- A cluster ---

# prepare_cluster DATA: made once. The password is set each time, so that the one in .env is in force.
prepare_cluster() {
  [ -f "$1/PG_VERSION" ] || create_cluster "$1" || return 1
  echo "alter role observer password '$POSTGRES_PASSWORD'" | single_user "$1"
}

# create_cluster DATA: with the database observer. It gets its name at the end: a half-made one is never used.
create_cluster() {
  local new=$1.new
  make_parent "$new" && rm -rf "$new" || return 1
  mkdir -m 700 "$new" || return 1
  [ -z "${DATABASE_USER:-}" ] || chown "$DATABASE_USER" "$new" || return 1
  set_postgres initdb || return 1
  # From /, because the database's user may not be allowed into the folder where the caller stands.
  (cd / && "${POSTGRES[@]}" --pgdata="$new" --username=observer --auth=trust --encoding=UTF8 --no-locale) || return 1
  echo 'host all all 127.0.0.1/32 scram-sha-256' | "${AS_DATABASE_USER[@]}" tee "$new/pg_hba.conf" || return 1
  echo 'create database observer' | single_user "$new" || return 1
  mv "$new" "$1"
}

# single_user DATA: runs statements, one a line, in a cluster that is not running.
single_user() {
  set_postgres postgres || return 1
  (cd / && "${POSTGRES[@]}" --single -D "$1" -c password_encryption=scram-sha-256 postgres)
}

# set_postgres_server DATA PORT: sets POSTGRES to the command of the server. On 127.0.0.1 only, without a socket.
set_postgres_server() {
  set_postgres postgres || return 1
  POSTGRES+=(-D "$1" -c "port=$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories=)
}

# --- A server that lives as long as the command that starts it ---

# Its process, once there is one.
CLUSTER=

# start_cluster FOLDER [OPTION...]: serves FOLDER/data, which prepare_cluster has made. Sets CLUSTER, exports DATABASE_URL.
start_cluster() {
  local folder=$1 port
  shift
  port=$(free_port)
  set_postgres_server "$folder/data" "$port" || return 1
  "${POSTGRES[@]}" "$@" >"$folder/postgres.log" 2>&1 &
  CLUSTER=$!
  until port_answers "$port"; do
    kill -0 "$CLUSTER" || die "Postgres did not start" "$(cat "$folder/postgres.log")"
    sleep 0.1
  done
  export DATABASE_URL=postgres://observer:$POSTGRES_PASSWORD@127.0.0.1:$port/observer
}

# stop_cluster: at once; by SIGTERM it would wait for its clients to leave.
stop_cluster() {
  [ -n "$CLUSTER" ] || return 0
  kill -INT "$CLUSTER" 2>/dev/null || true
  wait "$CLUSTER" || true
}
