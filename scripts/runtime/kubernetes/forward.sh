#!/usr/bin/env bash
# Keeps the port-forward to one part of the stack in a cluster. The process manager runs it:
#
#   forward.sh app | beta | pager | alertmanager | prometheus | console | grafana
#
# kubectl ends when the pod goes or the cluster does not answer. It is started again after a pause, indefinitely: the
# manager by itself would give up after some attempts, or not pause between them.

set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../../lib/common.sh"
use_runtime kubernetes

child=
pause=0
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 0' TERM INT
while :; do
  began=$SECONDS
  # shellcheck disable=SC2046 # one word a port
  "${KUBECTL[@]}" port-forward --address=127.0.0.1 "$(kube_workload "$1")" $(kube_forwarded "$1") >/dev/null &
  child=$!
  wait "$child" || true
  child=
  pause=$(kube_next_pause "$pause" "$((SECONDS - began))")
  sleep "$pause"
done
