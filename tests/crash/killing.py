"""A child process that carries acts out one after another and is killed with -9 at a random statement, at a commit, or just after one."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from ledger.db import open_engine

MOST = 60
"""A child dies before this many statements, at a commit, or just after one."""
Act = Callable[[sa.Engine], object]


def killed(url: str, chance: random.Random, acts: Sequence[Act]) -> tuple[int, bool]:
    """How many of the acts the child said to have committed, and whether it was killed before it ended by itself."""
    moment = (chance.randint(1, MOST), chance.random() < 0.2, chance.random() < 0.3)
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _die_somewhere(url, acts, tell, *moment)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        said = len(pipe.read())
    _, status = os.waitpid(child, 0)
    died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert died or os.WEXITSTATUS(status) == 0, f"the child failed of itself: {status}"
    return said, died


def _die_somewhere(url: str, acts: Sequence[Act], tell: int, left: int, at_commit: bool, after: bool) -> None:
    """The child: each act is said when it is committed; dies at its ``left``-th statement, at a commit, or just after one."""
    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen >= left and not at_commit:
            os.kill(os.getpid(), signal.SIGKILL)

    def committing(*_: Any) -> None:
        if seen >= left:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        engine = open_engine(url)
        sa.event.listen(engine, "before_cursor_execute", count)
        sa.event.listen(engine, "commit", committing)
        for act in acts:
            act(engine)
            if after and seen >= left // 2:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(tell, b".")
        os._exit(0)
    finally:
        os._exit(9)
