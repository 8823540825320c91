"""Doors of the Python API: every public act of controls/ and shebao/ (it takes a unit of work and an actor) × every duty, as the code answers.

Files taken in are tried by each contract, registers by each act of each, person accounts by each kind. Run as a module it writes
``api_matrix.yaml`` to be read by people.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, patch

import yaml
from sqlalchemy.exc import SQLAlchemyError

from controls.duties import Actor, Duty, rules
from controls.person_accounts import acts as account_acts
from controls.registers import law as register_laws
from ledger.db import UnitOfWork
from ledger.errors import DatabaseRefusal, Refusal
from ledger.funds import Fund
from tests.controls.benefits import award_desk
from tests.shebao.api_office import STAGES, Api, batch_wanted, file_of, of, stand_in
from tests.shebao.duty_matrix import ANYBODY, NOBODY, words
from tests.shebao.person_account_desk import number

FILE = Path(__file__).with_name("api_matrix.yaml")
ROOT = Path(__file__).resolve().parents[2]
HEAD = """# Who may call which act of the Python API (every cell is asserted by test_api_matrix.py): on a thing at the right stage, somebody with this
# duty alone is not refused for want of a duty (SB3001). Read it line by line when it changes: a duty too many is a door.
"""
DOOR = "SB3001"
AT = {
    "controls.screening.check": "built", "controls.answers.give": "checked", "controls.signoff.submit": "checked", "controls.signoff.withdraw": "checked",
    "controls.signoff.review": "submitted", "controls.signoff.send_back": "submitted", "controls.rosters.terms.expire": "submitted",
    "controls.signoff.authorise": "reviewed", "controls.release.release": "authorised", "controls.approvals.store.sign_payment": "released",
    "controls.bankfile.make": "approved", "controls.bank_authorising.authorise": "made", "controls.bankreturn.take": "sent",
    "controls.comebacks.record": "sent",
}  # fmt: skip
"""Act on a roster → the stage at which it may be done."""


PAST_THE_DOOR = (TypeError, AttributeError, LookupError, ValueError, OSError, AssertionError, SQLAlchemyError)
"""How an act may fail that was let in with something that only stands in for its thing."""
OPEN = {
    "controls.grants.requests.ask": "asking for a duty gives none: four people decide",
    "controls.handovers.store.sign receiver": "the receiver named in the hand-over, and nobody else (SB2262)",
    "controls.records.kept.read": "writes the trail's record alone; who may have the paper is asked in controls.records",
    "controls.records.kept.made": "writes the trail's record alone; who may have the papers is asked in controls.records",
    "controls.relatives.declared.declare": "everybody declares the own relatives",
    "controls.relatives.declared.step ask_end": "only who declared asks to end it (SB2125)",
    "controls.rows.lay": "lays a row for an act that has asked; the guards of its table ask again",
    "controls.sessions.prove": "everybody proves themselves, by the own password",
    "controls.signin.passwords.change": "everybody changes the own password, by the old one",
    "controls.signin.proof.add": "notes the proof of the own session",
    "controls.signin.totp.enrol": "the own second factor", "controls.signin.totp.confirm": "the own second factor",
    "controls.signin.totp.fresh_codes": "the own second factor", "controls.signin.totp.check": "the own second factor",
    "controls.tokens.store.hand_over": "the holder of the token, and nobody else (SB2232)",
    "controls.tokens.store.receive": "the receiver of the token, and nobody else (SB2232)",
    "controls.trail.record": "writes the trail", "controls.trail.refused": "writes the trail", "controls.trail.reading": "writes the trail",
    "controls.voucher_batches.propose_many": "what is proposed holds nowhere until a 会计 makes it",
    "controls.vouchers.propose": "what is proposed holds nowhere until a 会计 makes it",
}  # fmt: skip
"""Rows open to everybody, and why; any other act asks for a duty."""


@dataclass(frozen=True)
class Trial:
    """One row of the matrix: an act, what is given to it beside the office's own values, and what stands in for things that the office lacks."""

    module: str
    name: str
    what: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    stand_ins: dict[str, Any] = field(default_factory=dict)

    @property
    def act(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def row(self) -> str:
        """The row's name in the file."""
        return f"{self.act} {self.what}".strip()


def enumerated() -> Iterator[tuple[str, str]]:
    """Module and name of every public function of the two rooms that takes a unit of work and an actor."""
    for room in ("controls", "shebao"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                    kinds = [ast.unparse(one.annotation) if one.annotation else "" for one in taken]
                    if any(kind.startswith("UnitOfWork") for kind in kinds) and any(kind.startswith("Actor") for kind in kinds):
                        yield ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), node.name


def trials(office: Api) -> list[Trial]:
    """Every row: an act once, or once for each kind of thing whose duties the law tells apart."""
    several = {**_files(office), **_registers(), **_accounts(office)}
    single = _given(office)
    found: list[Trial] = []
    for module, name in enumerated():
        act = f"{module}.{name}"
        given = {"roster_id": STAGES.index(AT[act]) + 1} if act in AT else {}
        for what, more, instead in several.get(act, [("", {}, {})]):
            found.append(Trial(module, name, what, given | single.get(act, {}) | more, instead))
    return found


Rows = dict[str, list[tuple[str, dict[str, Any], dict[str, Any]]]]


def _files(office: Api) -> Rows:
    """Files of each contract; a claim, a change of the register and a step on a request of each kind."""
    kinds = sorted(rules().imports)
    steps = [
        (f"{kind} {one.step}", {"step": one.step}, {"controls.grants.requests.get": stand_in(wanted=stand_in(kind=kind))})
        for kind in sorted(rules().steps)
        for one in rules().steps[kind].steps
        if one.step != "ask"
    ]
    return {
        "controls.intake.register.take": [(kind, {"taken": file_of(kind)}, {}) for kind in kinds],
        "controls.intake.mappings.save": [(kind, {"wanted": stand_in(contract=kind, mapping="m2")}, {}) for kind in kinds],
        "controls.personchanges.request": [
            (kind, {"wanted": stand_in(person_id=1, other_person=0)}, {"controls.changecontent.duty_key": kind}) for kind in sorted(rules().changes)
        ],
        "controls.grants.requests.take": steps,
        "controls.relatives.declared.step": [(step, {"taken": step, "relative_id": 1}, {}) for step in ("confirm", "end", "ask_end")],
        "controls.handovers.store.sign": [(role, {"role": role, "number": 1}, {}) for role in ("receiver", "supervisor")],
    }  # fmt: skip


def _registers() -> Rows:
    """Each register, and each act of each from the first state in which it may be done."""
    laws = [register_laws.registers()[name] for name in sorted(register_laws.registers())]
    own = [law for law in laws if not law.source]
    rows = {law.name: stand_in(law=law, state=law.states[0].name, book_id=0) for law in own}
    done = [
        (f"{law.name} {act.name}", {"row": made, "word": act.name}, {"controls.registers.store.get": made})
        for law in own
        for act in law.acts
        for made in [stand_in(law=law, state=act.from_[0], book_id=0)]
    ]
    return {
        "controls.registers.store.add": [(law.name, {"law": law}, {}) for law in own],
        "controls.registers.store.correct": [(name, {"row": row}, {}) for name, row in rows.items()],
        "controls.registers.store.do": done,
    }


def _accounts(office: Api) -> Rows:
    """Acts on person accounts by kind; what a 审核 decides stands in where the office has none."""
    both = {"give": office.book, "take": office.small.book(Fund.E), "number": number(1)}
    return {
        "controls.person_accounts.acts.propose": [(kind, {"wanted": batch_wanted(kind)}, {}) for kind in account_acts.PREPARE],
        "controls.person_accounts.moves.returned": [("", {"batch_id": 2}, {})],
        "controls.person_accounts.moves.between_schemes": [("", both, {})],
        "controls.person_accounts.opening.propose": [("", {"opened": office.opened_file(), "persons": 1, "total": 100}, {})],
        "controls.person_accounts.interest.review": [("", {}, {"controls.person_accounts.interest.holds": True})],
        "controls.personchanges.review": [("", {}, {"controls.personchanges.get": stand_in(decision=""), "controls.personchanges.thing": None})],
        "controls.premiums.claim_store.review": [("", {}, {"controls.premiums.claim_rows.get": stand_in(prepared_by="he", state="prepared")})],
    }


def _given(office: Api) -> dict[str, dict[str, Any]]:
    """What single acts are given beside the values that all share."""
    award, stood = award_desk.pension(2001), office.vouchers
    return {
        "controls.approvals.store.endorse": {"number": 4},
        "controls.budgets.documents.review": {"number": 2},
        "controls.budgets.documents.reject": {"number": 3},
        "controls.budgets.documents.approve": {"number": 3},
        "controls.benefits.awards.review": {"number": award_desk.number(1), "award": award},
        "controls.benefits.awards.review_many": {"given": [(award_desk.number(1), award)]},
        "controls.benefits.awards.reject": {"award_no": 1},
        "controls.grants.requests.ask": {"wanted": office.wanted()},
        "controls.intake.mappings.delete": {"name": "m1"},
        "controls.person_accounts.leaving.one_off": {"reason": "death", "number": number(1)},
        "controls.person_accounts.moves.transfer_out": {"number": number(1)},
        "controls.person_accounts.moves.transfer_in": {"number": number(1), "parts": {"own": 100}},
        "controls.person_accounts.moves.correct": {"rows": {(number(1), "own"): 5}},
        "controls.voucher_batches.propose_many": {"entries": [office.entry]},
        "controls.vouchers.propose": {"made": office.entry},
        "controls.vouchers.make": {"voucher_id": stood["proposed"]},
        "controls.vouchers.post": {"voucher_id": stood["reviewed"]},
        "controls.vouchers.post_many": {"voucher_ids": [stood["reviewed"]]},
    }


def answers(office: Api, trial: Trial) -> dict[str, str]:
    """Duty → how the act ends for somebody with it alone: the code of a refusal, ``done``, or the kind of the failure past the door."""
    act = getattr(importlib.import_module(trial.module), trial.name)
    with ExitStack() as stack:
        for target, value in trial.stand_ins.items():
            stack.enter_context(patch(target, return_value=value))
        return {duty.value: _tried(office, act, trial, of(duty)) for duty in Duty}


def _tried(office: Api, act: Any, trial: Trial, actor: Actor) -> str:
    values = office.values() | trial.given
    try:
        with UnitOfWork(office.engine) as work:
            given: dict[str, Any] = {}
            for one in inspect.signature(act).parameters.values():
                kind = str(one.annotation)
                if kind == "UnitOfWork":
                    given[one.name] = work
                elif kind.startswith("Actor"):
                    given[one.name] = actor
                elif one.name in trial.given or (one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)):
                    given[one.name] = values.get(one.name, "x" if kind == "str" else 1 if kind == "int" else MagicMock())
            act(**given)
    except DatabaseRefusal as refused:
        return str(refused)
    except Refusal as refused:
        return refused.code
    except PAST_THE_DOOR as failed:
        return type(failed).__name__
    return "done"


def expected() -> dict[str, set[str]]:
    """Row → codes of the duties that the act lets in, as the file says."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {row: words().get(who) or set(who.split(", ")) - {NOBODY} for row, who in told.items()}


def claimed(office: Api, trial: Trial, duty: Duty) -> str:
    """How the act ends for a system administrator who only says to hold ``duty``: an actor made up in Python, whom the store does not know so."""
    return _tried(office, getattr(importlib.import_module(trial.module), trial.name), trial, Actor("wu", "自称", frozenset({duty})))


def main() -> None:
    """Writes the file."""
    with tempfile.TemporaryDirectory() as folder:
        office = Api(Path(folder))
        found = {trial.row: [duty for duty, end in answers(office, trial).items() if end != DOOR] for trial in trials(office)}
        office.engine.dispose()
    short = {frozenset(duty.value for duty in Duty): ANYBODY, frozenset(): NOBODY}
    told = {row: short.get(frozenset(duties), ", ".join(duties)) for row, duties in found.items()}
    FILE.write_text(HEAD + yaml.safe_dump(told, allow_unicode=True, width=400, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main()
