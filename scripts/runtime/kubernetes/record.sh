# shellcheck shell=bash
# The settings of the last start, until it is cleaned: what later commands go by, whatever the settings say then.

# One a line.
KUBE_RECORD=$STATE/used/kubernetes

# As kubectl finds it. Clusters of different kubeconfigs may have contexts of the same name.
: "${KUBECONFIG:=${HOME:-}/.kube/config}"
if [ -s "$KUBE_RECORD" ]; then
  for _name in $KUBE_SETTINGS; do
    # The record of an older version may lack the last ones, which then stay as they are.
    IFS= read -r _value || true
    [ -z "$_value" ] || printf -v "$_name" '%s' "$_value"
  done <"$KUBE_RECORD"
fi
export KUBECONFIG

kube_remember() {
  local name
  for name in $KUBE_SETTINGS; do say "${!name}"; done >"$KUBE_RECORD"
}

# kube_take_settings: those that a start is given. Exits if it would go elsewhere than the last one, whose data would be
# forgotten.
kube_take_settings() {
  [ -s "$KUBE_RECORD" ] || return 0
  local name given
  for name in $KUBE_SETTINGS; do
    given=given_$name
    [ "${!given:-${!name}}" != "${!name}" ] || continue
    case $name in
      KUBE_IMAGES | KUBE_GRAFANA) printf -v "$name" '%s' "${!given}" ;;
      *)
        die "$name: found '${!given}', but this stack and its data are in the $(kube_place "$name") '${!name}'" \
          "make clean_observer removes them first."
        ;;
    esac
  done
}

# kube_place SETTING: what it names.
kube_place() {
  case $1 in
    KUBE_CONTEXT) say context ;;
    KUBE_NAMESPACE) say namespace ;;
    KUBECONFIG) say cluster of the kubeconfig ;;
  esac
}
