# shellcheck shell=bash
# What is applied: an overlay of deploy/kubernetes with the namespace, the images, the passwords and the settings of this
# start. The kustomization and what it reads are in $KUBE_STACK.

KUBE_STACK=$RUN/kubernetes/stack

# Variables that the manifests set, that are set below, or that are no settings of a service.
KUBE_FIXED=" OBSERVER_NAME OBSERVER_LISTEN OBSERVER_CONTROL_LISTEN OBSERVER_CONTROL_TOKEN OBSERVER_PEER_NAME OBSERVER_PEER_URL \
OBSERVER_BINARY OBSERVER_PAGER_LISTEN OBSERVER_PAGER_LEDGER OBSERVER_CONSOLE_LISTEN OBSERVER_CONSOLE_TOKEN \
OBSERVER_CONSOLE_DASHBOARDS OBSERVER_CONSOLE_LINKS OBSERVER_RUNBOOKS_URL OBSERVER_PROMETHEUS_URL "

# kube_render: writes $KUBE_STACK/rendered.yml.
kube_render() {
  "$ROOT/scripts/kubernetes.sh" || return 1
  rm -rf "$KUBE_STACK"
  # It has the passwords.
  mkdir -p "$RUN/kubernetes" && mkdir -m 700 "$KUBE_STACK" || return 1
  printf '%s' "$POSTGRES_PASSWORD" >"$KUBE_STACK/postgres-password"
  printf '%s' "$GRAFANA_PASSWORD" >"$KUBE_STACK/grafana-password"
  printf '%s' "$CONTROL_TOKEN" >"$KUBE_STACK/control-token"
  kube_settings >"$KUBE_STACK/settings.env"
  # Where a browser on this machine reaches what these link to.
  say "RUNBOOKS_URL=$RUNBOOKS_URL" >"$KUBE_STACK/prometheus.env"
  {
    say "OBSERVER_RUNBOOKS_URL=$RUNBOOKS_URL"
    say "OBSERVER_PROMETHEUS_URL=${OBSERVER_PROMETHEUS_URL:-http://127.0.0.1:$PROMETHEUS_PORT}"
  } >"$KUBE_STACK/pager.env"
  say "OBSERVER_CONSOLE_LINKS=$(console_links)" >"$KUBE_STACK/console.env"
  kube_kustomization >"$KUBE_STACK/kustomization.yml" || return 1
  kubectl kustomize "$KUBE_STACK" >"$KUBE_STACK/rendered.yml"
}

# The manifests' own namespace, observer, is where the generators find what they merge with; the first line replaces it.
kube_kustomization() {
  local overlay=plain
  [ "$KUBE_GRAFANA" = yes ] || overlay=without-grafana
  cat <<KUSTOMIZATION
namespace: $KUBE_NAMESPACE
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../../../deploy/kubernetes/overlays/$overlay
labels:
  - pairs: {${KUBE_OWNED/=/: }}
images:
$(kube_image_overrides)
configMapGenerator:
  - {name: settings-app, namespace: observer, behavior: merge, envs: [settings.env]}
  - {name: settings-beta, namespace: observer, behavior: merge, envs: [settings.env]}
  - {name: pager-settings, namespace: observer, behavior: merge, envs: [settings.env, pager.env]}
  - {name: console-settings, namespace: observer, behavior: merge, envs: [settings.env, console.env]}
  - {name: prometheus-settings, namespace: observer, behavior: merge, envs: [prometheus.env]}
secretGenerator:
  - {name: database, namespace: observer, behavior: replace, files: [password=postgres-password]}
  - {name: console, namespace: observer, behavior: replace, files: [token=control-token]}
KUSTOMIZATION
  [ "$KUBE_GRAFANA" = no ] ||
    say "  - {name: grafana, namespace: observer, behavior: replace, files: [password=grafana-password]}"
}

# kube_settings: the OBSERVER_* settings of the environment and of .env.
kube_settings() {
  local name
  for name in "${!OBSERVER_@}"; do
    case $KUBE_FIXED in
      *" $name "*) ;;
      *) [ -z "${!name}" ] || say "$name=${!name}" ;;
    esac
  done
}

# kube_apply_all: everything, and whatever was stopped comes back.
kube_apply_all() {
  local service
  # A job cannot be changed.
  kube_waiting delete job migrate --ignore-not-found || return 1
  kube_waiting apply --filename="$KUBE_STACK/rendered.yml" || return 1
  # Their manifests leave the number to an autoscaler, which leaves a 0 as it is.
  for service in app beta; do
    kube_scale_up "$service" || return 1
  done
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
