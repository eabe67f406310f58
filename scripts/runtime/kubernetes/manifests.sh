# shellcheck shell=bash
# What is applied: an overlay of deploy/kubernetes with the namespace, the images, the passwords and the settings of this
# start. The kustomization and what it reads are in $KUBE_STACK.

KUBE_STACK=$RUN/kubernetes/stack

# Variables that the manifests set, or that are no settings of a service.
KUBE_FIXED=" OBSERVER_NAME OBSERVER_LISTEN OBSERVER_CONTROL_LISTEN OBSERVER_CONTROL_TOKEN OBSERVER_PEER_NAME OBSERVER_PEER_URL \
OBSERVER_BINARY OBSERVER_PAGER_LISTEN OBSERVER_PAGER_LEDGER OBSERVER_CONSOLE_LISTEN OBSERVER_CONSOLE_TOKEN \
OBSERVER_CONSOLE_DASHBOARDS OBSERVER_CONSOLE_LINKS OBSERVER_RUNBOOKS_URL "

# kube_render: writes $KUBE_STACK/rendered.yml.
kube_render() {
  "$ROOT/scripts/kubernetes.sh" || return 1
  rm -rf "$KUBE_STACK"
  mkdir -p -m 700 "$KUBE_STACK"
  printf '%s' "$POSTGRES_PASSWORD" >"$KUBE_STACK/postgres-password"
  printf '%s' "$GRAFANA_PASSWORD" >"$KUBE_STACK/grafana-password"
  printf '%s' "$CONTROL_TOKEN" >"$KUBE_STACK/control-token"
  # The alerts link to where this machine reaches the runbooks.
  sed "s|http://127.0.0.1:8090/runbooks|$RUNBOOKS_URL|" "$ROOT/deploy/kubernetes/overlays/plain/scrape.yml" \
    >"$KUBE_STACK/prometheus.yml"
  kube_settings observer-app observer >"$KUBE_STACK/observer-app.yml"
  kube_settings observer-beta observer >"$KUBE_STACK/observer-beta.yml"
  kube_settings pager pager "OBSERVER_RUNBOOKS_URL=$RUNBOOKS_URL" \
    "OBSERVER_PROMETHEUS_URL=${OBSERVER_PROMETHEUS_URL:-http://127.0.0.1:$PROMETHEUS_PORT}" >"$KUBE_STACK/pager.yml"
  kube_settings console console "OBSERVER_CONSOLE_LINKS=$(console_links)" >"$KUBE_STACK/console.yml"
  kube_kustomization >"$KUBE_STACK/kustomization.yml"
  kubectl kustomize "$KUBE_STACK" >"$KUBE_STACK/rendered.yml"
}

kube_kustomization() {
  local overlay=plain
  [ "$KUBE_GRAFANA" = yes ] || overlay=without-grafana
  cat <<KUSTOMIZATION
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: $KUBE_NAMESPACE
resources:
  - ../../../../deploy/kubernetes/overlays/$overlay
labels:
  - pairs: {${KUBE_OWNED/=/: }}
images:
$(kube_image_overrides)
secretGenerator:
  - {name: database, behavior: replace, files: [password=postgres-password]}
  - {name: console, behavior: replace, files: [token=control-token]}
$([ "$KUBE_GRAFANA" = no ] || say "  - {name: grafana, behavior: replace, files: [password=grafana-password]}")
configMapGenerator:
  - {name: prometheus-configuration, behavior: replace, files: [prometheus.yml]}
patches:
  - path: observer-app.yml
  - path: observer-beta.yml
  - path: pager.yml
  - path: console.yml
KUSTOMIZATION
}

# kube_settings DEPLOYMENT CONTAINER [NAME=VALUE...]: a patch with these variables and the OBSERVER_* settings of the
# environment and of .env.
kube_settings() {
  local name pair
  printf '%s\n' "apiVersion: apps/v1" "kind: Deployment" "metadata: {name: $1}" "spec:" "  template:" "    spec:" \
    "      containers:" "        - name: $2" "          env:"
  for name in "${!OBSERVER_@}"; do
    case $KUBE_FIXED in
      *" $name "*) ;;
      *) kube_variable "$name" "${!name}" ;;
    esac
  done
  for pair in "${@:3}"; do
    kube_variable "${pair%%=*}" "${pair#*=}"
  done
}

# kube_variable NAME VALUE. Twice a $ is one: Kubernetes would expand $(NAME).
kube_variable() {
  local value=${2//\\/\\\\} dollars='$$'
  value=${value//\"/\\\"}
  printf '            - {name: %s, value: "%s"}\n' "$1" "${value//\$/$dollars}"
}

# kube_apply
kube_apply() {
  # A job cannot be changed.
  kube_waiting delete job migrate --ignore-not-found || return 1
  kube_waiting apply --filename="$KUBE_STACK/rendered.yml"
}

# kube_apply_part SERVICE: its workload, and the settings that it may refer to. The others stay as they are, those that
# were stopped too.
kube_apply_part() {
  local workload
  workload=$(kube_workload "$1")
  awk -v kind="${workload%/*}" -v name="${workload#*/}" '
    function flush() { if (tolower(found) == kind && named == name || found ~ /^(ConfigMap|Secret)$/) printf "---\n%s", text; text = found = named = "" }
    /^---$/ { flush(); next }
    /^kind: / { found = $2 }
    /^[a-z]/ { inside = /^metadata:/ }
    inside && /^  name: / { named = $2 }
    { text = text $0 "\n" }
    END { flush() }
  ' "$KUBE_STACK/rendered.yml" | kube_waiting apply --filename=-
}
