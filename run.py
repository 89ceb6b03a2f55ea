#!/usr/bin/env python3
"""The portal in one command, for a machine that has only Python 3.11 or newer. USAGE below says what it does.

Only the standard library is used here, and nothing newer than Python 3.8 is written here, so that an old Python gets a
sentence instead of a SyntaxError.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import errno
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

USAGE = """\
python3 run.py                  przygotuj środowisko i uruchom portal na http://127.0.0.1:8000/ (inny port: PORT=8001)
python3 run.py test [opcje]     testy (opcje pytest)
python3 run.py init             dane urzędu i pierwszy administrator dla własnej bazy (DATABASE_URL, SITE_URL)
python3 run.py bench [opcje]    pomiary wydajności
python3 run.py audit            czy używane pakiety mają znane luki bezpieczeństwa (pyta spis pakietów w internecie)
python3 run.py <polecenie> ...  każde inne polecenie trafia do manage.py, na przykład: migrate, createsuperuser
"""

ROOT = Path(__file__).resolve().parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = str(VENV / ("Scripts/python.exe" if WINDOWS else "bin/python"))
MANAGE = [PYTHON, str(ROOT / "manage.py")]

# Longer than gunicorn's graceful_timeout: requests under way are finished before anything is killed.
SECONDS_TO_END = 40

# Asked of Django in a single process, because each one costs a second of the start.
STATE_QUESTION = """
from django.contrib.auth import get_user_model
from institutions.models import Office
users = get_user_model().objects
print(Office.objects.exists(), users.exists(), users.filter(is_superuser=True).exists())
"""


class Refusal(Exception):
    """Why the portal cannot start, as a sentence for the person who started it."""


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    word, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if word in ("-h", "--help"):
        print(USAGE, end="")
        return 0
    if not word:
        return start()
    if word == "test":
        prepare_environment(dev=True)
        return hand_over([PYTHON, "-m", "pytest", *rest])
    if word == "bench":
        prepare_environment(dev=True)
        return hand_over([*MANAGE, "bench", *rest])
    if word == "audit":
        return audit(rest)
    prepare_environment()
    if word == "init":
        migrate()
        return hand_over([*MANAGE, "init_office", *rest])
    return hand_over([*MANAGE, *arguments])


def start() -> int:
    host, port = os.environ.get("HOST") or "127.0.0.1", port_number()
    refuse_if_taken(host, port)
    prepare_environment()
    migrate()
    collect_static()
    prepare_first_start()
    print(f"Uruchamiam portal: http://{host}:{port}/ (Ctrl+C kończy)", flush=True)
    if WINDOWS:
        server = [*MANAGE, "runserver", "--noreload", f"{host}:{port}"]
    else:
        server = [PYTHON, "-m", "gunicorn", "portal.wsgi", "-c", "deploy/gunicorn.conf.py"]
    return run_together(server, [*MANAGE, "tick", "--loop"])


def audit(options: list[str]) -> int:
    """Ask for known vulnerabilities of every locked package; 0 only if all were found in the index and have none."""
    prepare_environment()
    install("requirements-audit.lock", shutil.which("uv"))
    codes = []
    for lock in ("requirements.lock", "requirements-pdf.lock", "requirements-dev.lock"):
        print(f"{lock}:", flush=True)
        command = [PYTHON, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "-r", lock, *options]
        codes.append(subprocess.run(command, cwd=ROOT).returncode)
    return max(codes)


# --- The environment ----------------------------------------------------------------------------------------------


def prepare_environment(dev: bool = False) -> None:
    """Everything the portal needs inside .venv; quick when it is there already."""
    uv = shutil.which("uv")
    if not usable_venv(uv):
        with step("Tworzę środowisko Pythona w .venv"):
            make_venv(uv)
    install("requirements.lock", uv)
    if dev:
        install("requirements-dev.lock", uv)
    if wants_pdf():
        install_pdf(uv)


def usable_venv(uv: str | None) -> bool:
    # An environment made by uv has no pip; one whose making was interrupted may have none either.
    return Path(PYTHON).exists() and bool(uv or any(VENV.glob("**/site-packages/pip")))


def make_venv(uv: str | None) -> None:
    if uv:
        call([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
        return
    hint = "Na Debianie i Ubuntu pomoże: sudo apt install python3-venv"
    if importlib.util.find_spec("ensurepip") is None:
        raise Refusal(f"Ten Python nie ma modułu ensurepip, więc nie utworzy środowiska. {hint}")
    try:
        venv.create(VENV, with_pip=True, clear=True, symlinks=not WINDOWS)
    except (subprocess.CalledProcessError, OSError) as error:
        raise Refusal(f"Nie udało się utworzyć środowiska .venv ({error}). {hint}") from None


def install(lock: str, uv: str | None) -> None:
    """Install a lock file, unless this very content was installed before."""
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.sha256"
    if stamp.exists() and stamp.read_text() == digest:
        return
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    else:
        command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    with step(f"Instaluję pakiety: {lock}"):
        call([*command, "--require-hashes", "-r", lock])
    stamp.write_text(digest)


def wants_pdf() -> bool:
    choice = os.environ.get("PORTAL_PDF")
    if choice:
        return choice == "1"
    return all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0"))


def install_pdf(uv: str | None) -> None:
    try:
        install("requirements-pdf.lock", uv)
    except subprocess.CalledProcessError as error:
        print(f"Wydruki PDF będą wyłączone: instalacja WeasyPrint zakończyła się kodem {error.returncode}.", flush=True)


# --- The database and the files -----------------------------------------------------------------------------------


def migrate() -> None:
    with step("Przygotowuję bazę danych"):
        call([*MANAGE, "migrate", "--no-input", "--verbosity", "0"])


def collect_static() -> None:
    """Gather and compress the static files, unless none changed since the last time (it takes seconds)."""
    mark = static_mark()
    stamp = VAR / "static.sha256"
    if (VAR / "static").is_dir() and stamp.exists() and stamp.read_text() == mark:
        return
    with step("Zbieram pliki statyczne"):
        # Nothing is cleared: a page kept by a cache still names the files of yesterday.
        call([*MANAGE, "collectstatic", "--no-input", "--verbosity", "0"])
    stamp.write_text(mark)


def static_mark() -> str:
    """Changes with our files, with the packages' files (the lock), and with DEBUG, which selects another storage."""
    mark = hashlib.sha256((os.environ.get("DEBUG") or "").encode() + (ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        status = path.stat()
        mark.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return mark.hexdigest()


def prepare_first_start() -> None:
    """The demo and an administrator for the default database; an own database is left to `run.py init`."""
    has_office, has_users, has_administrator = state()
    if os.environ.get("DATABASE_URL") or os.environ.get("SITE_URL"):
        if not has_office:
            print("W tej bazie nie ma jeszcze urzędu. Uruchom: python3 run.py init", flush=True)
        return
    # Users without an office: somebody removed the demo on purpose, so it does not come back.
    if not has_office and not has_users:
        print("Wczytuję pokaz: wymyślony powiat…", flush=True)  # the command itself shows progress and time
        call([*MANAGE, "load_demo"])
    if not has_administrator:
        call([*MANAGE, "first_admin"])


def state() -> list[bool]:
    question = [*MANAGE, "shell", "--verbosity", "0", "--command", STATE_QUESTION]
    answer = subprocess.run(question, env=environment(), check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return [word == "True" for word in answer.stdout.split()[-3:]]


# --- The port -----------------------------------------------------------------------------------------------------


def port_number() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT={text}: podaj liczbę od 1 do 65535.")
    return int(text)


def refuse_if_taken(host: str, port: int) -> None:
    """Said before anything long begins; gunicorn itself would say it in English, five times."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if not WINDOWS:  # there the option means that two may share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "jest zajęty; może portal już działa" if taken else f"jest niedostępny ({error.strerror})"
            hint = f"Inny port wybiera zmienna PORT, na przykład: PORT={port % 65535 + 1} python3 run.py"
            raise Refusal(f"Port {port} pod adresem {host} {reason}. {hint}") from None


# --- Processes ----------------------------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    # Windows would otherwise print and read Polish letters in its old code page.
    return {**os.environ, "PYTHONUTF8": "1"}


def call(command: list[str]) -> None:
    subprocess.run(command, env=environment(), check=True)


def hand_over(command: list[str]) -> int:
    """Become the command, so that its exit code and Ctrl+C are its own."""
    if WINDOWS:
        return subprocess.call(command, env=environment())
    sys.stdout.flush()
    os.execve(command[0], command, environment())


def run_together(*commands: list[str]) -> int:
    """Run the commands until one ends (its exit code is returned) or somebody asks to stop (0); then end them all."""
    stop_signals = [signal.SIGINT, signal.SIGTERM] + ([] if WINDOWS else [signal.SIGHUP])
    for number in stop_signals:
        signal.signal(number, signal.default_int_handler)
    children: list[subprocess.Popen] = []
    try:
        for command in commands:
            # A session of their own: Ctrl+C reaches only this process, which then ends them in order.
            children.append(subprocess.Popen(command, env=environment(), start_new_session=not WINDOWS))
        while True:
            for child in children:
                if child.poll() is not None:
                    print(f"Zakończył się proces: {' '.join(child.args[1:])} (kod {child.returncode})", flush=True)
                    return child.returncode if child.returncode >= 0 else 128 - child.returncode
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nKończę pracę portalu…", flush=True)
        return 0
    finally:
        for number in stop_signals:
            signal.signal(number, signal.SIG_IGN)
        end(children)


def end(children: list[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + SECONDS_TO_END
    for child in children:
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextlib.contextmanager
def step(title: str):
    """Say what is happening and, where somebody had to wait for it, how long it took."""
    print(f"{title}…", flush=True)
    began = time.monotonic()
    yield
    seconds = time.monotonic() - began
    if seconds >= 1:
        print(f"  gotowe po {seconds:.1f} s".replace(".", ","), flush=True)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a narrow code page must not stop the start over one letter
    if sys.version_info < (3, 11):
        sys.exit(f"Portal wymaga Pythona 3.11 lub nowszego, a to jest {sys.version.split()[0]}.")
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
    except subprocess.CalledProcessError as failure:
        command = " ".join(failure.cmd).replace(f"{ROOT}{os.sep}", "")
        print(f"Nie powiodło się (kod {failure.returncode}): {command}", file=sys.stderr)
        sys.exit(failure.returncode)
    except KeyboardInterrupt:
        sys.exit(130)
