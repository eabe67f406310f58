# shellcheck shell=bash
# The section of make doctor on the cluster that KUBE_CONTEXT names.

check_kubernetes() {
  say "Kubernetes (RUNTIME=kubernetes, KUBE_CONTEXT=$KUBE_CONTEXT)"
  check_kubectl && check_context || return 0
  check_rights
  check_metrics
  check_storage
  check_images
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
    ok context "the cluster answers: $(kube version 2>/dev/null | awk '/^Server/ { print $3 }')"
    return 0
  else
    no context "$reason" "kubectl cluster-info --context='$KUBE_CONTEXT'"
  fi
  return 1
}

check_rights() {
  case $(kube_namespace 2>/dev/null) in
    ours) ok namespace "$KUBE_NAMESPACE is there, made by make start_observer" ;;
    foreign) no namespace "$KUBE_NAMESPACE is there, not made by make start_observer" "set KUBE_NAMESPACE to another name" ;;
    *)
      if kube auth can-i create namespaces >/dev/null 2>&1; then
        ok namespace "$KUBE_NAMESPACE can be created"
      else
        no namespace "no right to create $KUBE_NAMESPACE" \
          "someone who has it: kubectl create namespace $KUBE_NAMESPACE; kubectl label namespace $KUBE_NAMESPACE $KUBE_OWNED"
      fi
      ;;
  esac
}

# Without it the stack runs, with one pod of each service.
check_metrics() {
  if kube get --raw /apis/metrics.k8s.io/v1beta1 >/dev/null 2>&1; then
    ok metrics "metrics-server answers: the autoscalers work"
  else
    note metrics "no metrics-server; app and beta stay as they are under load" "https://github.com/kubernetes-sigs/metrics-server"
  fi
}

check_storage() {
  local class
  class=$(kube get storageclasses --output='jsonpath={range .items[?(@.metadata.annotations.storageclass\.kubernetes\.io/is-default-class=="true")]}{.metadata.name}{" "}{end}' 2>/dev/null)
  if [ -n "$class" ]; then
    ok volumes "the default StorageClass: ${class% }"
  else
    no volumes "there is no default StorageClass, from which the database's volume comes" "kubectl get storageclasses; one of them must be the default"
  fi
}

check_images() {
  local means tool missing=
  if ! means=$(kube_image_means 2>/dev/null); then
    no images "KUBE_IMAGES=auto does not know how images reach this cluster" "set KUBE_IMAGES: docs/clusters.md"
    return
  fi
  for tool in $(kube_image_tools "$means"); do
    command -v "$tool" >/dev/null || missing="$missing $tool"
  done
  if [ -n "$missing" ]; then
    no images "KUBE_IMAGES=$means needs what is not on the PATH:$missing" "install it, or set KUBE_IMAGES"
  elif [ "$means" = present ]; then
    ok images "not built: the nodes have them"
  else
    ok images "built, and brought to the nodes by $means"
  fi
}
