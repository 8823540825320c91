"""Which door is open: while a command runs, its refusal is recorded by the command line, which knows what was asked for; light enough for every command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_COMMAND: ContextVar[bool] = ContextVar("shebao_command", default=False)


@contextmanager
def command() -> Iterator[None]:
    """While a command runs."""
    before = _COMMAND.set(True)
    try:
        yield
    finally:
        _COMMAND.reset(before)


def within_command() -> bool:
    """Whether a command runs."""
    return _COMMAND.get()
