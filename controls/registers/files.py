"""Rows of a register from a file (台账导入): its own head, Chinese or English field names; all of the file or nothing of it, every fault with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from controls.registers.errors import BadField, RegisterFile
from controls.registers.law import FieldLaw, Register
from controls.registers.store import Payload
from controls.registers.values import Value, parse

SHOWN = 10


def rows(law: Register, file: Path) -> list[Payload]:
    """The payloads of a CSV or workbook whose head names the register's fields; raises SB3249 naming the lines, and SB20xx for an unreadable file."""
    from ledger.sheets import open_source

    source = open_source(file)
    faults: list[str] = []
    found: list[Payload] = []
    for sheet in source.sheets:
        top = source.top(sheet)
        heads = [(row, [law.field(" ".join(cell.split())) for cell in row.cells]) for row in top]
        best = max(heads, key=lambda one: sum(field is not None for field in one[1]), default=None)
        if best is None or not any(best[1]):
            continue
        head, fields = best
        strange = [cell for cell, field in zip(head.cells, fields, strict=True) if cell.strip() and field is None]
        missing = [field.zh for field in law.fields if field.required and field not in fields]
        if strange or missing:
            why = (f"没有栏目“{'、'.join(strange)}”" if strange else "") + ("；" if strange and missing else "")
            raise RegisterFile(file=file.name, register=law.zh, name=law.name, count=1, faults=why + (f"缺栏目“{'、'.join(missing)}”" if missing else ""))
        body = source.body(sheet, head.line, len(head.cells)).decoded()
        lines = body.lines.to_pylist()
        faults += [f"{cell} 是没有算出结果的公式，在表格软件里打开、保存后再交" for cell in source.facts(sheet).formula_without_value]
        faults += [f"第 {lines[place]} 行有 {count} 格，表头有 {len(head.cells)} 格" for place, count in body.wrong_count.items()]
        faults += [
            f"第 {lines[place]} 行“{field.zh}”在工作簿里存成了数字，已失真"
            for column, places in body.damaged.items() if (field := fields[column]) is not None and field.type != "fen"
            for place in places
        ]  # fmt: skip
        for line, cells in zip(lines, zip(*(column.to_pylist() for column in body.columns), strict=True), strict=True):
            payload, said = _row(law, fields, cells)
            faults += [f"第 {line} 行{text}" for text in said]
            if payload:
                found.append(payload)
        break
    if not found and not faults:
        faults = [f"找不到表头，应有 {'、'.join(field.zh for field in law.fields if field.required)}"]
    if faults:
        shown = "；".join(faults[:SHOWN]) + ("……" if len(faults) > SHOWN else "")
        raise RegisterFile(file=file.name, register=law.zh, name=law.name, count=len(faults), faults=shown)
    return found


def _row(law: Register, fields: Sequence[FieldLaw | None], cells: Sequence[Any]) -> tuple[Payload, list[str]]:
    payload: Payload = {}
    faults: list[str] = []
    if not any(str(cell or "").strip() for cell in cells):
        return payload, faults
    for field, cell in zip(fields, cells, strict=True):
        if field is None:
            continue
        try:
            value = parse(law, field, str(cell or ""))
        except BadField as wrong:
            faults.append(f"“{field.zh}”：{wrong.facts['why']}")
            continue
        if value is not None:
            payload[field.name] = value
        elif field.required:
            faults.append(f"缺“{field.zh}”")
    return payload, faults


def recoveries(
    law: Register, file: str, taken: Sequence[Mapping[str, Any]], claims: Mapping[str, Sequence[tuple[int, Mapping[str, Value]]]], fund: str, more: Payload
) -> list[Payload]:
    """Rows of a file of the contract ``recoveries`` (追回与扣回) as receipts of the claims of the same person whose months they touch; raises SB3249.

    ``claims``: number → (row, payload) of the claims register; ``more``: what the file does not say, such as the account that took
    the money. 抵扣 rows belong to set-offs and are named as faults.
    """
    found: list[Payload] = []
    faults: list[str] = []
    for row in (one for one in taken if one["fund"] == fund):
        mine = [
            number for number, claim in claims.get(row["number"], ())
            if int(claim["period_from"]) <= row["to_month"] and int(claim["period_to"]) >= row["from_month"]
        ]  # fmt: skip
        if row["way"] == "抵扣":
            faults.append(f"第 {row['line']} 行是抵扣，登记在 set-offs")
        elif len(mine) != 1:
            faults.append(f"第 {row['line']} 行{'没有' if not mine else '有多笔'}对应的应追回待遇" + (f"（第 {'、'.join(map(str, mine))} 行）" if mine else ""))
        else:
            receipt = row["voucher"] or f"{file}:{row['line']}"
            found.append({"claim": mine[0], "way": row["way"], "receipt": receipt, "received_on": str(row["received_on"]), "amount": row["amount"], **more})
    if faults or not found:
        shown = "；".join(faults[:SHOWN]) + ("……" if len(faults) > SHOWN else "")
        raise RegisterFile(file=file, register=law.zh, name=law.name, count=len(faults), faults=shown or "没有本险种的行")
    return found


def by_number(made: Iterable[tuple[int, Mapping[str, Value]]]) -> dict[str, list[tuple[int, Mapping[str, Value]]]]:
    """Claims by the person's number."""
    found: dict[str, list[tuple[int, Mapping[str, Value]]]] = {}
    for row_no, payload in made:
        found.setdefault(str(payload["number"]), []).append((row_no, payload))
    return found
