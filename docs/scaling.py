"""The arithmetic and the simulation behind docs/scaling.md. Requires only Python.

    python3 docs/scaling.py SERIES BYTES        of one instance: curl -s .../metrics | grep -vc '^#', and wc -c
"""

import heapq
import random
import sys

SCRAPE_INTERVAL = 5.0
# Prometheus' documentation on storage says 1 to 2 bytes a sample.
BYTES_PER_SAMPLE = 1.5
RETENTION_DAYS = 31
# Sequential UPDATE statements with their commits: 3,200 a second were measured with one instance.
COMMIT_SECONDS = 1 / 3200


def watching(instances, series, size):
    samples = instances * series / SCRAPE_INTERVAL
    disk = samples * 86_400 * RETENTION_DAYS * BYTES_PER_SAMPLE
    return (f"| {instances:,} | {instances * series:,} | {samples:,.0f} | "
            f"{instances * size / SCRAPE_INTERVAL / 1e6:,.1f} MB/s | {disk / 1e9:,.0f} GB |")


def counting(instances, rate, batched, seed=1, commits=60_000):
    """The row under `rate` calls a second over all instances: (calls done a second, the 99th percentile in seconds).

    The row's lock lets one transaction in at a time, first come, first served. An instance that batches has one
    transaction under way, which takes all callers that waited when it began to wait for the lock.
    """
    chance = random.Random(seed)
    now = 0.0
    free = 0.0
    waits, waiting = [], {}
    queued = {}
    events = [(chance.expovariate(rate), 0, "call", None)]
    order, done = 1, 0
    while done < commits:
        now, _, kind, instance = heapq.heappop(events)
        if kind == "call":
            instance = chance.randrange(instances)
            heapq.heappush(events, (now + chance.expovariate(rate), order, "call", None))
            order += 1
            waiting.setdefault(instance, []).append(now)
        else:
            for called in queued.pop(instance):
                waits.append(now - called)
            done += 1
        if waiting.get(instance) and instance not in queued:
            batch = waiting[instance] if batched else waiting[instance][:1]
            waiting[instance] = waiting[instance][len(batch):]
            queued[instance] = batch
            free = max(free, now) + COMMIT_SECONDS
            heapq.heappush(events, (free, order, "committed", instance))
            order += 1
    waits.sort()
    return len(waits) / now, waits[int(len(waits) * 0.99)]


def main():
    series, size = int(sys.argv[1]), int(sys.argv[2])
    print("| instances | series | samples a second | scraped | disk, 31 days |\n|---|---|---|---|---|")
    for instances in (10, 1_000, 100_000):
        print(watching(instances, series, size))
    print("\n| instances | calls a second | one UPDATE a call: done, p99 | one a batch: done, p99 |\n|---|---|---|---|")
    for instances, rate in ((2, 1_000), (2, 20_000), (10, 20_000), (100, 20_000), (1_000, 20_000)):
        cells = []
        for batched in (False, True):
            done, slow = counting(instances, rate, batched)
            # If the queue grows without bound, the percentile would only measure how long the simulation ran.
            delay = f"{1e3 * slow:,.0f} ms" if done > 0.95 * rate else "unbounded"
            cells.append(f"{done:,.0f}/s, {delay}")
        print(f"| {instances:,} | {rate:,} | {' | '.join(cells)} |")


main()
