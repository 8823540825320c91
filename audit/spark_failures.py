"""What Spark says of its failures, as refusals of this office (SB5020-SB5023): never a Java stack trace."""

from __future__ import annotations

import re

from audit.errors import ClusterFailed, ClusterLacksFile, ClusterLost, ClusterOutOfRoom
from controls.checks.room import Room
from ledger.errors import Refusal

_ROOM = ("OutOfMemoryError", "Java heap space", "GC overhead limit", "UNABLE_TO_ACQUIRE_MEMORY", "No space left on device", "maxResultSize", "exit code 137",
         "exit status: 137", "(137)")  # fmt: skip
_FILE = ("FileNotFoundException", "PATH_NOT_FOUND", "FAILED_READ_FILE", "NoSuchFileException", "AccessControlException", "is not a Parquet file")
_LOST = ("Answer from Java side is empty", "Error while sending or receiving", "error occurred while trying to connect", "Connection refused",
         "SparkContext was shut down", "stopped SparkContext", "ExecutorLostFailure", "Checkpoint block", "FetchFailed", "All masters are unresponsive",
         "Master removed our application", "Connection reset", "Broken pipe", "cancellation of all jobs")  # fmt: skip
_JAVA = re.compile(r"^\[CIRCULAR REFERENCE:\s*|\b(?:[a-z]\w*\.)+[A-Z]\w*(?:\$\w+)?:\s*")
_MOST = 200


def refusal(wrong: BaseException, room: Room) -> Refusal:
    """The refusal that tells of ``wrong``."""
    text, why = f"{type(wrong).__name__}: {wrong}", said(wrong)
    if any(word in text for word in _ROOM):
        return ClusterOutOfRoom(why=why, memory="不限" if room.memory is None else f"{room.memory}MB")
    if any(word in text for word in _FILE):
        return ClusterLacksFile(why=why)
    if isinstance(wrong, ConnectionError | EOFError) or type(wrong).__name__ == "Py4JNetworkError" or any(word in text for word in _LOST):
        return ClusterLost(why=why)
    return ClusterFailed(why=why)


def said(wrong: BaseException) -> str:
    """One sentence of what Java or the library says: the deepest cause, without names of classes and without a trace."""
    lines = [line.strip() for line in str(wrong).splitlines()]
    lines = [line for line in lines if line and not line.startswith(("at ", "...", "JVM stacktrace", "Traceback", "An error occurred while calling"))]
    causes = [line.removeprefix("Caused by:").strip() for line in lines if line.startswith("Caused by:")]
    chosen = (causes[-1:] or lines[:1] or [type(wrong).__name__])[0]
    plain = _JAVA.sub("", chosen).lstrip(": ") or type(wrong).__name__
    return plain if len(plain) <= _MOST else plain[:_MOST] + "…"
