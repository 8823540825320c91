"""A list of people with their facts (情况表): CSV or workbook, a row a person, headed 证件号码 (or 编号) and names of inputs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger import sheets
from ledger.benefits.errors import BadList
from ledger.identity import clean, normal_number

KEYS = ("证件号码", "编号")


@dataclass(frozen=True, slots=True)
class Told:
    """One row: its line in the file, whose it is, and the facts that are not blank."""

    line: int
    key: str
    facts: dict[str, str]


def read(path: Path) -> list[Told]:
    """The rows of the first sheet in order; raises SB1447 (no head, a name twice, a person blank or twice) and the refusals of files (SB20xx)."""
    source = sheets.open_source(path)
    top = source.top(source.sheets[0])
    head = [clean(cell) for cell in top[0].cells] if top else []
    key = next((name for name in KEYS if name in head), "")
    if not key or len(set(head)) != len(head):
        raise BadList(file=path.name, line=top[0].line if top else 1, why="表头没有“证件号码”，或有两列同名")
    body = source.body(source.sheets[0], top[0].line, len(head)).decoded()
    columns = [column.to_pylist() for column in body.columns]
    found, seen = [], set()
    for line, *cells in zip(body.lines.to_pylist(), *columns, strict=True):
        row = {name: cell.strip() for name, cell in zip(head, cells, strict=True) if name and cell and cell.strip()}
        if not row:
            continue
        who = normal_number(row.pop(key, ""))
        if not who or who in seen:
            raise BadList(file=path.name, line=line, why=f"{key}为空" if not who else "同一人有两行")
        seen.add(who)
        found.append(Told(line, who, row))
    return found
