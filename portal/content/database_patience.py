"""How long a web process waits for PostgreSQL. Without a limit, a server that hangs (its machine frozen, a cable out)
would hold every thread for ever; with one, the visitor gets a page that says so and keeps what was typed."""

import select
import time

import psycopg2
from psycopg2 import extensions

SECONDS_FOR_AN_ANSWER = 10  # of one statement; the slowest page of the admin takes a third
SECONDS_TO_CONNECT = 3
# After a wait in vain, until something is answered: each thread has a connection of its own that hangs.
SECONDS_WHEN_IN_DOUBT = 1
# So long after a wait in vain nobody of this process tries to connect.
SECONDS_OF_REST = 3

_waited_in_vain_at: float | None = None  # by the monotonic clock; None since the last answer


def limit_waiting():
    """For this process, from now on. Long statements belong into commands, which have no limit."""
    extensions.set_wait_callback(wait)


def wait(connection):
    """Called by psycopg2 whenever it has to wait. Raises OperationalError, by which the connection is closed."""
    global _waited_in_vain_at
    is_connecting = connection.status == extensions.STATUS_SETUP
    failed_at = _waited_in_vain_at
    if is_connecting and failed_at is not None and time.monotonic() < failed_at + SECONDS_OF_REST:
        raise psycopg2.OperationalError("PostgreSQL did not answer a moment ago")
    patience = SECONDS_TO_CONNECT if is_connecting else SECONDS_FOR_AN_ANSWER
    deadline = time.monotonic() + (patience if failed_at is None else SECONDS_WHEN_IN_DOUBT)
    while (state := connection.poll()) != extensions.POLL_OK:
        waiting = select.poll()
        waiting.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        left = deadline - time.monotonic()
        if left <= 0 or not waiting.poll(1000 * left):
            _waited_in_vain_at = time.monotonic()
            raise psycopg2.OperationalError("PostgreSQL does not answer")
    _waited_in_vain_at = None
