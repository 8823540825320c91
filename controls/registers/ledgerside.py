"""What the ledger says of a register's rows (账上的数): posted amounts by the vouchers that a row called for or names, and by document. Set-based.

An entry counts with everything that corrects it, so that a reversed voucher is worth nothing. Entries after ``as_of`` do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from controls.voucher_tables import voucher
from ledger.balances import by_party
from ledger.months import Month
from ledger.tables import account as account_table
from ledger.tables import document, entry, line

MANY = 500
BETWEEN = ("4301", "4401", "4402", "5201", "5301", "5302")
"""Accounts between levels and schemes (上下级往来、制度衔接)."""
ENTRY = "entry:"


def source_key(register: str, row_no: int, act_no: int) -> str:
    """The source key of the voucher that an act calls for (L11: one act, one voucher)."""
    return f"register:{register}:{row_no}:{act_no}"


def _on(accounts: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(line.c.account.startswith(code) for code in accounts))


def _joined() -> sa.FromClause:
    return entry.join(line, sa.and_(line.c.book_id == entry.c.book_id, line.c.entry_id == entry.c.entry_id))


def by_entry(connection: sa.Connection, book_id: int, accounts: Sequence[str], side: str, as_of: date, entries: Iterable[int]) -> dict[int, int]:
    """Entry → fen on one side of some accounts (``N``: debit less credit), corrections included."""
    amount = line.c.amount_fen if side != "N" else sa.case((line.c.side == "D", line.c.amount_fen), else_=-line.c.amount_fen)
    total = sa.cast(sa.func.sum(amount), sa.BigInteger)
    base = [entry.c.book_id == book_id, entry.c.day <= as_of.isoformat(), _on(accounts)] + ([line.c.side == side] if side != "N" else [])
    found: dict[int, int] = defaultdict(int)
    wanted = sorted(set(entries))
    for start in range(0, len(wanted), MANY):
        some = wanted[start : start + MANY]
        for key in (entry.c.entry_id, entry.c.corrects):
            for row in connection.execute(sa.select(key, total).select_from(_joined()).where(*base, key.in_(some)).group_by(key)):
                found[row[0]] += int(row[1])
    return dict(found)


def own_entries(connection: sa.Connection, book_id: int, register: str) -> dict[int, list[int]]:
    """Row → entries posted from the vouchers that its acts called for."""
    asked = sa.select(entry.c.entry_id, entry.c.source_key).where(
        entry.c.book_id == book_id, entry.c.source_key.startswith(f"register:{register}:", autoescape=True)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row in connection.execute(asked):
        found[int(row.source_key.split(":")[2])].append(row.entry_id)
    return dict(found)


def linked_entries(connection: sa.Connection, book_id: int, labels: Iterable[str]) -> dict[str, int]:
    """Voucher label (``book-number``) → its entry, for those of this book that are posted."""
    numbers = {int(label.partition("-")[2]): label for label in set(labels) if label.partition("-")[0] == str(book_id)}
    found: dict[str, int] = {}
    wanted = sorted(numbers)
    columns = voucher.c
    for start in range(0, len(wanted), MANY):
        some = wanted[start : start + MANY]
        asked = sa.select(columns.voucher_id, columns.entry_id).where(columns.book_id == book_id, columns.entry_id.is_not(None), columns.voucher_id.in_(some))
        found |= {numbers[row.voucher_id]: row.entry_id for row in connection.execute(asked)}
    return found


def reversed_entries(connection: sa.Connection, book_id: int, as_of: date) -> set[int]:
    """Entries that a red voucher has struck."""
    asked = sa.select(entry.c.corrects).where(
        entry.c.book_id == book_id, entry.c.corrects.is_not(None), entry.c.source_key.startswith("reverse:"), entry.c.day <= as_of.isoformat()
    )
    return set(connection.execute(asked).scalars())


def posted_days(connection: sa.Connection, book_id: int, entries: Iterable[int], as_of: date) -> set[int]:
    """Those of the entries whose day has come by ``as_of``."""
    wanted = sorted(set(entries))
    found: set[int] = set()
    for start in range(0, len(wanted), MANY):
        asked = sa.select(entry.c.entry_id).where(
            entry.c.book_id == book_id, entry.c.entry_id.in_(wanted[start : start + MANY]), entry.c.day <= as_of.isoformat()
        )
        found |= set(connection.execute(asked).scalars())
    return found


def received(connection: sa.Connection, book_id: int, as_of: date, since: date = date.min) -> dict[tuple[str, str, str], int]:
    """(指标文号, 用途 or '' where the paper names none, 级次) → fen of subsidies and government-paid premiums received, corrections included.

    What was booked without a paper (by person, from a file of contributions) stands under ``entry:`` and its entry.
    """
    asked = sa.select(account_table.c.code, account_table.c.full_name).where(account_table.c.book_id == book_id)
    names = {row.code: str(row.full_name) for row in connection.execute(asked)}
    counted = [code for code, name in names.items() if code.startswith("4101") or (code.startswith("4001") and "政府代缴" in name)]
    if not counted:
        return {}
    base = [entry.c.book_id == book_id, line.c.account.in_(counted), entry.c.day <= as_of.isoformat(), entry.c.day >= since.isoformat()]
    amount = sa.case((line.c.side == "C", line.c.amount_fen), else_=-line.c.amount_fen)
    lines = connection.execute(sa.select(entry.c.entry_id, entry.c.corrects, line.c.account, amount.label("fen")).select_from(_joined()).where(*base)).all()
    papers = sa.select(document.c.entry_id, document.c.document).where(document.c.book_id == book_id, document.c.document.startswith("paper:"))
    of_entry: dict[int, str] = {}
    for row in connection.execute(papers.order_by(document.c.document)):
        of_entry[row.entry_id] = row.document
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in lines:
        of, level = one.corrects if one.corrects is not None else one.entry_id, names[one.account].split("-")[-1]
        found[_paper_key(of_entry[of], level) if of in of_entry else (f"{ENTRY}{of}", "", level)] += int(one.fen)
    return dict(found)


def _paper_key(paper: str, level: str) -> tuple[str, str, str]:
    parts = paper.removeprefix("paper:").rsplit(":", 3)
    return (parts[0], parts[1], parts[2]) if len(parts) == 4 else (paper.removeprefix("paper:"), "", level)


def movement(connection: sa.Connection, book_id: int, as_of: date) -> dict[tuple[str, int, str], tuple[int, int]]:
    """(level-1 account, month, 往来单位 or '') → debit and credit fen of the accounts between levels and schemes."""
    found: dict[tuple[str, int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for party, move in by_party(connection, book_id, BETWEEN, Month.of(as_of)):
        key = (move.account[:4], move.period.number, party)
        found[key] = (found[key][0] + move.debit, found[key][1] + move.credit)
    return dict(found)
