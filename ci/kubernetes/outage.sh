# shellcheck shell=bash
# shellcheck disable=SC2154 # of those who source this: the addresses, the counts
# Sourced by node.sh. Postgres away, with nobody asking for what needs it: it pages, and spreads to nobody.

ANSWERS=$STATE/ci/kubernetes-answers.log

# How long Postgres is away at least: longer than any probe waits before it has a container started again.
OUTAGE=200

# ask_each_second: new clients of what needs no database, as long as this test runs. Prints a line for each answer.
ask_each_second() {
  local url answer
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    for url in "$app"/{ping,echo} "$beta"/{ping,echo}; do
      # A machine that stalls does so for less.
      answer=$(fetch "$url" --output /dev/null --max-time 10 2>&1) && answer=served
      echo "$(date +%s) $url $answer"
    done
  done
}

# all_served SECONDS: at least every other second, for a slow machine.
all_served() {
  local failed
  failed=$(grep -v ' served$' "$ANSWERS" || true)
  equal "$failed" "" && [ "$(wc -l <"$ANSWERS")" -ge $(($1 * 2)) ] || {
    echo "$(wc -l <"$ANSWERS") answers in $1 s"
    return 1
  }
}

# starts: of each container but Postgres', one line for each pod.
starts() {
  kube get pods --output jsonpath='{range .items[*]}{.metadata.name} {.status.containerStatuses[*].restartCount}{"\n"}{end}' |
    grep -v '^postgres-0 ' | sort
}

# The autoscaler may have taken some away, now that the load has passed.
none_started_since() {
  local now
  now=$(starts) && equal "$(comm -13 <(echo "$1") <(echo "$now"))" ""
}

counts() {
  fetch "$app/counter" | grep '"count"' && fetch "$beta/counter" | grep '"count"'
}

no_postgres() {
  local found
  found=$(kube get pod postgres-0 --ignore-not-found --output=name) && equal "$found" ""
}

check "/counter counts" within 120 counts
before=$(starts)
ask_each_second >"$ANSWERS" &
asking=$!
began=$SECONDS
check "Postgres is scaled to 0" kube scale statefulset postgres --replicas=0
check "it is gone" within 180 no_postgres
check "ServiceNotReady is on the pager within 4 minutes" within $((240 - SECONDS + began)) has_paged ServiceNotReady
echo "        after $((SECONDS - began)) s"
check "/counter answers 503" fails_with 503 fetch "$app/counter"
sleep "$((OUTAGE > SECONDS - began ? OUTAGE - SECONDS + began : 0))"
check "no container was started again in $((SECONDS - began)) s" none_started_since "$before"
kube scale statefulset postgres --replicas=1 >/dev/null
check "Postgres is back" within 180 kube rollout status statefulset postgres --timeout=5s
check "/counter counts within 30 s of its return" within 30 counts
kill "$asking"
wait "$asking" 2>/dev/null || true
check "new clients of /ping and /echo were served all the while" all_served $((SECONDS - began))
