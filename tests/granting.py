"""A duty given in four steps by four people, as offices give it, in one call for tests."""

from __future__ import annotations

from datetime import date

from controls.duties import Actor, Duty
from controls.grants import requests
from controls.grants.requests import Wanted
from ledger.db import UnitOfWork

ASKING = Actor("zhang", "张经办", frozenset({Duty.HANDLE_ROSTER}))
ANOTHER = Actor("qian", "钱认证", frozenset({Duty.HANDLE_CERTIFY}))
STEPS = (
    ("review", Actor("tao", "陶稽核", frozenset({Duty.AUDIT}))),
    ("approve", Actor("jin", "金主任", frozenset({Duty.HEAD}))),
    ("grant", Actor("zheng", "郑安全", frozenset({Duty.SECADMIN}))),
)


def given(work: UnitOfWork, now: str, user: str, duty: Duty, valid_from: date, valid_to: date | None = None) -> int:
    """The request's number, once the duty is granted for ``[valid_from, valid_to)``; three years less a day without an end."""
    end = valid_to or date(valid_from.year + 3, 1, 1)
    wanted = Wanted("grant", user, duty, valid_from.isoformat(), end.isoformat(), "岗位调整")
    made = requests.ask(work, now, ANOTHER if user == ASKING.user else ASKING, wanted)
    for step, actor in STEPS:
        requests.take(work, now, actor, made.request_id, step)
    return made.request_id
