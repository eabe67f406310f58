# shellcheck shell=bash
# The stack in a Kubernetes cluster, published on this machine by port-forwards. docs/clusters.md says how to use it.

# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/render.sh
. "$ROOT/scripts/lib/render.sh"
# shellcheck source=scripts/lib/manager.sh
. "$ROOT/scripts/lib/manager.sh"
# shellcheck source=scripts/lib/health.sh
. "$ROOT/scripts/lib/health.sh"
for _part in record context images manifests workloads service forwards load status doctor; do
  # shellcheck disable=SC1090 # each is checked by itself
  . "$ROOT/scripts/runtime/kubernetes/$_part.sh"
done

# --- Can it run here? ---

runtime_usable() {
  command -v kubectl >/dev/null || {
    say "there is no kubectl on the PATH (https://kubernetes.io/docs/tasks/tools/)"
    return 1
  }
  command -v python3 >/dev/null || {
    say "there is no python3 on the PATH, which the process manager of the port-forwards needs"
    return 1
  }
}

# --- Start and stop ---

runtime_start() {
  # Until something is applied there is nothing to undo, and running services must keep running.
  # shellcheck disable=SC2034 # start.sh reads it
  undo_needed=no
  kube_take_settings
  kube_need_settings
  kube_need_context
  kube_need_answer "Is it running? kubectl cluster-info --context='$KUBE_CONTEXT' says more."
  kube_need_namespace
  mkdir -p "$RUN/kubernetes" "$LOGS" "$TOOLS"
  supervisor_works || step fetch "supervisor, which keeps the port-forwards" need_supervisor
  # shellcheck disable=SC2046 # one word a service
  manager_answers || check_ports_free $(kube_published)
  kube_bring_images observer observer-vegeta
  step render "the manifests, with the settings" kube_render
  kube_remember
  # shellcheck disable=SC2034
  undo_needed=yes
  # Of a cluster that has gone, runtime_stop says so, which comes next.
  kube_try kube_start || {
    kube_explain_failures
    return 1
  }
}

kube_start() {
  local service
  step apply "to the namespace $KUBE_NAMESPACE of $KUBE_CONTEXT" kube_apply_all
  for service in $(kube_services); do
    step "$service" "$(kube_workload "$service")" kube_wait "$service"
  done
  step forward "the ports of this machine to the pods" kube_start_forwards
  step targets "Prometheus scrapes all of its targets" wait_for_targets kube_answers
}

# runtime_stop: what runs goes, and the volumes stay.
runtime_stop() {
  end_all
  kube_act "What runs in its namespace '$KUBE_NAMESPACE' stays there: make stop_observer again when it answers." kube_stop ||
    return 1
  say "In the context '$KUBE_CONTEXT', the namespace '$KUBE_NAMESPACE' stays, with its volumes."
}

kube_stop() {
  # Prometheus before what it scrapes: the next one, whose pods have other addresses, would find these down.
  kube_waiting delete statefulset prometheus --ignore-not-found >/dev/null &&
    kube_wait_gone --selector="$(kube_pods_of prometheus)" >/dev/null &&
    kube_waiting delete hpa,deployment,statefulset,job --selector="$KUBE_OWNED" --wait=false >/dev/null || return 1
  kube_wait_gone --all >/dev/null ||
    die "these pods do not end: $(kube get pods --output=name | tr '\n' ' ')" "In the namespace '$KUBE_NAMESPACE' of the context '$KUBE_CONTEXT'."
}

runtime_clean() {
  end_all
  [ ! -s "$KUBE_RECORD" ] || {
    if ! grep -Fqx -- "$KUBE_CONTEXT" <<<"$(kube_contexts)"; then
      say "The context '$KUBE_CONTEXT' is gone from the kubeconfig, and the namespace '$KUBE_NAMESPACE' out of reach with it."
    else
      kube_need_answer "Its namespace '$KUBE_NAMESPACE' stays there: make clean_observer again when it answers," \
        "or, if the cluster is gone for good: rm '$KUBE_RECORD'"
      kube_delete_namespace
    fi
  }
  rm -rf "$LOGS" "$RUN" "$STATE/load"
}

# kube_delete_namespace: if the start has created it. Says in kubectl's words why it stays.
kube_delete_namespace() {
  local namespace words
  words=$(kube_namespace 2>&1) || die "the namespace '$KUBE_NAMESPACE' of the context '$KUBE_CONTEXT' cannot be read: ${words##*$'\n'}" \
    "If it is gone: rm '$KUBE_RECORD'"
  namespace=${words##*$'\n'}
  [ "$namespace" = ours ] || return 0
  words=$(kube_waiting delete namespace "$KUBE_NAMESPACE" --timeout="${PATIENCE}s" 2>&1) ||
    die "the namespace '$KUBE_NAMESPACE' of the context '$KUBE_CONTEXT' is not gone: ${words##*$'\n'}" \
      "make clean_observer again; it succeeds, too, once someone else has deleted the namespace."
}

# --- Load ---

runtime_load() {
  kube_act "A load that has begun goes on there: make load replaces it when it answers." kube_load "$1" "$2"
  say "The plot: $STATE/load/plot.html"
}

runtime_load_background() {
  kube_try kube_start_load "$1" "$2"
}
