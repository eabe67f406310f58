# shellcheck shell=bash
# The Kubernetes runtime, as far as it goes without a cluster: the start and the clean-up.
# ci/kubernetes-runtime-test.sh tries the rest on a real node.

# shellcheck source=tests/scripts/fake_kubectl.sh
. "$(dirname "${BASH_SOURCE[0]}")/fake_kubectl.sh"

# The branches of a start that comes to the pager, whose image is missing.
without_pager=(
  '  *"rollout status statefulset/pager"*) exit 1 ;;'
  '  *"get pods"*component=pager*go-template*) echo "ImagePullBackOff|observer:1" ;;'
)

test_start_without_a_context_lists_them_and_exits_with_2() {
  fake_kubectl
  exits_with 2 start
  says "KUBE_CONTEXT: found '', expected one of: kind-one, two"
  [ ! -e .observer/runtime ]
}

test_unknown_context_is_named_with_those_there_are() {
  fake_kubectl
  KUBE_CONTEXT=one exits_with 2 start
  says "KUBE_CONTEXT: found 'one', expected one of: kind-one, two"
}

test_kubeconfig_without_a_context_says_so() {
  fake kubectl 'exit 0'
  fake python3 'exit 0'
  exits_with 2 start
  says 'the kubeconfig has no context'
}

# Neither the kubeconfig nor the rendering is a matter of a cluster.
calls_of_a_cluster() {
  grep -vE '^(config|kustomize) ' asked
}

test_every_call_names_context_and_namespace() {
  with_manifests
  fake_kubectl "${without_pager[@]}"
  KUBE_CONTEXT=two KUBE_NAMESPACE=other KUBE_IMAGES=present exits_with 1 start
  asked_for apply
  asked_for 'get pods'
  asked_for 'delete hpa,deployment,statefulset,job'
  ! calls_of_a_cluster | grep -v -- '--context=two --namespace=other' || die_of 'without them'
}

test_start_brings_back_what_was_stopped() {
  with_manifests
  fake_kubectl "${without_pager[@]}" '  *"get deployment/observer-beta"*.spec.replicas*) echo 0 ;;' \
    '  *.spec.replicas*) echo 1 ;;' '  *"get hpa observer-beta"*) echo 2 ;;'
  KUBE_CONTEXT=two KUBE_IMAGES=present exits_with 1 start
  asked_for 'scale deployment/observer-beta --replicas=2'
  never_asked_for 'scale deployment/observer-app'
}

test_each_service_that_is_not_ready_is_explained() {
  fake_kubectl '  *"get pods"*custom-columns*) echo "pod-of-it False" ;;' '  *" logs "*) exit 1 ;;' '  *"get events"*) exit 1 ;;'
  recorded
  succeeds in_scripts 'use_runtime kubernetes; kube_explain_failures'
  equals "$(grep -c 'The pod pod-of-it is not ready' <<<"$output")" 9
}

test_cluster_that_does_not_answer_is_named() {
  fake_kubectl '  *"get --raw /version"*) echo "connection refused" >&2; exit 1 ;;'
  KUBE_CONTEXT=two exits_with 1 start
  says "the cluster of the context 'two' does not answer (connection refused)"
  says_not 'Stopping the stack'
}

test_namespace_of_somebody_else_is_refused() {
  fake_kubectl '  *"get namespace observer"*) echo "observer somebody" ;;'
  KUBE_CONTEXT=two exits_with 1 start
  says "the namespace 'observer' exists in the context 'two', and make start_observer has not created it"
}

test_missing_right_to_create_the_namespace_is_named() {
  fake_kubectl '  *"auth can-i create namespaces"*) exit 1 ;;'
  KUBE_CONTEXT=two exits_with 1 start
  says "no right to create the namespace 'observer' in the context 'two'"
}

test_user_who_may_not_see_namespaces_has_no_right_to_create_one() {
  fake_kubectl '  *"get namespace"*) echo forbidden >&2; exit 1 ;;' '  *"auth can-i create namespaces"*) exit 1 ;;'
  KUBE_CONTEXT=two exits_with 1 start
  says "no right to create the namespace 'observer' in the context 'two'"
  says_not forbidden
}

test_images_go_by_the_name_of_the_context() {
  local pair
  fake_kubectl
  for pair in kind-one:kind k3d-one:k3d minikube:minikube; do
    equals "$(KUBE_CONTEXT=${pair%:*} in_scripts 'use_runtime kubernetes; kube_image_means')" "${pair#*:}"
  done
  KUBE_CONTEXT=two fails in_scripts 'use_runtime kubernetes; kube_image_means'
  says "KUBE_IMAGES: found 'auto', which does not know how images reach the cluster of the context 'two'"
}

test_images_are_built_and_brought_by_the_means_of_the_cluster() {
  local means tool
  fake_kubectl
  # shellcheck disable=SC2016
  fake docker "printf 'docker %s\n' \"\$*\" >>'$sandbox/brought'" \
    '[ "$1 $2" != "image inspect" ] || echo sha256:0123456789abcdef'
  for tool in kind k3d minikube; do
    fake "$tool" "printf '$tool %s\n' \"\$*\" >>'$sandbox/brought'"
  done
  bring() {
    : >brought
    KUBE_CONTEXT=$1 KUBE_IMAGES=$2 in_scripts 'use_runtime kubernetes; kube_bring_images observer; kube_image_overrides' >overrides
  }
  bring kind-one auto
  grep -qx 'kind load docker-image --name one observer:0123456789ab' brought
  bring k3d-one auto
  grep -qx 'k3d image import --cluster one observer:0123456789ab' brought
  bring minikube auto
  grep -qx 'minikube --profile minikube image load observer:0123456789ab' brought
  bring two registry.example.com:5000/team
  grep -qx 'docker push registry.example.com:5000/team/observer:0123456789ab' brought
  grep -qF '{name: observer, newName: "registry.example.com:5000/team/observer", newTag: "0123456789ab"}' overrides
  bring two present
  [ ! -s brought ] && [ ! -s overrides ]
}

test_bad_settings_are_named() {
  KUBE_NAMESPACE=Observer fails scripts/status.sh
  says "KUBE_NAMESPACE: found 'Observer', expected a namespace's name"
  KUBE_IMAGES=docker fails scripts/status.sh
  says "KUBE_IMAGES: found 'docker', expected auto, kind, k3d, minikube, present, or a registry"
  KUBE_GRAFANA=maybe fails scripts/status.sh
  says "KUBE_GRAFANA: found 'maybe', expected yes or no"
}

test_start_elsewhere_is_refused_while_the_data_is_in_another_cluster() {
  fake_kubectl
  recorded
  KUBE_CONTEXT=kind-one exits_with 1 start
  says "KUBE_CONTEXT: found 'kind-one', but this stack and its data are in the context 'two'"
  KUBE_NAMESPACE=other exits_with 1 start
  says "KUBE_NAMESPACE: found 'other', but this stack and its data are in the namespace 'observer'"
}

test_clean_goes_to_the_cluster_of_the_start_and_leaves_what_is_not_its_own() {
  recorded two mine present no
  fake_kubectl '  *"get namespace mine"*) echo "mine observer" ;;'
  KUBE_CONTEXT=kind-one KUBE_NAMESPACE=observer succeeds scripts/clean.sh
  asked_for '--context=two --namespace=mine delete namespace mine'
  [ ! -e .observer/used/kubernetes ]

  recorded two mine present no
  rm asked
  fake_kubectl '  *"get namespace mine"*) echo "mine " ;;'
  succeeds scripts/clean.sh
  never_asked_for 'delete namespace'
}

test_clean_says_what_stays_in_a_cluster_that_does_not_answer() {
  recorded two mine present no
  fake_kubectl '  *"get --raw /version"*) echo "no route" >&2; exit 1 ;;'
  fails scripts/clean.sh
  says "the cluster of the context 'two' does not answer (no route)"
  says "Its namespace 'mine' stays there"
  [ -s .observer/used/kubernetes ]
}

test_later_commands_go_by_the_settings_of_the_start() {
  recorded two mine present no
  fake_kubectl
  equals "$(KUBE_CONTEXT=kind-one in_scripts 'use_runtime kubernetes; echo "$KUBE_CONTEXT $KUBE_IMAGES"; kube_published' | xargs)" \
    'two present app beta pager alertmanager prometheus console'
  fails make start APP=grafana
  says 'grafana is not part of this stack (KUBE_GRAFANA=no)'
}

test_what_a_cluster_cannot_do_is_said_in_one_sentence() {
  recorded
  fake_kubectl
  fails make freeze APP=app
  says 'RUNTIME=kubernetes cannot freeze a service'
  fails make reload APP=prometheus
  says 'RUNTIME=kubernetes cannot reload prometheus'
}

test_webhook_and_key_of_the_pager_are_in_a_secret_of_its_own() {
  with_manifests
  fake_kubectl
  OBSERVER_PAGER_FORWARD_URL=https://hooks.example.com/secret OBSERVER_PAGER_FORWARD_ROUTING_KEY=key \
    OBSERVER_PAGER_FORWARD_PROXY=http://me:word@proxy OBSERVER_PAGER_FORWARD_FORMAT=pagerduty OBSERVER_LOG_FORMAT=json \
    succeeds in_scripts 'use_runtime kubernetes; kube_render'
  cd .observer/run/kubernetes/stack || return
  equals "$(cat settings.env)" OBSERVER_LOG_FORMAT=json
  equals "$(grep PAGER pager.env)" OBSERVER_PAGER_FORWARD_FORMAT=pagerduty
  equals "$(sort pager-secrets.env)" "$(printf '%s\n' OBSERVER_PAGER_FORWARD_PROXY=http://me:word@proxy \
    OBSERVER_PAGER_FORWARD_ROUTING_KEY=key OBSERVER_PAGER_FORWARD_URL=https://hooks.example.com/secret)"
  equals "$(grep -c pager-secrets.env kustomization.yml)" 1
  grep -q '{name: pager-webhook, namespace: observer, behavior: replace, envs: \[pager-secrets.env\]}' kustomization.yml
}

test_file_that_no_pod_has_is_refused() {
  fake_kubectl
  OBSERVER_PAGER_FORWARD_CA_FILE=/etc/ssl/mine.pem KUBE_CONTEXT=two exits_with 1 start
  says "OBSERVER_PAGER_FORWARD_CA_FILE: found '/etc/ssl/mine.pem', a file that the pager's pod does not have"
  recorded
  OBSERVER_PAGER_FORWARD_CA_FILE=/etc/ssl/mine.pem exits_with 1 scripts/service.sh restart pager
  says 'OBSERVER_PAGER_FORWARD_CA_FILE: found'
}

test_namespace_that_is_there_is_used_as_it_is() {
  with_manifests
  # Nobody else's namespaces can be listed, and this one cannot be changed.
  fake_kubectl '  *"get namespace"*selector*) echo forbidden >&2; exit 1 ;;' '  *"get namespace observer"*) echo "observer observer" ;;' \
    '  kustomize*) printf "%s\n" "kind: Namespace" "metadata:" "  name: observer" --- "kind: Service" "metadata:" "  name: app" ;;' \
    "  *' apply '*) cat >>'$sandbox/applied' ;;" "${without_pager[@]}"
  KUBE_CONTEXT=two KUBE_IMAGES=present exits_with 1 start
  equals "$(grep kind: applied)" 'kind: Service'
}

test_namespace_that_is_absent_is_created() {
  with_manifests
  fake_kubectl '  kustomize*) echo "kind: Namespace" ;;' "  *' apply '*) cat >>'$sandbox/applied' ;;" "${without_pager[@]}"
  KUBE_CONTEXT=two KUBE_IMAGES=present exits_with 1 start
  equals "$(cat applied)" 'kind: Namespace'
}

test_clean_says_why_the_namespace_stays() {
  recorded two mine present no
  fake_kubectl '  *"get namespace mine"*) echo "mine observer" ;;' \
    '  *"delete namespace mine"*) echo "namespaces \"mine\" is forbidden" >&2; exit 1 ;;'
  fails scripts/clean.sh
  says 'the namespace '\''mine'\'' of the context '\''two'\'' is not gone: namespaces "mine" is forbidden'
  [ -s .observer/used/kubernetes ]
}

# settings_of_start [SETTING...]: what a start goes by, after those of the record.
settings_of_start() {
  env "$@" bash -c '. scripts/lib/common.sh; use_runtime kubernetes; kube_take_settings
    echo "$KUBE_CONTEXT $KUBE_NAMESPACE $KUBE_IMAGES $KUBE_GRAFANA $KUBECONFIG"'
}

test_start_keeps_what_it_is_not_given() {
  fake_kubectl
  recorded two mine present no /somewhere/config
  equals "$(settings_of_start)" 'two mine present no /somewhere/config'
  equals "$(settings_of_start KUBE_GRAFANA=yes KUBE_IMAGES=kind)" 'two mine kind yes /somewhere/config'
  echo KUBE_GRAFANA=yes >.env
  equals "$(settings_of_start KUBE_CONTEXT=two)" 'two mine present yes /somewhere/config'
}

test_cluster_of_another_kubeconfig_is_refused_though_the_context_has_the_same_name() {
  fake_kubectl
  recorded two mine present no /somewhere/config
  fails settings_of_start KUBECONFIG=/elsewhere/config
  says "KUBECONFIG: found '/elsewhere/config', but this stack and its data are in the cluster of the kubeconfig '/somewhere/config'"
}

test_kubeconfig_that_an_older_version_has_not_recorded_is_the_callers() {
  fake_kubectl
  recorded two mine present no
  sed -i '$d' .observer/used/kubernetes
  equals "$(settings_of_start KUBECONFIG=/elsewhere/config)" 'two mine present no /elsewhere/config'
  equals "$(settings_of_start HOME=/home/me)" 'two mine present no /home/me/.kube/config'
  echo >>.observer/used/kubernetes
  equals "$(settings_of_start KUBECONFIG=/elsewhere/config)" 'two mine present no /elsewhere/config'
}

test_grafana_that_is_no_longer_wanted_is_removed() {
  with_manifests
  fake_kubectl "${without_pager[@]}"
  KUBE_CONTEXT=two KUBE_IMAGES=present KUBE_GRAFANA=no exits_with 1 start
  asked_for 'delete statefulset/grafana'
  rm -r asked .observer
  KUBE_CONTEXT=two KUBE_IMAGES=present exits_with 1 start
  never_asked_for 'delete statefulset/grafana'
}
