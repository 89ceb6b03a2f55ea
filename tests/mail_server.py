"""A real mail server on this machine, for tests that send: `with mail_server() as server: … server.letters`."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from django.conf import settings
from django.test.utils import override_settings


class Inbox:
    """`letters` in the order of arrival; an address in `refused` is answered with 550."""

    def __init__(self):
        self.letters, self.refused = [], set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  the library's name
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        letter.add_header("X-Envelope-To", ", ".join(envelope.rcpt_tos))
        self.letters.append(letter)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def mail_server(port: int | None = None):
    inbox, port = Inbox(), port or free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with sending_to(port):
            yield inbox
    finally:
        controller.stop()


def sending_to(port: int):
    """Have the portal send to a port of this machine, whether or not somebody listens there."""
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port,
        EMAIL_TIMEOUT=settings.EMAIL_TIMEOUT, EMAIL_HOST_USER="", EMAIL_USE_SSL=False, EMAIL_USE_TLS=False,
    )  # fmt: skip
