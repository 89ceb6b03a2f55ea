"""Two at once: `tick` twice as real processes, and two senders that no lease keeps apart. Each letter arrives once."""

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from portal.content.tick import last_round
from portal.outbox import sending
from portal.outbox.letters import Letter
from portal.outbox.models import Message
from portal.outbox.queueing import enqueue
from portal.pages.bench.signup.world import database_url
from tests.mail_server import free_port, mail_server

ROOT = Path(__file__).resolve().parents[1]
LETTERS = 40


@pytest.fixture
def outbox(own_database):
    for number in range(LETTERS):
        enqueue("test", Letter("Narada", ["Dzień dobry"]), to=f"osoba{number}@poczta.example", dedupe_key=f"{number}")


def arrivals(server) -> Counter:
    return Counter(letter["Message-ID"] for letter in server.letters)


def each_once() -> Counter:
    return Counter(message.message_id for message in Message.objects.all())


def test_tick_twice_at_once(outbox):
    port = free_port()
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": database_url(),
        "VAR_DIR": str(settings.VAR_DIR), "SECRET_KEY": settings.SECRET_KEY, "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }  # fmt: skip
    with mail_server(port) as server:
        ticks = [
            subprocess.Popen([sys.executable, "manage.py", "tick"], cwd=ROOT, env=environment) for _number in range(3)
        ]
        began = timezone.now()
        assert [tick.wait(120) for tick in ticks] == [0, 0, 0]
    assert last_round() > began, "what /readyz looks at"
    assert arrivals(server) == each_once()
    assert Message.objects.filter(status="sent").count() == LETTERS


def test_two_senders_without_a_lease_share_the_letters(outbox):
    def send():
        sending.send_due()
        connection.close()

    with mail_server() as server:
        threads = [threading.Thread(target=send) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert arrivals(server) == each_once()
