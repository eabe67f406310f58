#!/usr/bin/env bash
# Generates what the Kubernetes manifests take from the files of the other runtimes: Prometheus' rules, Alertmanager's
# routes, Grafana's dashboards and data sources. Then renders each overlay, if kubectl or kustomize is on the PATH.
#
#   make kubernetes [KUBERNETES_RUNBOOKS_URL=http://127.0.0.1:8090/runbooks]
#
# The URL is where a browser reaches the runbooks of the cluster's pager. The default is that of
# `kubectl port-forward --namespace observer service/pager 8090`.
#
#   kubectl apply --kustomize deploy/kubernetes/overlays/plain        (or overlays/operator)

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

GENERATED=$ROOT/deploy/kubernetes/generated
RENDERED=$STATE/kubernetes
# Not RUNBOOKS_URL, whose default follows the port of the pager on this machine.
: "${KUBERNETES_RUNBOOKS_URL:=http://127.0.0.1:8090/runbooks}"
check_setting KUBERNETES_RUNBOOKS_URL "$URL_PATTERN" "a URL such as http://127.0.0.1:8090/runbooks"

# The parts. Each prints its kustomization, and puts the files that this names into the folder $1.

kustomization() {
  printf '%s\n' "apiVersion: kustomize.config.k8s.io/v1beta1" "kind: Kustomization"
}

# The operator's form of a file of rules: the same groups, one level deeper. Without those on Prometheus and Alertmanager
# themselves, which come with kube-prometheus; and with the runbooks' URL written in, because the operator's Prometheus has
# external labels of its own.
prometheus_rules() {
  local file name
  kustomization
  say "resources:"
  for file in "$ROOT"/prometheus/rules/*.yml; do
    name=$(basename "$file" .yml)
    case $name in
      prometheus | alertmanager) continue ;;
    esac
    say "  - $name.yml"
    {
      # The labels are those by which kube-prometheus finds rules; kube-prometheus-stack wants its `release` instead.
      printf '%s\n' "apiVersion: monitoring.coreos.com/v1" "kind: PrometheusRule" "metadata:" \
        "  name: observer-$name" "  labels: {prometheus: k8s, role: alert-rules}" "spec:"
      sed -e 's/^./  &/' -e "s|{{ \$externalLabels.runbooks }}|$KUBERNETES_RUNBOOKS_URL|" "$file"
    } >"$1/$name.yml"
  done
}

# One ConfigMap each: together they would be too large for `kubectl apply`.
dashboards() {
  local file name
  kustomization
  # By this label Grafana's sidecar finds them.
  printf '%s\n' "generatorOptions:" "  disableNameSuffixHash: true" "  labels: {grafana_dashboard: \"1\"}" \
    "configMapGenerator:"
  for file in "$ROOT"/grafana/source/dashboards/*.json; do
    name=$(basename "$file")
    cp "$file" "$1/"
    printf '%s\n' "  - name: dashboard-${name%.json}" "    files: [$name]"
  done
}

# The volume of all dashboards, for those who read them as files.
dashboards_volume() {
  local file name
  printf '%s\n' "apiVersion: kustomize.config.k8s.io/v1alpha1" "kind: Component" "patches:"
  for name in Deployment:console StatefulSet:grafana; do
    printf '%s\n' "  - path: volume.yml" "    target: {kind: ${name%:*}, name: ${name#*:}}"
  done
  {
    # The target gives kind and name; a patch must have some.
    printf '%s\n' "apiVersion: apps/v1" "kind: Any" "metadata: {name: any}" \
      "spec: {template: {spec: {volumes: [{name: dashboards, projected: {sources: ["
    for file in "$ROOT"/grafana/source/dashboards/*.json; do
      say "  {configMap: {name: dashboard-$(basename "$file" .json)}},"
    done
    say "]}}]}}}"
  } >"$1/volume.yml"
}

# Rules and routes in folders of their own: both have an alertmanager.yml.
configuration() {
  local file
  mkdir "$1/routes" "$1/rules"
  kustomization
  printf '%s\n' "configMapGenerator:" "  - name: alertmanager-configuration" "    files: [routes/alertmanager.yml]" \
    "  - name: prometheus-rules" "    files:"
  cp "$ROOT/alertmanager/alertmanager.yml" "$1/routes/"
  for file in "$ROOT"/prometheus/rules/*.yml; do
    cp "$file" "$1/rules/"
    say "      - rules/$(basename "$file")"
  done
}

# What it reads at its start: the data sources, and where the dashboards are.
grafana() {
  local name
  kustomization
  printf '%s\n' "configMapGenerator:" "  - name: grafana-provisioning" "    files:"
  for name in datasources dashboards; do
    cp "$ROOT/grafana/provisioning/$name/observer.yml" "$1/$name.yml"
    say "      - $name.yml"
  done
}

render() {
  if command -v kubectl >/dev/null; then
    kubectl kustomize "$1"
  else
    kustomize build "$1"
  fi
}

rm -rf "$GENERATED"
for part in prometheus_rules dashboards dashboards_volume configuration grafana; do
  folder=$GENERATED/${part//_/-}
  mkdir -p "$folder"
  "$part" "$folder" >"$folder/kustomization.yml"
done
say "Generated: rules, routes, dashboards and data sources, in ${GENERATED#"$ROOT"/}/"

if command -v kubectl >/dev/null || command -v kustomize >/dev/null; then
  mkdir -p "$RENDERED"
  for overlay in operator plain without-grafana; do
    render "$ROOT/deploy/kubernetes/overlays/$overlay" >"$RENDERED/$overlay.yml"
    say "Rendered:  ${RENDERED#"$ROOT"/}/$overlay.yml"
  done
fi
say "To apply:  kubectl apply --kustomize deploy/kubernetes/overlays/plain (or overlays/operator)"
