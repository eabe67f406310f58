# shellcheck shell=bash
# Health checks: whether a service is ready, not just alive; of all runtimes but for is_healthy, which is the local one's.

# How long a service may take from its start until it is healthy, in seconds. Generous, for slow machines.
PATIENCE=180

url_of() {
  case $1 in
    postgres) say "127.0.0.1:$POSTGRES_PORT" ;;
    *) say "http://127.0.0.1:$(port_of "$1")" ;;
  esac
}

health_path() {
  case $1 in
    app | beta) say /readyz ;;
    pager | console) say /healthz ;;
    prometheus | alertmanager) say /-/ready ;;
    grafana) say /api/health ;;
  esac
}

# is_healthy SERVICE [WAIT]
is_healthy() {
  case $1 in
    # It has no HTTP endpoint. The readiness of app and beta covers whether it takes queries.
    postgres) port_answers "$POSTGRES_PORT" ;;
    *) "$OBSERVER" healthcheck --url "$(url_of "$1")$(health_path "$1")" --wait "${2:-0s}" ;;
  esac
}

# wait_for_targets [CHECK...]: waits until every target of Prometheus is up, as long as the check succeeds.
wait_for_targets() {
  local targets deadline=$((SECONDS + PATIENCE))
  while [ "$SECONDS" -lt "$deadline" ]; do
    targets=$(http_get "$PROMETHEUS_PORT" '/api/v1/targets?state=active' | grep -o '"health":"[a-z]*"' || true)
    if [ -n "$targets" ] && ! grep -qv '"up"' <<<"$targets"; then
      return 0
    fi
    "$@" || return 1
    sleep 0.5
  done
  say "after $PATIENCE s Prometheus still has targets that are not up:"
  http_get "$PROMETHEUS_PORT" '/api/v1/targets?state=active' | awk '{ gsub(/},{/, "}\n{") } 1' | grep -v '"health":"up"' |
    sed -n 's/.*"scrapeUrl":"\([^"]*\)".*"lastError":"\([^"]*\)".*/  \1: \2/p'
  return 1
}

# http_get PORT PATH: prints the response, head and body. Needs only bash; HTTP/1.0 avoids chunked bodies.
http_get() {
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
  cat <&3
  exec 3>&-
}
