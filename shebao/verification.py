"""Everything that can be proved again from the store alone, one result an invariant."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ledger import accounts, balances, chain, posted
from ledger.accounts import Book
from ledger.entries import payout_digest
from ledger.errors import Refusal
from ledger.flows import check_entry
from ledger.tables import chain as chain_table
from ledger.tables import entry as entry_table
from ledger.tables import line as line_table
from ledger.tables import seal as seal_table
from shebao.store import Office


@dataclass(frozen=True, slots=True)
class Result:
    """One invariant: whether it holds, and what was looked at or found."""

    code: str
    ok: bool
    text: str


def verify_store(office: Office, witness: str | None = None) -> list[Result]:
    """L1, L3-L9, L11 of every book, the chain (C6), and the files behind the checks."""
    results: list[Result] = []
    with office.reading() as connection:
        for book in accounts.books(connection):
            for code, proof in PROOFS:
                results.append(_run(f"{code} {book.fund.value}", lambda b=book, p=proof: p(connection, b)))  # type: ignore[misc]
        results.append(_run("C6 留痕链", lambda: _chain(connection, witness)))
        results.append(_run("L3 链与账", lambda: _chain_against_books(connection)))
        results.append(_run("快照文件", lambda: _snapshots(office, connection)))
    return results


class Broken(Exception):
    """An invariant that does not hold; the text says where."""


def _run(code: str, proof: Callable[[], str]) -> Result:
    try:
        return Result(code, True, proof())
    except Broken as broken:
        return Result(code, False, str(broken))
    except Refusal as refusal:
        return Result(code, False, f"[{refusal.code}] {refusal.text()}")


def _balanced(connection: sa.Connection, book: Book) -> str:
    """L1: every entry balances and is sealed."""
    signed = sa.func.sum(sa.case((line_table.c.side == "D", line_table.c.amount_fen), else_=-line_table.c.amount_fen))
    wrong = connection.execute(
        sa.select(line_table.c.entry_id).where(line_table.c.book_id == book.book_id).group_by(line_table.c.entry_id).having(signed != 0).limit(1)
    ).scalar()
    if wrong is not None:
        raise Broken(f"凭证序号 {wrong} 借贷不平")
    unsealed = connection.execute(
        sa.select(entry_table.c.entry_id)
        .outerjoin(seal_table, sa.and_(seal_table.c.book_id == entry_table.c.book_id, seal_table.c.entry_id == entry_table.c.entry_id))
        .where(entry_table.c.book_id == book.book_id, seal_table.c.entry_id.is_(None))
        .limit(1)
    ).scalar()
    if unsealed is not None:
        raise Broken(f"凭证序号 {unsealed} 没有封签")
    count = connection.execute(sa.select(sa.func.count()).select_from(entry_table).where(entry_table.c.book_id == book.book_id)).scalar_one()
    return f"{count} 张凭证逐张借贷相等"


def _gapless(connection: sa.Connection, book: Book) -> str:
    """L4: numbers 1..n per kind and month."""
    columns = entry_table.c
    rows = connection.execute(
        sa.select(columns.kind, columns.period, sa.func.count(), sa.func.min(columns.number), sa.func.max(columns.number))
        .where(columns.book_id == book.book_id)
        .group_by(columns.kind, columns.period)
    ).all()
    for kind, period, count, first, last in rows:
        if first != 1 or last != count:
            raise Broken(f"{kind}-{period} 有 {count} 张，号码从 {first} 到 {last}")
    return f"{len(rows)} 组凭证号连续无缺"


def _kept(connection: sa.Connection, book: Book) -> str:
    """L8."""
    return f"{balances.prove(connection, book.book_id)} 个余额等于分录合计"


def _contents(connection: sa.Connection, book: Book) -> str:
    """L3, L9, L10: every entry's content matches its digest; payout rows match theirs; people differ."""
    rows = 0
    count = 0
    for one in posted.entries(connection, book.book_id):
        count += 1
        if one.entry.digest() != one.digest:
            raise Broken(f"{one.label} 的内容与摘要不符")
        if not one.entry.authority or one.maker == one.reviewer or one.poster == one.reviewer:
            raise Broken(f"{one.label} 缺依据或签字人重复")
        if one.entry.payout_source is not None:
            paid = list(posted.payouts(connection, book.book_id, one.entry.payout_source))
            if payout_digest(paid) != one.entry.payout_digest:
                raise Broken(f"{one.label} 的发放明细与摘要不符")
            rows += len(paid)
    return f"{count} 张凭证内容、签字与摘要相符，发放明细 {rows} 笔相符"


def _flows(connection: sa.Connection, book: Book) -> str:
    """L7: every entry that moves money is on the whitelist of its event."""
    for one in posted.entries(connection, book.book_id):
        check_entry(one.entry)
    return "资金流向均在白名单内"


PROOFS: tuple[tuple[str, Callable[[sa.Connection, Book], str]], ...] = (
    ("L1 平衡", _balanced),
    ("L4 连号", _gapless),
    ("L8 余额", _kept),
    ("L3 内容", _contents),
    ("L7 流向", _flows),
)


def _chain(connection: sa.Connection, witness: str | None) -> str:
    seen: tuple[int, str] | None = None
    if witness:
        seq, _, value = witness.partition(":")
        if not seq.isdigit():
            raise Broken(f"链头“{witness}”应写作 序号:哈希")
        seen = (int(seq), value)
    length = chain.verify(connection, witness=seen)
    return f"{length} 条留痕首尾相接" + (f"，第 {seen[0]} 条与外部留存一致" if seen else "")


def _chain_against_books(connection: sa.Connection) -> str:
    """Every posted entry has exactly one record with its digest, and every posting record its entry."""
    recorded: dict[str, str] = {}
    for thing, digest in connection.execute(sa.select(chain_table.c.thing, chain_table.c.digest).where(chain_table.c.act == "post")):
        if thing in recorded:
            raise Broken(f"{thing} 有两条记账留痕")
        recorded[thing] = digest
    stored = {
        f"entry:{row.book_id}:{row.entry_id}": row.digest
        for row in connection.execute(sa.select(entry_table.c.book_id, entry_table.c.entry_id, entry_table.c.digest))
    }
    if recorded != stored:
        odd = sorted(key for key in recorded.keys() | stored.keys() if recorded.get(key) != stored.get(key))
        raise Broken(f"留痕与凭证对不上：{odd[0]}")
    return f"{len(stored)} 张凭证与记账留痕一一对应"


def _snapshots(office: Office, connection: sa.Connection) -> str:
    from controls.intake import register

    files = list(register.every(connection))
    for source in files:
        path = source.path(office.home)
        if not path.exists():
            raise Broken(f"快照 {path.name}（{source.name}）不见了")
        if hashlib.sha256(path.read_bytes()).hexdigest() != source.parquet_sha256:
            raise Broken(f"快照 {path.name}（{source.name}）被改动")
    return f"{len(files)} 个快照文件未被改动"


def verify_paper(office: Office, file: Path) -> list[Result]:
    """A PDF of ours against the books: the digest printed in it, and the trail head it carries."""
    return list(_paper(office, file))


def _paper(office: Office, file: Path) -> Iterator[Result]:
    from books.pdf.stamp import read_stamp
    from shebao.papers import recompute

    stamped = read_stamp(file)
    found = recompute(office, stamped)
    same = found == stamped.digest
    yield Result("B4 摘要", same, f"账上重算 {found[:16]}，文件所载 {stamped.digest[:16]}" + ("，一致" if same else "，不一致：文件或账已变"))
    head = stamped.stamp.trail_head
    with office.reading() as connection:
        yield _run("C6 链头", lambda: _chain(connection, head))
