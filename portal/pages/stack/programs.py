"""Programs that are started again when they end, as systemd would, and that can be killed, stopped or kept away."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

SECONDS_TO_START = 60
SECONDS_TO_END = 20
PAUSE_BEFORE_NEXT_START = 0.5


class Program:
    """One program and the processes it starts. `folder` takes what it says; `answers` tells whether it works."""

    def __init__(
        self,
        name: str,
        command: list[str],
        folder: Path,
        environment: dict[str, str] | None = None,
        user: str | None = None,
        answers: Callable[[], bool] = lambda: True,
        ends_on: signal.Signals = signal.SIGTERM,
    ):
        self.name, self.command, self.folder, self.user = name, command, folder, user
        self.environment, self.answers, self.ends_on = {**os.environ, **(environment or {})}, answers, ends_on
        self.process: subprocess.Popen | None = None
        self.is_wanted = False
        self.starts = 0
        self._lock = threading.RLock()

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self):
        self.is_wanted = True
        self.start_if_ended()
        self.wait_until_answers()

    def start_if_ended(self):
        """Called again and again by whoever watches."""
        with self._lock:
            if not self.is_wanted or (self.process and self.process.poll() is None):
                return
            if self.process:
                self._kill_what_is_left()
                time.sleep(PAUSE_BEFORE_NEXT_START)
            with self.log.open("a") as log:
                self.process = subprocess.Popen(
                    self.command, cwd=Path(__file__).resolve().parents[3], env=self.environment,
                    stdout=log, stderr=log, user=self.user, group=_group_of(self.user),
                    extra_groups=[] if self.user else None, start_new_session=True,
                )  # fmt: skip
            self.starts += 1

    def wait_until_answers(self):
        """Raises RuntimeError, with the last lines that it said, when it does not begin to work."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if time.monotonic() > deadline or (self.starts == 1 and self.process.poll() is not None):
                said = self.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self.name} did not start: {' '.join(self.command)}\n{said}")
            time.sleep(0.1)

    def end(self):
        """Asked politely first."""
        with self._lock:
            self.is_wanted = False
            if not self.process:
                return
            self.resume()
            if self.process.poll() is None:
                self.process.send_signal(self.ends_on)
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(SECONDS_TO_END)
            self._kill_what_is_left()

    # --- Breaking it --------------------------------------------------------------------------------------------------

    def pids(self) -> list[int]:
        """Of the first process and all that come from it."""
        return [self.process.pid, *_descendants(self.process.pid)] if self.process else []

    def kill(self, pid: int | None = None):
        """SIGKILL to one process, or to all at the same moment; whoever watches starts it again."""
        self._send(signal.SIGKILL, self.pids() if pid is None else [pid])

    def pause(self):
        self._send(signal.SIGSTOP, self.pids())

    def resume(self):
        self._send(signal.SIGCONT, self.pids())

    @contextmanager
    def away(self):
        """Killed, and not started again until the block ends."""
        self.is_wanted = False
        self.kill()
        self.process.wait()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def paused(self):
        """Its connections stay open and nothing comes back."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def _send(self, number: signal.Signals, pids: list[int]):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _kill_what_is_left(self):
        """As systemd does: children whose parent was killed would hold its port."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _group_of(user: str | None) -> int | None:
    if not user:
        return None
    import pwd  # not on Windows, where nothing of this runs but the command must be able to say so

    return pwd.getpwnam(user).pw_gid


def _descendants(pid: int) -> list[int]:
    with suppress(OSError):
        children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return children + [below for child in children for below in _descendants(child)]
    return []


class Watch:
    """Starts programs in order, starts again those that end, ends them in the opposite order."""

    def __init__(self):
        self.programs: dict[str, Program] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self, *programs: Program):
        """Those named here start together, and all work when this returns."""
        for program in programs:
            self.programs[program.name] = program
            program.is_wanted = True
            program.start_if_ended()
        for program in programs:
            program.wait_until_answers()
        if not self._thread.is_alive():
            self._thread.start()

    def _look(self):
        while not self._over.wait(0.2):
            for program in list(self.programs.values()):
                program.start_if_ended()

    def end(self):
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        for program in reversed(self.programs.values()):
            program.end()
