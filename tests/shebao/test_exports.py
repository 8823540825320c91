"""Files out of the store: what a roster paid, for its owner alone, never over another file, and on the record."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest

from controls.errors import NotAllowed
from controls.errors_payment import NoSuchRoster
from controls.intake import reader
from shebao.exports import FileExists, write_payments
from tests.controls.payment_desk import DEAD
from tests.shebao.small_office import Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """An office with a returned roster of four people, the fifth held as dead; the bank failed one."""
    made = Small(tmp_path / "office")
    roster = made.desk.released(DEAD)
    made.desk.send(roster)
    made.desk.returned(roster, made.desk.answer_of_bank(roster, 2))
    return made


def test_payments_are_exported_by_their_contract(small: Small) -> None:
    """The file reads back as 待遇发放明细 without an error: eight lines, those that failed marked, the sum paid to the fen."""
    out = small.folder / "out" / "发放明细.csv"
    rows, fen = write_payments(small.of("zhao"), 1, out)
    assert (rows, fen) == (8, 3 * 16300 + 2001 + 2004 + 2005)
    table = reader.read(out, "payments").table
    assert table.num_rows == 8
    paid = [row["amount"] for row in table.to_pylist() if row["status"] == "paid"]
    assert (len(paid), sum(paid)) == (6, fen)
    assert {row["status"] for row in table.to_pylist()} == {"paid", "failed"}


@pytest.mark.skipif(os.name == "nt", reason="file modes are not those of POSIX here")
def test_an_export_is_its_owners_alone(small: Small) -> None:
    """An export holds full numbers: nobody but its owner can read it."""
    out = small.folder / "发放明细.csv"
    write_payments(small.of("zhao"), 1, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_an_export_leaves_a_record(small: Small) -> None:
    """C6: who exported, in which duty, what of, how much, and the digest of the very file."""
    out = small.folder / "发放明细.csv"
    rows, fen = write_payments(small.of("zhang"), 1, out)
    (record,) = small.trail("export.payments")
    assert (record.actor, record.duty, record.thing) == ("zhang", "HANDLE_ROSTER", "roster:1")
    assert record.digest == hashlib.sha256(out.read_bytes()).hexdigest()
    assert json.loads(record.facts) == {"rows": rows, "paid_fen": fen, "file": out.name}


def test_an_export_never_overwrites(small: Small) -> None:
    """SB6401: a file in the way stays as it is, and no export is recorded."""
    out = small.folder / "发放明细.csv"
    out.write_text("别的文件", encoding="utf-8")
    with pytest.raises(FileExists, match=r"发放明细\.csv"):
        write_payments(small.of("zhao"), 1, out)
    assert out.read_text(encoding="utf-8") == "别的文件" and small.trail("export.payments") == []


def test_only_some_duties_export(small: Small) -> None:
    """C5: SB3001 for a cashier and the system administrator, SB3030 for a roster that is not there; no file is left."""
    out = small.folder / "发放明细.csv"
    for user in ("zhou", "wu"):
        with pytest.raises(NotAllowed):
            write_payments(small.of(user), 1, out)
    with pytest.raises(NoSuchRoster):
        write_payments(small.of("zhao"), 9, out)
    assert not out.exists()
