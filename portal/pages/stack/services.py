"""How each program of the stack is started: its command, its folder, and how it shows that it works."""

import os
import shutil
import socket
import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.core.management import CommandError

from portal.pages.nginx import Place, configuration, make_folders

from .programs import Program, signal

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[3]
# Debian puts them where only root looks, and PostgreSQL's where nobody does.
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def found(program: str) -> str | None:
    if at := shutil.which(program, path=PATH):
        return at
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]))
    return str(versions[-1]) if versions else None


def needed(program: str) -> str:
    if not (at := found(program)):
        raise CommandError(f"{program} is not installed here. On Debian: apt install nginx postgresql redis-server")
    return at


def answers(port: int, path: str = "/healthz") -> bool:
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def postgresql(folder: Path, port: int) -> Program:
    """A cluster of its own, made now. PostgreSQL refuses to run as root; then it runs as the user `postgres`."""
    data, user = folder / "postgresql", None
    data.mkdir(mode=0o700)
    if os.getuid() == 0:
        user = "postgres"
        shutil.chown(data, user, user)
        folder.chmod(0o711)
    initdb = [needed("initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    subprocess.run(
        [*initdb, "--locale=C.UTF-8", "--no-sync"], user=user, extra_groups=[] if user else None,
        cwd=data, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    settings = {"listen_addresses": HOST, "unix_socket_directories": "", "max_connections": "100"}
    command = [needed("postgres"), "-D", str(data), "-p", str(port)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]

    def accepts() -> bool:
        import psycopg2

        try:
            psycopg2.connect(host=HOST, port=port, user="postgres", dbname="postgres", connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    return Program("postgresql", command, folder, user=user, answers=accepts, ends_on=signal.SIGINT)


def make_database(port: int, name: str = "portal"):
    """In the cluster that postgresql() has made."""
    import psycopg2

    server = psycopg2.connect(host=HOST, port=port, user="postgres", dbname="postgres")
    server.autocommit = True
    server.cursor().execute(f'CREATE DATABASE "{name}"')
    server.close()


def redis(folder: Path, port: int) -> Program:
    command = [needed("redis-server"), "--port", str(port), "--bind", HOST, "--save", "", "--dir", str(folder)]
    return Program("redis", command, folder, answers=lambda: listens(port))


def web(name: str, folder: Path, port: int, workers: int = 2, **environment: str) -> Program:
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "-c", "deploy/gunicorn.conf.py"]
    command += ["--bind", f"{HOST}:{port}", "--workers", str(workers), "--log-level", "warning"]
    return Program(name, command, folder, environment, answers=lambda: answers(port))


def tick(name: str, folder: Path, seconds: float, **environment: str) -> Program:
    return Program(name, [sys.executable, "manage.py", "tick", "--loop", str(seconds)], folder, environment)


def nginx(folder: Path, port: int, portals: list[int], extra: str = "") -> Program:
    """In front of web processes on `portals`. `extra` goes into the http block, for measurements."""
    place = Place([f"{HOST}:{port}"], [f"{HOST}:{portal}" for portal in portals], str(folder / "nginx" / "cache"))
    make_folders(place)
    return nginx_of(folder, port, f"{configuration(place)}\n{extra}")


def nginx_of(folder: Path, port: int, text: str) -> Program:
    """`text` is what `manage.py nginx_config` prints; around it stands what Debian's nginx.conf says elsewhere."""
    own = folder / "nginx"
    own.mkdir(exist_ok=True)
    temporary = "".join(f"{name}_temp_path {own}/{name};" for name in "client_body proxy fastcgi uwsgi scgi".split())
    user = "user root;" if os.getuid() == 0 else ""
    (own / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes auto; worker_rlimit_nofile 30000; pid {own}/pid;\n"
        f"error_log {own}/error.log warn; events {{ worker_connections 12000; }}\n"
        f"http {{ access_log off; sendfile on; {temporary}\n{text}\n}}\n"
    )
    command = [needed("nginx"), "-p", str(own), "-c", str(own / "nginx.conf")]
    return Program("nginx", command, folder, answers=lambda: listens(port))
