"""Loading a book in a process of its own: ``bean-check``, and a second process that says what it read as JSON.

Beancount is GPL-2.0-only and a book is code, so the program that keeps the ledger never loads one. Children get
an environment of their own without the load cache (a planted ``.picklecache`` runs code when it is read).
``python -m books.checker FILE`` prints the JSON of :func:`load`; status 1 when Beancount found something.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import books
from books.proof import fact, fingerprint

SECONDS = 300
_PASSED_ON = ("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_WITHOUT_CACHE = {"BEANCOUNT_DISABLE_LOAD_CACHE": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a separate process read from a book: fen by Beancount account, counts, fingerprint (``books.proof``), errors as text."""

    balances: Mapping[str, int]
    entries: int
    accounts: int
    assertions: int
    fingerprint: str
    title: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one book: everything ``bean-check`` printed with its exit status, and what the second process read (None when it broke down)."""

    output: str
    status: int
    loaded: Loaded | None
    breakdown: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing was found (B1)."""
        return not self.output and self.status == 0 and self.loaded is not None and not self.loaded.errors


def environment() -> dict[str, str]:
    """The environment of a child: a few names of ours, our code's place, no load cache."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed | _WITHOUT_CACHE | {"PYTHONPATH": str(Path(books.__file__).parent.parent)}


def _child(*arguments: str, seconds: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-s", "-X", "utf8", *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def check(main: Path, proved: Path, *, seconds: int = SECONDS) -> Verdict:
    """Runs ``bean-check`` over ``main`` and loads ``proved`` beside it, each in its own process; neither raises for what it finds."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        checking = pool.submit(_child, "-m", "beancount.scripts.check", "--no-cache", str(main), seconds=seconds)
        loading = pool.submit(_child, "-m", "books.checker", str(proved), seconds=seconds)
        try:
            checked, read = checking.result(), loading.result()
        except subprocess.TimeoutExpired as late:
            return Verdict(output="", status=-1, loaded=None, breakdown=f"超过 {late.timeout} 秒没有结果")
    output = "\n".join(text.strip() for text in (checked.stdout, checked.stderr) if text.strip())
    try:
        values = json.loads(read.stdout)
        loaded = Loaded(**{**values, "errors": tuple(values["errors"])})
    except (ValueError, TypeError, KeyError):
        return Verdict(output, checked.returncode, None, breakdown=(read.stderr or read.stdout).strip()[-2000:] or f"退出状态 {read.returncode}")
    return Verdict(output, checked.returncode, loaded)


def _fen(number: Any) -> int:
    """Yuan as Beancount holds them (Decimal) → fen; ValueError when they are not whole."""
    fen = number * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"{number} is not whole fen")
    return int(fen)


def load(file: Path) -> dict[str, Any]:
    """A book as plain values, computed with Beancount's own inventories. The load cache is off whatever the environment says."""
    from beancount import loader
    from beancount.core import data, inventory
    from beancount.parser import printer

    loader.initialize(use_cache=False)
    entries, errors, options = loader.load_file(str(file))
    totals: dict[str, Any] = {}
    facts: list[str] = []
    vouchers: list[Any] = list(data.filter_txns(entries))
    for entry in vouchers:
        legs = []
        for leg in entry.postings:
            totals.setdefault(leg.account, inventory.Inventory()).add_position(leg)
            legs.append((leg.account, _fen(leg.units.number), str(leg.meta.get("side"))))
        number = int(entry.meta.get("entry_id", 0))
        facts.append(fact(number, entry.date.isoformat(), entry.payee or "", entry.narration or "", entry.tags, str(entry.meta.get("digest")), legs))
    return {
        "balances": {name: _fen(held.get_currency_units("CNY").number) for name, held in sorted(totals.items())},
        "entries": len(facts),
        "accounts": sum(isinstance(entry, data.Open) for entry in entries),
        "assertions": sum(isinstance(entry, data.Balance) for entry in entries),
        "fingerprint": fingerprint(facts),
        "title": options["title"],
        "errors": [str(printer.format_error(error)).strip() for error in errors],  # type: ignore[no-untyped-call]
    }


def main(arguments: list[str]) -> int:
    """``python -m books.checker FILE``: prints the JSON; 0 clean, 1 findings, 2 usage."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        sys.stderr.write("usage: python -m books.checker FILE.beancount\n")
        return 2
    found = load(Path(arguments[0]))
    json.dump(found, sys.stdout, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
    return 1 if found["errors"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
