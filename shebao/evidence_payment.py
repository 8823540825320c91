"""What trail, release and the bank's file say of the payment chain: signatures, releases, bank files, returns and the sub-ledger.

Each proof returns what it looked at, or raises :class:`Broken` (or the refusal of the step itself) with where it does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from controls import answers, bankfile, bankreturn, holds, release, roster, screening, signoff, trail
from controls import bank_authorising as authorising
from controls.bankfile import Batch, Totals
from controls.intake import register
from controls.release import Authority
from controls.roster import Roster
from controls.tables import bank_result, signature, source_file
from controls.tokens import law as tokens
from controls.tokens import store as token_store
from ledger import posted
from ledger.accounts import Book
from ledger.chain import Record
from ledger.errors import Refusal
from ledger.money import show
from ledger.tables import entry as entry_table
from shebao import voucherimport
from shebao.evidence import Broken, records_by_thing
from shebao.proposals import payout_source

_STATES = {"roster.build": "built", **{f"roster.{step}": leads for step, (_, leads, _) in roster.STEPS.items()}}
_PAYMENTS = {"roster.release": "released", "bankfile.make": "made", "bankfile.authorise": "sent", "bankfile.return": "returned"}


def signing(connection: sa.Connection, book: Book) -> str:
    """C2: every roster's lines, findings and holds are what was signed and released, as the trail has it; a released one by three people."""
    by_thing = records_by_thing(connection)
    rosters = roster.listed(connection)
    built = {thing for thing, records in by_thing.items() if any(record.act == "roster.build" for record in records)}
    if odd := sorted(built ^ {_thing(made) for made in rosters}):
        raise Broken(f"花名册与编制留痕对不上：{odd[0]}")
    mine = [made for made in rosters if made.book_id == book.book_id or made.fund is book.fund]
    for made in mine:
        if (made.book_id, made.fund) != (book.book_id, book.fund):
            raise Broken(f"花名册 {made.roster_id} 的账套与险种不符")
        _header(connection, made, by_thing[_thing(made)])
        _known_duties(connection, made)
        signoff.same_as_signed(connection, made)
        given = signoff.signatures(connection, made)
        if made.state == "released" and (len({item.user for item in given}), {item.duty for item in given}) != (3, set(signoff.STEP_DUTY.values())):
            raise Broken(f"花名册 {made.roster_id} 已放行，但没有三个人的签字")
    released = sum(made.state == "released" for made in mine)
    return f"{len(mine)} 份花名册的内容与签字留痕相符，其中已放行 {released} 份均由三人签字"


def paying(connection: sa.Connection, book: Book, home: Path) -> str:
    """C3: what was released is what was sent; the bank's answers are those of its file and add up; the sub-ledger has what the bank paid."""
    by_thing = records_by_thing(connection)
    sent = paid = 0
    for made in roster.listed(connection):
        if made.book_id != book.book_id or made.payment == "none":
            continue
        given = release.authority(connection, made.roster_id)
        records = by_thing[_thing(made)]
        totals = bankfile.totals(connection, made.roster_id)
        _blocked_is_held(connection, made)
        _sent(connection, made, given, totals, records)
        _returned(connection, made, totals, records, home)
        _came_back(connection, made, records)
        sent, paid = sent + totals.sent[1], paid + totals.paid[1]
    entries = _sub_ledger(connection, book)
    try:
        entries += voucherimport.proved(connection, book.book_id, home)
    except ValueError as wrong:
        raise Broken(str(wrong)) from wrong
    return f"送盘 {show(sent)} 元等于放行，其中付成 {show(paid)} 元与回盘文件相符；{entries} 张发放凭证的明细与回盘相符"


def _known_duties(connection: sa.Connection, made: Roster) -> None:
    known = [duty.value for duty in signoff.STEP_DUTY.values()]
    odd = sa.select(signature.c.duty).where(signature.c.book_id == made.book_id, signature.c.roster_id == made.roster_id, signature.c.duty.not_in(known))
    if (duty := connection.execute(odd).scalar()) is not None:
        raise Broken(f"花名册 {made.roster_id} 有岗位 {duty} 的签字，没有这一步")


def _thing(made: Roster) -> str:
    return f"roster:{made.roster_id}"


def _header(connection: sa.Connection, made: Roster, records: list[Record]) -> None:
    """The header is what the building recorded, and both machines stand where the last recorded step left them."""
    first = records[0]
    told = first.told()
    stored = {"file": made.file_id, "lines": made.line_count, "gross_fen": made.gross_fen, "net_fen": made.net_fen}
    files = connection.execute(sa.select(source_file.c.sha256).where(source_file.c.file_id == made.file_id)).scalar()
    found = (files, made.built_by, made.built_at)
    if {name: told.get(name) for name in stored} != stored or (first.digest, first.actor, first.at) != found:
        raise Broken(f"花名册 {made.roster_id} 的文件、合计或编制人与编制留痕不符")
    state = [_STATES[record.act] for record in records if record.act in _STATES][-1]
    if made.state != state:
        raise Broken(f"花名册 {made.roster_id} 记为“{roster.STATE_ZH[made.state]}”，按留痕应为“{roster.STATE_ZH[state]}”")
    payment = (["none"] + [_PAYMENTS[record.act] for record in records if record.act in _PAYMENTS])[-1]
    if made.payment != payment:
        raise Broken(f"花名册 {made.roster_id} 记为“{roster.PAYMENT_ZH[made.payment]}”，按留痕应为“{roster.PAYMENT_ZH[payment]}”")
    checks = [(record.told()["check_no"], record.at) for record in records if record.act == "roster.check"]
    if (made.check_no, made.checked_at) != (checks[-1] if checks else (0, "")):
        raise Broken(f"花名册 {made.roster_id} 的检查次数或时间与留痕不符")
    _checked(connection, made, records)


def _checked(connection: sa.Connection, made: Roster, records: list[Record]) -> None:
    """Every check of the roster used the snapshots that its record names, and these are in the register as they were."""
    for record in records:
        if record.act != "roster.check":
            continue
        facts = record.told()
        used = _cited(connection, made, facts["check_no"])
        if used != facts["snapshots"]:
            odd = min(used.items() ^ facts["snapshots"].items())[0]
            raise Broken(f"花名册 {made.roster_id} 第 {facts['check_no']} 次检查所用的数据（文件 {odd}）与检查留痕不符")
        for file_id, digest in used.items():
            if register.file(connection, int(file_id)).parquet_sha256 != digest:
                raise Broken(f"花名册 {made.roster_id} 第 {facts['check_no']} 次检查所用的文件 {file_id}，其快照已不是检查时的那一份")
    checks = {record.told()["check_no"] for record in records if record.act == "roster.check"}
    if stray := screening.cited_checks(connection, made) - checks:
        raise Broken(f"花名册 {made.roster_id} 第 {min(stray)} 次检查没有留痕")


def _cited(connection: sa.Connection, made: Roster, check_no: int) -> dict[str, str]:
    try:
        return {str(one.file_id): one.parquet_sha256 for one in screening.cited(connection, made, check_no)}
    except (ValueError, Refusal) as unreadable:
        raise Broken(f"花名册 {made.roster_id} 第 {check_no} 次检查记有检查不读的数据") from unreadable


def _blocked_is_held(connection: sa.Connection, made: Roster) -> None:
    held = holds.seqs(connection, made)
    for item in answers.findings(connection, made):
        if item.blocking and not held.issuperset(item.seqs):
            raise Broken(f"花名册 {made.roster_id} 已放行，有拦截疑点的序号 {min(set(item.seqs) - held)} 未暂缓")


def _sent(connection: sa.Connection, made: Roster, given: Authority, totals: Totals, records: list[Record]) -> None:
    """The bank file has exactly the lines that the signed roster calls for, and the digest and sums that were recorded."""
    number = made.roster_id
    batch = bankfile.batch(connection, made)
    names = ("lines", "fen", "release", "batch", "layout", "bank_account", "token", "file")
    told = [_told(record, *names) for record in records if record.act == "bankfile.make"]
    stored = []
    if batch is not None:
        stamped = (batch.batch_no, batch.layout, trail.redact(batch.bank_account), batch.token, trail.redact(batch.file_name))
        stored = [(batch.sha256, batch.lines, batch.fen, given.digest, *stamped, batch.sent_by, batch.sent_at)]
    if stored != told:
        raise Broken(f"花名册 {number} 的送盘与留痕不符")
    wanted = bankfile.called_for(connection, made) if batch is not None else []
    _same_lines(f"花名册 {number} 的付款行与签字的花名册不符", list(bankfile.payments(connection, made)), wanted)
    if batch is None:
        return
    out = (batch.lines, batch.fen)
    if out != totals.released or totals.sent != ((0, 0) if made.payment == "made" else out):
        raise Broken(f"花名册 {number} 放行 {show(totals.released[1])} 元，送盘 {show(totals.sent[1])} 元")
    if bankfile.stored_sha256(connection, made, batch) != batch.sha256:
        raise Broken(f"花名册 {number} 的付款行与送出的银行盘不符")
    _authorised(connection, made, batch, records)


def _authorised(connection: sa.Connection, made: Roster, batch: Batch, records: list[Record]) -> None:
    """Online banking: made with a making key and authorised by another with an authorising key, both held at that moment."""
    number = made.roster_id
    found = authorising.authorised(connection, made)
    told = [_told(record, "batch", "lines", "fen", "token") for record in records if record.act == authorising.ACT]
    stored = [] if found is None else [(found.sha256, batch.batch_no, batch.lines, batch.fen, found.token, found.authorised_by, found.authorised_at)]
    if told != stored or (found is None) != (made.payment == "made"):
        raise Broken(f"花名册 {number} 的网银复核与留痕不符")
    used = [(batch.token, tokens.MAKE, batch.sent_by, batch.sent_at)]
    if found is not None:
        used.append((found.token, tokens.AUTHORISE, found.authorised_by, found.authorised_at))
        if found.sha256 != batch.sha256 or found.authorised_by == batch.sent_by:
            raise Broken(f"花名册 {number} 的网银复核不是另一人对同一份银行盘")
    for no, kind, user, at in used:
        key = token_store.get(connection, no)
        if key.kind != kind or key.holder_at(at) != user:
            raise Broken(f"花名册 {number} 由 {user} 以 {key.zh} 办理，当时并不持有")


def _returned(connection: sa.Connection, made: Roster, totals: Totals, records: list[Record], home: Path) -> None:
    """The bank's answers are those of the file taken in, and paid + failed = sent."""
    number, columns = made.roster_id, bank_result.c
    found = bankreturn.returned(connection, number)
    told = [_told(record, "file", "paid", "failed") for record in records if record.act == "bankfile.return"]
    results = [
        tuple(row)
        for row in connection.execute(
            sa.select(columns.bank_seq, columns.ok, columns.reason, columns.serial, columns.booked_on)
            .where(columns.book_id == made.book_id, columns.roster_id == number)
            .order_by(columns.bank_seq)
        )
    ]
    if found is None:
        if told or results:
            raise Broken(f"花名册 {number} 的回盘与留痕不符")
        return
    source = register.file(connection, found.file_id)
    if told != [(source.sha256, found.file_id, list(found.paid), list(found.failed), found.taken_by, found.taken_at)]:
        raise Broken(f"花名册 {number} 的回盘与留痕不符")
    table = source.table(home)
    given = [table.column(name).to_pylist() for name in ("seq", "ok", "reason", "serial", "booked_on")]
    said = [(seq, int(ok), why or "", serial or "", day.isoformat() if day else "") for seq, ok, why, serial, day in zip(*given, strict=True)]
    _same_lines(f"花名册 {number} 的回盘结果与回盘文件不符", results, sorted(said))
    if (totals.paid, totals.failed) != (found.paid, found.failed) or tuple(map(sum, zip(totals.paid, totals.failed, strict=True))) != totals.sent:
        raise Broken(f"花名册 {number} 付成 {show(totals.paid[1])} 元，失败 {show(totals.failed[1])} 元，送盘 {show(totals.sent[1])} 元")


def _came_back(connection: sa.Connection, made: Roster, records: list[Record]) -> None:
    names = ("bank_seq", "fen", "day", "evidence", "comeback", "reason")
    told = [_told(record, *names) for record in records if record.act == "bankfile.comeback"]
    stored = [
        ("", one.bank_seq, one.fen, one.day, one.evidence, one.comeback_id, trail.redact(one.reason), one.recorded_by, one.recorded_at)
        for one in bankfile.comebacks(connection, made.roster_id)
    ]
    if told != stored:
        raise Broken(f"花名册 {made.roster_id} 的退票与留痕不符")


def _told(record: Record, *names: str) -> tuple[Any, ...]:
    """A record as a row: its digest, the named facts, who and when."""
    facts = record.told()
    return (record.digest, *(facts[name] for name in names), record.actor, record.at)


def _same_lines(what: str, found: Sequence[tuple[Any, ...]], wanted: Sequence[tuple[Any, ...]]) -> None:
    """Raises with the first number that differs; rows begin with it and are in its order."""
    for pair in zip_longest(found, wanted):
        if pair[0] != pair[1]:
            raise Broken(f"{what}（序号 {min(row[0] for row in pair if row is not None)}）")


def _sub_ledger(connection: sa.Connection, book: Book) -> int:
    """L10: the payouts of every posted return, and of every later one, are the bank's successes, row by row."""
    columns = entry_table.c
    query = sa.select(columns.entry_id, columns.event, columns.payout_source, columns.authority)
    of_rosters = sa.and_(columns.event.in_(("P2b", "P4", "ZX12", "ZX13")), columns.payout_source < voucherimport.IMPORT_SOURCES)
    rows = connection.execute(query.where(columns.book_id == book.book_id, of_rosters)).all()
    known = {
        payout_source(made.roster_id, part): (made, part)
        for made in roster.listed(connection)
        if made.book_id == book.book_id and made.payment == "returned"
        for part in range(len(bankfile.comebacks(connection, made.roster_id)) + 1)
    }
    for row in rows:
        made, part = known.get(row.payout_source, (None, 0))
        if made is None or not row.authority.startswith(str(release.authority(connection, made.roster_id))):
            raise Broken(f"凭证序号 {row.entry_id} 不是依据已回盘的花名册")
        sign = -1 if part else 1
        raw = bankfile.comebacks(connection, made.roster_id)[part - 1].rows if part else bankfile.successes(connection, made.roster_id)
        wanted = [(number, item, period, sign * fen) for number, item, period, fen, _ in raw]
        if [(number, item, period, fen) for number, item, period, fen, _ in posted.payouts(connection, book.book_id, row.payout_source)] != wanted:
            raise Broken(f"凭证序号 {row.entry_id} 的发放明细与花名册 {made.roster_id} 的回盘不符")
    return len(rows)
