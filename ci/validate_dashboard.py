"""Checks a dashboard against Grafana's schema: validate_dashboard.py FILE

The SDK's classes are generated from the schema. They drop what they do not know, so a field that does not come back
after reading and writing is misspelt, at the wrong place, or not Grafana's. The file must also be formatted as
json.dumps does it, so that a change made in Grafana and exported shows as the lines that it changes.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

# Fields of an annotation that belong to the Prometheus data source, which the dashboard's schema leaves open.
OF_DATA_SOURCE = {"step", "titleFormat", "textFormat"}


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """What of `before` is missing from `after`, or has changed. What the SDK adds are defaults."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key in after:
                yield from differences(value, after[key], f"{path}/{key}")
            elif not (path.startswith("/annotations/list/") and key in OF_DATA_SOURCE):
                yield f"{path}/{key}: not in Grafana's schema"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after)):
            yield from differences(one, other, f"{path}/{index}")
    elif before != after:
        yield f"{path}: {before!r} came back as {after!r}"


def problems(text: str) -> Iterator[str]:
    dashboard = json.loads(text)
    if text != json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n":
        yield "not formatted with two spaces, one item a line"
    read = Dashboard.from_json(dashboard)
    written = json.loads(JSONEncoder(sort_keys=True).encode(read))
    yield from differences(dashboard, written)


def main(file: str) -> None:
    register_default_plugins()
    with open(file, encoding="utf-8") as opened:
        found = list(problems(opened.read()))
    if found:
        sys.exit("\n".join(f"{file}: {problem}" for problem in found))
    print(f"{file} keeps to Grafana's schema")


if __name__ == "__main__":
    main(sys.argv[1])
