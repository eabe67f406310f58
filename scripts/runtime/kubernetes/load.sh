# shellcheck shell=bash
# The load: a job (deploy/kubernetes/load) that asks the services by their names in the cluster.

KUBE_LOAD=$RUN/kubernetes/load

# address_of SERVICE: where a pod reaches it.
address_of() {
  printf 'observer-%s:8080' "$1"
}

# kube_render_load RATE DURATION
kube_render_load() {
  render vegeta
  mkdir -p "$KUBE_LOAD"
  cp "$RUN/vegeta/attack.sh" "$RUN/vegeta/targets.http" "$RUN"/vegeta/bodies/* "$KUBE_LOAD"
  cat >"$KUBE_LOAD/kustomization.yml" <<KUSTOMIZATION
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: $KUBE_NAMESPACE
resources:
  - ../../../../deploy/kubernetes/load
labels:
  - pairs: {${KUBE_OWNED/=/: }}
images:
$(kube_image_overrides)
configMapGenerator:
  - name: load
    literals: [RATE=$1, DURATION=$2]
    files: [attack.sh, targets.http, ping.txt, echo.json]
generatorOptions:
  disableNameSuffixHash: true
KUSTOMIZATION
}

# kube_start_load RATE DURATION: in place of one that is still running.
kube_start_load() {
  kube_render_load "$1" "$2" && kube_end_load || return 1
  kube_waiting apply --kustomize="$KUBE_LOAD" && kube_wait_for_attack
}

kube_end_load() {
  kube_waiting delete job load --ignore-not-found && kube_wait_gone --selector="$(kube_pods_of vegeta)"
}

# kube_wait_for_attack: until the attack has begun, as kube_wait does it.
kube_wait_for_attack() {
  local deadline=$((SECONDS + PATIENCE)) begun='{.items[*].status.initContainerStatuses[*].state.*.startedAt}'
  until [ -n "$(kube get pods --selector="$(kube_pods_of vegeta)" --output="jsonpath=$begun")" ]; do
    kube_answers || return 1
    ! kube_missing_images vegeta | grep . || return 1
    ! kube_is_pulling vegeta || deadline=$((SECONDS + PATIENCE))
    [ "$SECONDS" -lt "$deadline" ] || {
      say "the load's pod has not started after $PATIENCE s"
      return 1
    }
    sleep 0.5
  done
}

# kube_load RATE DURATION: to its end. Ctrl-C before it has begun leaves no job behind.
kube_load() {
  trap 'echo; kube_end_load >/dev/null 2>&1; exit 130' INT
  step start "the load's job" kube_start_load "$1" "$2"
  kube_follow_load
}

# kube_follow_load: prints the report when the attack ends, and fetches the plot. Ctrl-C ends the attack early.
kube_follow_load() {
  local interrupted=no
  trap 'interrupted=yes' INT
  # It prints nothing but the report. Where Ctrl-C ends the following, the report is still to come.
  kube_waiting logs job/load --container=attack --follow || [ "$interrupted" = yes ] ||
    die "the connection to the load's log is lost, and the load goes on" "make logs APP=vegeta FOLLOW=1 prints its report."
  if [ "$interrupted" = yes ]; then
    # All processes but the first, which is the shell that goes on with the report.
    kube exec job/load --container=attack -- sh -c 'kill -INT -1' || true
    kube_waiting logs job/load --container=attack --follow
  fi
  trap - INT
  kube wait --for=condition=Ready pod --selector="$(kube_pods_of vegeta)" --timeout=10s >/dev/null 2>&1 ||
    die "the attack has failed" "make logs APP=vegeta prints what it said."
  mkdir -p "$STATE/load"
  kube exec job/load --container=results -- cat /results/plot.html >"$STATE/load/plot.html" && kube_end_load >/dev/null
}
