"""Checks of rendered Kubernetes manifests. Each prints what is wrong, and fails if anything is.

    validate.py manifests FILE VERSION...      strictly against the schemas of Kubernetes and of the operator
    validate.py misspelt FILE VERSION...       that the check above finds a misspelt field in each kind
    validate.py pods FILE                      probes, limits, rights
    validate.py references FILE                names that manifests refer to
    validate.py rules FILE RULES FOLDER        the rules are those of the files in RULES, those on Prometheus and
                                               Alertmanager aside; written out into FOLDER
    validate.py routes FILE ALERTMANAGER       the routes are those of Alertmanager's own file
    validate.py scrape FILE COPY               writes a copy that Debian's promtool can read: it knows no discovery of pods
    validate.py dashboards FILE DASHBOARDS     the dashboards are those of the folder
"""

import copy
import importlib
import json
import pathlib
import re
import sys

import kubernetes_validate
import yaml

OPERATOR = "monitoring.coreos.com/"

# In YAML 1.1 a bare `=` has a type of its own, which nothing uses; in the version that kubectl writes it is a text.
yaml.SafeLoader.add_constructor("tag:yaml.org,2002:value", yaml.SafeLoader.construct_scalar)


def load(file):
    return [manifest for manifest in yaml.safe_load_all(pathlib.Path(file).read_text()) if manifest]


def name(manifest):
    return f"{manifest['kind']} {manifest['metadata']['name']}"


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


def pod_specs(file):
    for manifest in load(file):
        if manifest["kind"] in ("Deployment", "StatefulSet", "Job"):
            yield manifest, manifest["spec"]["template"]["spec"]


def pods(file):
    for manifest, pod in pod_specs(file):
        context = pod.get("securityContext", {})
        if not context.get("runAsNonRoot") or context.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{name(manifest)}: may run as root, or make any system call"
        for container in pod["containers"]:
            expected = {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            for wrong in difference(expected, container.get("securityContext")):
                yield f"{name(manifest)}: {wrong}"
            resources = container.get("resources", {})
            if "memory" not in resources.get("limits", {}) or {"cpu", "memory"} - resources.get("requests", {}).keys():
                yield f"{name(manifest)}: requests or limits are missing"
            if manifest["kind"] != "Job" and not {"livenessProbe", "readinessProbe"} <= container.keys():
                yield f"{name(manifest)}: a probe is missing"


def references(file):
    there = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in load(file)}
    services = {manifest["metadata"]["name"]: manifest["spec"] for manifest in load(file) if manifest["kind"] == "Service"}
    labels = [manifest["spec"]["template"]["metadata"]["labels"] for manifest, _ in pod_specs(file)]

    def selected(selector):
        return [pod for pod in labels if selector.items() <= pod.items()]

    for manifest, pod in pod_specs(file):
        template = yaml.dump(pod)
        for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretKeyRef"), ("ConfigMap", "configMap"),
                          ("PersistentVolumeClaim", "persistentVolumeClaim")):
            for block in re.findall(rf"{key}:\n((?:\s+\w+: .*\n)+)", template):
                wanted = re.search(r"(?:name|claimName): (\S+)", block).group(1)
                if (kind, wanted) not in there:
                    yield f"{name(manifest)}: there is no {kind} {wanted}"
    for manifest in load(file):
        spec = manifest.get("spec", {})
        if manifest["kind"] == "HorizontalPodAutoscaler" and ("Deployment", spec["scaleTargetRef"]["name"]) not in there:
            yield f"{name(manifest)}: it scales nothing"
        selector = {"PodDisruptionBudget": lambda: spec["selector"]["matchLabels"], "Service": lambda: spec["selector"],
                    "Deployment": lambda: spec["selector"]["matchLabels"]}.get(manifest["kind"])
        if selector and len(selected(selector())) != 1:
            yield f"{name(manifest)}: it selects the pods of {len(selected(selector()))} workloads, expected 1"
        if manifest["kind"] == "ConfigMap":
            for host, port in re.findall(r"http://([\w-]+):(\d+)", "\n".join(manifest.get("data", {}).values())):
                if host in services and int(port) not in [offered["port"] for offered in services[host]["ports"]]:
                    yield f"{name(manifest)}: {host} does not offer port {port}"
            peer = manifest.get("data", {}).get("OBSERVER_PEER_URL")
            if peer and re.sub(r"http://([\w-]+):.*", r"\1", peer) not in services:
                yield f"{name(manifest)}: {peer} is no service"


def on_one_line(tree):
    """Without what only breaks lines, which kubectl moves in folded texts; PromQL and templates do not mind."""
    return json.loads(re.sub(r"(\\n|\s)+", " ", json.dumps(tree)))


def rules(file, source, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    found = {}
    for manifest in load(file):
        if manifest["kind"] == "PrometheusRule":
            found[manifest["metadata"]["name"]] = manifest["spec"]
            (folder / f"{manifest['metadata']['name']}.yml").write_text(yaml.dump(manifest["spec"]))
    # kube-prometheus has those of these two.
    files = [file for file in pathlib.Path(source).glob("*.yml") if file.stem not in ("prometheus", "alertmanager")]
    runbooks = ("{{ $externalLabels.runbooks }}", "http://127.0.0.1:8090/runbooks")
    expected = {f"observer-{file.stem}": yaml.safe_load(file.read_text().replace(*runbooks)) for file in files}
    yield from difference(on_one_line(expected), on_one_line(found))


def matchers(texts):
    pattern = re.compile(r'(\w+)(=~|!~|!=|=)"(.*)"')
    return [dict(zip(("name", "matchType", "value"), pattern.fullmatch(text).groups())) for text in texts]


def in_operator_words(tree):
    """Alertmanager's own configuration, with the names that the operator has for the same things."""
    if isinstance(tree, list):
        return [in_operator_words(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    renamed = {}
    for key, value in tree.items():
        key = {"source_matchers": "source_match", "target_matchers": "target_match"}.get(key, key)
        key = re.sub(r"_(\w)", lambda found: found.group(1).upper(), key)
        renamed[key] = matchers(value) if "match" in key.lower() else in_operator_words(value)
    return renamed


def routes(file, alertmanager):
    [found] = [manifest["spec"] for manifest in load(file) if manifest["kind"] == "AlertmanagerConfig"]
    expected = in_operator_words(yaml.safe_load(pathlib.Path(alertmanager).read_text()))
    # The operator's Alertmanager may be in another namespace than the pager.
    expected = json.loads(json.dumps(expected).replace("http://pager:", "http://pager.observer:"))
    yield from difference(expected, found)


def scrape(file, copy_of_it):
    configuration = yaml.safe_load(pathlib.Path(file).read_text())
    for job in configuration["scrape_configs"]:
        job.pop("kubernetes_sd_configs", None)
    pathlib.Path(copy_of_it).write_text(yaml.dump(configuration))
    return []


def dashboards(file, folder):
    found = {}
    for manifest in load(file):
        if manifest["kind"] == "ConfigMap" and manifest["metadata"].get("labels", {}).get("grafana_dashboard") == "1":
            found |= manifest["data"]
    files = pathlib.Path(folder).glob("*.json")
    yield from difference({file.name: file.read_text() for file in files}, found)


def main():
    checks = (manifests, misspelt, pods, references, rules, routes, scrape, dashboards)
    check = {check.__name__: check for check in checks}[sys.argv[1]]
    complaints = list(check(*sys.argv[2:]))
    print("\n".join(complaints))
    sys.exit(bool(complaints))


main()
