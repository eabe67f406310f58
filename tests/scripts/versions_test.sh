# shellcheck shell=bash
# One version of each program: what the files name is what scripts/lib/versions.sh lists.

# listed SUFFIX: the values of the list's names that end so.
listed() {
  sed -n "s/^[A-Z_]*$1=//p" "$repository/scripts/lib/versions.sh"
}

# version_of NAME: the version in a listed value, without a leading v.
version_of() {
  listed "$1" | sed 's/.*[:@]v\{0,1\}//'
}

# found PATTERN FILE...: what matches in the repository's files with these names.
found() {
  local pattern=$1 names=()
  shift
  names=(-name "$1")
  while shift && [ $# -gt 0 ]; do
    names+=(-o -name "$1")
  done
  find "$repository" \( -name .git -o -name .observer -o -name target \) -prune -o -type f \( "${names[@]}" \) \
    -exec grep -hoE "$pattern" {} +
}

# used_images: what Compose, the Swarm, Kubernetes and the Dockerfiles run or build on, apart from the project's own.
used_images() {
  {
    found '^ *(- )?image: *[^ ]+' '*.yml'
    found '^(FROM|ARG [A-Z_]+_IMAGE=) *[^ ]+' '*Dockerfile'
  } | sed -E 's/^ *(- )?(image: *|FROM +|ARG [A-Z_]+=)//' |
    # Variables, images of the project and of tests, stages of the Dockerfile.
    grep -vE '\$|^localhost/|^observer|^(manifests|dependencies|build)$' | sort -u
}

test_every_image_is_the_listed_one() {
  equals "$(used_images)" "$(listed _IMAGE | sort -u)"
}

test_every_image_in_the_documentation_is_the_listed_one() {
  local image name
  for image in $(listed _IMAGE | sed 's/@.*//'); do
    # A tag has a dot or a dash; a port has neither.
    name=${image%:*}
    equals "$(found "(^|[^a-z])$name:v?[0-9]+[.-][a-z0-9.-]*[a-z0-9]" '*.md' 'Dockerfile' '*.yml' '.env.example' '*.sh' |
      sed 's/^[^a-z]//' | sort -u | grep -vx "$image" || true)" ''
  done
}

test_vegeta_is_of_the_listed_version() {
  equals "$(found 'github.com/tsenart/vegeta/[^ ]*' '*Dockerfile')" "$(listed VEGETA_MODULE)"
}

test_rust_is_the_oldest_that_builds_it() {
  local oldest
  oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$repository/Cargo.toml")
  equals "$(version_of RUST_IMAGE)" "$oldest-slim-trixie"
  equals "$(found 'Rust [0-9]+\.[0-9]+' '*.md' | sort -u)" "Rust $oldest"
}

# only_minor PROGRAM PATTERN VERSION: comments and documentation name no other minor version of this major one.
only_minor() {
  equals "$(found "$1 ([0-9.]+ and (in )?)?$2" '*.yml' '*.md' '*.sh' '*.rs' | grep -oE "$2\$" | sort -u)" "${3%.*}"
}

test_documentation_names_the_oldest_kubernetes() {
  equals "$(found 'Kubernetes [0-9.]+ or later' '*.md' | sort -u)" "Kubernetes $(listed KUBERNETES_OLDEST) or later"
}

test_text_names_the_listed_versions() {
  only_minor Prometheus '3\.[0-9]+' "$(version_of PROMETHEUS_IMAGE)"
  only_minor Alertmanager '0\.3[0-9]' "$(version_of ALERTMANAGER_IMAGE)"
}
