#!/bin/sh
# The entry point of the stand-in for the postgres image: on the first start makes the cluster that the
# image's variables ask for, then runs the server.

set -eu

# Without `cat`, which the image does not have. The file may end without a line feed, which `read` takes for a failure.
[ -z "${POSTGRES_PASSWORD_FILE:-}" ] || IFS= read -r POSTGRES_PASSWORD <"$POSTGRES_PASSWORD_FILE" || :

data=/var/lib/postgresql/data

if [ ! -d "$data" ]; then
  # Made aside and moved when complete: a start that is cut off leaves nothing half done.
  rm -rf "$data.new"
  echo "$POSTGRES_PASSWORD" >/tmp/password
  initdb --pgdata="$data.new" --username="$POSTGRES_USER" --pwfile=/tmp/password \
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$data.new/pg_hba.conf"
  echo "CREATE DATABASE $POSTGRES_DB" | postgres --single -D "$data.new" postgres
  mv "$data.new" "$data"
fi

# Without waiting for the disk, which other tests share: only a crash of the machine would lose what is written.
exec postgres -D "$data" -c 'listen_addresses=*' -c fsync=off
