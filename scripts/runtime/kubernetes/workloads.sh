# shellcheck shell=bash
# The workloads: which object runs a service, its pods, and how it gets ready.

# kube_workload SERVICE
kube_workload() {
  case $1 in
    app | beta) say "deployment/observer-$1" ;;
    console) say deployment/console ;;
    postgres | pager | prometheus | alertmanager | grafana) say "statefulset/$1" ;;
    migrate) say job/migrate ;;
    vegeta) say job/load ;;
  esac
}

# kube_pods_of SERVICE: the selector of its pods.
kube_pods_of() {
  case $1 in
    app | beta | pager) say "app.kubernetes.io/component=$1" ;;
    vegeta) say app.kubernetes.io/name=load ;;
    *) say "app.kubernetes.io/name=$1" ;;
  esac
}

# kube_services: those of this configuration, without the load, in the order in which they get ready.
kube_services() {
  local service
  for service in $SERVICES; do
    case $service in
      vegeta) ;;
      grafana) [ "$KUBE_GRAFANA" = no ] || say grafana ;;
      *) say "$service" ;;
    esac
  done
}

# kube_wait SERVICE: waits until it is rolled out, not counting the time that its images take to come. Fails at once if one
# cannot be had.
kube_wait() {
  local deadline=$((SECONDS + PATIENCE)) progress
  until progress=$(kube_is_ready "$1" 2>&1); do
    kube_answers || return 1
    if kube_missing_images "$1" | grep .; then
      return 1
    elif kube_is_pulling "$1"; then
      deadline=$((SECONDS + PATIENCE))
    elif [ "$SECONDS" -ge "$deadline" ]; then
      printf '%s\n' "$progress" "$1 is not ready after $PATIENCE s."
      return 1
    fi
  done
}

# kube_is_ready SERVICE: within three seconds.
kube_is_ready() {
  case $1 in
    migrate) kube wait --for=condition=Complete job/migrate --timeout=3s ;;
    *) kube rollout status "$(kube_workload "$1")" --timeout=3s ;;
  esac
}

# kube_is_pulling SERVICE: whether the last that is known of a pod of it is that its node pulls an image.
kube_is_pulling() {
  local pods last='{range .items[*]}{.involvedObject.name} {.reason}{"\n"}{end}'
  # Events of the same second come in any order: those of a pod that runs are past.
  pods=$(kube get pods --selector="$(kube_pods_of "$1")" --field-selector=status.phase=Pending \
    --output='jsonpath={.items[*].metadata.name}') || return 1
  kube get events --field-selector=involvedObject.kind=Pod --sort-by=.lastTimestamp --output="jsonpath=$last" |
    awk -v pods=" $pods " '
      { reason[$1] = $2 }
      END { for (pod in reason) if (reason[pod] == "Pulling" && index(pods, " " pod " ")) pulling = 1; exit !pulling }'
}

# kube_missing_images SERVICE: one sentence for each image that a node does not get. A first failure, ErrImagePull, may pass;
# the node then waits longer each time, ImagePullBackOff.
kube_missing_images() {
  local waiting='{{if .state.waiting}}{{.state.waiting.reason}}|{{.image}}{{"\n"}}{{end}}'
  kube get pods --selector="$(kube_pods_of "$1")" --output="go-template={{range .items}}\
{{range .status.initContainerStatuses}}$waiting{{end}}{{range .status.containerStatuses}}$waiting{{end}}{{end}}" |
    awk -F '|' -v service="$1" '
      /^(ImagePullBackOff|ErrImageNeverPull|InvalidImageName)\|/ && !($2 in seen) {
        seen[$2]; print "the image " $2 " of " service " cannot be pulled: " $1
      }'
}

# kube_explain_failures: for each service that is not ready: why, the last events of a pod of it, the end of its log.
kube_explain_failures() {
  local service
  kube_answers >/dev/null || return 0
  for service in $(kube_services) vegeta; do
    # The next one is explained, too, if kubectl fails.
    kube_missing_images "$service" 2>/dev/null | while IFS= read -r complaint; do
      warn "  $complaint. KUBE_IMAGES says how images reach the nodes: docs/clusters.md."
    done || true
    kube_explain_pod "$(kube_pods_of "$service")" || true
  done
}

# kube_explain_pod SELECTOR: the first of these that is not ready, if one is not.
kube_explain_pod() {
  local pod
  pod=$(kube get pods --selector="$1" --field-selector=status.phase!=Succeeded --no-headers 2>/dev/null \
    --output='custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status' |
    awk '$2 != "True" && !found { print $1; found = 1 }')
  [ -n "$pod" ] || return 0
  warn "  The pod $pod is not ready."
  kube get events --field-selector="involvedObject.name=$pod" --no-headers --sort-by=.lastTimestamp \
    --output='custom-columns=REASON:.reason,MESSAGE:.message' 2>/dev/null | tail -n 3 | sed 's/^/    event: /' >&2 || true
  kube logs "$pod" --all-containers --tail=8 2>/dev/null | sed 's/^/    | /' >&2
}

# kube_scale SERVICE NUMBER
kube_scale() {
  kube scale "$(kube_workload "$1")" --replicas="$2"
}

# kube_least SERVICE: how many pods it starts with: the least of its autoscaler, or one.
kube_least() {
  local least
  least=$(kube get hpa "$(basename "$(kube_workload "$1")")" --ignore-not-found --output='jsonpath={.spec.minReplicas}') || return 1
  say "${least:-1}"
}

# kube_wanted SERVICE: how many pods it shall have.
kube_wanted() {
  kube get "$(kube_workload "$1")" --output='jsonpath={.spec.replicas}'
}

# kube_scale_up SERVICE: brings it back from the 0 of a stop or a kill.
kube_scale_up() {
  local wanted
  wanted=$(kube_wanted "$1") || return 1
  [ "${wanted:-0}" -gt 0 ] || kube_scale "$1" "$(kube_least "$1")"
}

# kube_need_running SERVICE
kube_need_running() {
  local wanted
  wanted=$(kube_wanted "$1") || exit 1
  [ "${wanted:-0}" -gt 0 ] || die "$1 is not running" "make status lists the services."
}

# kube_wait_gone SELECTION...: until none of these pods is left, such as --all.
kube_wait_gone() {
  kube_waiting wait --for=delete pod "$@" --timeout="${PATIENCE}s"
}
