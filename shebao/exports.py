"""Contract files out of the store: what a roster paid, as 待遇发放明细, for checks over plain files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from controls import roster as rosters
from controls import rosterpayments, trail
from controls.duties import Duty, require_any
from ledger.errors import UNUSABLE, Refusal
from ledger.money import show
from ledger.months import Month
from ledger.sheets import write_contract_csv
from shebao.store import Office

HEADER = ("险种", "统筹区", "证件号码", "证件类型", "姓名", "待遇类型", "所属期", "实付年月", "金额", "银行账号", "户名", "开户行", "发放状态", "流水号")
STATUS = {"paid": "成功", "failed": "失败", "pending": "待支付"}


class FileExists(Refusal):
    """A file of that name is there already."""

    code = "SB6401"
    zh = "文件 {file} 已存在，未覆盖。"
    en = "The file {file} exists already and was not overwritten."
    cause_zh = "导出含完整证件号码，不悄悄覆盖已有文件。"
    cause_en = "Exports hold full identity numbers and never overwrite in silence."
    remedy_zh = "换一个文件名，或先移走原文件。"
    remedy_en = "Choose another name or move the file away."
    status = UNUSABLE


def write_payments(office: Office, roster_id: int, out: Path) -> tuple[int, int]:
    """Writes a returned roster's payments by the contract ``payments``; returns rows and fen paid. The reading is in the trail.

    The file holds full numbers, so it is readable by its owner alone.
    """
    if out.exists():
        raise FileExists(file=out)
    actor = office.actor
    duty = require_any(actor, (Duty.HANDLE_ROSTER, Duty.BOOKKEEP, Duty.AUDIT))
    with office.unit() as work:
        made = rosters.get(work.connection, roster_id)
        table = rosterpayments.as_payments(work.connection, made).to_pylist()
        rows: list[tuple[str, ...]] = [
            (
                row["fund"], row["region"] or office.settings["unit"]["region"], row["id_raw"], row["id_type"], row["name"],
                row["item"], str(Month.from_number(row["period"])),
                str(Month.from_number(row["paid_month"])), show(row["amount"], grouped=False), row["account"], row["holder"], row["bank"],
                STATUS[row["status"]], f"{roster_id}-{row['line']}",
            )
            for row in table
        ]  # fmt: skip
        out.parent.mkdir(parents=True, exist_ok=True)
        write_contract_csv(out, [HEADER, *rows])
        out.chmod(0o600)
        paid = sum(row["amount"] for row in table if row["status"] == "paid")
        sha = hashlib.sha256(out.read_bytes()).hexdigest()
        trail.record(work, office.now(), actor, duty, "export.payments", f"roster:{roster_id}", sha, {"rows": len(rows), "paid_fen": paid, "file": out.name})
        work.commit()
    return len(rows), paid
