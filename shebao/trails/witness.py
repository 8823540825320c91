"""Heads of the chain kept elsewhere (链头外存): a witness file on a memory stick, in a mail, at the county's audit office.

Each line of the file is one JSON object: ``unit``, ``seq``, ``hash``, ``at``. Whoever cuts the trail's tail or builds it anew cannot
change what stands there; ``shebao verify --witness FILE`` compares every line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from controls import trail
from controls.duties import Duty, require_any
from controls.errors_trail import WitnessUnusable
from ledger import chain
from shebao.store import Office

KEEPERS = (Duty.LOGADMIN, Duty.HEAD, Duty.AUDIT, Duty.AUDITOR, Duty.BOOKKEEP, Duty.CHECK)


@dataclass(frozen=True, slots=True)
class Head:
    """One head: number and hash of the last record at that time."""

    unit: str
    seq: int
    hash: str
    at: str


def write(office: Office, file: Path) -> Head:
    """Appends the present head to ``file`` and records that it was taken out; raises SB3001."""
    duty = require_any(office.actor, KEEPERS)
    with office.unit() as work:
        seq, value = chain.head(work.connection)
        made = Head(office.settings["unit"]["code"], seq, value, office.now())
        trail.record(work, made.at, office.actor, duty, "trail.witness", "trail", value, {"seq": seq, "file": file.name})
        work.commit()
    with file.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps({"unit": made.unit, "seq": made.seq, "hash": made.hash, "at": made.at}, ensure_ascii=False, sort_keys=True) + "\n")
    return made


def read(text: str, unit: str) -> dict[int, str]:
    """Record → hash of a witness: ``seq:hash``, or the file of that name. Raises SB2290."""
    file = Path(text)
    try:
        there = file.is_file()
    except (OSError, ValueError):
        there = False
    return _lines(file, unit) if there else dict([_typed(text)])


def _typed(text: str) -> tuple[int, str]:
    seq, _, value = text.strip().partition(":")
    if not (seq.isascii() and seq.isdigit()) or not value:
        raise WitnessUnusable(why=f"链头“{text}”应写作 序号:哈希", why_en=f"“{text}” is no seq:hash")
    return int(seq), value


def _lines(file: Path, unit: str) -> dict[int, str]:
    found: dict[int, str] = {}
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        for row in rows:
            if row["unit"] != unit:
                raise WitnessUnusable(why=f"文件是单位 {row['unit']} 的", why_en=f"the file is of unit {row['unit']}")
            if found.setdefault(int(row["seq"]), str(row["hash"])) != row["hash"]:
                raise WitnessUnusable(why=f"文件中第 {row['seq']} 条有两个哈希", why_en=f"it has two hashes of record {row['seq']}")
    except (ValueError, KeyError, TypeError) as wrong:
        raise WitnessUnusable(why="文件内容不是链头", why_en="its content is no list of heads") from wrong
    if not found:
        raise WitnessUnusable(why="文件是空的", why_en="the file is empty")
    return found
