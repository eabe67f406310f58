# shellcheck shell=bash
# Paths and settings. The environment takes precedence over .env, and .env over the defaults below.
#
# Nothing is exported here. The process manager outlives this command and would pass old settings to a service that is
# restarted later; local/run.sh reads them on every start instead.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
STATE=$ROOT/.observer
LOGS=$STATE/log
# Of running services: rendered configuration, pid files, sockets.
RUN=$STATE/run
TOOLS=$STATE/tools

# The services, in the order in which they start, and those that listen on a port.
SERVICES="postgres migrate app beta pager alertmanager prometheus console grafana vegeta"
SERVICES_WITH_PORT="postgres app beta pager alertmanager prometheus console grafana"
PORT_SETTINGS="APP_PORT BETA_PORT PAGER_PORT GRAFANA_PORT PROMETHEUS_PORT ALERTMANAGER_PORT POSTGRES_PORT
  APP_CONTROL_PORT BETA_CONTROL_PORT CONSOLE_PORT"

read_env_file() {
  local file=$1 line key value number=0
  [ -f "$file" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%$'\r'}
    case $line in
      '' | '#'*) continue ;;
    esac
    key=${line%%=*}
    value=${line#*=}
    if ! [[ $line == *=* && $key =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then
      die "$file, line $number: found '$line', expected KEY=VALUE"
    fi
    # The environment takes precedence, even with an empty value, as in Compose.
    if [ -z "${!key+set}" ]; then
      printf -v "$key" '%s' "$(unquoted "$value")"
    fi
  done <"$file"
}

# unquoted VALUE: as Compose reads it: strips the quotes around it or, without quotes, a comment after it.
unquoted() {
  local value=$1
  case $value in
    \"*\" | \'*\') value=${value:1:${#value}-2} ;;
    *)
      value=${value%%[[:space:]]#*}
      value=${value%"${value##*[![:space:]]}"}
      ;;
  esac
  printf '%s' "$value"
}

# check_setting NAME PATTERN EXPECTED
check_setting() {
  [[ ${!1} =~ $2 ]] || die "$1: found '${!1}', expected $3" "It is set in the environment or in $ROOT/.env."
}

check_ports() {
  local name seen=' '
  for name in "$@"; do
    check_setting "$name" '^[1-9][0-9]{0,4}$' "a port, 1 to 65535"
    [ "${!name}" -le 65535 ] || die "$name: found '${!name}', expected a port, 1 to 65535"
    case $seen in
      *" ${!name} "*) die "$name: found '${!name}', which another service of the stack uses" ;;
    esac
    seen="$seen${!name} "
  done
}

read_env_file "$ROOT/.env"

# What a start in a cluster is given, in given_NAME, before the defaults apply: what it is not given stays as it was.
KUBE_SETTINGS="KUBE_CONTEXT KUBE_NAMESPACE KUBE_IMAGES KUBE_GRAFANA KUBECONFIG"
for _name in $KUBE_SETTINGS; do
  printf -v "given_$_name" '%s' "${!_name:-}"
done

# The defaults. compose.yml and .env.example repeat them, which tests/scripts/settings_test.sh compares with these.
: "${CONSOLE_PORT:=8000}"
: "${APP_PORT:=8080}"
: "${BETA_PORT:=8081}"
: "${PAGER_PORT:=8090}"
: "${GRAFANA_PORT:=3000}"
: "${PROMETHEUS_PORT:=9090}"
: "${ALERTMANAGER_PORT:=9093}"
: "${POSTGRES_PORT:=15432}"
: "${APP_CONTROL_PORT:=9901}"
: "${BETA_CONTROL_PORT:=9902}"
: "${POSTGRES_PASSWORD:=observer}"
: "${GRAFANA_PASSWORD:=grafana}"
: "${CONTROL_TOKEN:=observer}"
: "${RUNBOOKS_URL:=http://127.0.0.1:$PAGER_PORT/runbooks}"
: "${RUNTIME:=auto}"
: "${KUBE_CONTEXT:=}"
: "${KUBE_NAMESPACE:=observer}"
: "${KUBE_IMAGES:=auto}"
: "${KUBE_GRAFANA:=yes}"
: "${RATE:=40}"
: "${DURATION:=5m}"

# shellcheck disable=SC2086 # one word a setting
check_ports $PORT_SETTINGS
# It becomes part of a URL.
check_setting POSTGRES_PASSWORD '^[A-Za-z0-9._~-]+$' "letters, digits, '.', '_', '~' and '-' only"
check_setting GRAFANA_PASSWORD '.' "a password"
check_setting CONTROL_TOKEN '^[A-Za-z0-9._~+/=-]{1,256}$' "1 to 256 letters, digits and characters of -._~+/="
# It is written into files by sed.
URL_PATTERN='^https?://[A-Za-z0-9._~:/@%+-]+$'
check_setting RUNBOOKS_URL "$URL_PATTERN" "a URL such as http://127.0.0.1:8090/runbooks"
check_setting RUNTIME '^(auto|compose|local|kubernetes)$' "auto, compose, local or kubernetes"
check_setting KUBE_NAMESPACE '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' "a namespace's name: lower-case letters, digits and '-'"
check_setting KUBE_IMAGES '^(auto|kind|k3d|minikube|present|[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]*[a-z0-9])$' \
  "auto, kind, k3d, minikube, present, or a registry and a prefix such as registry.example.com/observer"
check_setting KUBE_GRAFANA '^(yes|no)$' "yes or no"
check_setting RATE '^[1-9][0-9]{0,5}$' "requests a second, such as 40"
check_setting DURATION '^([1-9][0-9]*(ms|s|m|h))+$' "a time such as 30s or 5m"

# port_setting SERVICE: the name of its port's setting, such as APP_PORT.
port_setting() {
  printf '%s_PORT' "$1" | tr '[:lower:]' '[:upper:]'
}

# port_settings SERVICE: the names of the settings of all its ports, one a line.
port_settings() {
  say "$(port_setting "$1")"
  case $1 in
    app) say APP_CONTROL_PORT ;;
    beta) say BETA_CONTROL_PORT ;;
  esac
}

# port_of SERVICE: its port.
port_of() {
  local name
  name=$(port_setting "$1")
  printf '%s' "${!name}"
}

# control_port_of INSTANCE: the port of its control listener.
control_port_of() {
  case $1 in
    app) printf '%s' "$APP_CONTROL_PORT" ;;
    beta) printf '%s' "$BETA_CONTROL_PORT" ;;
  esac
}
