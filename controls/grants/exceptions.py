"""What was exceptional in a month (本月例外): deputies, emergencies with what was done under them, exemptions, and who still lacks the second factor.

The list goes to the internal control every month, and every paper of the month says how many there were (C4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from controls.duties import Duty
from controls.grants import requests
from controls.grants.requests import KIND_ZH, Request
from controls.signin import totp
from ledger import chain
from ledger.months import Month

KINDS = ("deputy", "emergency", "exemption")


@dataclass(frozen=True, slots=True)
class Lacking:
    """Somebody whose duty needs a second factor and who has none; ``last`` is the last day of grace (ISO; '' before the first sign-in)."""

    user: str
    name: str
    duty: Duty
    last: str


def of_period(connection: sa.Connection, period: str, at: str = "") -> list[Request]:
    """Deputies, emergencies and exemptions in force at any time in the month ``YYYY-MM`` or year ``YYYY``, by number, as known ``at`` a time (ISO)."""
    first, last = (Month.parse(period),) * 2 if "-" in period else (Month(int(period), 1), Month(int(period), 12))
    begin, end = first.first_day.isoformat(), ((last + 1).first_day - timedelta(days=1)).isoformat()
    return [one for one in requests.listed(connection, at=at) if one.wanted.kind in KINDS and one.during(begin, end)]


def said(connection: sa.Connection, period: str, at: str = "") -> str:
    """``代理 1、豁免 2`` for the papers of the month or year; '' when there was none."""
    found = of_period(connection, period, at)
    counts = {kind: sum(one.wanted.kind == kind for one in found) for kind in KINDS}
    return "、".join(f"{KIND_ZH[kind]} {count}" for kind, count in counts.items() if count)


def acts(connection: sa.Connection, made: Request, at: str = "") -> list[chain.Record]:
    """What the person did in the duty of a deputy or an emergency while it was in force: the automatic report, read from the trail up to ``at``."""
    wanted = made.wanted
    started = made.steps["grant" if wanted.kind == "deputy" else "approve"].at
    return [
        record
        for record in chain.records(connection)
        if record.actor == wanted.user and record.duty == wanted.duty.value and started <= record.at < wanted.valid_to and (not at or record.at <= at)
    ]


def lacking(connection: sa.Connection, now: str) -> list[Lacking]:
    """Who holds a duty that needs a second factor without having one, by user."""
    return [Lacking(*one) for one in totp.lacking(connection, now)]
