"""What a row of a people file says of a registration's status (参保, 领取, 暂停, 终止, 死亡), beside what the register holds.

A list speaks of its own day and gives the months in which enrolment and drawing began; it never rewrites what two people signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ledger.identity import clean
from ledger.months import Month
from ledger.person_doubts import Doubt
from ledger.person_words import Words
from ledger.spans import LAST, Piece, on, overlay


class Judged(NamedTuple):
    """What a row says of the status, beside what is held: new spans (from, to, status), or the doubt and its words."""

    new: tuple[tuple[str, str, str], ...] = ()
    trouble: Doubt | None = None
    told: str = ""


def judge_status(asked: tuple[Any, ...], held: Sequence[tuple[str, str, str, int]], as_of: date, known: Words) -> Judged:
    """Judged once for all rows that say and find the same. What two people signed stands against any list."""
    told, trouble = _timeline(asked, as_of, known)
    if told is None:
        return Judged((), Doubt.STATUS_CLASH, f"{asked[0]}，{asked[1]}") if trouble == Doubt.STATUS_CLASH else Judged((), Doubt.STATUS_WORD, trouble)
    if not held:
        new: Sequence[Piece[str]] = told.pieces
    else:
        pieces = overlay(Piece(date.fromisoformat(start), date.fromisoformat(end), code) for start, end, code, _ in held)
        if any(signed for *_, signed in held):
            stands = on(pieces, as_of)
            differs = bool(stands) and stands != told.now
            return Judged((), Doubt.STATUS_SIGNED, f"名单 {known.zh[told.now]}，登记 {known.zh[stands or told.now]}") if differs else Judged()
        new = told.news(pieces, as_of)
    return Judged(tuple((piece.from_on.isoformat(), piece.to_on.isoformat(), piece.value) for piece in new))


@dataclass(frozen=True, slots=True)
class _Told:
    """What a row says of the status: over time, on the list's own day, since when (None: it does not say), and when enrolment and drawing began."""

    pieces: tuple[Piece[str], ...]
    now: str
    now_from: date | None
    began: dict[str, date]

    def news(self, held: Sequence[Piece[str]], as_of: date) -> list[Piece[str]]:
        """What the row adds to what is held: another status on the list's day, and other beginnings of enrolment and drawing.

        A list speaks of its own day: that it says 领取 since 2015 does not deny a suspension in between.
        """
        new = []
        for code, begin in self.began.items():
            first = next((piece.from_on for piece in held if piece.value == code), None)
            if first is not None and begin < first:
                new.append(Piece(begin, first, code))
            elif first is not None and begin > first and code == "drawing":
                new.append(Piece(first, min(begin, next(piece.to_on for piece in held if piece.value == code)), "enrolled"))
        current = next((piece for piece in held if as_of in piece), None)
        if current is None or current.value != self.now:
            since = self.now_from if self.now_from is not None and (current is None or self.now_from > current.from_on) else as_of
            new.append(Piece(since, LAST, self.now))
        return new


def _timeline(asked: tuple[Any, ...], as_of: date, known: Words) -> tuple[_Told | None, str]:
    """What a row says of the status, or None with the unknown word or the clash."""
    enrol_word, benefit_word, first, start, end = asked
    enrol, benefit = (table.get(clean(word)) for table, word in ((known.enrol, enrol_word), (known.benefit, benefit_word)))
    if enrol is None or benefit is None:
        return None, f"{'参保状态' if enrol is None else '待遇状态'}“{enrol_word if enrol is None else benefit_word}”"
    if enrol in ("ended", "dead") and benefit in ("drawing", "suspended"):
        return None, Doubt.STATUS_CLASH
    began: dict[str, date] = {}
    if first:
        began["enrolled"] = Month.from_number(first).first_day
    if start:
        began["drawing"] = Month.from_number(start).first_day
    now = benefit or (enrol if enrol != "enrolled" else "") or ("drawing" if "drawing" in began and began["drawing"] <= as_of else "enrolled")
    since = (Month.from_number(end) + 1).first_day if end and now in ("ended", "dead") else began.get(now)
    said = [Piece(day, LAST, code) for code, day in began.items()]
    if now not in began:
        said.append(Piece(since if since is not None else as_of, LAST, now))
    return _Told(overlay(said), now, since, began), ""
