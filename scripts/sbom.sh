#!/usr/bin/env bash
# Writes the CycloneDX bill of materials of the binary: .observer/sbom/observer.cdx.json
# Fails if it lacks a crate that cargo links. Macro crates count, because they generate code.
#
#   make sbom
#   make sbom PLATFORM=aarch64-unknown-linux-gnu

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

CYCLONEDX_VERSION=0.5.9
FOLDER=$STATE/sbom
CYCLONEDX=$FOLDER/bin/cargo-cyclonedx
# cargo-cyclonedx writes it beside Cargo.toml, named after the program.
WRITTEN=$ROOT/observer_bin.cdx.json

# A debug build: it compiles faster and only runs for seconds.
need_cyclonedx() {
  [ "$("$CYCLONEDX" cyclonedx --version 2>/dev/null | awk '{ print $2 }')" = "$CYCLONEDX_VERSION" ] ||
    step fetch "cargo-cyclonedx $CYCLONEDX_VERSION; minutes, the first time" \
      cargo install --locked --debug --version "$CYCLONEDX_VERSION" --root "$FOLDER" cargo-cyclonedx
}

write() {
  "$CYCLONEDX" cyclonedx --quiet --quiet --format json --spec-version 1.5 --describe binaries --no-build-deps --target "$1"
}

cd "$ROOT"
command -v cargo >/dev/null || die "cargo is missing" "Install Rust: https://rustup.rs"
platform=${PLATFORM:-$(rustc -vV | sed -n 's/^host: //p')}
mkdir -p "$FOLDER"
need_cyclonedx
trap 'rm -f "$WRITTEN"' EXIT
step sbom "for $platform" write "$platform"
cargo tree --locked --edges normal --target "$platform" --prefix none --format '{p}' >"$FOLDER/linked"
python3 scripts/lib/sbom.py "$WRITTEN" "$FOLDER/linked" "${FOLDER#"$ROOT"/}/observer.cdx.json"
