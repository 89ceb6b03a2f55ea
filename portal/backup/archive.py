"""The file itself: written under another name until it is whole, read again before it counts as a backup."""

import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from . import rows, schema
from .snapshot import snapshot

FORMAT = 1
NAME = "portal-{:%Y%m%d-%H%M%S}.tar"
PATTERN = "portal-*.tar*"
ENCRYPTED = ".cms"
# Which settings the site had, for whoever sets it up anew; never their values where these are secrets.
TOLD = ("SITE_URL", "ALLOWED_HOSTS", "BEHIND_NGINX", "PAGE_CACHE_SECONDS", "SESSION_IDLE_MINUTES", "MAIL_KEPT_DAYS")
SECRETS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL")


class Broken(Exception):
    """Why a file is no good backup, as a sentence."""


@dataclass(frozen=True)
class Contents:
    """What a file was found to hold."""

    manifest: dict
    files: int
    size: int

    @property
    def counts(self) -> dict[str, int]:
        return {label: table["rows"] for label, table in self.manifest["tables"].items()}


# --- Writing ----------------------------------------------------------------------------------------------------------


def write(folder: Path, certificate: str = "", progress: Callable[[str], None] = print) -> Path:
    """Make a backup in `folder`, encrypted for the owner of `certificate` (X.509, PEM) where one is named.

    Raises OSError (a full disk) and Broken (it cannot be read again); nothing half-written is left then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (NAME.format(timezone.now()) + (ENCRYPTED if certificate else ""))
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target, _encrypting(target, certificate) as stream:
            _write_tar(stream, progress)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        if not certificate:
            verify(part)
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return path


@contextmanager
def _encrypting(target, certificate: str):
    if not certificate:
        yield target
        target.flush()
        return
    command = ["openssl", "cms", "-encrypt", "-binary", "-stream", "-aes256", "-outform", "DER", certificate]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=target, stderr=subprocess.PIPE)
    try:
        yield process.stdin
    except BrokenPipeError:
        pass  # it says why below
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        said = process.stderr.read().decode(errors="replace").strip()
        if process.wait():
            raise Broken(f"openssl cannot encrypt with {certificate}: {said}")


def _write_tar(stream, progress):
    sums = {}
    with tarfile.open(fileobj=stream, mode="w|") as tar:
        manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "database": connection.vendor,
            "settings": {name: getattr(settings, name) for name in TOLD},
            "secrets_to_be_set": [name for name in SECRETS if os.environ.get(name)],
            "tables": {},
        }
        with snapshot() as alias:
            manifest["migrations"] = sorted(schema.applied(connections[alias]))
            for model in rows.models_of(schema.models_of_tables(connections[alias])):
                number = _add_rows(tar, sums, model, alias)
                manifest["tables"][model._meta.label_lower] = {"columns": rows.columns_of(model), "rows": number}
        progress(f"{sum(table['rows'] for table in manifest['tables'].values())} rows")
        # After the rows: a file that a row names is there already; one that came later does no harm.
        files = 0
        for path in _uploads():
            with suppress(FileNotFoundError):  # taken down in this moment
                _add_file(tar, sums, path)
                files += 1
        progress(f"{files} files")
        _add_bytes(tar, sums, "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        _add_bytes(tar, {}, "checksums.json", json.dumps(sums, indent=1).encode())


def _uploads() -> Iterator[Path]:
    root = Path(settings.PRIVATE_ROOT)
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _add_rows(tar, sums, model, alias: str) -> int:
    number = 0
    with tempfile.TemporaryFile() as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
            for line in rows.read(model, alias):
                packed.write(f"{line}\n".encode())
                number += 1
        size = file.tell()
        file.seek(0)
        _add(tar, sums, f"rows/{model._meta.label_lower}.jsonl.gz", file, size)
    return number


def _add_file(tar, sums, path: Path):
    with path.open("rb") as file:
        name = PurePosixPath("files", *path.relative_to(settings.PRIVATE_ROOT).parts)
        _add(tar, sums, str(name), file, os.fstat(file.fileno()).st_size)


def _add_bytes(tar, sums, name: str, content: bytes):
    _add(tar, sums, name, io.BytesIO(content), len(content))


def _add(tar, sums: dict, name: str, file, size: int):
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(timezone.now().timestamp())
    reader = _Summing(file)
    tar.addfile(member, reader)
    sums[name] = reader.sum.hexdigest()


class _Summing:
    """A file that knows the SHA-256 of what has been read of it."""

    def __init__(self, file):
        self.file, self.sum = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.sum.update(content)
        return content


# --- Reading ----------------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path, key: str = "") -> Iterator[tarfile.TarFile]:
    """The members, to be read in their order. Raises Broken. `key` is the private key of an encrypted backup."""
    if path.name.removesuffix(".part").endswith(ENCRYPTED):
        if not key:
            raise Broken(f"{path.name} is encrypted: name the private key with --key.")
        command = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-inkey", key, "-in", str(path)]
        with tempfile.TemporaryFile() as plain:  # nothing of it is believed before openssl has seen its end
            done = subprocess.run(command, stdout=plain, stderr=subprocess.PIPE)
            if done.returncode:
                raise Broken(f"openssl cannot decrypt {path.name}: {done.stderr.decode(errors='replace').strip()}")
            plain.seek(0)
            with _tar(plain, path) as tar:
                yield tar
        return
    with path.open("rb") as file, _tar(file, path) as tar:
        yield tar


@contextmanager
def _tar(file, path: Path):
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Broken(f"{path.name} is cut or is no backup: {error}") from None


def verify(path: Path, key: str = "") -> Contents:
    """Read all of it and compare each member with its checksum, each table with its number of rows. Raises Broken."""
    sums, sizes, files, manifest, wanted = {}, {}, 0, None, None
    with opened(path, key) as tar:
        for member in tar:
            reader = _Summing(tar.extractfile(member) or io.BytesIO())
            if member.name == "checksums.json":
                wanted = _json(reader, path)
                continue
            if member.name == "manifest.json":
                manifest = _json(reader, path)
            elif member.name.startswith("rows/"):
                sizes[label_of(member.name)] = _count_lines(reader)
            while reader.read(1 << 20):
                pass
            files += member.name.startswith("files/")
            sums[member.name] = reader.sum.hexdigest()
    if wanted is None or manifest is None:
        raise Broken(f"{path.name} ends too early: it was cut, or its making was interrupted.")
    if manifest.get("format") != FORMAT:
        raise Broken(f"{path.name} has format {manifest.get('format')}; this version reads {FORMAT}.")
    wrong = sorted(name for name in {*sums, *wanted} if sums.get(name) != wanted.get(name))
    if wrong:
        raise Broken(f"{path.name}: {len(wrong)} parts are not what was written, the first is {wrong[0]}.")
    contents = Contents(manifest, files, path.stat().st_size)
    if sizes != contents.counts:
        raise Broken(f"{path.name}: the number of rows differs from the list of contents.")
    return contents


def _json(reader, path: Path) -> dict:
    try:
        return json.loads(reader.read())
    except ValueError:
        raise Broken(f"{path.name}: its list of contents cannot be read.") from None


def _count_lines(reader) -> int:
    with gzip.GzipFile(fileobj=reader) as lines:
        return sum(1 for _line in lines)


def label_of(name: str) -> str:
    """Of the table whose rows the member holds."""
    return name.removeprefix("rows/").removesuffix(".jsonl.gz")


# --- The folder -------------------------------------------------------------------------------------------------------


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Remove all but the newest; returns those removed. Their names begin with the moment they were made at."""
    old = sorted(folder.glob(PATTERN))[: -number or None] if number else []
    for path in old:
        path.unlink()
    return old


def note_success():
    """For the board and /readyz."""
    settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
    (settings.FILES_DIR / "last-backup").write_text(timezone.now().isoformat())


def last_success() -> datetime | None:
    with suppress(OSError, ValueError):
        return datetime.fromisoformat((settings.FILES_DIR / "last-backup").read_text())
    return None
