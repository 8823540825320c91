"""Personal records of a township (按乡镇批量出具，年度寄送): a PDF a person, resumable, put on record as one act with count and digest."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from books.documents import person_record as document
from controls import persons as looks
from controls.records import kept
from controls.records.errors import NobodyThere, OtherBatch
from ledger.funds import Fund
from shebao import records
from shebao.record_facts import gather
from shebao.records import Asked
from shebao.store import Office

LIST = "清单.jsonl"
MANY = 200
"""Persons whose rows are read together: bounded memory, a handful of queries for each such group."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch came to: persons of the township, records made now and kept from before, the list and the digest over all records."""

    persons: int
    made: int
    kept: int
    digest: str
    listed: Path


def write(office: Office, fund: Fund, township: str, want: Asked, out: Path, reason: str = "") -> Batch:
    """Records of everybody registered for ``fund`` in a township under ``out``. Raises SB3001, SB3110, SB3310, SB3312, SB4100.

    The list is written line by line after each paper; a second run with the same options makes only what is missing, as known on the first run's day.
    """
    looks.may_look(office.actor)
    with office.reading() as connection:
        wanted = kept.township(connection, fund.value, township)
        if not wanted:
            known = "、".join(kept.townships(connection, fund.value)[:20]) or "无"
            raise NobodyThere(township=township, fund=fund.zh, known=known)
    if want.copy == "own":
        with office.unit() as work:
            what = f"权益记录（本人副本，{township}）"
            looks.reveal(work, office.now(), office.actor, f"persons:{fund.value}:{township}", what, len(wanted), reason)
    out.mkdir(parents=True, exist_ok=True)
    listed = out / LIST
    want, done = _begun(listed, fund, township, want)
    missing = [one for one in wanted if not _there(out, done, one)]
    made = 0
    with listed.open("a", encoding="utf-8") as book:
        for person_id, file, digest, content in _progress(_made(office, missing, want, out), len(missing)):
            done[person_id] = (file, digest, content)
            book.write(json.dumps([person_id, file, digest, content], ensure_ascii=False) + "\n")
            book.flush()
            made += 1
    whole = hashlib.sha256("\n".join(f"P{one}:{done[one][1]}" for one in wanted).encode()).hexdigest()
    with office.unit() as work:
        kept.made(work, office.now(), office.actor, fund.value, township, want.copy, want.as_of, len(wanted), whole)
        work.commit()
    return Batch(len(wanted), made, len(wanted) - made, whole, listed)


def _begun(listed: Path, fund: Fund, township: str, want: Asked) -> tuple[Asked, dict[int, tuple[str, str, str]]]:
    """What an earlier run of this batch left; the first line says which batch it is. A line cut off by an interruption does not count."""
    about = {"fund": fund.value, "township": township, "as_of": str(want.as_of), "copy": want.copy}
    if not listed.exists():
        listed.write_text(json.dumps({**about, "known_on": str(want.known_on)}, ensure_ascii=False) + "\n", encoding="utf-8")
        return want, {}
    lines = listed.read_text(encoding="utf-8").split("\n")
    try:
        head = json.loads(lines[0])
        known_on = type(want.known_on).fromisoformat(head.pop("known_on"))
    except (ValueError, KeyError, AttributeError, TypeError) as wrong:
        raise OtherBatch(folder=listed.parent, found="清单无法识别", wanted=f"{fund.value} {township} {want.as_of}") from wrong
    if head != about:
        raise OtherBatch(folder=listed.parent, found=" ".join(map(str, head.values())), wanted=" ".join(about.values()))
    if lines[-1]:
        listed.write_text("".join(f"{line}\n" for line in lines[:-1]), encoding="utf-8")
    done = {row[0]: (row[1], row[2], row[3]) for row in map(json.loads, lines[1:-1])}
    return Asked(want.as_of, known_on, want.copy), done


def _there(out: Path, done: dict[int, tuple[str, str, str]], person_id: int) -> bool:
    """Whether the paper of an earlier run still lies there unchanged."""
    if person_id not in done:
        return False
    file, _, content = done[person_id]
    path = out / file
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == content


def _made(office: Office, wanted: Sequence[int], want: Asked, out: Path) -> Iterator[tuple[int, str, str, str]]:
    """(person, file, digest, sha256 of the file) of each record as it is written whole."""
    for start in range(0, len(wanted), MANY):
        with office.reading() as connection:
            for found in gather(connection, wanted[start : start + MANY], want.as_of, want.known_on):
                person_id = found.told.person.person_id
                rendered = document.print_pdf(records.paper(connection, found, want, office.now()))
                file = out / f"{records.stem(person_id, want.as_of.isoformat())}.pdf"
                beside = file.with_suffix(".part")
                beside.write_bytes(rendered.pdf)
                os.replace(beside, file)
                yield person_id, file.name, rendered.digest, hashlib.sha256(rendered.pdf).hexdigest()


def _progress(rows: Iterable[tuple[int, str, str, str]], total: int) -> Iterator[tuple[int, str, str, str]]:
    """The rows, with a bar on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(rows, description="出具权益记录", total=total, console=Console(stderr=True))
