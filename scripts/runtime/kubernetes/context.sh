# shellcheck shell=bash
# The cluster: the context that KUBE_CONTEXT names and no other, and in it the namespace KUBE_NAMESPACE.

# By this label the runtime knows a namespace that it created.
KUBE_OWNED=app.kubernetes.io/managed-by=observer

# Its cache is in a folder by which the processes of this stack are told.
KUBECTL=(kubectl --cache-dir="$RUN/kubernetes/cache" --context="$KUBE_CONTEXT" --namespace="$KUBE_NAMESPACE")

# kube ARGUMENT...: a call that a cluster answers at once.
kube() {
  "${KUBECTL[@]}" --request-timeout=15s "$@"
}

# kube_waiting ARGUMENT...: one that may take as long as it likes, such as those that follow a log.
kube_waiting() {
  "${KUBECTL[@]}" "$@"
}

# kube_contexts: those of the kubeconfig, one a line.
kube_contexts() {
  kubectl config get-contexts --output=name
}

# kube_need_context: exits with 2 without a context, or with one that the kubeconfig lacks.
kube_need_context() {
  local contexts
  contexts=$(kube_contexts)
  if [ -z "$contexts" ]; then
    refuse "KUBE_CONTEXT: the kubeconfig has no context" "kubectl config get-contexts lists them; docs/clusters.md says how to get a cluster."
  elif ! grep -Fqx -- "$KUBE_CONTEXT" <<<"$contexts"; then
    refuse "KUBE_CONTEXT: found '$KUBE_CONTEXT', expected one of: $(kube_listed "$contexts")" \
      "For example: make start_observer RUNTIME=kubernetes KUBE_CONTEXT=${contexts%%$'\n'*}"
  fi
}

kube_listed() {
  awk '{ printf "%s%s", separator, $0; separator = ", " }' <<<"$1"
}

# kube_answers: whether the cluster does. Prints why it does not.
kube_answers() {
  local answer
  answer=$(kube get --raw /version 2>&1) || {
    say "the cluster of the context '$KUBE_CONTEXT' does not answer (${answer##*$'\n'})"
    return 1
  }
}

kube_need_answer() {
  local complaint
  complaint=$(kube_answers) || die "$complaint" "$@"
}

# kube_try COMMAND...: runs it. If it fails because the cluster has gone, it does not print what kubectl says of that.
kube_try() {
  local words status=0
  mkdir -p "$RUN/kubernetes"
  words=$(mktemp "$RUN/kubernetes/words.XXXXXX")
  # shellcheck disable=SC2094 # written first, then read
  {
    # It has no name while the command runs: Ctrl-C leaves no file behind.
    rm -f "$words"
    ("$@") 2>&3 3>&- 4<&- || status=$?
    if [ "$status" -eq 0 ] || kube_answers >/dev/null; then
      cat <&4 >&2
    fi
  } 3>"$words" 4<"$words"
  return "$status"
}

# kube_act HINT COMMAND...: the same, and one sentence says so if the cluster does not answer, before or in the middle of it.
kube_act() {
  local hint=$1 status=0
  shift
  kube_need_answer "$hint"
  kube_try "$@" || status=$?
  [ "$status" -eq 0 ] || kube_need_answer "$hint"
  return "$status"
}

# kube_namespace: "ours", "foreign" or "absent". It asks for this one alone: others may be hidden from the user.
kube_namespace() {
  local found
  found=$(kube get namespace "$KUBE_NAMESPACE" --ignore-not-found \
    --output='jsonpath={.metadata.name} {.metadata.labels.app\.kubernetes\.io/managed-by}') || return 1
  case $found in
    '') say absent ;;
    "$KUBE_NAMESPACE ${KUBE_OWNED#*=}") say ours ;;
    *) say foreign ;;
  esac
}

# kube_need_namespace: exits if the namespace may not be used, or cannot be created.
kube_need_namespace() {
  local namespace
  # Who may not even see namespaces may not create one either.
  namespace=$(kube_namespace 2>/dev/null) || namespace=absent
  case $namespace in
    foreign)
      die "the namespace '$KUBE_NAMESPACE' exists in the context '$KUBE_CONTEXT', and make start_observer has not created it" \
        "Set KUBE_NAMESPACE to another name."
      ;;
    absent)
      kube auth can-i create namespaces >/dev/null 2>&1 ||
        die "no right to create the namespace '$KUBE_NAMESPACE' in the context '$KUBE_CONTEXT'" \
          "kubectl auth can-i create namespaces --context='$KUBE_CONTEXT' says no. Someone who may can create it for you:" \
          "kubectl create namespace $KUBE_NAMESPACE && kubectl label namespace $KUBE_NAMESPACE $KUBE_OWNED"
      ;;
  esac
}
