"""Papers of vouchers (原始凭据): one paper is in one voucher on its way or booked, and in no other (L11)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from controls.voucher_tables import voucher
from ledger.db import UnitOfWork
from ledger.entries import Entry
from ledger.errors_posting import AlreadyBooked
from ledger.tables import document


def refuse_papers(work: UnitOfWork, book_id: int, made: Entry) -> None:
    """Raises SB1104 when one of the entry's papers is booked, or stands in another voucher on its way (L11).

    A paper entered by hand (``paper:X``) and the same paper's lines from a file (``paper:X:…``, ``ticket:X:…``) are one.
    """
    wanted = set(made.documents)
    bare = {paper for paper in wanted if paper.startswith("paper:") and paper.count(":") == 1}
    names = {paper.split(":")[1] for paper in wanted - bare if paper.startswith(("paper:", "ticket:"))}
    wanted |= {f"paper:{name}" for name in names}
    starts = tuple(start for paper in bare for start in (f"{paper}:", f"ticket:{paper.removeprefix('paper:')}:"))
    for book_paper, where in _known_papers(work.connection, book_id, sorted(wanted), starts):
        if book_paper in wanted or (starts and book_paper.startswith(starts)):
            raise AlreadyBooked(source=book_paper, where=where)


def refuse_papers_of_many(work: UnitOfWork, book_id: int, entries: Sequence[Entry]) -> None:
    """:func:`refuse_papers` for vouchers proposed together, each also against those before it; a handful of queries whatever their number."""
    wanted = {paper for made in entries for paper in made.documents}
    bare = sorted(paper for paper in wanted if paper.startswith("paper:") and paper.count(":") == 1)
    named = {f"paper:{_name(paper)}" for paper in wanted if paper.startswith(("paper:", "ticket:"))}
    known: dict[str, str] = {}
    ends: dict[str, str] = {}
    for paper, where in _known_papers(work.connection, book_id, sorted(wanted | named), ()):
        _know(known, ends, paper, where)
    for first in range(0, len(bare), 100):
        starts = [start for paper in bare[first : first + 100] for start in (f"{paper}:", f"ticket:{paper.removeprefix('paper:')}:")]
        asked = sa.select(document).where(document.c.book_id == book_id, sa.or_(*(document.c.document.startswith(one, autoescape=True) for one in starts)))
        for row in work.connection.execute(asked):
            _know(known, ends, row.document, f"凭证序号 {row.entry_id}")
    for place, made in enumerate(entries, start=1):
        for paper in made.documents:
            name = _name(paper) if paper.startswith(("paper:", "ticket:")) else ""
            whole = paper.startswith("paper:") and paper.count(":") == 1
            clash = known.get(paper) or (ends.get(name) if whole else known.get(f"paper:{name}") if name else None)
            if clash:
                raise AlreadyBooked(source=paper, where=clash)
        for paper in made.documents:
            _know(known, ends, paper, f"本批第 {place} 张凭证")


def _name(paper: str) -> str:
    return paper.split(":")[1]


def _know(known: dict[str, str], ends: dict[str, str], paper: str, where: str) -> None:
    """Notes a paper, and by its name that a line of it is there."""
    known.setdefault(paper, where)
    if paper.startswith(("paper:", "ticket:")) and paper.count(":") > 1:
        ends.setdefault(_name(paper), where)


def _known_papers(connection: sa.Connection, book_id: int, wanted: Sequence[str], starts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Papers of vouchers on their way, and booked papers that are wanted or begin with one of ``starts``."""
    columns = voucher.c
    live = sa.select(columns.voucher_id, columns.documents).where(columns.book_id == book_id, columns.state.in_(("proposed", "made", "reviewed")))
    for row in connection.execute(live):
        for paper in json.loads(row.documents):
            yield paper, f"凭证流水 {book_id}-{row.voucher_id}"
    booked = sa.select(document).where(document.c.book_id == book_id)
    for first in range(0, len(wanted), 500):
        for row in connection.execute(booked.where(document.c.document.in_(wanted[first : first + 500]))):
            yield row.document, f"凭证序号 {row.entry_id}"
    for start in starts:
        for row in connection.execute(booked.where(document.c.document.startswith(start, autoescape=True)).limit(1)):
            yield row.document, f"凭证序号 {row.entry_id}"
