"""Manifests against the schemas of Kubernetes and of the operator."""

import copy
import importlib
import json
import re

import kubernetes_validate

from reading import difference, load, name

OPERATOR = "monitoring.coreos.com/"


def against_operator(manifest):
    """What the operator's models refuse, or do not know: that is lost on the way through them."""
    version = manifest["apiVersion"].removeprefix(OPERATOR)
    models = importlib.import_module(f"cloudcoil.models.prometheus_operator.{version}")
    try:
        model = getattr(models, manifest["kind"]).model_validate(manifest)
    except ValueError as error:
        return [str(error)]
    known = json.loads(model.model_dump_json(by_alias=True, exclude_unset=True))
    return list(difference(manifest, {"apiVersion": manifest["apiVersion"], "kind": manifest["kind"], **known}))


def against_kubernetes(manifest, version):
    try:
        kubernetes_validate.validate(manifest, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"in Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}"]
    return []


def validate(manifest, versions):
    if manifest["apiVersion"].startswith(OPERATOR):
        return against_operator(manifest)
    return [wrong for version in versions for wrong in against_kubernetes(manifest, version)]


def manifests(file, *versions):
    for manifest in load(file):
        for wrong in validate(manifest, versions):
            yield f"{name(manifest)}: {wrong}"
        # The schemas take any text; the API server does not.
        if not re.fullmatch(r"[a-z0-9]([-a-z0-9.:]*[a-z0-9])?", manifest["metadata"]["name"]):
            yield f"{name(manifest)}: the name has a character that Kubernetes does not accept"


def misspelt(file, *versions):
    for manifest in {manifest["kind"]: manifest for manifest in load(file)}.values():
        wrong = copy.deepcopy(manifest)
        wrong.get("spec", wrong)["replicsa"] = 2
        for version in versions:
            if not validate(wrong, [version]):
                yield f"{name(manifest)}: a misspelt field is accepted"
