# shellcheck shell=bash
# What is applied: an overlay of deploy/kubernetes with the namespace, the images, the passwords and the settings of this
# start. The kustomization and what it reads are in $KUBE_STACK.

KUBE_STACK=$RUN/kubernetes/stack

# Variables that the manifests set, that are set below, or that are no settings of a service.
KUBE_FIXED=" OBSERVER_NAME OBSERVER_LISTEN OBSERVER_CONTROL_LISTEN OBSERVER_CONTROL_TOKEN OBSERVER_PEER_NAME OBSERVER_PEER_URL \
OBSERVER_BINARY OBSERVER_PAGER_LISTEN OBSERVER_PAGER_LEDGER OBSERVER_CONSOLE_LISTEN OBSERVER_CONSOLE_TOKEN \
OBSERVER_CONSOLE_DASHBOARDS OBSERVER_CONSOLE_LINKS OBSERVER_RUNBOOKS_URL OBSERVER_PROMETHEUS_URL "

# Settings of the pager that are secrets, with a former name of the first.
KUBE_PAGER_SECRETS=" OBSERVER_PAGER_FORWARD_URL OBSERVER_PAGER_HAND_ON_URL OBSERVER_PAGER_FORWARD_ROUTING_KEY \
OBSERVER_PAGER_FORWARD_PROXY "

# kube_need_settings: exits if a setting asks for what no pod has.
kube_need_settings() {
  [ -z "${OBSERVER_PAGER_FORWARD_CA_FILE:-}" ] ||
    die "OBSERVER_PAGER_FORWARD_CA_FILE: found '$OBSERVER_PAGER_FORWARD_CA_FILE', a file that the pager's pod does not have" \
      "RUNTIME=kubernetes does not support it: the webhook's certificate must be of an authority that everybody trusts."
}

# kube_render: writes $KUBE_STACK/rendered.yml.
kube_render() {
  "$ROOT/scripts/kubernetes.sh" || return 1
  rm -rf "$KUBE_STACK"
  # It has the passwords.
  mkdir -p "$RUN/kubernetes" && mkdir -m 700 "$KUBE_STACK" || return 1
  printf '%s' "$POSTGRES_PASSWORD" >"$KUBE_STACK/postgres-password"
  printf '%s' "$GRAFANA_PASSWORD" >"$KUBE_STACK/grafana-password"
  printf '%s' "$CONTROL_TOKEN" >"$KUBE_STACK/control-token"
  kube_settings service >"$KUBE_STACK/settings.env"
  kube_settings pager-secret >"$KUBE_STACK/pager-secrets.env"
  # Where a browser on this machine reaches what these link to.
  say "RUNBOOKS_URL=$RUNBOOKS_URL" >"$KUBE_STACK/prometheus.env"
  {
    say "OBSERVER_RUNBOOKS_URL=$RUNBOOKS_URL"
    say "OBSERVER_PROMETHEUS_URL=${OBSERVER_PROMETHEUS_URL:-http://127.0.0.1:$PROMETHEUS_PORT}"
    kube_settings pager
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
  - {name: pager-webhook, namespace: observer, behavior: replace, envs: [pager-secrets.env]}
KUSTOMIZATION
  [ "$KUBE_GRAFANA" = no ] ||
    say "  - {name: grafana, namespace: observer, behavior: replace, files: [password=grafana-password]}"
}

# kube_settings READER: the OBSERVER_* settings of the environment and of .env that are for the "service" and the console, for
# the "pager", or a "pager-secret".
kube_settings() {
  local name
  for name in "${!OBSERVER_@}"; do
    if [ -n "${!name}" ] && [ "$(kube_reader_of "$name")" = "$1" ]; then
      say "$name=${!name}"
    fi
  done
}

# kube_reader_of SETTING
kube_reader_of() {
  case $KUBE_FIXED in
    *" $1 "*) return ;;
  esac
  case $KUBE_PAGER_SECRETS in
    *" $1 "*)
      say pager-secret
      return
      ;;
  esac
  case $1 in
    OBSERVER_PAGER_*) say pager ;;
    *) say service ;;
  esac
}

# kube_apply_all: everything, and whatever was stopped comes back.
kube_apply_all() {
  local service
  # A job cannot be changed.
  kube_waiting delete job migrate --ignore-not-found || return 1
  kube_needed_manifests | kube_waiting apply --filename=- || return 1
  [ "$KUBE_GRAFANA" = yes ] || kube_remove_grafana || return 1
  # Their manifests leave the number to an autoscaler, which leaves a 0 as it is.
  for service in app beta; do
    kube_scale_up "$service" || return 1
  done
}

# kube_needed_manifests: without the Namespace if it is there: who may use it, may not be allowed to change it.
kube_needed_manifests() {
  local namespace
  namespace=$(kube_namespace 2>/dev/null) || namespace=absent
  case $namespace in
    absent) cat "$KUBE_STACK/rendered.yml" ;;
    *) kube_rendered 'kind != "namespace"' ;;
  esac
}

# kube_remove_grafana: what an earlier start with KUBE_GRAFANA=yes has left. Its volume stays.
kube_remove_grafana() {
  kube_waiting delete statefulset/grafana service/grafana service/grafana-pods networkpolicy/grafana --ignore-not-found
}

# kube_apply_part SERVICE: its workload, and the settings that it may refer to. The others stay as they are, those that
# were stopped too.
kube_apply_part() {
  local workload
  workload=$(kube_workload "$1")
  kube_rendered "(kind \"/\" name) == \"$workload\" || kind ~ /^(configmap|secret)\$/" | kube_waiting apply --filename=-
}

# kube_rendered CONDITION: the rendered manifests of which this holds, in awk's words, of their kind, in lower case, and name.
kube_rendered() {
  awk '
    function flush() { if (text != "" && ('"$1"')) printf "---\n%s", text; text = kind = name = "" }
    /^---$/ { flush(); next }
    /^kind: / { kind = tolower($2) }
    /^[a-z]/ { inside = /^metadata:/ }
    inside && /^  name: / { name = $2 }
    { text = text $0 "\n" }
    END { flush() }
  ' "$KUBE_STACK/rendered.yml"
}
