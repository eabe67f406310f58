"""Measures how long the console takes to draw 40 panels over 6 hours for the first time, and its resident memory.

    first_draw.py CONSOLE PROMETHEUS PROMTOOL CHROMIUM ROUNDS

All but the last are programs. Prometheus gets 6 hours of made-up samples first. scripts/bench_console.sh calls it.
"""

import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

from playwright.sync_api import sync_playwright

from console_driver import console_process
from pager import FLAGS

PANELS, LINES, HOURS, STEP = 40, 5, 6, 15
# The time from the navigation until everything was drawn, and painted after that.
MEASURE = """
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => { window.drawnAt ??= performance.now() })))
    .observe(document, { subtree: true, attributes: true, attributeFilter: ['data-drawn'] })
"""


def samples(now):
    """OpenMetrics text: waves, different ones for each line."""
    yield "# TYPE wave gauge"
    for panel in range(PANELS):
        for line in range(LINES):
            for at in range(now - 3600 * HOURS, now, STEP):
                value = line + math.sin(at / (600 + 60 * panel)) + 0.2 * math.sin(at * (panel + 1))
                yield f'wave{{panel="{panel}",line="{line}"}} {value:.4f} {at}'
    yield "# EOF\n"


def dashboard():
    panels = [{
        "id": number + 1, "type": "timeseries", "title": f"Wave {number}", "options": {},
        "gridPos": {"x": number % 2 * 12, "y": number // 2 * 8, "w": 12, "h": 8},
        "targets": [{"refId": "A", "expr": f'wave{{panel="{number}"}}', "legendFormat": "{{line}}"}],
        "fieldConfig": {"defaults": {"unit": "short"}, "overrides": []},
    } for number in range(PANELS)]
    return {"uid": "waves", "title": "Waves", "time": {"from": f"now-{HOURS}h", "to": "now"}, "panels": panels}


@contextmanager
def running_prometheus(prometheus, promtool, folder):
    text, blocks, nothing = folder / "samples.txt", folder / "blocks", folder / "prometheus.yml"
    text.write_text("\n".join(samples(int(time.time()))))
    nothing.write_text("{}\n")
    subprocess.run([promtool, "tsdb", "create-blocks-from", "openmetrics", text, blocks], check=True, stdout=subprocess.DEVNULL)
    with create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [prometheus, f"--config.file={nothing}", f"--storage.tsdb.path={blocks}", f"--web.listen-address={address}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(f"http://{address}")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(url):
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"{url}/-/ready").close()
            return
        except urllib.error.URLError:
            assert time.monotonic() < deadline, f"{url} is not ready after 30 s"
            time.sleep(0.2)


def first_draw(browser, url):
    """Seconds, by a browser that has nothing of the console yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.add_init_script(MEASURE)
    page.goto(f"{url}/d/waves")
    while (drawn_at := page.evaluate("window.drawnAt ?? 0")) == 0:
        page.wait_for_timeout(100)
    assert "No data" not in page.locator(".content").inner_text()
    context.close()
    return drawn_at / 1000


def resident_mb(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024 / 1e6


def main():
    console, prometheus, promtool, chromium, rounds = sys.argv[1:6]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        dashboards = folder / "dashboards"
        dashboards.mkdir()
        (dashboards / "waves.json").write_text(json.dumps(dashboard()))
        with running_prometheus(prometheus, promtool, folder) as upstream, console_process(console, upstream, dashboards) as (process, url):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            took = []
            for number in range(int(rounds)):
                took.append(first_draw(browser, url))
                print(f"round {number + 1}: {took[-1]:.2f} s, load average {os.getloadavg()[0]:.1f}", flush=True)
            browser.close()
            resident = resident_mb(process.pid)
    print(f"first draw of {PANELS} panels of {LINES} lines over {HOURS} h: "
          f"median {statistics.median(took):.2f} s ({min(took):.2f} to {max(took):.2f}), target 2 s")
    print(f"resident memory of the console: {resident:.1f} MB, target 30 MB")


if __name__ == "__main__":
    main()
