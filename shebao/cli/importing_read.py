"""One file read for import or explanation (读一份文件): its kind, its mapping, its local names, its doubts; nothing is taken here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shebao.cli import importing_ask as ask
from shebao.cli.importing_files import Piece, quoted

if TYPE_CHECKING:
    from datetime import date

    from controls.intake.contracts import Contract
    from controls.intake.doubts import Doubt
    from controls.intake.kinds import Candidate
    from controls.intake.mapping import SavedMapping
    from controls.intake.taken import Taken
    from ledger.months import Month
    from ledger.sheets import Source
    from shebao.store import Office

SOURCED = frozenset({"deaths", "custody", "entitled", "absences", "employers", "holdings"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What holds for every file of one command: the options as given."""

    contract: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    as_of: str = ""
    month: Month | None = None
    items: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    mapping: str = ""
    save_mapping: str = ""
    accept_valid: bool = False
    list_kind: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A file as read: ``contract`` with the headers claimed, ``names`` and ``answers`` as options, mapping and terminal gave them."""

    taken: Taken
    contract: Contract
    doubts: tuple[Doubt, ...]
    mapping: SavedMapping | None
    names: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def named(self) -> str:
        """The mapping as people know it, '' when there was none."""
        return f"{self.mapping.mapping}（第 {self.mapping.version} 版）" if self.mapping is not None else ""

    def how(self) -> dict[str, Any]:
        """What the trail is told of how the file was read, beyond its own header; {} when there is nothing to tell."""
        told: dict[str, Any] = {
            "mapping": self.mapping.mapping if self.mapping else "", "version": self.mapping.version if self.mapping else 0,
            "values": dict(self.taken.header.given), "columns": dict(self.columns),
            "answers": {code: said for code, said in self.answers.items() if self._asked(code)},
            "items": dict(self.names["items"]), "statuses": dict(self.names["status"]),
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    def _asked(self, code: str) -> bool:
        return any(doubt.code == code for doubt in self.doubts)


def opened(piece: Piece, wish: Wish, mapping: SavedMapping | None) -> Source:
    """The file open for reading, as options or mapping force it; raises SB2001-SB2010, SB2049."""
    from controls.intake.settings import delimiter_of
    from ledger.sheets import open_source

    encoding, delimiter = (wish.encoding, wish.delimiter) if mapping is None else (wish.encoding or mapping.encoding, wish.delimiter or mapping.delimiter)
    return open_source(piece.path, encoding=encoding or None, delimiter=delimiter_of(delimiter or None))


def stated(wish: Wish, mapping: SavedMapping | None) -> str:
    """The contract that is named, else the mapping's, '' where neither is there; raises SB2055 where they differ."""
    if mapping is not None:
        if wish.contract not in ("", mapping.contract):
            from controls.intake.errors_desk import BadMapping

            raise BadMapping(
                name=mapping.mapping, why=f"它是 {mapping.contract} 的读法，不是 {wish.contract} 的",
                why_en=f"it reads {mapping.contract}, not {wish.contract}",
                todo="去掉文件种类，或换一个读法（shebao mapping list）。",
            )  # fmt: skip
        return mapping.contract
    return wish.contract


def contract_of(piece: Piece, wish: Wish, source: Source) -> str:
    """The contract whose header the file has, asked for where several fit; raises SB2051."""
    from controls.intake import kinds

    found = candidates(piece, wish, source)
    settled = kinds.settled(found)
    if settled is not None:
        return settled.contract
    likely = kinds.likely(found)
    again = " 或 ".join(f"shebao import {name} {quoted(str(piece.path))}" for name in [each.contract for each in likely[:2]] or ["种类"])
    return ask.which_kind(piece.path.name, likely, again)


def candidates(piece: Piece, wish: Wish, source: Source) -> list[Candidate]:
    """The kinds this file may be of."""
    from controls.intake import kinds

    return kinds.candidates(piece.path.name, source, {**wish.values, **piece.values}, sender=wish.source, columns=wish.columns, sheet=wish.sheet)


def mapping_of(piece: Piece, wish: Wish, office: Office | None) -> SavedMapping | None:
    """The mapping named with the file, else for all; a path to a YAML file is one too. Raises SB2054, SB2055."""
    from controls.intake import mappings
    from controls.intake.errors_desk import NoSuchMapping
    from controls.intake.mapping import parse

    name = piece.mapping or wish.mapping
    if not name:
        return None
    if name.endswith((".yaml", ".yml")):
        return parse(Path(name))
    if office is None:
        raise NoSuchMapping(name=name, known="没有本单位的数据目录，只能写读法文件的路径（.yaml）")
    with office.reading() as connection:
        return mappings.current(connection, office.home, name)


def read(
    piece: Piece, wish: Wish, contract: str, mapping: SavedMapping | None, source: Source, *, today: date, answers_wanted: bool = True,
    shown: Callable[[Read], None] = lambda _: None, folder: Path | None = None,
) -> Read:  # fmt: skip
    """Reads one open file; names and doubts are settled when ``answers_wanted``, after the file was ``shown``. ``folder``: for the rows of big files.

    Raises what the reader raises, SB2029, SB2052, SB2056, SB2057.
    """
    from controls.intake import claims, contracts, doubts
    from controls.intake.explain import grouped

    shape = mapping.reading() if mapping is not None else contracts.load(contract)
    if wish.columns:
        shape = claims.extended(shape, wish.columns)
    values = _values(shape, mapping, wish, piece)
    names: dict[str, dict[str, str]] = {
        "items": {**(mapping.items if mapping else {}), **wish.items}, "status": {**(mapping.statuses if mapping else {}), **wish.statuses},
    }  # fmt: skip
    taken = _taken(piece, wish, shape, values, names, mapping, source, folder)
    if answers_wanted and (taken.unknown_items or taken.unknown_statuses):
        for which, said in ask.local_names(taken).items():
            names[which] |= said
        taken = _taken(piece, wish, shape, values, names, mapping, source, folder)
    found = doubts.find(taken, contract=shape, month=wish.month, today=today, facts=source.facts(taken.sheet))
    answers = {**(mapping.answers if mapping else {}), **wish.answers}
    one = Read(taken, shape, found, mapping, names, answers, wish.columns)
    if not answers_wanted:
        return one
    shown(one)
    asked = [each for each in grouped(found, taken.contract) if each.level == "ask"]
    return replace(one, answers={**answers, **ask.settle(piece.path.name, asked, answers)})


def _values(shape: Contract, mapping: SavedMapping | None, wish: Wish, piece: Piece) -> dict[str, str]:
    """Values for the whole file by canonical header: the mapping's, then those for all files, then the file's own."""
    from controls.intake.settings import by_column

    values: dict[str, str] = dict(mapping.values) if mapping is not None else {}
    if wish.source and shape.contract in SOURCED:
        values.setdefault("数据来源", wish.source)
    for given in (wish.values, piece.values):
        values |= {shape.column(name).header: value for name, value in by_column(shape, given).items()}
    return values


def _taken(
    piece: Piece, wish: Wish, shape: Contract, values: Mapping[str, str], names: Any, mapping: SavedMapping | None, source: Source, folder: Path | None
) -> Taken:
    from controls.intake import reader
    from controls.intake.errors import MissingColumn, NoHeader

    sheet = wish.sheet or (mapping.sheet if mapping else "") or None
    try:
        with progress(piece.path) as step:
            taken = reader.read(piece.path, shape, values=values, names=names, sheet=sheet, step=step, folder=folder, opened=source)
    except (MissingColumn, NoHeader) as gone:
        if mapping is None:
            raise
        lacking, strange = gone.facts.get("missing", "整个表头"), gone.facts.get("unknown", "无")
        raise _differs(mapping, piece.path, [f"缺少必需的列：{lacking}；不认识的表头：{strange}"]) from gone
    if mapping is not None and (differences := mapping.differences(taken)):
        raise _differs(mapping, piece.path, differences)
    return taken


def _differs(mapping: SavedMapping, path: Path, differences: list[str]) -> Exception:
    return mapping.refused(path, differences, f"shebao import {mapping.contract} {quoted(str(path))} --save-mapping {quoted(mapping.mapping)}")


@contextmanager
def progress(path: Path) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on the terminal that fills as the file is read; nothing where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("读取 {task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(path.name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def options_again(used: Wish) -> list[str]:
    """The options as one would type them again."""
    found: list[str] = []
    if used.values:
        found.append("--values " + quoted(",".join(f"{name}={value}" for name, value in used.values.items())))
    for option, pairs in (("--column", used.columns), ("--item", used.items), ("--status", used.statuses), ("--answer", used.answers)):
        found += [f"{option} {quoted(f'{name}={value}')}" for name, value in pairs.items()]
    singles = {
        "--month": str(used.month or ""), "--source": used.source, "--as-of": used.as_of, "--mapping": used.mapping, "--encoding": used.encoding or "",
        "--delimiter": used.delimiter or "", "--sheet": used.sheet or "", "--save-mapping": used.save_mapping,
    }  # fmt: skip
    found += [f"{option} {quoted(value)}" for option, value in singles.items() if value]
    return [*found, *([f"--{used.list_kind}"] if used.list_kind else []), *(["--accept-valid"] if used.accept_valid else [])]


def command(contract: str, piece: Piece, wish: Wish, more: Sequence[str] = ()) -> str:
    """A command line for this file with the options given, to be typed again."""
    word = str(piece.path)
    given = [f"{name}={value}" for name, value in piece.values.items()] + ([f"@{piece.mapping}"] if piece.mapping else [])
    if given:
        word += "::" + ",".join(given)
    return " ".join(["shebao import", *([contract] if contract else []), quoted(word), *options_again(wish), *more])
