"""An emergency that is over and unreviewed is told by the doctor, with how much was done under it, until it is reviewed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from controls import trail
from controls.duties import Actor, Duty
from controls.grants import requests
from ledger.db import sqlite_url
from ledger.months import Month
from shebao import closing_papers, doctor, duties
from tests.shebao.trail.test_redaction import HEAD, NOW, worked

WU = Actor("wu", "吴某", frozenset({Duty.AUDIT}))
SHEN = Actor("shen", "审计", frozenset({Duty.LOGADMIN}))


def test_an_emergency_over_and_unreviewed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its end nothing is told; afterwards the person, the duty, the end and the number of acts are, and the month's paper brings the report along."""
    office = worked(sqlite_url(tmp_path / "store.db"), tmp_path / "office")
    end = f"{NOW[:10]}T12:00:00+08:00"
    with office.unit() as work:
        made = requests.ask(work, NOW, SHEN, requests.Wanted("emergency", "wu", Duty.CASHIER, NOW[:10], end, "出纳急病"))
        requests.take(work, NOW, HEAD, made.request_id, "approve")
        trail.record(work, NOW, WU, Duty.CASHIER, "test.act", "thing:9")
        work.commit()
    with office.unit() as work:
        assert list(doctor._emergencies(work.connection, f"{NOW[:10]}T11:59:59+08:00")) == []
        (told,) = doctor._emergencies(work.connection, end)
    assert told.state == "warn" and "duty review 1" in told.remedy_zh
    assert all(word in told.zh for word in ("第 1 号应急授权（wu，出纳）", "12:00", "其间办理 1 件"))
    monkeypatch.setattr(type(office), "actor", HEAD)
    monkeypatch.setattr(type(office), "now", staticmethod(lambda: f"{NOW[:10]}T18:00:00+08:00"))
    monkeypatch.setattr(duties, "write_exceptions", lambda _, month, out: SimpleNamespace(files=(out / f"{month}.pdf",)))
    assert closing_papers.exceptional(office, Month.parse("2019-01"), tmp_path) == ()
    assert closing_papers.exceptional(office, Month.parse(NOW[:7]), tmp_path) == (tmp_path / f"{NOW[:7]}.pdf",)
    office.engine.dispose()
