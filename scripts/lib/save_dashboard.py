"""Writes a dashboard of Grafana into its file.

    GRAFANA_PASSWORD=... python3 scripts/lib/save_dashboard.py GRAFANA UID FOLDER

GRAFANA is its URL, FOLDER the one with the files of the dashboards.
"""

import json
import re
import sys
from pathlib import Path

from dashboard_json import normalised, text_of
from grafana_api import dashboard_of, known_dashboards


def main(grafana, uid, folder):
    files = read_files(Path(folder))
    found = dashboard_of(grafana, uid) if uid else None
    if found is None:
        known = "\n".join(f"  {one['uid']:20}  {one['title']}" for one in known_dashboards(grafana))
        sys.exit(f"error: UID: found '{uid}', expected that of a dashboard in Grafana:\n{known}")
    check(found, uid)
    path, known = file_of(found, files, Path(folder))
    # A file is named after its uid, and a new one has that of its title: what Grafana makes up says nothing in an address.
    text = text_of(normalised(found | {"uid": uid if path in files else path.stem}, known))
    if path.exists() and path.read_text(encoding="utf-8") == text:
        print(f"{path.name}: unchanged")
        return
    state = "changed" if path.exists() else f"new, with the uid {path.stem}: delete {uid} in Grafana"
    # Grafana and the console read the folder while this writes.
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
    print(f"{path.name}: {state}; `git diff` shows what, `make test` checks it")


def read_files(folder):
    """The dashboards in the files, by path."""
    files = {}
    for path in sorted(folder.glob("*.json")):
        try:
            files[path] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            sys.exit(f"error: {path.name}: no valid JSON: {error}")
    if not files:
        sys.exit(f"error: {folder}: found no dashboard, expected those of the project")
    return files


def check(dashboard, uid):
    expectations = {"uid": (str, "a string"), "title": (str, "a string"), "panels": (list, "a list of panels")}
    for field, (kind, expected) in expectations.items():
        if not isinstance(dashboard.get(field), kind):
            found = json.dumps(dashboard.get(field))
            sys.exit(f"error: Grafana's dashboard {uid} is not valid: {field}: found {found}, expected {expected}")


def file_of(dashboard, files, folder):
    """The file, and the dashboard whose order of fields it takes."""
    for path, known in files.items():
        if known.get("uid") == dashboard["uid"]:
            return path, known
    title = dashboard["title"]
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    if not slug:
        sys.exit(f"error: title: found '{title}', expected letters or digits, which name the file")
    path = folder / f"{slug}.json"
    if path in files:
        sys.exit(f"error: title: found '{title}', expected another than that of {path.name}, whose uid is {files[path].get('uid')}")
    return path, next(iter(files.values()))


main(sys.argv[1], sys.argv[2], sys.argv[3])
