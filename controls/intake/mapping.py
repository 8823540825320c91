"""A saved mapping (读法): how one kind of file of one office is read, as a strict YAML file that anybody may hand on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from controls.intake import contracts
from controls.intake.claims import bare, extended
from controls.intake.contracts import Contract, fold
from controls.intake.errors_desk import BadMapping, MappingDiffers
from controls.intake.settings import MARK, by_column, split_values
from ledger import lawfile

if TYPE_CHECKING:
    from controls.intake.taken import Taken

MOST_BYTES = 1_000_000
ITEM_CLASSES = ("pension", "arrears", "funeral", "lump_sum", "allowance", "unemployment", "disability", "survivor", "other")
LAYOUT = ("SB2148",)
"""Doubts about the layout alone (元 or 万元): their answers may be kept; all others are asked each time."""
STATUS_CLASSES = ("paid", "failed", "pending", "written_off", "returned", "reversed")
_SAID = {
    "Field required": "缺少这一项", "Extra inputs": "没有这一项", "Input should be a valid string": "应当是文字",
    "Input should be a valid integer": "应当是整数",
    "Input should be a valid date": "应当是日期，如 2026-01-05", "Input should be a valid dictionary": "应当是“名称: 值”的一组",
    "Dictionary should have": "不能是空的",
    "Input should be greater": "应当是 1 或更大",
}  # fmt: skip
"""How the checks of a file's form are said to people."""
NAME = re.compile(r"[^\W_][\w\-·()（）]{0,59}")


class SavedMapping(BaseModel):
    """How one kind of file of one office is read.

    ``columns``: header in the file → canonical header, for every column that was read; ``left``: headers that were not.
    ``units``: canonical header → 万元. ``values``: canonical header → value for the whole file. ``items``, ``statuses``: local name →
    class. ``answers``: code of a doubt about the layout → ``yes``. ``encoding``, ``delimiter``, ``sheet``: '' unless forced.
    ``reference``: the file it was made from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mapping: str
    version: int = Field(ge=1)
    contract: str
    valid_from: date
    valid_to: date | None
    reference: str = Field(min_length=1)
    saved_by: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    columns: dict[str, str] = Field(min_length=1)
    left: tuple[str, ...] = ()
    units: dict[str, str] = {}
    values: dict[str, str] = {}
    items: dict[str, str] = {}
    statuses: dict[str, str] = {}
    answers: dict[str, str] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        for words, classes in ((self.items, ITEM_CLASSES), (self.statuses, STATUS_CLASSES), (self.answers, ("yes",)), (self.units, ("万元",))):
            if odd := sorted(set(words.values()) - set(classes)):
                raise ValueError(f"“{'、'.join(odd)}”不是可用的取值（{'、'.join(classes)}）")
        if odd := sorted(set(self.answers) - set(LAYOUT)):
            raise ValueError(f"{'、'.join(odd)} 每次都要回答，不能存在读法里（可存 {'、'.join(LAYOUT)}）")
        return self

    def names(self) -> dict[str, dict[str, str]]:
        """Local names as the reader takes them."""
        return {"items": dict(self.items), "status": dict(self.statuses)}

    def reading(self) -> Contract:
        """The contract in which the headers of this mapping mean what it says; raises SB2020, SB2057."""
        return extended(contracts.load(self.contract), self.columns)

    def text(self) -> str:
        """The mapping as YAML, with a line that says what it is."""
        import yaml

        body: dict[str, Any] = self.model_dump()
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in body.items() if value not in ("", {}, ())}
        return "# 读法：shebao mapping show|export|load。手工改动过的文件须用 shebao mapping load 重新登记。\n" + yaml.safe_dump(
            kept, allow_unicode=True, sort_keys=False, width=150
        )

    def differences(self, taken: Taken) -> list[str]:
        """What is not as it was: columns gone or read from another header, another unit. One Chinese phrase each."""
        now = taken.header.recognised
        said = []
        for header, name in self.columns.items():
            before, after = self.units.get(name, "元"), taken.header.units.get(name, "元")
            if name not in now:
                said.append(f"表头“{header}”（读作{name}）没有了")
            elif fold(bare(now[name])) != fold(bare(header)):
                said.append(f"“{name}”原来读自“{header}”，现在是“{now[name]}”")
            elif before != after:
                said.append(f"“{name}”原来按{before}（“{header}”），现在是{after}（“{now[name]}”）")
        return said

    def refused(self, path: Path, differences: Sequence[str], again: str) -> MappingDiffers:
        """The refusal that names each difference; ``again``: the command that saves the mapping anew."""
        said = "".join(f"\n    {number}. {each}" for number, each in enumerate(differences, start=1))
        return MappingDiffers(file=path.name, name=self.mapping, version=self.version, differences=said, count=len(differences), command=again)


def split(argument: str) -> tuple[str, dict[str, str], str]:
    """Path, values and mapping of ``FILE::险种=R,@农商行``; the mapping is '' where none is named. Raises SB2026.

    >>> split("发放.csv::险种=R,@农商行")
    ('发放.csv', {'险种': 'R'}, '农商行')
    """
    path, mark, rest = argument.rpartition(MARK)
    if not mark:
        return argument, {}, ""
    parts = [part.strip() for part in re.split("[,，;；]", rest) if part.strip()]
    named = [part[1:] for part in parts if part.startswith("@")]
    values = split_values(path + MARK + ",".join(part for part in parts if not part.startswith("@")))[1]
    return path, values, named[-1] if named else ""


def checked_name(name: str) -> str:
    """A name a file can carry on any system: letters, digits, 汉字, ``-·()``, at most 60. Raises SB2055."""
    if NAME.fullmatch(name) is None:
        why, why_en = "名称只用汉字、字母、数字和 - ·（），不超过 60 字", "a name has letters, digits and - · () only, at most 60"
        raise BadMapping(name=name[:80], why=why, why_en=why_en, todo="换一个名称，例如：--save-mapping 农商行发放表")
    return name


def parse(path: Path) -> SavedMapping:
    """A mapping from a file anywhere; raises SB2055."""
    todo = "按 shebao mapping export 写出的样子改正文件，再 shebao mapping load 一次。"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadMapping(name=path.name, why="文件太大，不是读法", why_en="it is too large", todo=todo)
        found = lawfile.parse(SavedMapping, lawfile.load_from(path), path.name)
    except lawfile.BadLawFile as wrong:
        where, why = str(wrong.facts["where"]), str(wrong.facts["why"])
        said = next((words for english, words in _SAID.items() if why.startswith(english)), why.removeprefix("Value error, "))
        raise BadMapping(name=path.name, why=f"{where}：{said}", why_en=f"{where}: {why}", todo=todo) from wrong
    except OSError as wrong:
        raise BadMapping(name=path.name, why="文件读不了", why_en="the file cannot be read", todo="核对文件名和权限。") from wrong
    checked_name(found.mapping)
    found.reading()
    return found


def made_from(
    taken: Taken, name: str, *, encoding: str, delimiter: str, sheet: str, items: Mapping[str, str], statuses: Mapping[str, str], answers: Mapping[str, str]
) -> SavedMapping:
    """The mapping by which a file was just read; version, day and person are set when it is saved."""
    head = taken.header
    return SavedMapping(
        mapping=checked_name(name), version=1, contract=taken.contract, valid_from=date(2000, 1, 1), valid_to=None, saved_by="",
        reference=f"由 {taken.path.name} 存成（SHA-256 {taken.sha256[:16]}）", encoding=encoding, delimiter=delimiter, sheet=sheet, left=tuple(head.unknown),
        columns={found: canonical for canonical, found in head.recognised.items()}, units=dict(head.units), values=dict(head.given),
        items=dict(items), statuses=dict(statuses), answers={code: word for code, word in answers.items() if word == "yes" and code in LAYOUT},
    )  # fmt: skip


def read_by(path: Path, mapping: Path, contract: str, values: Mapping[str, str], *, strict: bool = False) -> Taken:
    """Reads a file of ``contract`` by the mapping in a YAML file, without an office; ``values`` go before the mapping's.

    Raises what the reader raises, SB2055 (no mapping, or one of another kind of file) and SB2056 (it does not fit).
    """
    from controls.intake.reader import read

    found = parse(mapping)
    if found.contract != contract:
        why, why_en = f"它是 {found.contract} 的读法，不是 {contract} 的", f"it reads {found.contract}, not {contract}"
        raise BadMapping(name=mapping.name, why=why, why_en=why_en, todo="换一个读法，或把文件放在它的种类之下。")
    shape = found.reading()
    given = dict(found.values) | {shape.column(name).header: value for name, value in by_column(shape, values).items()}
    encoding, delimiter, sheet = found.encoding or None, found.delimiter or None, found.sheet or None
    taken = read(path, shape, values=given, names=found.names(), strict=strict, encoding=encoding, delimiter=delimiter, sheet=sheet)
    if differences := found.differences(taken):
        raise found.refused(path, differences, f"shebao import {contract} {path.name} --save-mapping {found.mapping}")
    return taken
