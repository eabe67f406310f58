# shellcheck shell=bash
# The cluster: the context that KUBE_CONTEXT names and no other, and in it the namespace KUBE_NAMESPACE.

# The settings of the last start, one a line, until it is cleaned: what later commands go by, whatever the settings say then.
KUBE_RECORD=$STATE/used/kubernetes

# By this label the runtime knows a namespace that it created.
KUBE_OWNED=app.kubernetes.io/managed-by=observer

# What the settings say, for the next start.
kube_asked=("$KUBE_CONTEXT" "$KUBE_NAMESPACE" "$KUBE_IMAGES" "$KUBE_GRAFANA")
if [ -s "$KUBE_RECORD" ]; then
  { read -r KUBE_CONTEXT && read -r KUBE_NAMESPACE && read -r KUBE_IMAGES && read -r KUBE_GRAFANA; } <"$KUBE_RECORD"
fi

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

kube_remember() {
  printf '%s\n' "$KUBE_CONTEXT" "$KUBE_NAMESPACE" "$KUBE_IMAGES" "$KUBE_GRAFANA" >"$KUBE_RECORD"
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

# kube_take_settings: for a start, those of now. Exits if it would go elsewhere than the last one, whose data would be
# forgotten.
kube_take_settings() {
  local hint="make clean_observer removes them first."
  [ -z "${kube_asked[0]}" ] || [ "${kube_asked[0]}" = "$KUBE_CONTEXT" ] ||
    die "KUBE_CONTEXT: found '${kube_asked[0]}', but this stack and its data are in the context '$KUBE_CONTEXT'" "$hint"
  [ "${kube_asked[1]}" = "$KUBE_NAMESPACE" ] ||
    die "KUBE_NAMESPACE: found '${kube_asked[1]}', but this stack and its data are in the namespace '$KUBE_NAMESPACE'" "$hint"
  KUBE_IMAGES=${kube_asked[2]}
  KUBE_GRAFANA=${kube_asked[3]}
}

# kube_namespace: "ours", "foreign" or "absent".
kube_namespace() {
  local found
  found=$(kube get namespace "$KUBE_NAMESPACE" --ignore-not-found --output=name) || return 1
  if [ -z "$found" ]; then
    say absent
  elif [ -n "$(kube get namespace --selector="$KUBE_OWNED" --field-selector="metadata.name=$KUBE_NAMESPACE" --output=name)" ]; then
    say ours
  else
    say foreign
  fi
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
