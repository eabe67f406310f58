# shellcheck shell=bash
# The table of make status.

# kube_counts: "OBJECT READY/WANTED" of each workload.
kube_counts() {
  kube get deployments,statefulsets \
    --output='jsonpath={range .items[*]}{.metadata.name}{" "}{.status.readyReplicas}{"/"}{.spec.replicas}{"\n"}{end}'
}

# kube_job NAME: done, failed, running or absent.
kube_job() {
  kube get job "$1" --ignore-not-found \
    --output='go-template={{if .status.succeeded}}done{{else if .status.failed}}failed{{else}}running{{end}}' | grep . || say absent
}

runtime_status() {
  local counts service count health unhealthy=0
  kube_need_answer "make doctor says more."
  counts=$(kube_counts) || die "the workloads of the namespace '$KUBE_NAMESPACE' cannot be listed"
  say "Context: $KUBE_CONTEXT, namespace: $KUBE_NAMESPACE"
  table_row SERVICE STATE HEALTH ADDRESS
  for service in $(kube_services); do
    if [ "$service" = migrate ]; then
      # It is deleted an hour after it is done.
      table_row migrate "$(kube_job migrate)" - ""
      continue
    fi
    count=$(awk -v name="$(basename "$(kube_workload "$service")")" '$1 == name { print $2 }' <<<"$counts")
    health=$(kube_verdict "$service" "$count")
    [ "$health" = healthy ] || unhealthy=1
    table_row "$service" "$(kube_state "$count")" "$health" "$(kube_url "$service")"
  done
  table_row vegeta "$(kube_job load)" - "make load"
  return "$unhealthy"
}

# kube_state READY/WANTED
kube_state() {
  case $1 in
    '' | /0 | */0) say stopped ;;
    /*) say "0$1 ready" ;;
    *) say "$1 ready" ;;
  esac
}

# kube_verdict SERVICE READY/WANTED
kube_verdict() {
  local ready=${2%/*} wanted=${2#*/}
  if [ "${wanted:-0}" -eq 0 ] || [ "${ready:-0}" -lt "$wanted" ]; then
    say unhealthy
  elif [ -n "$(kube_url "$1")" ] && ! kube_reaches "$1"; then
    say unreachable
  else
    say healthy
  fi
}

# kube_url SERVICE: nothing for those that are not published.
kube_url() {
  case $1 in
    postgres | migrate) ;;
    *) url_of "$1" ;;
  esac
}
