"""The parts of a running stack, whose addresses are in the environment as for `make verify`."""

import json
import os
import time
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

ALERTMANAGER, CONSOLE, CONTROL, PAGER, PROMETHEUS = (
    os.environ[f"OBSERVER_{part}_URL"] for part in ("ALERTMANAGER", "CONSOLE", "BETA_CONTROL", "PAGER", "PROMETHEUS")
)
TOKEN = os.environ["OBSERVER_CONTROL_TOKEN"]

# Of a made-up alert, in case that nothing ends it.
LIFETIME = timedelta(minutes=3)


def ask(url, method="GET", body=None):
    headers = {"Content-Type": "application/json"}
    if url.startswith(CONTROL):
        headers["Authorization"] = f"Bearer {TOKEN}"
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as reply:
        text = reply.read()
        return json.loads(text) if text else None


def seconds(text):
    """A time of the stack's, whose nanoseconds Python does not parse."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}+00:00").timestamp() + float(f"0.{fraction or 0}")


@contextmanager
def made_up(labels):
    """An alert that Alertmanager has, without a rule."""
    now = datetime.now(timezone.utc)
    alert = {"labels": labels, "annotations": {"summary": "Made up by a test"}, "startsAt": now.isoformat()}
    ask(f"{ALERTMANAGER}/api/v2/alerts", "POST", [alert | {"endsAt": (now + LIFETIME).isoformat()}])
    try:
        yield
    finally:
        ask(f"{ALERTMANAGER}/api/v2/alerts", "POST", [alert | {"endsAt": datetime.now(timezone.utc).isoformat()}])


def pages_of(**wanted):
    """What the pager has of alerts with these fields: those that fire, then those that are over."""
    pages = ask(f"{PAGER}/api/pages")
    return [page for page in pages["firing"] + pages["history"] if wanted.items() <= page.items()]


def wait_for(what, limit, look):
    """Looks once a second until there is something, and returns it."""
    began = time.monotonic()
    while not (found := look()):
        assert time.monotonic() - began < limit, f"not after {limit} s: {what}"
        time.sleep(1)
    return found
