"""How long a web process waits for PostgreSQL. Without a limit, a server that hangs (its machine frozen, a cable out)
would hold every thread for ever; with one, the visitor gets a page that says so and keeps what was typed."""

import select
import threading
import time

import psycopg2
from psycopg2 import extensions

SECONDS_FOR_AN_ANSWER = 10  # of one statement; the slowest page of the admin takes a third
SECONDS_TO_CONNECT = 3
# After a wait in vain nobody else of this process tries to connect for so long.
SECONDS_OF_REST = 3

_rests_until = 0.0
_lock = threading.Lock()


def limit_waiting():
    """For this process, from now on. Long statements belong into commands, which have no limit."""
    extensions.set_wait_callback(wait)


def wait(connection):
    """Called by psycopg2 whenever it has to wait. Raises OperationalError, by which the connection is closed."""
    is_connecting = connection.status == extensions.STATUS_SETUP
    if is_connecting and time.monotonic() < _rests_until:
        raise psycopg2.OperationalError("PostgreSQL did not answer a moment ago")
    deadline = time.monotonic() + (SECONDS_TO_CONNECT if is_connecting else SECONDS_FOR_AN_ANSWER)
    while (state := connection.poll()) != extensions.POLL_OK:
        waiting = select.poll()
        waiting.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        left = deadline - time.monotonic()
        if left <= 0 or not waiting.poll(1000 * left):
            _rest()
            raise psycopg2.OperationalError("PostgreSQL does not answer")


def _rest():
    global _rests_until
    with _lock:
        _rests_until = time.monotonic() + SECONDS_OF_REST
