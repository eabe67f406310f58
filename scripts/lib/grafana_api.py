"""What is read from Grafana's API."""

import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


def dashboard_of(grafana, uid):
    """The dashboard, or None where there is none with this uid."""
    answer = get(grafana, f"/api/dashboards/uid/{urllib.parse.quote(uid, safe='')}")
    if answer is None:
        return None
    dashboard = answer.get("dashboard") if isinstance(answer, dict) else None
    if not isinstance(dashboard, dict):
        sys.exit(f"error: Grafana's dashboard {uid} is not valid: dashboard: found {json.dumps(dashboard)}, expected an object")
    return dashboard


def known_dashboards(grafana):
    """The uid and title of each dashboard."""
    return get(grafana, "/api/search?type=dash-db") or []


def get(grafana, path):
    """The answer, or None if it is 404."""
    password = os.environ["GRAFANA_PASSWORD"]
    credentials = base64.b64encode(f"admin:{password}".encode()).decode()
    request = urllib.request.Request(grafana + path, headers={"Authorization": f"Basic {credentials}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        hint = "; GRAFANA_PASSWORD is not that of its admin" if error.code == 401 else ""
        said = error.read(300).decode(errors="replace").strip()
        sys.exit(f"error: {grafana}{path}: found status {error.code}, expected 200{hint}\n  Grafana says: {said}")
    except OSError as error:
        reason = getattr(error, "reason", error)
        sys.exit(
            f"error: Grafana does not answer at {grafana}: {reason}\n"
            "  make status says whether it runs. Without it, edit the file itself: the console shows each change."
        )
    except ValueError as error:
        sys.exit(f"error: {grafana}{path}: expected JSON: {error}")
