#!/usr/bin/env bash
# Tests the Kubernetes manifests: against schemas (kubernetes/schemas.sh), and on a real node where one can be had
# (kubernetes/node.sh), as well as the commands of that runtime (kubernetes-runtime-test.sh). The node is of
# ../shared/tools; it needs root, Debian and a Docker engine. It is taken down at the end.
#
#   ci/kubernetes-test.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
usage_if_asked "$@"
cd "$ROOT"
# shellcheck source=ci/stack.sh
. ci/stack.sh
# shellcheck source=ci/standins.sh
. ci/standins.sh
# shellcheck source=ci/kubernetes/cluster.sh
. ci/kubernetes/cluster.sh

section "Manifests"
# shellcheck source=ci/kubernetes/schemas.sh
. ci/kubernetes/schemas.sh

if reason=$(why_no_cluster); then
  echo
  echo "No real node: $reason. Only the schemas were checked."
else
  # shellcheck source=ci/kubernetes/node.sh
  . ci/kubernetes/node.sh
  # Two stacks at a time are much for a small machine.
  kube delete namespace "$NAMESPACE"
  add_counts_of ci/kubernetes-runtime-test.sh
fi
summary
