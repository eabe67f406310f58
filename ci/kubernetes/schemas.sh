# shellcheck shell=bash
# Sourced. What can be said of the manifests without a cluster: they build, they pass strict validation against the schemas of
# two Kubernetes versions and of the Prometheus operator, and promtool accepts the rules in them.

VENV=$STATE/ci/kubernetes-venv
PACKAGES=(
  # Models generated from the operator's CRDs.
  cloudcoil-models-prometheus-operator==0.80.1.0
  # The schemas of Kubernetes.
  kubernetes-validate==1.37.0
)
# The oldest with all used features, and the newest.
VERSIONS=("$KUBERNETES_OLDEST.0" 1.37.0)

make_venv() {
  python3 -m venv --clear "$VENV" && "$VENV/bin/pip" install --quiet "${PACKAGES[@]}"
}

# With versions of its own of what the others need, too.
CHECKOV=$STATE/ci/checkov

make_checkov() {
  python3 -m venv --clear "$CHECKOV" && "$CHECKOV/bin/pip" install --quiet checkov==3.3.30
}

validate() {
  "$VENV/bin/python" ci/kubernetes/validate.py "$@"
}

"$VENV/bin/python" -c 'import cloudcoil, kubernetes_validate' 2>/dev/null || step fetch "the schemas" make_venv
"$CHECKOV/bin/checkov" --version >/dev/null 2>&1 || step fetch "checkov" make_checkov
command -v kubectl >/dev/null || {
  kubectl=$STATE/ci/kubernetes
  [ -x "$kubectl/usr/bin/kubectl" ] || step fetch "kubectl, from Debian 13" fetch_from_trixie "$kubectl" kubectl
  export PATH=$kubectl/usr/bin:$PATH
}
tool_path promtool >/dev/null || step fetch "promtool" need_prometheus

check "make kubernetes" make kubernetes
rendered=$STATE/kubernetes
for overlay in operator plain; do
  file=$rendered/$overlay.yml
  section "overlays/$overlay"
  check "it is valid, strictly, in Kubernetes ${VERSIONS[*]}" validate manifests "$file" "${VERSIONS[@]}"
  check "every pod has probes, limits and only the rights that it needs" validate pods "$file"
  check "every name that a manifest refers to exists" validate references "$file"
  check "who selects pods selects those of one workload, and StatefulSets have headless Services" validate selection "$file"
  check "no number of pods is in an autoscaler's way" validate numbers "$file"
  check "for every URL in the settings there is a Service, and the network policies allow it" validate connections "$file"
  check "checkov finds nothing without an answer" \
    "$CHECKOV/bin/checkov" --config-file ci/kubernetes/checkov.yml --file "$file"
  check "every dashboard is there" validate config_maps "$file" dashboard-=grafana/source/dashboards
done

section "overlays/without-grafana, the same but for what it leaves out"
check "every name that a manifest refers to exists" validate references "$rendered/without-grafana.yml"
check "for every URL in the settings there is a Service, and the network policies allow it" \
  validate connections "$rendered/without-grafana.yml"

section "The load"
kubectl kustomize deploy/kubernetes/load >"$rendered/load.yml"
check "it is valid, strictly, in Kubernetes ${VERSIONS[*]}" validate manifests "$rendered/load.yml" "${VERSIONS[@]}"
check "its pod has limits and only the rights that it needs" validate pods "$rendered/load.yml"
check "checkov finds nothing without an answer" \
  "$CHECKOV/bin/checkov" --config-file ci/kubernetes/checkov.yml --file "$rendered/load.yml"

section "What is wrong is found"
check "a misspelt field in each kind" validate misspelt "$rendered/operator.yml" "${VERSIONS[@]}"
wrong=$rendered/wrong.yml
sed -e 's/- port: http$/- port: other/' -e '/clusterIP: None/d' -e 's/revisionHistoryLimit: 5/replicas: 2/' \
  "$rendered/plain.yml" >"$wrong"
check "a policy for another port" fails_with "no policy allows it" validate connections "$wrong"
sed 's/- protocol: TCP$/- protocol: UDP/' "$rendered/plain.yml" >"$wrong.udp"
check "a pager that reaches no webhook" fails_with "to a webhook: no policy allows it" validate connections "$wrong.udp"
check "a Service that is not headless" fails_with "is no headless Service" validate selection "$wrong"
check "a number of pods beside an autoscaler" fails_with "an autoscaler" validate numbers "$wrong"

section "What is generated"
check "the operator gets the same rules" validate rules "$rendered/operator.yml" prometheus/rules "$rendered/rules"
check "promtool accepts them" each_promtool check rules --lint-fatal "$rendered"/rules/*.yml
check "the operator gets the same routes" validate routes "$rendered/operator.yml" alertmanager/alertmanager.yml
check "Prometheus and Alertmanager get the same files elsewhere" validate config_maps "$rendered/plain.yml" \
  prometheus-rules=prometheus/rules alertmanager-configuration=alertmanager/alertmanager.yml
validate scrape deploy/kubernetes/overlays/without-grafana/scrape.yml "$rendered/scrape.yml"
check "promtool accepts what overlays/plain scrapes" \
  each_promtool check config --syntax-only "$rendered/scrape.yml"
