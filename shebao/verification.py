"""Everything that can be proved again from the store alone, one result an invariant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from controls.intake import register, snapshots
from ledger import accounts, balances, chain, posted, subledgers
from ledger.accounts import Book
from ledger.db import reading
from ledger.entries import rows_digest
from ledger.errors import Refusal
from ledger.flows import check_entry
from ledger.subledgers import SUBLEDGERS, Subledger
from ledger.tables import LEDGER_TABLES
from ledger.tables import entry as entry_table
from ledger.tables import line as line_table
from ledger.tables import open_posting as open_posting_table
from ledger.tables import seal as seal_table
from ledger.tables import sealing as sealing_table
from ledger.tables import unit as unit_table
from shebao import (
    evidence,
    evidence_accounts,
    evidence_awards,
    evidence_banking,
    evidence_budgets,
    evidence_checks,
    evidence_journals,
    evidence_partitions,
    evidence_payment,
    evidence_people,
    evidence_person_accounts,
    evidence_persons,
    evidence_premiums,
    evidence_redactions,
    evidence_references,
    evidence_registers,
    evidence_rosters,
    evidence_sessions,
    evidence_special,
    evidence_sweeps,
    evidence_vouchers,
    proofs,
)
from shebao.evidence import Broken
from shebao.store import Office
from shebao.trails import witness as witnesses


@dataclass(frozen=True, slots=True)
class Result:
    """One invariant: whether it holds, and what was looked at or found."""

    code: str
    ok: bool
    text: str


def verify_store(office: Office, witness: str | None = None) -> list[Result]:
    """L1-L11 and the payment chain (C2, C3) of every book, people (C1), the chain and the register of persons (C6), the guards, the files behind the checks.

    Needs nobody signed in: proving discloses no person's data, and must work when nobody can sign in.
    ``witness`` is a head of the chain kept elsewhere, ``seq:hash`` as printed at the foot of every PDF, or a file of heads.
    """
    with reading(office.store) as connection:
        return list(proved(connection, office.home, office.now(), witness))


def proved(connection: sa.Connection, home: Path, now: str, witness: str | None = None, *, only: frozenset[str] | None = None) -> Iterator[Result]:
    """The results one by one: of each book, then of the whole store. ``only``: names of the proofs to run, as they stand in the codes; None runs all."""
    found: list[Book] = []
    books = _run("L2 账套", lambda: _books(connection, found))
    if only is None or "L2 账套" in only:
        yield books
    for book in found:
        for code, proof in (*PROOFS, *_with_files(home)):
            if only is None or code in only:
                yield _run(f"{code} {book.fund.value}", lambda b=book, p=proof: p(connection, b))  # type: ignore[misc]
        if book.fund.special and (only is None or "ZB 专账" in only):
            yield _run(f"ZB 专账 {book.fund.value}", lambda b=book: evidence_special.proved(connection, b))  # type: ignore[misc]
    whole: tuple[tuple[str, Callable[[], str]], ...] = (
        ("C6 留痕链", lambda: _chain(connection, witness)),
        *((code, lambda p=proof: p(connection)) for code, proof in WHOLE),  # type: ignore[misc]
        ("C1 不相容", lambda: evidence_people.apart(connection, now)),
        ("快照文件", lambda: _snapshots(connection, home)),
    )
    for code, kept in whole:
        if only is None or code in only:
            yield _run(code, kept)


def _with_files(home: Path) -> tuple[tuple[str, Callable[[sa.Connection, Book], str]], ...]:
    """Proofs of a book that look into the office's folder too."""
    return (
        ("L11 附件", lambda connection, book: evidence_vouchers.papers(connection, book, home)),
        ("C3 发放", lambda connection, book: evidence_payment.paying(connection, book, home)),
    )


def _run(code: str, proof: Callable[[], str]) -> Result:
    try:
        return Result(code, True, proof())
    except Broken as broken:
        return Result(code, False, str(broken))
    except Refusal as refusal:
        return Result(code, False, f"[{refusal.code}] {refusal.text()}")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, sa.exc.SQLAlchemyError) as unreadable:
        return Result(code, False, f"存储的内容无法读取：{unreadable!r}")


def _books(connection: sa.Connection, found: list[Book]) -> str:
    """L2: one book a fund, and no row of any ledger table outside the books."""
    found += accounts.books(connection)
    known = {book.book_id for book in found}
    for table in (table for table in LEDGER_TABLES if "book_id" in table.c):
        strays = set(connection.execute(sa.select(table.c.book_id).distinct()).scalars()) - known
        if strays:
            raise Broken(f"{table.name} 中有不属于任何账套的内容（{min(strays)}）")
    if any(connection.execute(sa.select(table).limit(1)).first() is not None for table in (open_posting_table, sealing_table)):
        raise Broken("有未完成的记账")
    return f"{len(found)} 个账套，一险种一套"


def _balanced(connection: sa.Connection, book: Book) -> str:
    """L1: every entry balances, is what its header says, line by line, and is sealed."""
    legs, heads = line_table.c, entry_table.c
    signed = sa.func.sum(sa.case((legs.side == "D", legs.amount_fen), else_=-legs.amount_fen))
    debit = sa.func.sum(sa.case((legs.side == "D", legs.amount_fen), else_=0))
    counted = sa.select(legs.entry_id, signed, debit, sa.func.count(), sa.func.min(legs.line_no), sa.func.max(legs.line_no))
    summed = {row[0]: tuple(map(int, row[1:])) for row in connection.execute(counted.where(legs.book_id == book.book_id).group_by(legs.entry_id))}
    sealed = set(connection.execute(sa.select(seal_table.c.entry_id).where(seal_table.c.book_id == book.book_id)).scalars())
    stored = {
        row.entry_id: row
        for row in connection.execute(
            sa.select(heads.entry_id, heads.debit_fen, heads.line_count, heads.day, heads.period).where(heads.book_id == book.book_id)
        )
    }
    for entry_id in sorted(stored.keys() | summed.keys() | sealed):
        head, net = stored.get(entry_id), summed.get(entry_id, (1, 0, 0, 0, 0))
        if head is None or entry_id not in sealed:
            raise Broken(f"凭证序号 {entry_id} 没有凭证头或封签")
        if head.day[:7] != str(head.period):
            raise Broken(f"凭证序号 {entry_id} 的日期不在会计期间内")
        if net[0] != 0:
            raise Broken(f"凭证序号 {entry_id} 借贷不平")
        if net[1:] != (head.debit_fen, head.line_count, 1, head.line_count):
            raise Broken(f"凭证序号 {entry_id} 的分录与凭证头不符")
    return f"{len(stored)} 张凭证逐张借贷相等"


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
    """L3, L10, L11: every entry's content matches its digest; sub-ledger rows match theirs, and none is without its entry."""
    count = rows = 0
    for one in posted.entries(connection, book.book_id):
        count += 1
        if one.entry.digest() != one.digest:
            raise Broken(f"凭证序号 {one.entry_id} {one.label} 的内容与摘要不符")
        if not one.entry.authority or one.maker == one.reviewer or one.poster == one.reviewer:
            raise Broken(f"{one.label} 缺依据或签字人重复")
    for law in SUBLEDGERS.values():
        rows += _rows_claimed(connection, book, law)
    return f"{count} 张凭证内容与摘要相符，逐人明细 {rows} 笔相符"


def _rows_claimed(connection: sa.Connection, book: Book, law: Subledger) -> int:
    """L10: the rows of one sub-ledger are those that the entries claim, source by source, and none is without its entry."""
    rows = 0
    for entry_id, claim in subledgers.claims(connection, law, book.book_id):
        seen = rows_digest(subledgers.rows_of(connection, law, book.book_id, claim.source))
        if (seen.count, seen.fen, seen.hexdigest()) != (claim.count, claim.fen, claim.digest):
            raise Broken(f"凭证序号 {entry_id} 的{law.zh}与摘要不符")
        rows += seen.count
    table = law.table
    stored = connection.execute(sa.select(sa.func.count()).select_from(table).where(table.c.book_id == book.book_id)).scalar_one()
    if stored != rows:
        raise Broken(f"有 {stored - rows} 笔{law.zh}不属于任何凭证")
    return rows


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
    ("L6 科目", evidence.frame),
    ("L6 科目变动", evidence_accounts.changes),
    ("L5 期间", evidence.months),
    ("L9 签字", evidence.people),
    ("L9 出纳", evidence_vouchers.cashiers),
    ("C6 凭证流水", evidence_vouchers.as_told),
    ("L4 同笔业务", evidence_vouchers.parts),
    ("C6 日记账", evidence_journals.kept),
    ("C6 个人账户", evidence_person_accounts.kept),
    ("C2 代缴", evidence_premiums.kept),
    ("C2 预算", evidence_budgets.kept),
    ("C6 待遇核定", evidence_awards.kept),
    ("C3 花名册", evidence_rosters.kept),
    ("C2 审批链", evidence_banking.chains),
    ("C2 签字", evidence_payment.signing),
    ("C3 检查", evidence_checks.kept),
    ("K 勾稽", proofs.closed_months),
)
"""Proofs of one book, in order."""

WHOLE: tuple[tuple[str, Callable[[sa.Connection], str]], ...] = (
    ("L3 链与账", evidence.entries_recorded),
    ("C1 授权", evidence.grants),
    ("C1 岗位对", evidence_sessions.pairs),
    ("C6 会话", evidence_sessions.kept),
    ("C6 授权和身份", evidence_people.kept),
    ("C6 印鉴U盾", evidence_banking.held),
    ("C6 工作交接", evidence_banking.handed),
    ("C6 导入登记", evidence.source_files),
    ("C6 登记簿", evidence_persons.register),
    ("C6 台账", evidence_registers.kept),
    ("守护规则", evidence.guards),
    ("C6 个人信息", evidence_redactions.kept),
    ("A3 疑点", evidence_sweeps.kept),
    ("引用", evidence_references.whole),
    ("分区", evidence_partitions.whole),
)
"""Proofs of the whole store, in order."""


UNWITNESSED = "没有给出外部留存的链头（--witness），末尾被截去或整条重造看不出来"
"""What the chain alone cannot show."""


def _chain(connection: sa.Connection, witness: str | None) -> str:
    seen: dict[int, str] = {}
    if witness:
        unit = connection.execute(sa.select(unit_table.c.code).limit(1)).scalar()
        seen = witnesses.read(witness, unit or "")
    length, back = chain.verify(connection, witness=seen), chain.backward(connection)
    said = f"{length} 条留痕首尾相接" + (f"，第 {'、'.join(map(str, sorted(seen)))} 条与外部留存一致" if seen else f"；{UNWITNESSED}")
    return said + (f"；系统时钟倒退 {len(back)} 次（第 {'、'.join(map(str, back[:5]))} 条）" if back else "")


def _snapshots(connection: sa.Connection, home: Path) -> str:
    """Every snapshot is what was taken in (SB3022), and covers what the register says it covers, counted again."""
    files = list(register.every(connection))
    for source in files:
        stored, found = snapshots.stored_coverage(connection, source), snapshots.recomputed(source, home)
        if source.coverage != found.head() or stored.cells != found.cells:
            raise Broken(f"文件 {source.file_id}（{source.name}）登记的覆盖范围与快照重算的不符")
        if (source.rows, source.control_fen) != (found.rows, found.fen):
            raise Broken(f"文件 {source.file_id}（{source.name}）登记的行数或控制合计与快照重算的不符")
    return f"{len(files)} 个快照文件未被改动，覆盖范围与控制合计重算相符"


def verify_paper(office: Office, file: Path) -> list[Result]:
    """A PDF of ours against the books: the digest printed in it, and the trail head it carries."""
    return list(_paper(office, file))


def _paper(office: Office, file: Path) -> Iterator[Result]:
    from books.pdf.stamp import read_stamp
    from shebao.papers import reprint

    stamped = read_stamp(file)
    printed = reprint(office, stamped)
    same = printed.digest == stamped.digest
    yield Result("B4 摘要", same, f"账上重算 {printed.digest[:16]}，文件所载 {stamped.digest[:16]}" + ("，一致" if same else "，不一致：文件或账已变"))
    whole = printed.pdf == file.read_bytes()
    yield Result("B4 版面", whole, "按账重新打印，逐字节相同" if whole else "按账重新打印与文件不同：文件被改动，或由另一版本程序打印")
    head = stamped.stamp.trail_head
    with reading(office.store) as connection:
        yield _run("C6 链头", lambda: _chain(connection, head))
