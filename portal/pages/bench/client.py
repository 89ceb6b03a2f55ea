"""A small closed-loop client for machines without wrk: each connection asks again as soon as it was answered.

    python client.py URL seconds connections            prints {"seconds": …, "failed": …, "latencies": […]}
    python client.py URL seconds connections rate       so many a second, whether or not those before were answered

With a rate below 500 each request is a visitor with a connection of their own, and a latency the time from the moment
at which it was due to the first byte of its answer: who has to wait for a free thread of ours waits, too. Standard
library only, a process of its own, this machine only, bounded in time and count.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

MOST_REQUESTS = 200_000
VISITORS_A_SECOND = 500  # of more this client, which opens a connection for each, would be what is measured
FEWEST_REQUESTS = 20  # of a rate: of fewer a slow second of a busy machine leaves nothing to be said


def drive(url: str, seconds: float, connections: int, rate: float | None = None) -> dict:
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1":
        raise ValueError("only this machine is measured")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    began = time.monotonic() + (0.1 if rate else 0)
    moments = due_at(began, seconds, rate) if rate else at_once(began + seconds)
    latencies, failed, lock = [], [], threading.Lock()

    def next_moment() -> float | None:
        with lock:  # a generator serves one thread at a time
            return next(moments, None)

    def ask_again_and_again():
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        while (start := next_moment()) is not None:
            time.sleep(max(0, start - time.monotonic()))
            connection.request("GET", target)
            response = connection.getresponse()
            first_byte = time.monotonic()
            response.read()
            latencies.append((first_byte if rate else time.monotonic()) - start)
            if response.status != 200:
                failed.append(response.status)
            if rate and rate < VISITORS_A_SECOND:  # each is another visitor, whom another worker may answer
                connection.close()
        connection.close()

    threads = [threading.Thread(target=ask_again_and_again) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"seconds": time.monotonic() - began, "failed": len(failed), "latencies": latencies}


def at_once(deadline: float) -> Iterator[float]:
    """The moments at which requests begin: whenever a connection is free."""
    for _number in range(MOST_REQUESTS):
        if (now := time.monotonic()) >= deadline:
            return
        yield now


def due_at(began: float, seconds: float, rate: float) -> Iterator[float]:
    """The same by the clock, whether or not a connection is free."""
    for number in range(min(MOST_REQUESTS, max(FEWEST_REQUESTS, int(seconds * rate)))):
        yield began + number / rate


if __name__ == "__main__":
    url, seconds, connections, *rate = sys.argv[1:]
    print(json.dumps(drive(url, float(seconds), int(connections), *map(float, rate))))
