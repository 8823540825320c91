"""The gate before every voucher (专款专用): a special book takes its program's events only, within each document's money.

Called by ``vouchers.propose`` under the writers' lock, so that two vouchers cannot spend the same money. An insurance fund's
book passes unless the event is one of special books.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from controls.special.errors import (
    DocumentOverdrawn,
    DocumentTwice,
    EventNotInProgram,
    ForbiddenPurpose,
    LevelNotInProgram,
    MoreBackThanPaid,
    OpeningLate,
    TownOverdrawn,
)
from controls.tables import release
from controls.voucher_tables import voucher, voucher_line
from ledger import programs
from ledger.entries import Entry, Line, Side
from ledger.event_file import special_events
from ledger.funds import Fund
from ledger.money import Fen, show
from ledger.special import documents, sums
from ledger.special.documents import SOURCES, Source
from ledger.tables import book

OPENING = "ZX00"
RECEIPTS = ("ZX01", "ZX03")
"""Events by which a document's money comes in."""
FISCAL = "S01"
EXPENSE = "C01"
TRANSIT = "Z04"
"""代发在途资金: what the banks have been debited for and not yet answered."""
WAITING = ("proposed", "made", "reviewed")


def check_entry(connection: sa.Connection, book_id: int, made: Entry) -> None:
    """Passes when the book may take the entry. Raises SB3270 to SB3276, SB3280."""
    owner = connection.execute(sa.select(book.c.fund, book.c.opened).where(book.c.book_id == book_id)).first()
    if owner is None:
        return
    fund = Fund(owner.fund)
    if not fund.special:
        if made.event in special_events():
            raise EventNotInProgram(program=fund.book_zh, event=made.event, known="险种业务（shebao standard coverage）")
        return
    program = fund.program
    check_values(program, made)
    if made.event == OPENING and made.period != owner.opened:
        raise OpeningLate(opened=owner.opened, period=made.period)
    if not made.closing:
        _once(connection, book_id, made)
        _within(connection, book_id, fund, made)


def is_special(connection: sa.Connection, book_id: int) -> bool:
    """Whether the book is a special one (专账)."""
    found = connection.execute(sa.select(book.c.fund).where(book.c.book_id == book_id)).scalar()
    return found is not None and Fund(found).special


def check_statutory(made: Entry) -> None:
    """Passes for an entry that a fund's book may take: no event of special books. Raises SB3270."""
    if made.event in special_events():
        raise EventNotInProgram(program="险种账套", event=made.event, known="险种业务（shebao standard coverage）")


def check_values(program: programs.Program, made: Entry) -> None:
    """The part that needs no store: event, level and purpose. Raises SB3270, SB3271, SB3272."""
    if made.event not in program.events:
        raise EventNotInProgram(program=program.zh, event=made.event or "未指明", known="、".join(program.events))
    for line in made.lines:
        level = SOURCES.get(line.account, "")
        if line.account.startswith(FISCAL) and level not in program.levels:
            raise LevelNotInProgram(program=program.zh, level=level, known="、".join(program.levels) or "无财政补助")
    said = [("摘要", made.summary)] + [("备注", line.memo) for line in made.lines if line.memo]
    said += [("辅助核算", value) for line in made.lines for _, value in line.dimension]
    for where, text in said:
        if word := programs.forbidden_word(program, text):
            raise ForbiddenPurpose(program=program.zh, word=word, where=where, text=text, reference=program.reference)


def _once(connection: sa.Connection, book_id: int, made: Entry) -> None:
    """A document's money of one level is booked once (L11); a correction of it is not a second time."""
    if made.event not in RECEIPTS or made.corrects is not None:
        return
    mine = {(line.account, dict(line.dimension).get("document", "")) for line in made.lines if line.side is Side.C}
    booked: dict[tuple[str, str], Fen] = defaultdict(int)
    for cell in sums.cells(connection, book_id):
        booked[cell.account, cell.document] -= cell.net
    for event, line in _live(connection, book_id):
        key = line.account, dict(line.dimension).get("document", "")
        if event in RECEIPTS and key in mine:
            raise DocumentTwice(document=key[1], level=SOURCES.get(key[0], ""), booked=show(line.amount), where="，凭证在途")
    for account, document in mine:
        if document and booked[account, document]:
            raise DocumentTwice(document=document, level=SOURCES.get(account, ""), booked=show(booked[account, document]), where="")


def _within(connection: sa.Connection, book_id: int, fund: Fund, made: Entry) -> None:
    """No document and no township is overdrawn, with every voucher on its way counted."""
    _paid_before(connection, book_id, fund, made)
    change = documents.moved(made.lines)
    spending = {document: fen for document, fen in change.free.items() if fen < 0}
    settling = {at: fen for at, fen in change.held.items() if fen < 0}
    sending = any(line.account == TRANSIT and line.signed > 0 for line in made.lines)
    if not spending and not settling and not sending:
        return
    found = available(connection, book_id)
    for document, fen in spending.items():
        left = found[document].free if document in found else 0
        if left + fen < 0:
            name = found[document].name if document in found else (document or "无文号资金（利息、捐赠等）")
            raise DocumentOverdrawn(document=f"{fund.short}的“{name}”", left=show(left), wanted=show(-fen), short=show(-left - fen))
    left = sum(one.free for one in found.values()) + sum(change.free.values())
    transit = _in_transit(connection, book_id, made.lines)
    if left < transit:
        wanted = -sum(change.free.values()) or made.debit
        raise DocumentOverdrawn(
            document=f"{fund.short}的全部指标文（扣除代发在途）", left=show(left + wanted - transit), wanted=show(wanted), short=show(transit - left)
        )
    for (town, document), fen in settling.items():
        held = found[document].held.get(town, 0) if document in found else 0
        if held + fen < 0:
            raise TownOverdrawn(town=town or "（未写乡镇）", document=document, left=show(held), wanted=show(-fen), short=show(-held - fen))


def _paid_before(connection: sa.Connection, book_id: int, fund: Fund, made: Entry) -> None:
    """What comes back to a document was paid from it. Raises SB3280."""
    back = _back(made.lines)
    if not back:
        return
    found, live = sums.sources(connection, book_id), _back(line for _, line in _live_lines(connection, book_id))
    for document, fen in back.items():
        spent = (found[document].spent if document in found else 0) - live.get(document, 0)
        if fen > spent:
            name = found[document].name if document in found else (document or "无文号资金（利息、捐赠等）")
            raise MoreBackThanPaid(document=f"{fund.short}的“{name}”", spent=show(spent), wanted=show(fen), more=show(fen - spent))


def _back(lines: Iterable[Line]) -> dict[str, Fen]:
    """Document → fen that lines take off its expense."""
    totals: dict[str, Fen] = defaultdict(int)
    for line in lines:
        if line.account.startswith(EXPENSE) and line.signed < 0:
            totals[dict(line.dimension).get("document", documents.OWN)] -= line.signed
    return dict(totals)


def available(connection: sa.Connection, book_id: int) -> dict[str, Source]:
    """Document → its source with vouchers on their way counted against it: what they take is taken, what they bring is not there yet."""
    found = sums.sources(connection, book_id)
    by_voucher: dict[int, list[Line]] = defaultdict(list)
    for number, line in _live_lines(connection, book_id):
        by_voucher[number].append(line)
    for lines in by_voucher.values():
        change = documents.moved(lines)
        for (town, document), fen in change.held.items():
            if fen < 0 and document in found:
                held = found[document].held
                held[town] = held.get(town, 0) + fen
                found[document].spent -= fen
        for document, fen in change.free.items():
            if fen < 0 and document in found:
                found[document].spent -= fen
    return found


def funded(connection: sa.Connection, book_id: int, fund: Fund, fen: Fen) -> None:
    """Passes when the program's documents reach for a roster of ``fen`` beside what is released, sent and on its way. Raises SB3273."""
    found = available(connection, book_id)
    left = sum(one.free for one in found.values()) - _in_transit(connection, book_id, ()) - _released(connection, book_id)
    if fen > left:
        raise DocumentOverdrawn(document=f"{fund.short}的全部指标文", left=show(left), wanted=show(fen), short=show(fen - left))


def _released(connection: sa.Connection, book_id: int) -> Fen:
    """Fen released for payment whose bank debit is in no voucher yet."""
    columns = release.c
    rows = connection.execute(sa.select(columns.roster_id, columns.fen).where(columns.book_id == book_id))
    booked = sa.select(voucher.c.source_key).where(voucher.c.book_id == book_id, voucher.c.event == "ZX11", voucher.c.state != "rejected")
    done = set(connection.execute(booked).scalars())
    return sum(int(row.fen) for row in rows if f"roster:{row.roster_id}:sent" not in done)


def _in_transit(connection: sa.Connection, book_id: int, lines: Sequence[Line]) -> Fen:
    """Fen sent to the banks and not accounted for, vouchers on their way and ``lines`` counted."""
    posted = sum(cell.net for cell in sums.cells(connection, book_id) if cell.account == TRANSIT)
    live = [line for _, line in _live_lines(connection, book_id)]
    return posted + sum(line.signed for line in (*live, *lines) if line.account == TRANSIT)


def _live_lines(connection: sa.Connection, book_id: int) -> list[tuple[int, Line]]:
    rows = connection.execute(
        sa.select(voucher_line)
        .join(voucher, sa.and_(voucher.c.book_id == voucher_line.c.book_id, voucher.c.voucher_id == voucher_line.c.voucher_id))
        .where(voucher_line.c.book_id == book_id, voucher.c.state.in_(WAITING), voucher.c.closing == 0)
        .order_by(voucher_line.c.voucher_id, voucher_line.c.line_no)
    )
    return [(row.voucher_id, _line(row)) for row in rows]


def _live(connection: sa.Connection, book_id: int) -> list[tuple[str, Line]]:
    heads = connection.execute(sa.select(voucher.c.voucher_id, voucher.c.event).where(voucher.c.book_id == book_id, voucher.c.state.in_(WAITING)))
    events = {row.voucher_id: row.event for row in heads}
    return [(events[number], line) for number, line in _live_lines(connection, book_id)]


def _line(row: sa.Row[tuple[object, ...]]) -> Line:
    values = row._mapping
    axes = tuple((pair[0], pair[1]) for pair in json.loads(values["dimension"])) if values["dimension"] else ()
    return Line(values["account"], Side(values["side"]), int(values["amount_fen"]), axes, values["memo"])
