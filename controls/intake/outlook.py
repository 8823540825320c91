"""What would happen on import (若现在导入): sentences, exit status, and the options that are still wanted. Nothing is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controls.intake.explain import DoubtsOfAKind
from ledger.errors import UNUSABLE
from ledger.money import show

if TYPE_CHECKING:
    from controls.intake.taken import Taken


@dataclass(frozen=True, slots=True)
class Outlook:
    """``outcome``: Chinese sentences; ``status``: the exit status an import would have; ``wanted``: options that must be added first;
    ``either``: True where adding ``--accept-valid`` is one way and mending the file another."""

    outcome: tuple[str, ...]
    status: int
    wanted: tuple[str, ...]
    either: bool = False


def look(taken: Taken, doubts: Sequence[DoubtsOfAKind], answers: Mapping[str, str], *, accept_valid: bool, already: str = "", forbidden: str = "") -> Outlook:
    """``already``: sentence that this content was taken in before; ``forbidden``: sentence that this person may not take it in ('' for neither)."""
    rows, fen = taken.control
    bad = taken.rejected.num_rows
    money = f"，合计 {show(fen)} 元" if fen else ""
    said: list[str] = []
    wanted: list[str] = []
    status = 0
    if already or forbidden:
        said += [each for each in (already, forbidden) if each]
        status = 3
    for unknown, column, option in ((taken.unknown_items, "待遇类型", "--item"), (taken.unknown_statuses, "发放状态", "--status")):
        if unknown:
            names = "、".join(f"{name}（{count} 行）" for name, count in list(unknown.items())[:5])
            said.append(f"会先问“{column}”里不认识的名称：{names}；没有人在终端前就不导入。")
            wanted += [f"{option} '{name}=归类'" for name in list(unknown)[:5]]
    asked = [doubt for doubt in doubts if doubt.level == "ask"]
    open_ = [doubt for doubt in asked if answers.get(doubt.code) != "yes"]
    if open_:
        said.append(f"有 {len(open_)} 个疑问要先回答（{'、'.join(dict.fromkeys(doubt.code for doubt in open_))}）；没有人在终端前就不导入。")
        wanted += dict.fromkeys(doubt.answer for doubt in open_ if doubt.answer)
    if not rows:
        said.append("没有一行可用的数据，不会导入。")
    elif bad and not accept_valid:
        said.append(f"有 {bad} 行错误：整份都不导入，这 {bad} 行写成退回表供改正；加 --accept-valid 则先收其余 {taken.rows_read - bad} 行{money}。")
    elif not (open_ or wanted or status):
        kept = f"导入 {rows} 行{money}"
        said.append(f"{kept}；{bad} 行错误写成退回表。" if bad else f"整份{kept}。")
    stopped = bool(open_ or wanted) or not rows or (bad > 0 and not accept_valid)
    return Outlook(tuple(said), max(status, UNUSABLE if stopped else 0), tuple(wanted), bad > 0 and not accept_valid and rows > 0)
