"""`shebao import --explain`: how files would be read and what would happen, without taking or writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ledger.errors import REFUSED, Refusal
from shebao.cli import Desk, importing_show
from shebao.cli.importing_files import Piece, pieces, quoted, split_kind
from shebao.cli.importing_read import Read, Wish, candidates, command, contract_of, mapping_of, opened, read, stated
from shebao.cli.show import as_json

if TYPE_CHECKING:
    from datetime import date

    from controls.intake.explain import Explanation
    from controls.intake.kinds import Candidate
    from controls.intake.outlook import Outlook
    from shebao.store import Office


WHOLE_FILE = {"险种": "险种代码", "统筹区": "区划代码"}
"""Columns that mostly hold one value for the whole file, with what to write for it."""


def run(desk: Desk, words: Sequence[str], wish: Wish, *, reveal: bool, json_: bool) -> int:
    """Explains every file; the exit status is 0 where each could be read, and that of the refusal where one could not.

    What an import would end with stands in ``Explanation.status``.
    """
    office = _office(desk)
    if office is None and reveal:
        from controls.intake.errors_desk import ExplainMasked

        raise ExplainMasked()
    contract, files = split_kind(words)
    wish = replace(wish, contract=contract)
    told = [_one(office, piece, wish, reveal) for piece in pieces(files)]
    if json_:
        as_json([each.as_json() for each in told] if len(told) > 1 else told[0].as_json())
    else:
        for number, each in enumerate(told):
            if number:
                click.echo("")
            importing_show.explained(each)
        click.echo("以上只是说明（--explain），未导入任何数据。")
    return max(each.status if each.trouble is not None else 0 for each in told)


def _office(desk: Desk) -> Office | None:
    """The office with somebody signed in; None where there is no office at all, so that an auditor can look at a file."""
    from shebao.store import Office

    if not (desk.home / "shebao.toml").exists():
        return None
    office = Office(desk.home)
    _ = office.actor
    return office


def _one(office: Office | None, piece: Piece, wish: Wish, reveal: bool) -> Explanation:
    from controls.intake import contracts, explain
    from controls.intake.errors import MissingColumn, NoHeader

    source = None
    contract = wish.contract
    try:
        mapping = mapping_of(piece, wish, office)
        contract = stated(wish, mapping)
        source = opened(piece, wish, mapping)
        contract = contract or contract_of(piece, wish, source)
        one = read(piece, wish, contract, mapping, source, today=_today(), answers_wanted=False)
    except Refusal as refusal:
        known = contracts.load(contract) if contract else None
        found = candidates(piece, wish, source) if source is not None else []
        near = _near(found, contract) if isinstance(refusal, (MissingColumn, NoHeader)) else []
        told = explain.refused(piece.path.name, refusal, candidates=near, contract=known, source=source)
        return replace(told, commands=_commands_after(refusal, contract, found, piece, wish))
    told = explain.explain(one.taken, doubts=one.doubts, source=source, contract=one.contract, mapping=one.named, reveal=reveal)
    if reveal and office is not None:
        _revealed(office, one, len(told.samples))
    seen = _outlook(office, one, told, wish)
    changes = _changes(office, one, wish)
    return replace(told, outcome=(*seen.outcome, *changes), status=seen.status, commands=_commands(one, piece, wish, seen))


def _today() -> date:
    from datetime import datetime

    from shebao.store import CHINA

    return datetime.now(CHINA).date()


def _near(found: Sequence[Candidate], contract: str) -> list[Candidate]:
    """Other kinds that know at least as much of the header as the one named."""
    mine = next((len(each.recognised) for each in found if each.contract == contract), 0)
    return [each for each in found if each.contract != contract and len(each.recognised) >= max(mine, 2)]


def _outlook(office: Office | None, one: Read, told: Explanation, wish: Wish) -> Outlook:
    from controls.intake import outlook, register

    already = forbidden = ""
    if office is not None:
        with office.reading() as connection:
            already = _said(lambda: register.refuse_twice(connection, one.taken))
        forbidden = _said(lambda: register.duty_for(office.actor, one.taken.contract))
    return outlook.look(one.taken, told.doubts, one.answers, accept_valid=wish.accept_valid, already=already, forbidden=forbidden)


def _said(step: Any) -> str:
    """What a rule of the house would say, '' when it would let the file in."""
    try:
        step()
    except Refusal as refusal:
        return f"[{refusal.code}] {refusal.text('zh')}"
    return ""


def _changes(office: Office | None, one: Read, wish: Wish) -> list[str]:
    if office is None:
        return []
    from shebao.cli.importing_desk import changes

    return changes(office, one, wish)


def _revealed(office: Office, one: Read, rows: int) -> None:
    """Leaves the record that somebody saw rows of a file in full; raises SB3001 without the duty for this kind of file."""
    from controls import trail
    from controls.intake import register

    register.duty_for(office.actor, one.taken.contract)
    with office.unit() as work:
        trail.reading(work, office.now(), office.actor, f"sha256:{one.taken.sha256}", f"import --explain {one.taken.path.name}", rows)
        work.commit()


def _commands(one: Read, piece: Piece, wish: Wish, seen: Outlook) -> tuple[str, ...]:
    """The exact command that takes the file now, and the other way where rows are in error."""
    if seen.status == REFUSED or not one.taken.control[0]:
        return ()
    line = command(one.taken.contract, piece, wish, seen.wanted)
    return (f"{line} --accept-valid",) if seen.either else (line,)


def _commands_after(refusal: Refusal, contract: str, found: Sequence[Candidate], piece: Piece, wish: Wish) -> tuple[str, ...]:
    """The same explanation again, with what was lacking: the kind, or the header of the missing column."""
    from controls.intake.errors import MissingColumn, SeveralSheets
    from controls.intake.errors_desk import KindUnclear
    from controls.intake.kinds import SENDER

    if isinstance(refusal, KindUnclear):
        from controls.intake import kinds

        return tuple(command(each.contract, piece, wish, ("--explain",)) for each in kinds.likely(found))
    if isinstance(refusal, SeveralSheets):
        return tuple(command(contract, piece, wish, (f"--sheet {quoted(name)}", "--explain")) for name in str(refusal.facts["sheets"]).split("、")[:5])
    more: list[str] = []
    if isinstance(refusal, MissingColumn):
        missing, unknown = ([part for part in str(refusal.facts[name]).split("、") if part != "无"] for name in ("missing", "unknown"))
        header = unknown[0] if len(unknown) == len(missing) == 1 else "表内列名"
        once = [f"{name}={WHOLE_FILE[name]}" for name in missing if name in WHOLE_FILE]
        more = ["--values " + quoted(",".join(once))] if once else []
        rest = [name for name in missing if name not in WHOLE_FILE]
        more += ["--source 来源" if name == SENDER else f"--column {quoted(f'{header}={name}')}" for name in rest]
    return (command(contract, piece, wish, (*more, "--explain")),)
