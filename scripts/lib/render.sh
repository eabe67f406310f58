# shellcheck shell=bash
# The configuration of the other runtimes: the files that Compose uses, with other addresses. In Compose each service has
# its own host name, such as app:8080.

# render FOLDER: writes a copy of the repository's folder to $RUN, with the addresses that address_of SERVICE prints.
render() {
  local address service file rules=()
  for address in app:8080 beta:8081 pager:8090 grafana:3000 prometheus:9090 alertmanager:9093 postgres:5432; do
    service=${address%:*}
    rules+=(-e "s/(^|[^[:alnum:]._-])$address/\\1$(address_of "$service")/g")
  done
  # Prometheus 3 would fill it in by itself, 2 only with a flag that 3 warns of.
  rules+=(-e "s|\\\$\{RUNBOOKS_URL\}|$RUNBOOKS_URL|g")
  rm -rf "${RUN:?}/$1"
  (cd "$ROOT/$1" && find . -type f) | while IFS= read -r file; do
    mkdir -p "$(dirname "$RUN/$1/$file")"
    sed -E "${rules[@]}" "$ROOT/$1/$file" >"$RUN/$1/$file"
  done
}

# address_of SERVICE: on this machine, at the port of the settings. A runtime may define another.
address_of() {
  printf '127.0.0.1:%s' "$(port_of "$1")"
}
