# shellcheck shell=bash
# shellcheck disable=SC2154 # of those who source this: the addresses, the counts
# Sourced. Requests from the node to the Services, while something else happens.

REPORT=$STATE/ci/kubernetes-load.json

# load_targets PATTERN: those of vegeta/ whose URL matches, without those that are limited to one request a second.
load_targets() {
  awk -v RS= -v ORS='\n\n' -v pattern="http://$1" '$0 ~ pattern && !/lorem/' "$ROOT/vegeta/targets.http" |
    sed -e "s|http://app:8080|$app|" -e "s|http://beta:8081|$beta|" -e "s|@bodies|@$ROOT/vegeta/bodies|"
}

# attack RATE SECONDS PATTERN: writes the report.
attack() {
  local vegeta
  vegeta=$(shared_tool vegeta)
  load_targets "$3" >"$REPORT.targets"
  cluster exec "$vegeta" attack -targets="$REPORT.targets" -rate="$1" -duration="$2s" |
    "$vegeta" report -type=json >"$REPORT"
}

# none_is_lost REQUESTS: all were answered with 200, and they were about as many: vegeta sends one more, or some less where
# the machine is busy at the end of the attack.
none_is_lost() {
  python3 - "$REPORT" "$1" <<'P'
import json, sys
report = json.load(open(sys.argv[1]))
print(report["status_codes"], *report["errors"], sep="\n")
sys.exit(set(report["status_codes"]) != {"200"} or report["requests"] < 0.99 * int(sys.argv[2]))
P
}

# under_load RATE SECONDS PATTERN COMMAND...: while requests come. Fails if the command does; none_is_lost says the rest.
under_load() {
  local rate=$1 seconds=$2 pattern=$3 attack status=0
  shift 3
  attack "$rate" "$seconds" "$pattern" &
  attack=$!
  sleep 3
  "$@" || status=$?
  if ! kill -0 "$attack" 2>/dev/null; then
    echo "it took longer than the load of $seconds s"
    status=1
  fi
  wait "$attack" || status=$?
  return "$status"
}
