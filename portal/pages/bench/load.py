"""Asking one address as fast as it answers: with wrk where it is installed, else with a small client of our own."""

import json
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .server import Server

CONNECTIONS = 8
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}  # of wrk, in milliseconds


IN_TURN = """
local paths = {{ {paths} }}
local number = 0
request = function()
    number = number + 1
    return wrk.format("GET", paths[number % #paths + 1])
end
"""


@dataclass(frozen=True)
class Result:
    """`p50`, `p99` and the workers' `cpu` for a request in milliseconds; `cpu` is None where it cannot be known."""

    requests: int
    per_second: float
    p50: float
    p99: float
    cpu: float | None = None


def tool() -> str:
    return "wrk" if shutil.which("wrk") else "client.py"


def measure(server: Server, path: str, seconds: float) -> Result:
    before = server.cpu_seconds()
    result = (with_wrk if tool() == "wrk" else with_own_client)(server.url(path), seconds)
    after = server.cpu_seconds()
    if not result.requests:
        raise ValueError(f"{path}: not one answer in {seconds} s")
    cpu = None if before is None else 1000 * (after - before) / result.requests
    return Result(result.requests, result.per_second, result.p50, result.p99, cpu)


def with_wrk(url: str, seconds: float, headers: dict[str, str] | None = None, script: Path | None = None) -> Result:
    # wrk knows whole seconds only.
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{max(1, round(seconds))}s"]
    for name, value in (headers or {}).items():
        command += ["--header", f"{name}: {value}"]
    if script:
        command += ["--script", str(script)]
    answer = subprocess.run([*command, "--latency", url], check=True, capture_output=True, text=True)
    return read_wrk(answer.stdout)


def in_turn(paths: list[str], folder: Path) -> Path:
    """A script for wrk, which then asks for one path after the other."""
    script = folder / f"in-turn-{len(paths)}.lua"
    script.write_text(IN_TURN.format(paths=", ".join(f'"{path}"' for path in paths)))
    return script


def read_wrk(text: str) -> Result:
    """The numbers that wrk printed. Raises ValueError when some answers were errors."""
    if errors := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", text):
        raise ValueError(errors[0])

    def latency(percent: int) -> float:
        number, unit = re.search(rf"^\s*{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE).groups()
        return float(number) * UNITS[unit]

    requests = int(re.search(r"(\d+) requests in", text)[1])
    return Result(requests, float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), latency(50), latency(99))


def first_byte_p99(url: str, seconds: float, rate: float) -> float:
    """Milliseconds, with that many requests a second."""
    return with_own_client(url, seconds, rate).p99


def with_own_client(url: str, seconds: float, rate: float | None = None) -> Result:
    script = Path(__file__).with_name("client.py")
    command = [sys.executable, str(script), url, str(seconds), str(CONNECTIONS)]
    command += [] if rate is None else [str(rate)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if answer["failed"]:
        raise ValueError(f"{answer['failed']} answers were errors")
    latencies = answer["latencies"]
    hundredths = statistics.quantiles(latencies, n=100)
    return Result(len(latencies), len(latencies) / answer["seconds"], 1000 * hundredths[49], 1000 * hundredths[98])


def middle(results: list[Result]) -> Result:
    """The median of several rounds, number by number."""
    cpu = [result.cpu for result in results if result.cpu is not None]
    return Result(
        sum(result.requests for result in results),
        statistics.median(result.per_second for result in results),
        statistics.median(result.p50 for result in results),
        statistics.median(result.p99 for result in results),
        statistics.median(cpu) if cpu else None,
    )
