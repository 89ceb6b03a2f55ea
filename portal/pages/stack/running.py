"""The stack of this process's settings (made by place.py), running."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from . import services
from .programs import Program, Watch


class Stack:
    """`programs` by name: postgresql and redis where there are any, web-a, web-b, tick-a, and nginx with BEHIND_NGINX.

    Without nginx each host writes its own view journal, so it has a tick of its own, too: tick-b.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.watch = Watch()
        self.hosts = {"a": Path(settings.VAR_DIR), "b": folder / "host-b"}
        self.web_ports = [services.free_port() for _host in self.hosts]

    @property
    def programs(self) -> dict[str, Program]:
        return self.watch.programs

    def __getitem__(self, name: str) -> Program:
        return self.programs[name]

    @property
    def addresses(self) -> list[str]:
        """Where visitors come in."""
        if settings.BEHIND_NGINX:
            return [settings.SITE_URL]
        return [f"http://{services.HOST}:{port}" for port in self.web_ports]

    def start_services(self):
        if connection.vendor == "postgresql":
            port = int(connection.settings_dict["PORT"])
            self.watch.start(services.postgresql(self.folder, port))
            services.make_database(port)
        if settings.REDIS_URL:
            self.watch.start(services.redis(self.folder, urlsplit(settings.REDIS_URL).port))

    def start_site(self, tick_seconds: float, nginx_extra: str):
        self.watch.start(
            *(
                services.web(f"web-{letter}", self.folder, port, VAR_DIR=str(host))
                for (letter, host), port in zip(self.hosts.items(), self.web_ports, strict=True)
            )
        )
        for letter, host in self.hosts.items():
            if letter == "a" or not settings.BEHIND_NGINX:
                self.watch.start(services.tick(f"tick-{letter}", self.folder, tick_seconds, VAR_DIR=str(host)))
        if settings.BEHIND_NGINX:
            port = urlsplit(settings.SITE_URL).port
            self.watch.start(services.nginx(self.folder, port, self.web_ports, nginx_extra))


@contextmanager
def stack(fill: Callable[[], object], progress: Callable[[str], None], tick_seconds: float = 5, nginx_extra: str = ""):
    """Yield the running Stack. `fill` puts data into the empty, migrated database before the site opens."""
    running = Stack(Path(settings.VAR_DIR).parent)
    try:
        for host in running.hosts.values():
            _collect_static(host)
        running.start_services()
        call_command("migrate", verbosity=0)
        fill()
        connection.close()
        running.start_site(tick_seconds, nginx_extra)
        progress(f"{' '.join(running.addresses)}: {', '.join(running.programs)}")
        yield running
    finally:
        connection.close()
        running.watch.end()


def _collect_static(host: Path):
    """Each host has its own copy, as each has its own copy of the program."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env={**os.environ, "VAR_DIR": str(host)}, check=True)
