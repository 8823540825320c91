"""The import desk (收件台): each file read, asked about, shown and taken. One transaction a file, or one for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.errors import Refusal
from shebao import cli
from shebao.cli import Desk, importing_show
from shebao.cli.importing_files import Piece, pieces, split_kind
from shebao.cli.importing_read import Read, Wish, command, contract_of, mapping_of, opened, read, stated
from shebao.cli.importing_show import Ending
from shebao.cli.show import as_json

if TYPE_CHECKING:
    from controls.intake.register import SourceFile
    from ledger.db import UnitOfWork
    from shebao.store import Office


def run(desk: Desk, words: Sequence[str], wish: Wish, *, all_or_none: bool, json_: bool) -> int:
    """The whole command; gives the exit status, that of the worst file. A single file's refusal is raised."""
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    if wish.save_mapping:
        from controls.intake import mapping

        mapping.checked_name(wish.save_mapping)
    contract, files = split_kind(words)
    wish = replace(wish, contract=contract)
    _not_a_return(contract)
    found = pieces(files)
    if len(found) == 1:
        one = _read(office, found[0], wish, quiet=json_)
        made = _taken_alone(office, one, wish)
        rejects = _rejects(office, one)
        if json_:
            as_json(facts(one, made, rejects))
        else:
            _told(one, made, rejects, found[0], wish)
        return 0
    return _all(office, found, wish, json_) if all_or_none else _each(office, found, wish, desk.lang, json_)


def facts(one: Read, made: SourceFile | None, rejects: str) -> dict[str, Any]:
    """One file for ``--json``."""
    taken = one.taken
    rows, fen = taken.control
    return {
        "file_id": made.file_id if made else None, "contract": taken.contract, "name": taken.path.name, "sha256": taken.sha256, "encoding": taken.encoding,
        "sheet": taken.sheet, "header_line": taken.header.header_line, "recognised": taken.header.recognised, "unknown": taken.header.unknown,
        "rows": rows, "control_fen": fen, "rejected": taken.rejected.num_rows, "rejects": rejects, "warnings": len(taken.warnings),
        "totals": [{"line": total.line, "column": total.column, "fen": total.fen} for total in taken.totals],
        "mapping": f"{one.mapping.mapping} v{one.mapping.version}" if one.mapping else "", "answers": dict(one.answers),
    }  # fmt: skip


def _told(one: Read, made: SourceFile, rejects: str, piece: Piece, wish: Wish) -> None:
    """What became of a file, and how its rejects come back."""
    back = replace(wish, accept_valid=False, save_mapping="")
    again = command(made.contract, Piece(Path(rejects), piece.values, piece.mapping), back) if rejects else ""
    importing_show.taken(one.taken, made, rejects, again)
    if wish.save_mapping:
        click.echo(f"读法“{wish.save_mapping}”已存下；下次：shebao import 文件 --mapping {wish.save_mapping}")


def _not_a_return(contract: str) -> None:
    if contract == "bank-return":
        raise click.UsageError("回盘要与送盘逐行核对，请用：shebao bankfile return 花名册编号 文件")


def _each(office: Office, found: Sequence[Piece], wish: Wish, lang: str, json_: bool) -> int:
    """One after another; a file that cannot be taken is told of and does not stop the others."""
    endings: list[Ending] = []
    told: list[dict[str, Any]] = []
    for piece in found:
        one: Read | None = None
        try:
            one = _read(office, piece, wish, quiet=json_)
            made = _taken_alone(office, one, wish)
            rejects = _rejects(office, one)
        except Refusal as refusal:
            if not json_:
                click.echo(cli.explain(refusal, lang), err=True)
            endings.append(_not_taken(piece, one, wish, refusal))
            told.append({"file_id": None, "name": piece.path.name, "refusal": refusal.as_json()})
            continue
        if not json_:
            _told(one, made, rejects, piece, wish)
        endings.append(_ended(one, made))
        told.append(facts(one, made, rejects))
    status = max(one.status for one in endings)
    if json_:
        as_json({"files": told, "status": status})
    else:
        importing_show.closing(endings)
    return status


def _all(office: Office, found: Sequence[Piece], wish: Wish, json_: bool) -> int:
    """All files in one transaction: every one is read and asked about before the first is taken."""
    reads: list[Read] = []
    made: list[SourceFile] = []
    try:
        for piece in found:
            reads.append(_read(office, piece, wish, quiet=json_))
        with office.unit() as work:
            for one in reads:
                made.append(_take(office, work, one, wish))
            work.commit()
    except Refusal as refusal:
        at = len(reads) if len(reads) < len(found) else len(made)
        raise _none_taken(office, found, at, reads[at] if at < len(reads) else None, refusal) from refusal
    told = [(one, file, _rejects(office, one)) for one, file in zip(reads, made, strict=True)]
    if json_:
        as_json({"files": [facts(*each) for each in told], "status": 0})
        return 0
    for (one, file, rejects), piece in zip(told, found, strict=True):
        _told(one, file, rejects, piece, wish)
    importing_show.closing([_ended(one, file) for one, file, _ in told])
    return 0


def _read(office: Office, piece: Piece, wish: Wish, *, quiet: bool) -> Read:
    """One file read, shown and settled; the duty is asked before anything is read."""
    from controls.intake import explain, register

    mapping = mapping_of(piece, wish, office)
    contract = stated(wish, mapping)
    if contract:
        register.duty_for(office.actor, contract)
    source = opened(piece, wish, mapping)
    if not contract:
        contract = contract_of(piece, wish, source)
        _not_a_return(contract)
        register.duty_for(office.actor, contract)

    def say(one: Read) -> None:
        if not quiet:
            importing_show.recognised(explain.explain(one.taken, doubts=one.doubts, source=source, contract=one.contract, mapping=one.named))
            for sentence in changes(office, one, wish):
                click.echo(sentence)

    return read(piece, wish, contract, mapping, source, today=date.fromisoformat(office.now()[:10]), shown=say, folder=office.home)


def changes(office: Office, one: Read, wish: Wish) -> list[str]:
    """What a newer issue of a list would change, and which months already stand in use."""
    from controls.intake import differences, overlaps

    with office.reading() as connection:
        found = differences.preview(connection, office.home, one.taken, source=wish.source, as_of=_day(office, wish), kind=wish.list_kind)
        told = overlaps.sentences(connection, one.taken)
    return [*(found.sentences() if found is not None else []), *told]


def _day(office: Office, wish: Wish) -> date:
    return date.fromisoformat(wish.as_of or office.now()[:10])


def _taken_alone(office: Office, one: Read, wish: Wish) -> SourceFile:
    """One file in its own transaction; rows in error are written out before the refusal goes on."""
    from controls.errors import RowsWithErrors

    try:
        with office.unit() as work:
            made = _take(office, work, one, wish)
            work.commit()
    except RowsWithErrors as refusal:
        raise _with_workbook(office, one, refusal) from refusal
    return made


def _with_workbook(office: Office, one: Read, refusal: Refusal) -> Refusal:
    """The refusal of rows in error with its workbook written and named."""
    from controls.errors import RowsWithErrors
    from controls.intake import register

    if not isinstance(refusal, RowsWithErrors):
        return refusal
    return RowsWithErrors(**{**refusal.facts, "rejects": register.write_rejects(office.home, one.taken)})


def _take(office: Office, work: UnitOfWork, one: Read, wish: Wish) -> SourceFile:
    """Takes one file in the caller's transaction, says in the trail how it was read, and keeps the mapping if asked."""
    from controls import trail
    from controls.intake import mapping, mappings, register

    now, as_of = office.now(), date.fromisoformat(wish.as_of) if wish.as_of else None
    made = register.take(
        work, office.home, one.taken, office.actor, now, source=wish.source, as_of=as_of, accept_valid=wish.accept_valid, kind=wish.list_kind
    )  # fmt: skip
    if one.taken.rejects:
        # Before the commit: the good rows of a file are taken only when its bad ones are safe on disk.
        register.write_rejects(office.home, one.taken)
    if how := one.how():
        trail.record(work, now, office.actor, register.duty_for(office.actor, made.contract), "import.how", f"file:{made.file_id}", made.sha256, how)
    if wish.save_mapping:
        kept = mapping.made_from(
            one.taken, wish.save_mapping, encoding=wish.encoding or "", delimiter=wish.delimiter or "", sheet=wish.sheet or "",
            items=one.names["items"], statuses=one.names["status"], answers=one.answers,
        )  # fmt: skip
        mappings.save(work, office.home, kept, office.actor, now)
    return made


def _rejects(office: Office, one: Read) -> str:
    """The rejects workbook of a file whose good rows were taken, '' when every row was good."""
    from controls.intake import register

    return str(register.rejects_path(office.home, one.taken)) if one.taken.rejects else ""


def _none_taken(office: Office, found: Sequence[Piece], at: int, one: Read | None, refusal: Refusal) -> Refusal:
    from controls.intake.errors_desk import NotAllTaken

    told = _with_workbook(office, one, refusal) if one is not None else refusal
    return NotAllTaken(
        count=len(found), file=found[at].path.name, code=told.code,
        why=told.text("zh"), why_en=told.text("en"), todo=told.remedy("zh"), todo_en=told.remedy("en"),
    )  # fmt: skip


def _ended(one: Read, made: SourceFile) -> Ending:
    return Ending(made.name, made.contract, made.rows, made.control_fen, made.rejected, len(one.taken.warnings), made.file_id)


def _not_taken(piece: Piece, one: Read | None, wish: Wish, refusal: Refusal) -> Ending:
    said = f"未导入，见上面的 {refusal.code}"
    if one is None:
        return Ending(piece.path.name, wish.contract, status=refusal.status, said=said)
    (rows, fen), taken = one.taken.control, one.taken
    return Ending(piece.path.name, taken.contract, rows, fen, taken.rejected.num_rows, len(taken.warnings), 0, refusal.status, said)
