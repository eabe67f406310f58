# shellcheck shell=bash
# One service: restarted, stopped, killed, started; its log.

# kube_need_part SERVICE: exits if this stack does not have it.
kube_need_part() {
  [ "$1" != grafana ] || [ "$KUBE_GRAFANA" = yes ] ||
    die "grafana is not part of this stack (KUBE_GRAFANA=no)" "The console draws its dashboards: http://127.0.0.1:$CONSOLE_PORT"
}

runtime_restart() {
  kube_need_part "$1"
  kube_need_settings
  kube_act "$(kube_again restart "$1")" kube_restart "$1" || {
    kube_explain_failures
    return 1
  }
}

# kube_again VERB SERVICE: what to do about a command that finds no cluster.
kube_again() {
  say "What runs in its namespace '$KUBE_NAMESPACE' stays there: make $1 APP=$2 again when it answers."
}

kube_restart() {
  local image workload
  image=$(kube_image_of "$1")
  # shellcheck disable=SC2086 # none or one
  kube_bring_images $image
  step render "the manifests, with the settings" kube_render
  case $1 in
    vegeta) step load "$(load_detail)" runtime_load_background "$RATE" "$DURATION" ;;
    migrate) step migrate "the database's schema" kube_migrate ;;
    *)
      workload=$(kube_workload "$1")
      step apply "$workload" kube_apply_part "$1"
      kube_scale_up "$1" >/dev/null || return 1
      step restart "$workload, with new pods" kube_replace "$1"
      ;;
  esac
}

# kube_replace SERVICE: at its end the old pods are gone, so that the port-forward leads to a new one. A StatefulSet waits for
# that by itself.
kube_replace() {
  local workload old
  workload=$(kube_workload "$1")
  old=$(kube get pods --selector="$(kube_pods_of "$1")" --output=name) || return 1
  kube rollout restart "$workload" && kube_wait "$1" || return 1
  # shellcheck disable=SC2086 # one word a pod
  case $workload/$old in
    deployment/*/pod/*) kube_waiting wait --for=delete $old --timeout="${PATIENCE}s" || return 1 ;;
  esac
  kube_wait_whole "$1"
}

# kube_wait_whole SERVICE: rolled out, and reached from here.
kube_wait_whole() {
  kube_wait "$1" || return 1
  [ -z "$(kube_url "$1")" ] || kube_wait_forward "$1"
}

kube_migrate() {
  kube_waiting delete job migrate --ignore-not-found && kube_apply_part migrate && kube_wait migrate
}

runtime_stop_one() {
  kube_need_part "$1"
  kube_act "$(kube_again stop "$1")" kube_stop_one "$1"
}

kube_stop_one() {
  case $1 in
    migrate | vegeta) kube_waiting delete "$(kube_workload "$1")" --ignore-not-found ;;
    *) kube_scale "$1" 0 && kube_wait_gone --selector="$(kube_pods_of "$1")" >/dev/null ;;
  esac
}

# First no new pod, then none of the old: without a grace period, as if their node had gone.
runtime_kill_one() {
  kube_need_part "$1"
  kube_act "$(kube_again kill "$1")" kube_kill_one "$1"
}

kube_kill_one() {
  local words
  case $1 in
    migrate | vegeta) ;;
    *)
      kube_need_running "$1"
      kube_scale "$1" 0 >/dev/null || return 1
      ;;
  esac
  # It warns of what is wanted here.
  words=$(kube delete pod --selector="$(kube_pods_of "$1")" --grace-period=0 --force 2>&1) || die "$1 is not killed: $words"
}

runtime_start_one() {
  kube_need_part "$1"
  kube_act "$(kube_again start "$1")" kube_start_one "$1"
}

kube_start_one() {
  case $1 in
    vegeta) step load "$(load_detail)" runtime_load_background "$RATE" "$DURATION" ;;
    migrate) step migrate "the database's schema" kube_migrate ;;
    *)
      kube_scale_up "$1" >/dev/null || return 1
      step "$1" "$(kube_workload "$1")" kube_wait_whole "$1"
      ;;
  esac
}

runtime_freeze_one() {
  die "RUNTIME=kubernetes cannot freeze a service: a pod cannot be suspended" "make kill APP=$1 takes it away."
}

runtime_reload() {
  die "RUNTIME=kubernetes cannot reload $1: a pod's configuration comes with the pod" "make restart APP=$1 brings the new one."
}

# runtime_logs SERVICE [-f]
runtime_logs() {
  kube_need_part "$1"
  local containers=--all-containers
  # The container that holds its results says nothing.
  [ "$1" != vegeta ] || containers=--container=attack
  local hint="make doctor says more."
  local -a log=(kube_waiting logs --selector="$(kube_pods_of "$1")" "$containers" --prefix --tail=200 --max-log-requests=20)
  if [ -z "${2:-}" ]; then
    kube_act "$hint" "${log[@]}"
  else
    # Without an end, kubectl's complaints must not wait for it.
    kube_need_answer "$hint"
    "${log[@]}" --follow || {
      kube_need_answer "$hint"
      return 1
    }
  fi
}
