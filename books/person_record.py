"""The personal record (权益记录单) as a frozen value: tables of texts and fen, each row with the vouchers, files and acts that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.views import Sheet, SignatureBox
from ledger.money import Fen

Value = Fen | str
SIGNERS = (SignatureBox("经办"), SignatureBox("复核"))


@dataclass(frozen=True, slots=True)
class Section:
    """One table: ``money`` names the columns whose whole numbers are fen, ``count`` those that count; ``sources`` of each row, ``totals`` a last row.

    ``shares`` of the width by column; ``said`` stands under the table, ``empty`` instead of it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    shares: tuple[int, ...]
    money: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    sources: tuple[tuple[str, ...], ...] = ()
    totals: tuple[Value, ...] = ()
    said: tuple[str, ...] = ()
    empty: str = "无"


@dataclass(frozen=True, slots=True)
class PersonRecordPaper(Sheet):
    """One person's record through ``as_of`` (ISO day): identity as (what, text), and the sections."""

    KIND: ClassVar[str] = "person_record"
    as_of: str
    copy: str
    identity: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    said: tuple[str, ...] = ()
