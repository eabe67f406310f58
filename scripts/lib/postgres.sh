# shellcheck shell=bash
# Private Postgres clusters: one for the local runtime, a temporary one for each run of the tests.
#
# Postgres refuses to run as root. For root, the clusters belong to an unprivileged user, who needs access to them and to
# the programs.

# The prefix of commands that run as this user; just `env` without root.
AS_DATABASE_USER=(env)
if [ "$(id -u)" -eq 0 ]; then
  DATABASE_USER=postgres
  id -u "$DATABASE_USER" >/dev/null 2>&1 || DATABASE_USER=nobody
  AS_DATABASE_USER=(setpriv "--reuid=$DATABASE_USER" "--regid=$(id -g "$DATABASE_USER")" --clear-groups env)
fi

# database_home: .observer, or a folder outside where the unprivileged user has no access to it
# (a clone under /root, for example).
database_home() {
  if "${AS_DATABASE_USER[@]}" test -x "$STATE"; then
    printf '%s' "$STATE"
  else
    printf '%s' "$OUTSIDE"
  fi
}

# --- The programs ---

# postgres_bin: the folder of the newest installed version, or of the downloaded one.
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

# set_postgres PROGRAM: sets POSTGRES to the command that runs it, as an array, so that a caller can exec it.
set_postgres() {
  local bin
  bin=$(postgres_bin) || return 1
  POSTGRES=("${AS_DATABASE_USER[@]}")
  case $bin in
    */tools/postgres/*) POSTGRES+=("LD_LIBRARY_PATH=$(libraries_of "${bin%/usr/lib/postgresql/*}")") ;;
  esac
  POSTGRES+=("$bin/$1")
}

# --- PgBouncer, which the tests put in front of a cluster ---

# pgbouncer_path: the installed program, which may be outside the PATH, or the downloaded one.
pgbouncer_path() {
  local program
  for program in "$(command -v pgbouncer)" /usr/sbin/pgbouncer "$(database_home)/tools/pgbouncer/usr/sbin/pgbouncer"; do
    if [ -x "$program" ]; then
      say "$program"
      return 0
    fi
  done
  return 1
}

need_pgbouncer() {
  pgbouncer_path >/dev/null || fetch_packages "$(database_home)/tools/pgbouncer" pgbouncer
}

# set_pgbouncer: sets PGBOUNCER to the command that runs it, as an array. Like Postgres, it refuses to run as root.
set_pgbouncer() {
  local program
  program=$(pgbouncer_path) || return 1
  PGBOUNCER=("${AS_DATABASE_USER[@]}")
  case $program in
    */tools/pgbouncer/*) PGBOUNCER+=("LD_LIBRARY_PATH=$(libraries_of "${program%/usr/sbin/pgbouncer}")") ;;
  esac
  PGBOUNCER+=("$program")
}

# --- A cluster ---

# prepare_cluster DATA: creates the cluster if it is missing. Sets the password each time, so that .env applies.
prepare_cluster() {
  [ -f "$1/PG_VERSION" ] || create_cluster "$1" || return 1
  echo "alter role observer password '$POSTGRES_PASSWORD'" | single_user "$1"
}

# create_cluster DATA: with the database observer. Renamed into place at the end, so an incomplete one is never used.
create_cluster() {
  local new=$1.new
  make_parent "$new" && rm -rf "$new" || return 1
  mkdir -m 700 "$new" || return 1
  [ -z "${DATABASE_USER:-}" ] || chown "$DATABASE_USER" "$new" || return 1
  set_postgres initdb || return 1
  # From /, because the database's user may have no access to the current folder.
  (cd / && "${POSTGRES[@]}" --pgdata="$new" --username=observer --auth=trust --encoding=UTF8 --no-locale) || return 1
  echo 'host all all 127.0.0.1/32 scram-sha-256' | "${AS_DATABASE_USER[@]}" tee "$new/pg_hba.conf" || return 1
  echo 'create database observer' | single_user "$new" || return 1
  mv "$new" "$1"
}

# single_user DATA: runs the statements of stdin, one per line, in a cluster that is not running.
single_user() {
  set_postgres postgres || return 1
  (cd / && "${POSTGRES[@]}" --single -D "$1" -c password_encryption=scram-sha-256 postgres)
}

# set_postgres_server DATA PORT: sets POSTGRES to the command of the server, on 127.0.0.1 only and without a socket.
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

# stop_cluster: a fast shutdown; after SIGTERM it would wait for its clients to disconnect.
stop_cluster() {
  [ -n "$CLUSTER" ] || return 0
  kill -INT "$CLUSTER" 2>/dev/null || true
  wait "$CLUSTER" || true
}
