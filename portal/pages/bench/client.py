"""A small closed-loop client for machines without wrk: each connection asks again as soon as it was answered.

    python client.py URL seconds connections            prints {"seconds": …, "failed": …, "latencies": […]}
    python client.py URL seconds connections rate       so many a second, whether or not those before were answered

With a rate a latency is the time from the moment at which the request was due to the first byte of its answer: who
has to wait for a free connection waits, too. Standard library only, a process of its own, this machine only, bounded
in time and count.
"""

import http.client
import itertools
import json
import sys
import threading
import time
from urllib.parse import urlsplit

MOST_REQUESTS = 200_000


def drive(url: str, seconds: float, connections: int) -> dict:
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1":
        raise ValueError("only this machine is measured")
    began = time.monotonic()
    deadline = began + seconds
    latencies, failed = [], []

    def ask_again_and_again():
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        while (start := time.monotonic()) < deadline and len(latencies) < MOST_REQUESTS:
            connection.request("GET", target)
            response = connection.getresponse()
            response.read()
            latencies.append(time.monotonic() - start)
            if response.status != 200:
                failed.append(response.status)
        connection.close()

    threads = [threading.Thread(target=ask_again_and_again) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"seconds": time.monotonic() - began, "failed": len(failed), "latencies": latencies}


def drive_at(url: str, seconds: float, connections: int, rate: float) -> dict:
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1":
        raise ValueError("only this machine is measured")
    total = min(MOST_REQUESTS, int(seconds * rate))
    numbers, latencies, failed = itertools.count(), [], []
    began = time.monotonic() + 0.1

    def ask_when_due():
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        while (number := next(numbers)) < total:
            due = began + number / rate
            time.sleep(max(0, due - time.monotonic()))
            connection.request("GET", target)
            response = connection.getresponse()
            latencies.append(time.monotonic() - due)
            response.read()
            if response.status != 200:
                failed.append(response.status)
        connection.close()

    threads = [threading.Thread(target=ask_when_due) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"seconds": time.monotonic() - began, "failed": len(failed), "latencies": latencies}


if __name__ == "__main__":
    url, seconds, connections, *rate = sys.argv[1:]
    given = url, float(seconds), int(connections)
    print(json.dumps(drive_at(*given, float(rate[0])) if rate else drive(*given)))
