"""Opening a page of a stack that runs in this machine's own network."""

from playwright.sync_api import Error

# Chromium drops its requests when a network interface comes or goes, as Docker's do in other tests meanwhile.
DROPPED = "ERR_NETWORK_CHANGED"
ATTEMPTS = 5


def visit(page, url):
    """Opens the page, again if the browser has dropped a request for one of its files, and returns the reply."""
    dropped = []

    def note(request):
        if DROPPED in (request.failure or ""):
            dropped.append(request.url)

    page.on("requestfailed", note)
    try:
        for _ in range(ATTEMPTS):
            dropped.clear()
            try:
                reply = page.goto(url)
            except Error as error:
                if DROPPED not in error.message:
                    raise
                continue
            if not dropped:
                return reply
    finally:
        page.remove_listener("requestfailed", note)
    raise AssertionError(f"{url}: {DROPPED}, {ATTEMPTS} times: {dropped}")
