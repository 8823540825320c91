"""Corrections of posted vouchers (更正差错): red voucher, blue voucher, difference voucher. Pure: never an edit, always a new entry.

会计基础工作规范 第五十一条: an error of this year is struck by a red voucher of the same content (注销某月某日某号凭证) and
booked again by a blue one (订正某月某日某号凭证); where only the amount is wrong, the difference alone is booked (调增用蓝字，
调减用红字); an error of an earlier year is mended by a blue voucher only. Each names the reason and the entry it corrects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from ledger.entries import ContributionRow, Entry, Line, rows_digest
from ledger.errors import Refusal
from ledger.money import Fen
from ledger.months import Month
from ledger.posted import Posted

AUTHORITY = "会计基础工作规范第五十一条"


class Correction(StrEnum):
    """What a correcting voucher does to the one it names; the value begins its source key."""

    REVERSE = "reverse"
    CORRECT = "correct"
    ADJUST = "adjust"

    @property
    def zh(self) -> str:
        """红字冲销, 蓝字更正 or 差额调整."""
        return {"reverse": "红字冲销", "correct": "蓝字更正", "adjust": "差额调整"}[self.value]


class CorrectionRefused(Refusal):
    """A correction that the rules do not allow."""

    code = "SB1340"
    zh = "凭证 {label} 不能{act}：{why}。"
    en = "The voucher {label} cannot be corrected this way ({act}): {why}."
    cause_zh = "已记账凭证只能按会计基础工作规范第五十一条更正：当年的用红字冲销、蓝字更正或差额调整，以前年度的只用蓝字更正。"
    cause_en = "Posted vouchers are corrected as the rules say: red, blue or the difference within the year, blue alone for earlier years."
    remedy_zh = "{remedy}。"
    remedy_en = "{remedy}"


def kind_of(entry: Entry) -> Correction | None:
    """Which correction an entry is, None for an ordinary one."""
    if entry.corrects is None:
        return None
    return next((kind for kind in Correction if entry.source_key.startswith(f"{kind.value}:")), None)


def reverse(origin: Posted, day: date, reason: str, rows: Iterable[ContributionRow] = ()) -> Entry:
    """The red voucher: the same accounts and sides with negative amounts, so that lines of one side stay right. Raises SB1340.

    A voucher with contributions is struck with all of them: ``rows`` are its rows with their signs turned, and their source is its own, turned.
    """
    _refuse(origin, day, Correction.REVERSE)
    red = tuple(replace(line, amount=-line.amount) for line in origin.entry.lines)
    made = _made(origin, Correction.REVERSE, day, red, f"注销{_named(origin)}（{reason}）")
    if origin.entry.contribution_source is None:
        return made
    seen = rows_digest(rows)
    source, digest = -origin.entry.contribution_source, seen.hexdigest()
    return replace(made, contribution_source=source, contribution_count=seen.count, contribution_fen=seen.fen, contribution_digest=digest)


def adjust(origin: Posted, right: Mapping[int, Fen], day: date, reason: str) -> Entry:
    """The difference voucher: for each line (1 = first) its right amount; only what differs is booked, red where it was too much.

    Raises SB1340 when the right amounts do not balance, or nothing differs.
    """
    _refuse(origin, day, Correction.ADJUST)
    lines = origin.entry.lines
    if strange := sorted(set(right) - set(range(1, len(lines) + 1))):
        raise refused(origin, Correction.ADJUST, f"没有第 {strange[0]} 行", f"这张凭证有 {len(lines)} 行，用 --line 行号=正确金额")
    made = tuple(replace(line, amount=right[place] - line.amount) for place, line in enumerate(lines, start=1) if right.get(place, line.amount) != line.amount)
    if not made:
        raise refused(origin, Correction.ADJUST, "正确金额与原凭证相同，没有差额", "核对应更正的金额")
    if sum(line.signed for line in made):
        raise refused(origin, Correction.ADJUST, "各行的正确金额借贷不平", "把借方和贷方相应的行都写上正确金额；科目也错的，用红字冲销和蓝字更正")
    return _made(origin, Correction.ADJUST, day, made, f"调整{_named(origin)}（{reason}）")


def correct(origin: Posted, right: Entry, reason: str) -> Entry:
    """The blue voucher: ``right`` as it should have been booked, tied to the entry it corrects. Raises SB1340."""
    _ordinary(origin, Correction.CORRECT)
    _in_order(origin, right.day, Correction.CORRECT)
    made = _made(origin, Correction.CORRECT, right.day, right.lines, f"订正{_named(origin)}：{right.summary}（{reason}）")
    return replace(made, event=right.event, kind=right.kind, attachments=right.attachments, documents=right.documents, authority=right.authority)


def of_earlier_year(origin: Posted, day: date) -> bool:
    """Whether the entry's year has ended: then a blue voucher alone mends it."""
    return origin.entry.day.year < day.year


def refused(origin: Posted, kind: Correction, why: str, remedy: str) -> CorrectionRefused:
    """SB1340 with its cause and what to do instead."""
    return CorrectionRefused(label=origin.label, act=kind.zh, why=why, remedy=remedy)


def _refuse(origin: Posted, day: date, kind: Correction) -> None:
    _ordinary(origin, kind)
    _in_order(origin, day, kind)
    if of_earlier_year(origin, day):
        raise refused(origin, kind, "它是以前年度的凭证", "以前年度的差错只用蓝字更正：shebao voucher correct，按差错的性质选业务（如 C13、P7）")


def _ordinary(origin: Posted, kind: Correction) -> None:
    entry = origin.entry
    if entry.closing:
        raise refused(origin, kind, "它是期末结转凭证", "更正原来的收支凭证，差额在本月结转")
    if entry.event == "OPENING":
        raise refused(origin, kind, "它是期初建账凭证", "期初数错误按以前年度差错用蓝字更正，或在首月结账前重新建账")
    if kind_of(entry) is not None:
        raise refused(origin, kind, f"它本身是{kind_of(entry).zh}凭证", "对最初的凭证重新处理：冲销后再用蓝字更正")  # type: ignore[union-attr]
    if entry.payout_source is not None:
        raise refused(origin, kind, "它带着逐人发放明细", "待遇发放的差错逐人处理：退票用 P4、P5，追回用 P6、P7，少发用补发花名册")
    if entry.contribution_source is not None and kind is not Correction.REVERSE:
        remedy = "当年的先用 shebao voucher reverse 整张冲销，再采集正确的缴费文件；以前年度的采集退费文件（负数明细）"
        raise refused(origin, kind, "它带着逐人缴费明细", remedy)


def _in_order(origin: Posted, day: date, kind: Correction) -> None:
    if day < origin.entry.day:
        raise refused(origin, kind, f"更正日期 {day.isoformat()} 早于原凭证日期", "用当前开放月份的日期")


def _made(origin: Posted, kind: Correction, day: date, lines: tuple[Line, ...], summary: str) -> Entry:
    entry = origin.entry
    return Entry(
        period=Month.of(day),
        day=day,
        summary=summary,
        lines=lines,
        authority=f"{AUTHORITY}；原凭证 {origin.label}",
        source_key=f"{kind.value}:{origin.entry_id}",
        event=entry.event,
        kind=entry.kind,
        corrects=origin.entry_id,
    )


def _named(origin: Posted) -> str:
    """The voucher as the rule names it: date and number."""
    return f"{origin.entry.day.month}月{origin.entry.day.day}日{origin.entry.kind}字{origin.number}号凭证"
