"""C5 at the doors of the Python API and of the importers: every act × every duty answers as ``api_matrix.yaml`` says, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from controls.duties import Duty, rules
from tests.shebao.api_matrix import DOOR, OPEN, Trial, answers, claimed, enumerated, expected, trials
from tests.shebao.api_office import Api
from tests.shebao.duty_matrix import ADMINS

ABOUT_PEOPLE = ("grants.", "people.", "signin.", "tokens.", "relatives.", "handovers.", "redactions.")
"""Packages of controls where the three administrators have their work, redaction of the trail by law among it."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One office for every cell; each act is undone."""
    made = Api(tmp_path_factory.mktemp("api"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def played(office: Api) -> dict[str, tuple[Trial, dict[str, str]]]:
    """Every row with its answers, duty by duty."""
    return {trial.row: (trial, answers(office, trial)) for trial in trials(office)}


def test_every_cell(played: dict[str, tuple[Trial, dict[str, str]]]) -> None:
    """Somebody with one duty alone is refused for want of a duty (SB3001) by exactly the acts that the file closes to it."""
    found = {row: {duty for duty, end in ends.items() if end != DOOR} for row, (_, ends) in played.items()}
    should = expected()
    differing = {row: (sorted(found.get(row, ())), sorted(should.get(row, ()))) for row in found | should if found.get(row) != should.get(row)}
    assert differing == {}, "python -m tests.shebao.api_matrix writes the file anew; read what changed"


def test_every_act_has_a_row(played: dict[str, tuple[Trial, dict[str, str]]]) -> None:
    """An act that is new in the code has a row before it has users, and each kind of file its own."""
    assert {trial.act for trial, _ in played.values()} == {f"{module}.{name}" for module, name in enumerated()}
    assert {f"controls.intake.register.take {contract}" for contract in rules().imports} <= set(expected())


def test_what_is_open_to_everybody_has_its_reason() -> None:
    """An act without a duty is on the list with the reason why it needs none; nothing else is open, and nothing is closed to all."""
    told = expected()
    assert {row for row, duties in told.items() if len(duties) == len(Duty)} == set(OPEN)
    assert [row for row, duties in told.items() if not duties] == []


def test_the_three_administrators_have_no_business() -> None:
    """S14: no act on rosters, vouchers, persons, books or banks is open to 系统, 安全 or 审计管理员."""
    told = {
        row: sorted(duties & ADMINS) for row, duties in expected().items() if row not in OPEN and not row.removeprefix("controls.").startswith(ABOUT_PEOPLE)
    }
    assert {row: duties for row, duties in told.items() if duties} == {}


def test_nobody_has_two_steps_of_a_payment() -> None:
    """One duty alone does one step: submit, review, authorise, send and approve with the second key are five duties' work."""
    told = expected()
    steps = [told[f"controls.{act}"] for act in ("signoff.submit", "signoff.review", "signoff.authorise", "bankfile.make", "bank_authorising.authorise")]
    assert all(steps[a].isdisjoint(steps[b]) for a in range(5) for b in range(a))


CLAIMED = {
    "controls.signoff.submit": Duty.HANDLE_ROSTER, "controls.signoff.review": Duty.REVIEW, "controls.signoff.authorise": Duty.AUTHORISE,
    "controls.release.release": Duty.AUTHORISE, "controls.approvals.store.sign_payment": Duty.BOOKKEEP, "controls.approvals.store.endorse": Duty.AUTHORISE,
    "controls.benefits.awards.review": Duty.REVIEW, "controls.budgets.documents.review": Duty.CHECK, "controls.cashier.sign": Duty.CASHIER,
    "controls.handovers.store.sign supervisor": Duty.HEAD, "controls.relatives.declared.step confirm": Duty.AUDIT,
    "controls.vouchers.make": Duty.BOOKKEEP, "controls.vouchers.review": Duty.CHECK, "controls.vouchers.post": Duty.BOOKKEEP,
}  # fmt: skip
"""Signatures and money acts → the duty that is claimed."""


@pytest.mark.parametrize("row", list(CLAIMED))
def test_a_duty_that_is_only_claimed_is_refused_by_the_database(office: Api, played: dict[str, tuple[Trial, dict[str, str]]], row: str) -> None:
    """Python code may make up an actor: the store knows who holds what, and its guards refuse the signature by name (SB3001)."""
    trial, ends = played[row]
    assert ends[CLAIMED[row].value] == "done"
    assert "[SB3001]" in claimed(office, trial, CLAIMED[row])
