"""Personal records (权益记录单) at the front door: one person's life on paper, as a workbook and as data; each reading recorded, each paper proved again.

The stamp names the person by the register's number (P12), never by an identity number, so that a masked copy holds none.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from books import views
from books.documents import person_record as document
from books.pdf.house import Rendered
from books.person_record import SIGNERS, PersonRecordPaper
from controls import persons as looks
from controls import trail
from controls.grants import exceptions
from controls.persons import IN_FULL, MASKED, Masks
from controls.records import kept
from controls.records.errors import RecordDay, StampUnreadable
from ledger import accounts, chain
from ledger.db import reading
from ledger.errors import Refusal
from ledger.money import show
from ledger.months import Month
from ledger.person_records import life
from shebao import record_sections as sections
from shebao.record_facts import Life, gather
from shebao.store import Office

COPIES = {"masked": "遮蔽副本", "own": "本人副本（完整信息）"}
KINDS = (".pdf", ".xlsx", ".json")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which record: as of a day, as known on a day, masked or the person's own copy."""

    as_of: date
    known_on: date
    copy: str = "masked"

    @property
    def hide(self) -> Masks:
        """How personal data are shown in this copy."""
        return IN_FULL if self.copy == "own" else MASKED


@dataclass(frozen=True, slots=True)
class Written:
    """A record made: the person, files, digest, and characters no font could print."""

    person_id: int
    files: tuple[Path, ...]
    digest: str
    warnings: tuple[str, ...] = ()


def asked(office: Office, as_of: date | None, known_on: date | None, own: bool) -> Asked:
    """What is asked for, today where nothing is said; raises SB3311."""
    today = date.fromisoformat(office.now()[:10])
    day = as_of or today
    if day > today:
        raise RecordDay(day=day, why="还没有到", why_en="it has not come")
    with office.reading() as connection:
        opened = min((book.opened for book in accounts.books(connection)), default=Month.of(day))
    if Month.of(day) < opened:
        raise RecordDay(day=day, why=f"账从 {opened} 开始", why_en=f"the books begin in {opened}")
    return Asked(day, known_on or today, "own" if own else "masked")


def paper(connection: sa.Connection, found: Life, want: Asked, now: str, head: str = "") -> PersonRecordPaper:
    """The record as it is printed. Raises SB1031 (rule of drawing), SB4100."""
    unit = next(iter(found.books.values()))
    seq, value = ("", "") if head else chain.head(connection)
    parameters = {"as_of": str(want.as_of), "copy": want.copy, "known_on": str(want.known_on), "person": f"P{found.told.person.person_id}"}
    stamp = views.Stamp(
        unit=unit.unit_name, book=f"{unit.unit_code}/个人", fund=None, period=str(Month.of(want.as_of)), as_of=now,
        trail_head=head or f"{seq}:{value}", parameters=tuple(sorted(parameters.items())),
        exceptions=exceptions.said(connection, str(Month.of(want.as_of)), now),
    )  # fmt: skip
    made = (
        sections.registrations(found), sections.contributions(found), sections.months(found), sections.account_years(connection, found),
        sections.acts(found), sections.benefits(found), sections.settlements(found), *sections.registers(connection, found), sections.gaps(found),
        sections.sources(connection, found),
    )  # fmt: skip
    if want.copy != "own":
        made = tuple(dataclasses.replace(one, rows=tuple(tuple(trail.redact(cell) for cell in row) for row in one.rows)) for one in made)
    said = (f"账簿计至 {found.through} 月末；登记簿按 {want.known_on} 所知。", *life.law().said)
    return PersonRecordPaper(stamp, SIGNERS, want.as_of.isoformat(), COPIES[want.copy], sections.identity(found, want.hide), made, said)


def one(office: Office, person_id: int, want: Asked, reason: str = "") -> PersonRecordPaper:
    """One person's record, read and put on record; the own copy needs a reason. Raises SB3001, SB3110, SB1400, SB4100."""
    return _one(office, person_id, want, reason)[0]


def _one(office: Office, person_id: int, want: Asked, reason: str) -> tuple[PersonRecordPaper, Rendered]:
    looks.may_look(office.actor)
    if want.copy == "own":
        with office.unit() as work:
            looks.reveal(work, office.now(), office.actor, f"person:{person_id}", "权益记录（本人副本）", 1, reason)
    with office.reading() as connection:
        made = paper(connection, gather(connection, [person_id], want.as_of, want.known_on)[0], want, office.now())
    rendered = document.print_pdf(made)
    with office.unit() as work:
        kept.read(work, office.now(), office.actor, person_id, want.copy, want.as_of, rendered.digest)
        work.commit()
    return made, rendered


def write(office: Office, person_id: int, want: Asked, out: Path, reason: str = "") -> tuple[PersonRecordPaper, Written]:
    """One person's record as PDF, XLSX and JSON under ``out``; the names of the files hold no identity number."""
    made, rendered = _one(office, person_id, want, reason)
    out.mkdir(parents=True, exist_ok=True)
    return made, store_files(made, rendered, out, person_id, KINDS)


def store_files(made: PersonRecordPaper, rendered: Rendered, out: Path, person_id: int, kinds: tuple[str, ...]) -> Written:
    """The files of a record that is made."""
    files = tuple(out / f"{stem(person_id, made.as_of)}{kind}" for kind in kinds)
    for file, kind in zip(files, kinds, strict=True):
        if kind == ".pdf":
            file.write_bytes(rendered.pdf)
        elif kind == ".xlsx":
            document.write_xlsx(made, file)
        else:
            file.write_text(json.dumps(facts(made, rendered.digest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return Written(person_id, files, rendered.digest, tuple(map(str, rendered.warnings)))


def stem(person_id: int, as_of: str) -> str:
    """The name of a record's files without their ending."""
    return f"权益记录-P{person_id}-{as_of}"


def facts(made: PersonRecordPaper, digest: str = "") -> dict[str, Any]:
    """The record as JSON values: amounts in fen, each row with all its sources."""
    parts = []
    for section in made.sections:
        rows: list[dict[str, Any]] = [dict(zip(section.columns, row, strict=True)) for row in section.rows]
        for row, found in zip(rows, section.sources, strict=False):
            row["来源凭证"] = list(found)
        totals = dict(zip(section.columns, section.totals, strict=True)) if section.totals else {}
        parts.append({"title": section.title, "rows": rows, "totals": totals, "said": list(section.said), "empty": "" if rows else section.empty})
    about: Mapping[str, str] = dict(made.stamp.parameters)
    return {
        **about, "unit": made.stamp.unit, "printed": made.stamp.as_of, "digest": digest, "identity": dict(made.identity), "sections": parts,
        "said": list(made.said),
    }  # fmt: skip


def lines(made: PersonRecordPaper) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]], tuple[str, ...]]]:
    """The record for a terminal: (title, heads, rows as texts, what is said) of each section."""
    shown = []
    for section in made.sections:
        rows = [tuple(_text(value, name in section.money) for name, value in zip(section.columns, row, strict=True)) for row in section.rows]
        shown.append((section.title, section.columns, rows, section.said if section.rows else (section.empty, *section.said)))
    return shown


def _text(value: int | str, money: bool) -> str:
    return show(value) if money and isinstance(value, int) else str(value)


def reprint(office: Office, about: views.Stamp) -> Rendered:
    """A personal record printed again from the books and the register, with the time and head of the stamp; raises SB3313, SB4100."""
    given = dict(about.parameters)
    person = given.get("person", "")
    try:
        want = Asked(date.fromisoformat(given["as_of"]), date.fromisoformat(given["known_on"]), given["copy"])
        person_id = int(person.removeprefix("P"))
    except (KeyError, ValueError) as wrong:
        raise StampUnreadable(why="缺少人员、日期或副本种类") from wrong
    if want.copy not in COPIES or person_id < 1:
        raise StampUnreadable(why=f"没有这种副本或人员（{want.copy[:10]}）")
    with reading(office.store) as connection:
        try:
            found = gather(connection, [person_id], want.as_of, want.known_on)[0]
        except Refusal as missing:
            raise StampUnreadable(why=f"登记簿没有 {person[:12]}") from missing
        return document.print_pdf(paper(connection, found, want, about.as_of, about.trail_head))
