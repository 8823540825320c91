"""Rules of the office's own (本单位规则): ``X….yaml`` with ``X….sql`` beside it, and ``cases/X….yaml`` where there are any, in a folder anywhere.

They are written as the shipped ones are and stand beside them: nothing of the catalogue can be replaced. Before one runs, its SQL must be such that every
engine runs it alike and reads nothing but the tables of the check (:mod:`controls.checks.portable`), and it is asked of empty tables, so that a wrong column
is told before the data are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Formatter, Template

from pydantic import PrivateAttr

from controls.checks import own_columns, portable, runner, views
from controls.checks.cases import Case, Cases, cases
from controls.checks.catalogue import Rule, shipped, with_own
from controls.checks.common import common
from controls.checks.duck import Duck, sql_error
from controls.checks.own_errors import OwnRuleColumns, OwnRuleName, OwnRuleNotPortable, OwnRuleNotRunning, OwnRulesFolder
from controls.checks.schema import CONTRACTS, empty
from ledger.lawfile import load_from, parse

CODE = re.compile(r"X[A-Z0-9]{0,7}(-[A-Z0-9]{1,20}){1,4}")
"""The code of a rule of one's own: its first letter is no rule's that ships, now or later."""
_LARGEST = 200_000
REASON = ("name", "id_number", "fund", "region", "other", "periods", "year", "months", "amount", "counterpart", "fact", "note", "persons", "rows")
"""Fields of ``reason_zh``."""

class OwnRule(Rule):
    """A rule of the office's own with its SQL and its cases."""

    _text: str = PrivateAttr("")
    _folder: str = PrivateAttr("")
    _cases: tuple[Case, ...] = PrivateAttr(())
    _described: str = PrivateAttr("")
    _cases_text: str = PrivateAttr("")

    @property
    def own(self) -> str:
        """The folder it comes from."""
        return self._folder

    @property
    def planted(self) -> tuple[Case, ...]:
        """Its cases; none when the office wrote none, and it is then told as not self-tested."""
        return self._cases

    def text(self) -> str:
        """The SQL as it was written, with its ``${…}``."""
        return self._text

    @property
    def written(self) -> dict[str, str]:
        """Its files as they were written: ``described`` (YAML), ``text`` (SQL) and ``cases`` (YAML, '' where there are none)."""
        return {"described": self._described, "text": self._text, "cases": self._cases_text}


def cases_of(rule: Rule) -> tuple[Case, ...]:
    """The cases of a rule, shipped or of one's own."""
    return rule.planted if isinstance(rule, OwnRule) else cases(rule.code)


def content(rule: Rule) -> str:
    """All that a rule says, to be digested."""
    return f"{rule.model_dump_json()}\n{rule.text()}\n" + "\n".join(case.model_dump_json() for case in cases_of(rule))


@contextmanager
def in_use(folder: Path | None) -> Iterator[tuple[OwnRule, ...]]:
    """The rules of the folder stand beside the shipped ones while the block runs; None adds none. Raises what :func:`read` raises."""
    found = read(folder) if folder is not None else ()
    with with_own(found):
        for rule in found:
            _dry_run(rule)
        yield found


def read(folder: Path) -> tuple[OwnRule, ...]:
    """The rules of a folder, by code. Raises SB3380 (no such folder, nothing in it, a file alone), SB3381 (code), SB3382 (SQL), SB1011 (YAML)."""
    if not folder.is_dir():
        raise OwnRulesFolder(folder=folder, why="没有这个目录")
    described = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    texts = {path.stem: path for path in sorted(folder.glob("*.sql"))}
    if not described and not texts:
        raise OwnRulesFolder(folder=folder, why="目录里没有规则")
    for name in sorted(described.keys() ^ texts.keys()):
        raise OwnRulesFolder(folder=folder, why=f"{name}.sql 没有 {name}.yaml" if name in texts else f"{name}.yaml 没有 {name}.sql")
    return tuple(_read(described[name], texts[name]) for name in sorted(described))


def _plain_file(path: Path) -> None:
    """Raises SB3380 for what is no ordinary file (a folder, a pipe, a device) or larger than any rule is."""
    if not path.is_file():
        raise OwnRulesFolder(folder=path.parent, why=f"{path.name} 不是普通文件")
    if path.stat().st_size > _LARGEST:
        raise OwnRulesFolder(folder=path.parent, why=f"{path.name} 超过 {_LARGEST} 字节")


def _read(described: Path, text: Path) -> OwnRule:
    _plain_file(described)
    _plain_file(text)
    rule = parse(OwnRule, load_from(described, aliases=False), described.name)
    taken = {part for one in shipped() for part in (one.code, one.code.partition("-")[0])}
    if rule.code != described.stem:
        raise OwnRuleName(file=described.name, why=f"文件名与其中的 code: {rule.code} 不同")
    if not CODE.fullmatch(rule.code) or rule.code in taken or rule.code.partition("-")[0] in taken:
        raise OwnRuleName(file=described.name, why=f"代码 {rule.code} 不是 X 开头的大写字母、数字，或与程序自带的规则同名")
    if rule.kind != "exact" or rule.before_payment.says != "silent":
        raise OwnRuleName(file=described.name, why="本单位规则只能是 kind: exact，不能设 before_payment（发放前检查只用程序自带的规则）")
    fields = _fields(rule, described)
    unknown = sorted({name for _, name, _, _ in fields if name is not None and name not in REASON})
    if unknown:
        raise OwnRuleName(file=described.name, why=f"reason_zh 中的 {{{unknown[0]}}} 不认识；可用的有 {'、'.join(REASON)}")
    if formed := [name for _, name, spec, turned in fields if name is not None and (spec or turned)]:
        raise OwnRuleName(file=described.name, why=f"reason_zh 中的 {{{formed[0]}}} 不能带格式")
    try:
        rule._text = text.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise OwnRuleNotPortable(file=text.name, line=1, what="文件", why="不是 UTF-8 文本") from wrong
    rule._folder = str(text.parent)
    rule._described = described.read_text(encoding="utf-8-sig")
    own_cases = described.parent / "cases" / described.name
    if own_cases.exists():
        _plain_file(own_cases)
        told = parse(Cases, load_from(own_cases, aliases=False), f"cases/{own_cases.name}")
        if told.rule != rule.code:
            raise OwnRuleName(file=f"cases/{own_cases.name}", why=f"其中的 rule: {told.rule} 不是 {rule.code}")
        rule._cases = told.cases
        rule._cases_text = own_cases.read_text(encoding="utf-8-sig")
    _portable(rule, text.name)
    return rule


def _fields(rule: OwnRule, described: Path) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(rule.reason_zh))
    except ValueError as wrong:
        raise OwnRuleName(file=described.name, why="reason_zh 中的花括号不成对") from wrong


def _portable(rule: OwnRule, file: str) -> None:
    shared = {**views.conditions(common(), 202001), **rule.sample()}
    holes = {found.group("named") or found.group("braced") or "" for found in Template.pattern.finditer(rule.text())}
    unknown = sorted(name for name in holes if name not in shared)
    if unknown:
        line = next((nth for nth, one in enumerate(rule.text().splitlines(), start=1) if f"${{{unknown[0]}}}" in one or f"${unknown[0]}" in one), 1)
        raise OwnRuleNotPortable(file=file, line=line, what=f"${{{unknown[0]}}}", why="parameters 中没有这个名字；单独的 $ 写成 $$")
    for name in rule.parameters:
        if any("\\" in str(value) for value in rule.every(name)):
            raise OwnRuleNotPortable(file=f"{rule.code}.yaml", line=1, what=f"parameters.{name}", why=portable.BACKSLASH)
    for fault in portable.faults(rule.sql(views.conditions(common(), 202001), rule.sample())):
        raise OwnRuleNotPortable(file=file, line=fault.line, what=fault.what, why=fault.why)


def _dry_run(rule: OwnRule) -> None:
    """Asks the rule of empty tables: whether its columns exist and are what findings are made of. Raises SB3383, SB3384."""
    with Duck(threads=1) as engine:
        sweep = runner.Sweep(engine, {contract: [empty(contract)] for contract in CONTRACTS}, [], None, hurry=False)
        sweep.result()
        try:
            found = engine.fetch(rule.sql(views.conditions(sweep.shared, sweep.as_of), rule.sample()))
        except sql_error() as wrong:
            raise OwnRuleNotRunning(rule=rule.code, why=str(wrong).splitlines()[0]) from wrong
    faults = own_columns.faults(found.schema, rule)
    if faults:
        raise OwnRuleColumns(rule=rule.code, why="；".join(faults), known="、".join(own_columns.COLUMNS))
