"""What `make kubernetes` generates, against the files that it is generated from."""

import json
import pathlib
import re

import yaml

from reading import difference, of_kind


def on_one_line(tree):
    """Without what only breaks lines, which kubectl moves in folded texts; PromQL and templates do not mind."""
    return json.loads(re.sub(r"(\\n|\s)+", " ", json.dumps(tree)))


def rules(file, source, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    found = {}
    for manifest in of_kind(file, "PrometheusRule"):
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
    [found] = [manifest["spec"] for manifest in of_kind(file, "AlertmanagerConfig")]
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


def config_maps(file, *parts):
    """Each part, NAME=SOURCE: the ConfigMaps whose names begin so hold the files of the folder SOURCE, or that file."""
    for part in parts:
        prefix, source = part.split("=")
        found = {}
        for manifest in of_kind(file, "ConfigMap"):
            if manifest["metadata"]["name"].startswith(prefix):
                found |= manifest["data"]
        source = pathlib.Path(source)
        files = [file for file in source.iterdir() if file.is_file()] if source.is_dir() else [source]
        yield from difference({file.name: file.read_text() for file in files}, found, prefix)
