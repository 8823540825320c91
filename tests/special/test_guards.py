"""专款专用 in the database: with the program's gate out of the way, no entry spends more of a document than it brought, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controls import cashier, vouchers
from controls.special import gate
from ledger.entries import Entry, Line, Side
from ledger.errors import DatabaseRefusal
from ledger.months import Month
from shebao import special
from shebao.proposals import payout_rows
from shebao.store import Office
from tests.controls.payment_desk import someone
from tests.special.office import CENTRAL, COUNTY, DB, NOW, Special

DAY = date(2026, 1, 8)


def entry(event: str, key: int, *lines: Line) -> Entry:
    """A bare entry."""
    return Entry(Month.of(DAY), DAY, f"试{key}", lines, "测试", f"test:{event}:{key}", event=event)


def spent(fen: int, document: str = CENTRAL, key: int = 1) -> Entry:
    """An expense of a document."""
    return entry("ZX08", key, Line("C0101", Side.D, fen, (("document", document),) if document else ()), Line("Z01", Side.C, fen))


def town(event: str, fen: int, name: str = "东河镇") -> Entry:
    """Given to a township (ZX05), or accounted for by it (ZX06)."""
    held = Line("Z0301", Side.D if event == "ZX05" else Side.C, fen, (("document", CENTRAL), ("town", name)))
    other = Line("Z01", Side.C, fen) if event == "ZX05" else Line("C0101", Side.D, fen, (("document", CENTRAL), ("town", name)))
    return entry(event, fen, held, other)


def post(office: Special, *many: Entry) -> None:
    """Proposed past the gate, made, reviewed and posted together in one unit of work."""
    number = office.book().book_id
    with office.unit() as work:
        ids = [vouchers.propose(work, NOW, someone("zhao"), number, one).voucher_id for one in many]
        for voucher_id in ids:
            vouchers.make(work, NOW, someone("zhao"), number, voucher_id)
            vouchers.review(work, NOW, someone("sun"), number, voucher_id)
            if vouchers.get(work.connection, number, voucher_id).cash:
                cashier.sign(work, NOW, someone("zhou"), number, voucher_id)
        for voucher_id in ids:
            vouchers.post(work, NOW, someone("zhao"), number, voucher_id, payout_rows)
        work.commit()


def test_the_database_lets_no_document_be_overdrawn(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SB3273: past the gate an entry that takes more of a document than is free is refused as it is sealed; what is free may be spent to nil."""
    monkeypatch.setattr(Office, "now", Office.now)
    office = Special(tmp_path / "office", store_url)
    office.open()
    receipts = [special.receive(office.of("zhao"), DB, date(2026, 1, 5), *told) for told in (("中央", CENTRAL, "", "50.00"), ("县级", COUNTY, "", "9.00"))]
    office.post(receipts)
    monkeypatch.setattr(gate, "check_entry", lambda *_: None)
    for wrong in ([spent(5001)], [spent(1, "没有的文号")], [spent(1, "")], [spent(901, COUNTY)], [spent(3000), spent(2001, key=2)], [town("ZX05", 5001)]):
        with pytest.raises(DatabaseRefusal, match="SB3273"):
            post(office, *wrong)
    post(office, town("ZX05", 2000))
    with pytest.raises(DatabaseRefusal, match="SB3273"):
        post(office, spent(3001))
    for wrong in ([town("ZX06", 2001)], [town("ZX06", 1, "西山乡")]):
        with pytest.raises(DatabaseRefusal, match="SB3274"):
            post(office, *wrong)
    post(office, town("ZX06", 1999), spent(3000))
    left = {one.document: (one.free, sum(one.held.values())) for one in special.documents(office.of("zhao"), DB)}
    assert left == {CENTRAL: (0, 1), COUNTY: (900, 0)}
    office.office.engine.dispose()
