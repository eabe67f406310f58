# shellcheck shell=bash
# The project's own images, and how they reach the nodes.

# kube_image_means: KUBE_IMAGES, and for auto what the name of the context says.
kube_image_means() {
  [ "$KUBE_IMAGES" = auto ] || {
    say "$KUBE_IMAGES"
    return
  }
  case $KUBE_CONTEXT in
    kind-*) say kind ;;
    k3d-*) say k3d ;;
    minikube) say minikube ;;
    *)
      die "KUBE_IMAGES: found 'auto', which does not know how images reach the cluster of the context '$KUBE_CONTEXT'" \
        "expected kind, k3d or minikube, a registry and a prefix such as registry.example.com/observer, or present if the nodes have them"
      ;;
  esac
}

# kube_image_tools MEANS: the programs that it takes.
kube_image_tools() {
  case $1 in
    present) ;;
    kind | k3d | minikube) say "docker $1" ;;
    *) say docker ;;
  esac
}

kube_need_image_tools() {
  local tool
  for tool in $(kube_image_tools "$1"); do
    command -v "$tool" >/dev/null || die "KUBE_IMAGES=$1 needs $tool, which is not on the PATH"
  done
}

# kube_image_of SERVICE: the name of the image that it runs, if the project builds it.
kube_image_of() {
  case $1 in
    migrate | app | beta | pager | console) say observer ;;
    vegeta) say observer-vegeta ;;
  esac
}

# kube_bring_image MEANS NAME: builds it, brings it to the nodes, and notes the reference that the manifests take. The tag is
# that of its content, so that nodes never keep an older one for it.
kube_bring_image() {
  local means=$1 name=$2 folder=$ROOT id reference
  [ "$name" = observer ] || folder=$ROOT/vegeta
  docker build --tag "$name:built" --build-arg "REVISION=$(revision)" "$folder" || return 1
  id=$(docker image inspect --format '{{.Id}}' "$name:built") || return 1
  id=${id#sha256:}
  case $means in
    kind | k3d | minikube) reference=$name:${id:0:12} ;;
    *) reference=$means/$name:${id:0:12} ;;
  esac
  docker tag "$name:built" "$reference" || return 1
  case $means in
    kind) kind load docker-image --name "${KUBE_CONTEXT#kind-}" "$reference" ;;
    k3d) k3d image import --cluster "${KUBE_CONTEXT#k3d-}" "$reference" ;;
    minikube) minikube --profile "$KUBE_CONTEXT" image load "$reference" ;;
    *) docker push "$reference" ;;
  esac || return 1
  mkdir -p "$RUN/kubernetes/images"
  say "$reference" >"$RUN/kubernetes/images/$name"
}

# kube_bring_images [NAME...]: each in a step of its own.
kube_bring_images() {
  local means name
  [ $# -gt 0 ] || return 0
  means=$(kube_image_means) || exit 1
  [ "$means" != present ] || {
    rm -rf "$RUN/kubernetes/images"
    return 0
  }
  kube_need_image_tools "$means"
  for name in "$@"; do
    step image "$name: built, and brought there by $means" kube_bring_image "$means" "$name"
  done
}

# kube_image_overrides: those images, in the words of a kustomization.
kube_image_overrides() {
  local file reference
  for file in "$RUN"/kubernetes/images/*; do
    [ -f "$file" ] || continue
    reference=$(cat "$file")
    printf '  - {name: %s, newName: "%s", newTag: "%s"}\n' "$(basename "$file")" "${reference%:*}" "${reference##*:}"
  done
}
