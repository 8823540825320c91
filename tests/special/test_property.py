"""Any random sequence of a special book's acts keeps its identities; what the model forbids is refused, what it allows is booked."""

from __future__ import annotations

import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controls import vouchers
from controls.vouchers import Draft
from ledger import balances
from ledger.errors import Refusal
from ledger.special import sums
from shebao import special
from shebao.store import Office
from tests.special.office import DB, JANUARY, NOW, Special

PAPERS = ("财社〔2026〕1号", "县财〔2026〕2号", "省财〔2026〕3号")
TOWNS = ("东河镇", "西山乡")
YUAN = st.integers(1, 400)
ACTS = st.one_of(
    st.tuples(st.just("receive"), st.sampled_from(PAPERS), YUAN),
    st.tuples(st.just("allocate"), st.sampled_from(PAPERS), st.sampled_from(TOWNS), YUAN),
    st.tuples(st.sampled_from(("settle", "give_back")), st.sampled_from(PAPERS), st.sampled_from(TOWNS), YUAN),
    st.tuples(st.sampled_from(("pay", "recover", "hand_back")), st.sampled_from(PAPERS), YUAN),
    st.tuples(st.just("pay_first"), YUAN),
    st.tuples(st.just("interest"), YUAN),
    st.tuples(st.just("foreign"), YUAN),
)
LEVEL = dict(zip(PAPERS, ("中央", "县级", "省级"), strict=True))


class Model:
    """What each document has free and each township holds, in yuan; ``allows`` says whether an act is legal and does it."""

    def __init__(self) -> None:
        self.free: dict[str, int] = defaultdict(int)
        self.held: dict[tuple[str, str], int] = defaultdict(int)
        self.spent: dict[str, int] = defaultdict(int)
        self.seen: set[str] = set()

    def allows(self, act: tuple[Any, ...]) -> bool:
        name, fen = act[0], act[-1]
        if name == "receive":
            good = act[1] not in self.seen
            self.seen.add(act[1])
            self.free[act[1]] += fen if good else 0
            return good
        if name == "interest":
            self.free[""] += fen
            return True
        if name == "recover":
            good = self.spent[act[1]] >= fen
            self.free[act[1]] += fen if good else 0
            self.spent[act[1]] -= fen if good else 0
            return good
        if name == "pay_first":
            good = sum(self.free.values()) >= fen
            for document in [one for one in (*self.order, "") if one in self.free] if good else []:
                taken = min(fen, self.free[document])
                self.free[document] -= taken
                self.spent[document] += taken
                fen -= taken
            return good
        if name in ("pay", "hand_back", "allocate"):
            good = self.free[act[1]] >= fen
            if good:
                self.free[act[1]] -= fen
                self.spent[act[1]] += fen if name == "pay" else 0
                if name == "allocate":
                    self.held[act[1], act[2]] += fen
            return good
        if name in ("settle", "give_back"):
            good = self.held[act[1], act[2]] >= fen
            if good:
                self.held[act[1], act[2]] -= fen
                self.spent[act[1]] += fen if name == "settle" else 0
                self.free[act[1]] += fen if name == "give_back" else 0
            return good
        return False

    order: tuple[str, ...] = ()


def does(office: Special, act: tuple[Any, ...], number: int) -> Draft:
    """The act as the office does it."""
    name, yuan, paper = act[0], f"{act[-1]}.00", f"单{number}"
    named = {"document": act[1]} if len(act) > 2 else {}
    if name == "receive":
        return special.receive(office.of("zhao"), DB, date(2026, 1, 5), LEVEL[act[1]], act[1], "", yuan)
    if name == "pay_first":
        return special.pay(office.of("zhao"), DB, date(2026, 1, 9), "低保金", yuan, paper, {"from": "Z01"})
    event, key = {
        "interest": ("ZX04", "amount"), "allocate": ("ZX05", "amount"), "settle": ("ZX06", "paid/低保金"), "give_back": ("ZX07", "amount"),
        "pay": ("ZX08", "paid/分类施保金"), "recover": ("ZX14", "recovered/低保金"), "hand_back": ("ZX16", "amount"), "foreign": ("ZX02", "amount"),
    }[name]  # fmt: skip
    more = {"town": act[2]} if len(act) == 4 else {"party": "商会"} if name == "foreign" else {}
    return office.enter(event, "2026-01-09", yuan, paper, key, **named, **more)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACTS, min_size=3, max_size=9))
def test_any_sequence_keeps_the_identities(acts: list[tuple[Any, ...]]) -> None:
    """After every act: booked if and only if the model allows it; documents, townships and ZB1–ZB6 agree with the model; kept balances are the lines (L8)."""
    folder = Path(mkdtemp(prefix="special-run-"))
    model = Model()
    with patch.object(Office, "now", staticmethod(lambda: NOW)):
        office = Special(folder / "office")
        try:
            office.open()
            for number, act in enumerate(acts):
                _first_come(office, model)
                legal = model.allows(act)
                try:
                    office.post([does(office, act, number)])
                except Refusal as wrong:
                    assert not legal, (act, wrong.text())
                    assert wrong.code in {"SB1461", "SB3273", "SB3274", "SB3276", "SB3280", "SB1104", "SB1022"}, wrong.code
                else:
                    assert legal, act
            _agree(office, model)
        finally:
            office.office.engine.dispose()
            shutil.rmtree(folder, ignore_errors=True)


def _first_come(office: Special, model: Model) -> None:
    """The order of the documents as booked: the same day, so by level."""
    model.order = tuple(one.document for one in special.documents(office.of("zhao"), DB) if one.document)


def _agree(office: Special, model: Model) -> None:
    found = {one.document: one for one in special.documents(office.of("zhao"), DB)}
    assert {name: one.free for name, one in found.items() if one.free} == {name: yuan * 100 for name, yuan in model.free.items() if yuan}
    held = {(name, town): fen for name, one in found.items() for town, fen in one.held.items() if fen}
    assert held == {at: yuan * 100 for at, yuan in model.held.items() if yuan}
    assert [one.text for one in special.checks(office.of("zhao"), DB, JANUARY) if one.stops] == []
    with office.of("zhao").reading() as connection:
        book = office.book()
        balances.prove(connection, book.book_id)
        assert not vouchers.drafts(connection, book.book_id, state="proposed") and sums.cells(connection, 1) == []
