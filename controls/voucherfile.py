"""Vouchers from a file (凭证导入): rows of another system grouped into entries, every fault named by its line. Pure over the chart given.

Lines with the same month, 凭证字 and 凭证号 are one voucher; without a number, lines between two blank ones. All of a
file or nothing of it: an unknown account, a name that means another account, a voucher that does not balance, or money
that moves as no event allows keeps the whole file out.

Lines of one voucher that name persons (证件号码) become one line an account and rows of the sub-ledger (逐人明细): a person
is never an account nor an axis of a line. Their period of entitlement is the voucher's month, as files give no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from controls.errors_vouchers import VoucherFileWrong
from ledger import event_match
from ledger.accounts import BookAccount
from ledger.entries import Entry, Line, PayoutRow, Side
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.identity import clean, judge
from ledger.items import known_items
from ledger.money import show
from ledger.months import Month
from ledger.voucher_forms import voucher_kind

SHOWN = 20
PERSONS = "5001"
"""Where vouchers of a file may name persons: the sub-ledger of payouts (templates/dimensions.yaml, axis person)."""
KINDS = "收付转记"


@dataclass(frozen=True, slots=True)
class Read:
    """One voucher of the file: its entry, its first line in the file, other events its lines would fit, and the rows of the persons it names."""

    entry: Entry
    line: int
    others: tuple[str, ...]
    persons: tuple[PayoutRow, ...] = ()


def entries(rows: Sequence[Mapping[str, Any]], fund: Fund, chart: Mapping[str, BookAccount], file: str, sha256: str) -> list[Read]:
    """Canonical rows of the contract ``vouchers`` as entries in the file's order; raises SB3127 with every fault and its line."""
    faults: list[str] = []
    made: list[Read] = []
    for key, members in _groups(rows).items():
        try:
            made.append(_voucher(key, members, fund, chart, sha256))
        except _Fault as fault:
            faults += fault.told
    twice = [key for key, count in Counter(one.entry.source_key for one in made).items() if count > 1]
    faults += [f"凭证 {key} 在文件中出现两次" for key in twice]
    if faults:
        more = f"……另有 {len(faults) - SHOWN} 处" if len(faults) > SHOWN else ""
        raise VoucherFileWrong(file=file, faults="；".join(faults[:SHOWN]) + more)
    return made


class _Fault(Exception):
    """What is wrong with one voucher of the file."""

    def __init__(self, told: Iterable[str]) -> None:
        self.told = list(told)
        super().__init__("；".join(self.told))


Key = tuple[str, str, str]


def _groups(rows: Sequence[Mapping[str, Any]]) -> dict[Key, list[Mapping[str, Any]]]:
    """(month, kind, number), or the block where there is no number → rows."""
    found: dict[Key, list[Mapping[str, Any]]] = {}
    for row in rows:
        kind, number = clean(row["kind"]), clean(row["number"])
        key = (str(Month.of(row["on"])), kind, number) if number else ("", kind, f"#{row['block']}")
        found.setdefault(key, []).append(row)
    return found


def _voucher(key: Key, rows: Sequence[Mapping[str, Any]], fund: Fund, chart: Mapping[str, BookAccount], sha256: str) -> Read:
    first = rows[0]
    where, day = f"第 {first['line']} 行起的凭证", first["on"]
    faults = [f"第 {row['line']} 行日期 {row['on'].isoformat()} 与同一凭证第 {first['line']} 行不同" for row in rows if row["on"] != day]
    faults += [fault for row in rows if (fault := _account_fault(row, chart))]
    faults += _person_faults(rows)
    lines = _lines(rows, first["summary"])
    if any(row["debit"] == row["credit"] == 0 for row in rows):
        faults.append(f"{where}有金额为零的行")
    net = sum(line.signed for line in lines)
    if net:
        faults.append(f"{where}借贷不平，借方比贷方{'多' if net > 0 else '少'} {show(abs(net))} 元")
    if faults:
        raise _Fault(faults)
    fits = event_match.fitting(fund, lines, day)
    if not fits and (refused := event_match.refusal_of(fund, lines)) is not None:
        raise _Fault([f"{where}与任何业务都不相符，不能动用资金账户（{refused.code}）：{refused.cause()}"])
    month, kind, number = key
    named = f"{kind or '记'}-{month}-{number}" if month else f"{sha256[:16]}:{first['line']}"
    people = "，".join(f"原{name}{clean(first[column])}" for column, name in (("maker", "制单"), ("reviewer", "审核")) if clean(first[column]))
    try:
        made = Entry(
            period=Month.of(day), day=day, summary=first["summary"], lines=lines, source_key=f"import:{named}",
            authority=f"导入凭证 {named}" + (f"（{people}）" if people else ""), event=fits[0].code if fits else "",
            kind=voucher_kind(_kind(kind, fits[0].voucher if fits else "转"), day), attachments=max(row["attachments"] or 0 for row in rows),
        )  # fmt: skip
    except Refusal as refused:
        raise _Fault([f"{where}：{refused.text()}"]) from refused
    return Read(made, first["line"], tuple(law.code for law in fits[1:]), _persons(rows, fund, chart, Month.of(day)))


def _named(row: Mapping[str, Any]) -> str:
    """The person a row names, '' for none."""
    return clean(row.get("id_number") or "")


def _person_faults(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows of persons stand on the debit of 5001, all of a voucher or none, each with a good number."""
    if not any(_named(row) for row in rows):
        return []
    faults = []
    for row in rows:
        payout = clean(row["account"]).startswith(PERSONS)
        if _named(row) and not (payout and row["debit"] and not row["credit"]):
            faults.append(f"第 {row['line']} 行写有证件号码，只有 {PERSONS} 的借方按人核算")
        elif _named(row) and not judge(_named(row)).ok:
            faults.append(f"第 {row['line']} 行证件号码不能用")
        elif payout and not _named(row):
            faults.append(f"第 {row['line']} 行缺证件号码：同一凭证的 {PERSONS} 各行须都写，或都不写")
    return faults


def _lines(rows: Sequence[Mapping[str, Any]], summary: str) -> tuple[Line, ...]:
    """The lines of one voucher in order; those that name persons added up, one an account."""
    made: list[Line] = []
    places: dict[str, int] = {}
    for row in rows:
        one = _line(row, summary)
        if _named(row):
            at = places.setdefault(one.account, len(made))
            if at < len(made):
                made[at] = replace(made[at], amount=made[at].amount + one.amount)
                continue
            one = replace(one, memo="")
        made.append(one)
    return tuple(made)


def _persons(rows: Sequence[Mapping[str, Any]], fund: Fund, chart: Mapping[str, BookAccount], month: Month) -> tuple[PayoutRow, ...]:
    """Sub-ledger rows of the persons named, in key order: number, item, period, fen, account. An item is told apart by account."""
    items = {item.account: item.item for item in known_items(fund)}
    found: dict[tuple[str, str, int, str], int] = {}
    for row in rows:
        if _named(row):
            account = clean(row["account"])
            above = next((account[:digits] for digits in (10, 8, 6) if account[:digits] in items), account)
            item = items.get(above, chart[account].name)
            key = (judge(_named(row)).normal, item if above == account else f"{item}-{chart[account].name}", month.number, account)
            found[key] = found.get(key, 0) + row["debit"]
    return tuple((number, item, period, fen, account) for (number, item, period, account), fen in sorted(found.items()))


def _line(row: Mapping[str, Any], summary: str) -> Line:
    side, fen = (Side.D, row["debit"]) if row["debit"] else (Side.C, row["credit"])
    return Line(clean(row["account"]), side, fen, (), "" if row["summary"] == summary else row["summary"])


def _account_fault(row: Mapping[str, Any], chart: Mapping[str, BookAccount]) -> str:
    code, name = clean(row["account"]), clean(row["account_name"])
    known = chart.get(code)
    if known is None:
        return f"第 {row['line']} 行科目 {code} 不在本账套的科目表中"
    if not known.leaf:
        leaves = [f"{one.code} {one.name}" for one in chart.values() if one.leaf and one.code.startswith(code)]
        return f"第 {row['line']} 行科目 {code} {known.full_name} 不是末级科目，可用 {'、'.join(leaves[:5])}"
    if known.valid_from > row["on"].isoformat() or (known.valid_to and row["on"].isoformat() >= known.valid_to):
        return f"第 {row['line']} 行科目 {code} 在 {row['on'].isoformat()} 不在有效期内"
    last = name.replace("/", "-").replace("—", "-").replace("_", "-").rpartition("-")[2].strip()
    if last and last not in (clean(known.name), clean(known.full_name)):
        return f"第 {row['line']} 行科目 {code} 在本账套是“{known.full_name}”，文件写作“{name}”"
    return ""


def _kind(given: str, by_event: str) -> str:
    """凭证字: as the file has it when it is one of ours (``收``, ``收款`` …), else by the event."""
    return given[0] if given and given[0] in KINDS else by_event
