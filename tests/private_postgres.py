"""A PostgreSQL cluster of our own for tests and benches: made in a temporary folder, thrown away afterwards.

Found on PATH or in Debian's folder of versions. PostgreSQL refuses to run as root, so there the server
runs as the user `postgres` (else `nobody`). It listens on a Unix socket and on a random loopback port.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests only: a power cut may lose the cluster. A bench passes ``durable=True`` instead."""

PREFIX = "shebao-pg-"
OWNER = "owner.pid"


class NotHere(Exception):
    """PostgreSQL or its driver is not installed; the message is the reason a skipped test gives."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; ``url(name)`` is the SQLAlchemy address of one of its databases."""

    port: int
    sockets: Path

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy URL (driver psycopg 3) over loopback."""
        return f"postgresql+psycopg://shebao@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Runs one statement outside a transaction in the maintenance database (CREATE or DROP DATABASE)."""
        import psycopg

        with psycopg.connect(f"postgresql://shebao@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def _version(folder: Path) -> int:
    """The version a folder such as /usr/lib/postgresql/15 is named for; 0 when it is no number."""
    name = folder.parent.name
    return int(name.partition(".")[0]) if name.partition(".")[0].isdigit() else 0


def programs() -> Path:
    """The folder that holds initdb and pg_ctl; NotHere when there is none."""
    if found := shutil.which("initdb"):
        folder = Path(found).resolve().parent
        if shutil.which("pg_ctl", path=str(folder)):
            return folder
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in debian:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NotHere("PostgreSQL server (initdb, pg_ctl) is not installed")


def _unprivileged() -> dict[str, Any]:
    """Arguments for subprocess that give up root; empty for everybody else and on Windows."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NotHere("running as root, and there is no user postgres or nobody to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _call(command: list[str], folder: Path, who: dict[str, Any]) -> None:
    """Runs a program of PostgreSQL; its words go to a file, since the server keeps what it inherits open."""
    words = folder / "words.txt"
    with words.open("ab") as output:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, timeout=120, **who)
    if done.returncode:
        log = folder / "server.log"
        told = words.read_text(errors="replace") + (log.read_text(errors="replace") if log.exists() else "")
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}:\n{told[-2000:]}")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _serving(data: Path) -> bool:
    """Whether the server that wrote ``postmaster.pid`` still runs; another process may have its number by now."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
    except (OSError, ValueError):
        return False
    told = Path(f"/proc/{pid}/cmdline")
    if not Path("/proc/self").exists():
        return _alive(pid)
    try:
        return str(data).encode() in told.read_bytes()
    except OSError:
        return False


def sweep() -> None:
    """Stops and removes clusters whose test process is gone (killed, so that it could not clean up after itself).

    The server may have been killed with it and have left its ``postmaster.pid``: pg_ctl then finds nothing to stop, which is no error here.
    """
    if os.name == "nt":
        return
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        folder = owner.parent
        try:
            pid = int(owner.read_text(encoding="ascii"))
            if folder.is_symlink() or owner.stat().st_uid != os.geteuid() or _alive(pid):
                continue
        except (OSError, ValueError):
            continue
        if _serving(folder / "data"):
            _call([str(programs() / "pg_ctl"), "stop", "-m", "immediate", "-w", "-D", str(folder / "data")], folder, _unprivileged())
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(*, durable: bool = False, settings: dict[str, str] | None = None) -> Iterator[Cluster]:
    """A fresh server for the length of a ``with``; NotHere when PostgreSQL or psycopg is missing."""
    bin_ = programs()
    try:
        import psycopg  # noqa: F401
    except ImportError as absent:
        raise NotHere("the driver psycopg is not installed (extra: postgres)") from absent
    who = _unprivileged()
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    data = folder / "data"
    (folder / OWNER).write_text(str(os.getpid()), encoding="ascii")
    if who:
        os.chown(folder, who["user"], who["group"])
    try:
        _call([str(bin_ / "initdb"), "-D", str(data), "-U", "shebao", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"], folder, who)
        port = _free_port()
        options = {"listen_addresses": "127.0.0.1", "port": str(port), "max_connections": "60", "timezone": "UTC"}
        if os.name != "nt":
            options["unix_socket_directories"] = str(folder)
        options |= {} if durable else UNSAFE_BUT_FAST
        options |= settings or {}
        with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in options.items())
        _call([str(bin_ / "pg_ctl"), "start", "-w", "-t", "60", "-D", str(data), "-l", str(folder / "server.log")], folder, who)
        try:
            yield Cluster(port, folder)
        finally:
            _call([str(bin_ / "pg_ctl"), "stop", "-m", "immediate", "-w", "-D", str(data)], folder, who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
