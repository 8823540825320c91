"""The notice to a person whose payment is held (暂缓发放通知书): made from the register of held payments, its digest kept with the delivery."""

from __future__ import annotations

import hashlib
from pathlib import Path

from controls import trail
from controls.duties import Duty, require
from controls.rosterlaw import held as law
from controls.rosters import cases
from controls.rosters.cases import Case
from ledger import accounts
from ledger.identity import mask_number
from ledger.money import show
from shebao.store import Office


def text(unit: str, case: Case, day: str) -> str:
    """The notice in full; the number is masked, the reason is that of the register without numbers of others."""
    year, month, date = day.split("-")
    reason = trail.redact(case.reason)
    lines = [
        "暂缓发放通知书",
        "",
        f"{case.name}（证件号码 {mask_number(case.number)}）：",
        "",
        f"您 {case.period} 的{case.fund.zh}“{case.item}”{show(case.fen)} 元暂缓发放，原因：{reason}。",
        "这不是停止待遇的决定：核实清楚后，应发的部分将一并补发，其他待遇按时发放。",
        f"请于 {case.due_on} 前携带身份证件和有关证明到我单位核实，不便前来的可以委托他人或由村（社区）协助。",
        f"可以提供的证明：{'；'.join(f'{one.zh}——{one.evidence}' for one in law.held().reasons)}。",
        "对暂缓发放有异议的，可以向我单位书面提出。",
        "",
        f"联系人：{case.owner}    花名册 {case.roster_id} 序号 {case.seq}",
        "",
        f"{unit}",
        f"{int(year)}年{int(month)}月{int(date)}日",
        "",
    ]
    return "\n".join(lines)


def send(office: Office, roster_id: int, seq: int, delivery: str, out: Path) -> Case:
    """Writes the notice to ``out`` and records its digest and how it was given; raises SB2177, SB2178, SB3001, SB3030."""
    actor = office.actor
    require(actor, Duty.HANDLE_ROSTER)
    with office.unit() as work:
        now = office.now()
        case = cases.get(work.connection, roster_id, seq)
        unit = next(book.unit_name for book in accounts.books(work.connection) if book.book_id == case.book_id)
        content = text(unit, case, now[:10]).encode()
        done = cases.notify(work, actor, now, roster_id, seq, hashlib.sha256(content).hexdigest(), delivery)
        trail.reading(work, now, actor, f"hold:{roster_id}:{seq}", "暂缓发放通知书", 1)
        out.write_bytes(content)
        work.commit()
    return done
