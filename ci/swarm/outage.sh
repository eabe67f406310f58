# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of swarm-test.sh
# Sourced by swarm-test.sh: Postgres goes away and comes back. What needs no database goes on.

# served URL: every request of the client since $away was answered, about one a second.
served() {
  docker logs "$(container client)" 2>&1 | awk -v since="$away" -v url="$1" -v least="$((OUTAGE / 2))" '
    $1 < since || $2 != url { next }
    { all++ }
    $3 != "served" { print; failed++ }
    END {
      print all " requests"
      exit failed > 0 || all < least
    }'
}

no_page() {
  local found
  found=$(pages) && ! grep "^$1 " <<<"$found"
}

before=$(tasks)
away=$(date +%s)
began=$SECONDS
docker service scale --detach "${stack}_postgres=0" >/dev/null
check "/counter alone is unavailable" within 30 fails_with "503" fetch http://app:8080/counter
check "a page says so, though nobody asks for /counter" within "$OUTAGE" has_paged ServiceNotReady
echo "        paged after $((SECONDS - began)) s: $(pages | paste -sd ',')"
sleep "$((OUTAGE > SECONDS - began ? OUTAGE - SECONDS + began : 0))"

check "no task has ended" equal "$(tasks)" "$before"
for service in app beta; do
  for path in ping echo; do
    check "new clients of $service's /$path were served all the while" served "http://$service:8080/$path"
  done
done
check "every target of Prometheus is still up" within 60 all_up

docker service scale --detach "${stack}_postgres=1" >/dev/null
check "/counter is back within 30 s" within 30 counts
check "no task has ended in the end" equal "$(tasks)" "$before"
check "the page ends" within 120 no_page ServiceNotReady
