"""Compares a bill of materials with what cargo links, and keeps that.

cargo-cyclonedx goes by `cargo metadata`, which names optional dependencies of dependencies that no feature asks for (other
databases than Postgres, say). They are no part of the binary, and would only raise alarms: `cargo tree` decides.

    python3 scripts/lib/sbom.py WRITTEN LINKED RESULT
"""

import json
import sys


def main(written, linked, result):
    with open(written, encoding="utf-8") as file:
        sbom = json.load(file)
    # Lines such as "axum v0.8.9", some with a remark behind.
    with open(linked, encoding="utf-8") as file:
        crates = {tuple(line.replace(" v", " ", 1).split()[:2]) for line in file if line.strip()}

    product = sbom["metadata"]["component"]
    components = [one for one in sbom["components"] if crate(one) in crates]
    missing = crates - {crate(one) for one in [product, *components]}
    if missing:
        names = ", ".join(" ".join(one) for one in sorted(missing))
        sys.exit(f"error: linked, but not in the bill of materials: {names}")

    kept = {one["bom-ref"] for one in [product, *components]}
    sbom["dependencies"] = [
        one | {"dependsOn": [ref for ref in one.get("dependsOn", []) if ref in kept]}
        for one in sbom["dependencies"]
        if one["ref"] in kept
    ]
    left_out = len(sbom["components"]) - len(components)
    sbom["components"] = components
    with open(result, "w", encoding="utf-8") as file:
        json.dump(sbom, file, indent=2)
    print(f"{result}: {len(components)} crates, each that cargo links; {left_out} left out that it does not")


def crate(component):
    return component["name"], component["version"]


main(*sys.argv[1:])
