# shellcheck shell=bash
# The section of make doctor on the cluster: that of the last start, else the one that KUBE_CONTEXT names.

# check_kubernetes: returns 1 if the stack cannot start there.
check_kubernetes() {
  local status=0
  say "Kubernetes (RUNTIME=kubernetes, KUBE_CONTEXT=$KUBE_CONTEXT)"
  check_kubectl && check_context || return 1
  check_version || status=1
  check_rights || status=1
  check_metrics
  check_storage || status=1
  check_images || status=1
  return "$status"
}

check_kubectl() {
  if command -v kubectl >/dev/null; then
    ok kubectl "$(kubectl version --client 2>/dev/null | awk '/^Client/ { print $3 }'), $(command -v kubectl)"
  else
    no kubectl "not on the PATH" "https://kubernetes.io/docs/tasks/tools/"
    return 1
  fi
}

check_context() {
  local reason
  if ! grep -Fqx -- "$KUBE_CONTEXT" <<<"$(kube_contexts)"; then
    no context "'$KUBE_CONTEXT' is not one of: $(kube_listed "$(kube_contexts)")" "set KUBE_CONTEXT"
  elif reason=$(kube_answers); then
    ok context "the cluster answers"
    return 0
  else
    no context "$reason" "kubectl cluster-info --context='$KUBE_CONTEXT'"
  fi
  return 1
}

# Older ones lack the sleep before a pod stops.
check_version() {
  local found
  found=$(kube version 2>/dev/null | awk '/^Server/ { print $3 }')
  if [ "$(printf '%s\n' "v$KUBERNETES_OLDEST" "$found" | sort --version-sort | head -n 1)" = "v$KUBERNETES_OLDEST" ]; then
    ok version "Kubernetes ${found#v}"
  else
    no version "Kubernetes ${found#v}, $KUBERNETES_OLDEST or later is needed" "upgrade the cluster"
    return 1
  fi
}

check_rights() {
  case $(kube_namespace 2>/dev/null) in
    ours) ok namespace "$KUBE_NAMESPACE is there, made by make start_observer" ;;
    foreign)
      no namespace "$KUBE_NAMESPACE is there, not made by make start_observer" "set KUBE_NAMESPACE to another name"
      return 1
      ;;
    *)
      if kube auth can-i create namespaces >/dev/null 2>&1; then
        ok namespace "$KUBE_NAMESPACE can be created"
      else
        no namespace "no right to create $KUBE_NAMESPACE" \
          "someone who has it: kubectl create namespace $KUBE_NAMESPACE; kubectl label namespace $KUBE_NAMESPACE $KUBE_OWNED"
        return 1
      fi
      ;;
  esac
}

# Without it the stack runs, with the pods that it starts with.
check_metrics() {
  if kube get --raw /apis/metrics.k8s.io/v1beta1 >/dev/null 2>&1; then
    ok metrics "metrics-server answers: the autoscalers work"
  else
    note metrics "no metrics-server; app and beta stay as they are under load" "https://github.com/kubernetes-sigs/metrics-server"
  fi
}

check_storage() {
  local class
  if ! class=$(kube get storageclasses --output='jsonpath={range .items[?(@.metadata.annotations.storageclass\.kubernetes\.io/is-default-class=="true")]}{.metadata.name}{" "}{end}' 2>/dev/null); then
    note volumes "no right to see whether there is a default StorageClass, which is needed"
  elif [ -n "$class" ]; then
    ok volumes "the default StorageClass: ${class% }"
  else
    no volumes "there is no default StorageClass, from which the database's volume comes" "kubectl get storageclasses; one of them must be the default"
    return 1
  fi
}

check_images() {
  local means tool missing=
  if ! means=$(kube_image_means 2>/dev/null); then
    no images "KUBE_IMAGES=auto does not know how images reach this cluster" "set KUBE_IMAGES: docs/clusters.md"
    return 1
  fi
  for tool in $(kube_image_tools "$means"); do
    command -v "$tool" >/dev/null || missing="$missing $tool"
  done
  if [ -n "$missing" ]; then
    no images "KUBE_IMAGES=$means needs what is not on the PATH:$missing" "install it, or set KUBE_IMAGES"
    return 1
  elif [ "$means" = present ]; then
    ok images "not built: the nodes have them"
  else
    ok images "built, and brought to the nodes by $means"
  fi
}
