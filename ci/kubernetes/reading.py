"""Reading of rendered manifests, and comparison of what they hold."""

import pathlib

import yaml

# In YAML 1.1 a bare `=` has a type of its own, which nothing uses; in the version that kubectl writes it is a text.
yaml.SafeLoader.add_constructor("tag:yaml.org,2002:value", yaml.SafeLoader.construct_scalar)


def load(file):
    return [manifest for manifest in yaml.safe_load_all(pathlib.Path(file).read_text()) if manifest]


def of_kind(file, *kinds):
    return [manifest for manifest in load(file) if manifest["kind"] in kinds]


def name(manifest):
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def pod_specs(file):
    """Each workload with the specification of its pods."""
    for manifest in of_kind(file, "Deployment", "StatefulSet", "Job"):
        yield manifest, manifest["spec"]["template"]["spec"]


def labels(workload):
    return workload["spec"]["template"]["metadata"]["labels"]


def selects(selector, pod):
    """Whether a label selector selects pods with these labels."""
    expressions = selector.get("matchExpressions", [])
    return selector.get("matchLabels", {}).items() <= pod.items() and all(
        {"In": pod.get(expression["key"]) in expression.get("values", [])}[expression["operator"]]
        for expression in expressions
    )


def difference(expected, found, place=""):
    """Where two trees differ, one line each."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in expected.keys() | found.keys():
            yield from difference(expected.get(key), found.get(key), f"{place}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, pair in enumerate(zip(expected, found)):
            yield from difference(*pair, f"{place}[{index}]")
    elif expected != found:
        yield f"{place}: expected {expected!r}, found {found!r}"
