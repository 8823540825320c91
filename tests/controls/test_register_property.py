"""Any legal sequence of acts on a register: rows, earlier days, totals and proof agree with a model kept beside; what the model forbids is refused."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from controls.registers import law as laws
from controls.registers import sheet as sheets
from ledger.db import reading
from ledger.errors import Refusal
from shebao.evidence_registers import kept
from tests.controls.register_desk import AUDITOR, BOOK, CLAIM, HEAD, OTHER_AUDITOR, Desk, desk

FIRST = date(2026, 1, 5)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "correct", "notify", "write_off", "close", "reopen", "void"]), st.integers(1, 4), st.integers(1, 9), st.integers(0, 3)),
    min_size=3, max_size=14,
)  # fmt: skip
TO = {"notify": ("open", "notified"), "close": (None, "closed"), "reopen": ("closed", "notified"), "void": (None, "void")}


class Model:
    """Rows as Python values: claim, written off, state and the day of the last act."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def may(self, act: str, place: int, yuan: int, day: date) -> bool:
        """Whether the step is legal."""
        if act == "add":
            return True
        if place > len(self.rows):
            return False
        row = self.rows[place - 1]
        state, left = row["state"], row["claim"] - row["off"]
        return {
            "correct": state in ("open", "notified"),
            "notify": state == "open" and day >= row["day"],
            "write_off": state == "notified" and day >= row["day"],
            "close": state in ("open", "notified") and left == 0 and day >= row["day"],
            "reopen": state == "closed" and day >= row["day"],
            "void": state in ("open", "notified") and day >= row["day"],
        }[act]

    def do(self, act: str, place: int, yuan: int, day: date) -> None:
        """The step on the model."""
        if act == "add":
            self.rows.append({"claim": yuan * 100, "off": 0, "state": "open", "day": day})
            return
        row = self.rows[place - 1]
        if act == "correct":
            row["claim"] = yuan * 100
        elif act == "write_off":
            row["off"] = yuan * 100
            row["day"] = day
        else:
            row["state"], row["day"] = TO[act][1], day


def step(at: Desk, act: str, place: int, yuan: int, day: date) -> None:
    """The step on the store, by the people whose duty it is."""
    when = day.isoformat()
    if act == "add":
        at.add("recoveries", CLAIM | {"应稽核金额": str(yuan), "所属期起": f"20{place:02d}-01", "认定日期": when}, AUDITOR)
    elif act == "correct":
        at.correct("recoveries", place, AUDITOR, "更正", claim=str(yuan))
    elif act == "notify":
        at.do("recoveries", place, act, HEAD, notice="1", notified_on=when, due_on="2026-02-08")
    elif act == "write_off":
        at.do_on("recoveries", place, act, HEAD, day, written_off=str(yuan), write_off_document="批1")
    else:
        at.do_on("recoveries", place, act, OTHER_AUDITOR if act == "close" else HEAD, day)


@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_rows_days_and_proof_agree_with_a_model(steps: list[tuple[str, int, int, int]]) -> None:
    """A property: state, claim and totals equal the model's after every step, the acts lead to the same rows, illegal steps change nothing, all is proved."""
    with tempfile.TemporaryDirectory() as folder:
        at = desk(f"sqlite:///{(Path(folder) / 'store.sqlite').as_posix()}")
        model, day = Model(), FIRST
        for act, place, yuan, later in steps:
            day += timedelta(days=later)
            where = len(model.rows) + 1 if act == "add" else place
            legal = model.may(act, where, yuan, day)
            try:
                step(at, act, where, yuan, min(day, date(2026, 1, 31)))
                done = True
            except Refusal:
                done = False
            assert done == legal or day > date(2026, 1, 31), (act, place)
            if done:
                model.do(act, where, yuan, min(day, date(2026, 1, 31)))
            told = [(row["state"], row["claim"]) for row in model.rows]
            assert at.sheet("recoveries", "state", "claim") == told
        with reading(at.engine) as connection:
            made = sheets.sheet(connection, laws.get("recoveries"), BOOK, date(2026, 1, 31), today=date(2026, 1, 31))
            assert made.total("open") == sum(row["claim"] - row["off"] for row in model.rows if row["state"] != "void")
            again = sheets.sheet(connection, laws.get("recoveries"), BOOK, date(2026, 1, 31), today=date.max)
            assert (again.rows, again.states, again.payloads) == (made.rows, made.states, made.payloads)
            kept(connection)
        at.engine.dispose()
