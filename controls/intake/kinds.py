"""Which kind of file it is (文件种类): its header is held against every contract, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controls.intake import contracts, heads
from controls.intake.claims import extended
from controls.intake.contracts import Contract
from controls.intake.errors import BadSetting, MissingColumn, NoHeader
from controls.intake.errors_desk import BadColumn
from controls.intake.settings import by_column
from ledger.errors import Refusal
from ledger.sheets import Source
from ledger.sheets.errors import NoSuchSheet

SENDER = "数据来源"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contract held against a file. ``fits``: every required column is there. ``recognised``: canonical headers found, ``places``
    where; ``missing``: required ones that are not; ``line``: of the header."""

    contract: str
    title: str
    fits: bool
    sheet: str
    line: int
    recognised: tuple[str, ...]
    missing: tuple[str, ...]
    places: frozenset[int] = frozenset()

    @property
    def said(self) -> str:
        """One phrase for people."""
        if self.fits:
            return f"{self.contract}（{self.title}，认出 {len(self.recognised)} 列）"
        return f"{self.contract}（{self.title}，缺 {'、'.join(self.missing)}）"


def candidates(
    file: str, source: Source, values: Mapping[str, str], *, sender: str = "", columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> list[Candidate]:  # fmt: skip
    """The contracts whose header an open file has, fitting ones first, each group by columns found. ``values``: header → value
    given with the file; ``sender``: whose file it is, for kinds with 数据来源; ``columns``: header → canonical header said by hand. Raises SB2009."""
    if sheet is not None and source.sheets == [""]:
        raise NoSuchSheet(file=file, sheet=sheet, sheets="（不是工作簿）")
    found = []
    for name in contracts.names():
        try:
            contract = extended(contracts.load(name), columns or {})
            given = by_column(contract, values)
            if sender and SENDER in contract.lookup():
                given.setdefault(contract.lookup()[SENDER].id, sender)
        except (BadSetting, BadColumn):
            continue
        tried = [_held(contract, file, source, each, given) for each in ([sheet] if sheet else source.sheets)]
        found += sorted((each for each in tried if each is not None), key=_order)[:1]
    return sorted(found, key=_order)


def fitting(found: Sequence[Candidate]) -> list[Candidate]:
    """Those that fit whole and say more than any other: a kind that reads only part of the columns another one reads is no rival."""
    whole = [each for each in found if each.fits]
    return [each for each in whole if not any(each.places < other.places for other in whole)]


def settled(found: Sequence[Candidate]) -> Candidate | None:
    """The one kind that fits, unless another one that lacks a required column knows more of the header; None when it is not clear."""
    whole = fitting(found)
    if len(whole) != 1 or any(len(each.recognised) > len(whole[0].recognised) for each in found if not each.fits):
        return None
    return whole[0]


def likely(found: Sequence[Candidate]) -> list[Candidate]:
    """What to ask about: the kinds that fit where several do, else those that know most of the header; at most four."""
    whole = fitting(found)
    if len(whole) > 1:
        return whole[:4]
    return sorted(found, key=lambda each: (-len(each.recognised), not each.fits))[:4]


def _order(candidate: Candidate) -> tuple[bool, int, int, str]:
    return not candidate.fits, len(candidate.missing), -len(candidate.recognised), candidate.contract


def _held(contract: Contract, file: str, source: Source, sheet: str, given: Mapping[str, str]) -> Candidate | None:
    """None where not even two columns are there."""
    try:
        head = heads.find(contract, file, source.top(sheet), source.merged_heads(sheet), given)
    except NoHeader:
        return None
    except MissingColumn as near:
        recognised = tuple(part for part in str(near.facts["found"]).split("、") if part != "无")
        return Candidate(contract.contract, contract.title, False, sheet, int(near.facts["line"]), recognised, tuple(str(near.facts["missing"]).split("、")))
    except Refusal as other:
        # Every column is there, something else is wrong: a column twice, a unit nobody reads. The reader says so.
        return Candidate(contract.contract, contract.title, True, sheet, int(other.facts.get("line", 0)), (), ())
    return Candidate(contract.contract, contract.title, True, sheet, head.last, tuple(head.report.recognised), (), frozenset(head.places.values()))
