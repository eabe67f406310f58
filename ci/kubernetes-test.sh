#!/usr/bin/env bash
# Tests the Kubernetes manifests without a cluster: they build, they pass strict validation against the schemas of two
# Kubernetes versions and of the Prometheus operator, and promtool accepts the rules in them.
#
#   ci/kubernetes-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
. "$ROOT/ci/checks.sh"
. "$ROOT/ci/apt.sh"
. "$ROOT/ci/shared-tools.sh"
usage_if_asked "$@"
cd "$ROOT"

VENV=$STATE/ci/kubernetes-venv
PACKAGES=(
  # Models generated from the operator's CRDs.
  cloudcoil-models-prometheus-operator==0.80.1.0
  # The schemas of Kubernetes.
  kubernetes-validate==1.37.0
)
# The oldest with all used features (the `sleep` hook before a stop), and the newest.
VERSIONS=(1.30.0 1.37.0)

make_venv() {
  python3 -m venv --clear "$VENV" && "$VENV/bin/pip" install --quiet "${PACKAGES[@]}"
}

validate() {
  "$VENV/bin/python" ci/kubernetes/validate.py "$@"
}

"$VENV/bin/python" -c 'import cloudcoil, kubernetes_validate' 2>/dev/null || step fetch "the schemas" make_venv
command -v kubectl >/dev/null || {
  kubectl=$STATE/ci/kubernetes
  [ -x "$kubectl/usr/bin/kubectl" ] || step fetch "kubectl, from Debian 13" fetch_from_trixie "$kubectl" kubectl
  export PATH=$kubectl/usr/bin:$PATH
}
tool_path promtool >/dev/null || step fetch "promtool" need_prometheus

check "make kubernetes" make kubernetes
rendered=$STATE/kubernetes
for overlay in operator plain; do
  check "overlays/$overlay is valid, strictly, in Kubernetes ${VERSIONS[*]}" \
    validate manifests "$rendered/$overlay.yml" "${VERSIONS[@]}"
done
check "the validation finds a misspelt field in each kind" \
  validate misspelt "$rendered/operator.yml" "${VERSIONS[@]}"
check "every pod of overlays/operator has probes, limits and only the rights that it needs" validate pods "$rendered/operator.yml"
check "every pod of overlays/plain has them, too" validate pods "$rendered/plain.yml"
check "every name that a manifest of overlays/operator refers to exists" validate references "$rendered/operator.yml"
check "in overlays/plain, too" validate references "$rendered/plain.yml"
check "the operator gets the same rules" validate rules "$rendered/operator.yml" prometheus/rules "$rendered/rules"
check "promtool accepts them" each_promtool check rules --lint-fatal "$rendered"/rules/*.yml
check "the operator gets the same routes" validate routes "$rendered/operator.yml" alertmanager/alertmanager.yml
check "every dashboard is there for Grafana" validate dashboards "$rendered/operator.yml" grafana/source/dashboards
validate scrape deploy/kubernetes/overlays/plain/scrape.yml "$rendered/scrape.yml"
check "promtool accepts what overlays/plain scrapes" \
  each_promtool check config --syntax-only "$rendered/scrape.yml"

summary
