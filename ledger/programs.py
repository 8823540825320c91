"""Programs (专项资金项目) as data: public money that is no insurance fund, kept in a special book (专账) of its own.

One file a program under ``templates/special/programs``; an office adds one by a file of its own. A program stands where a
fund stands (``ledger.funds.Fund`` knows its code), so that its book has every guarantee the ledger gives; the statutory
chart, events and statements of 28号 are not for it (DOMAIN §8).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

import templates
from ledger.errors import Refusal
from ledger.lawfile import BadLawFile, LawFile, Strict, read

FOLDER = "special/programs"
CHART = "special-2020"
PURPOSES_FILE = "special/purposes.yaml"
STATUTORY = frozenset({"E", "R", "G", "ME", "MR", "W", "U", "B"})
Level = Literal["中央", "省级", "市级", "县级"]


class UnknownItem(Refusal):
    """A payment item that the program does not have."""

    code = "SB1460"
    zh = "{program}没有发放项目“{item}”，可用：{known}。"
    en = "The program {program} has no item “{item}”; known: {known}."
    cause_zh = "专项资金只用于本项目规定的支出（专款专用）；每个项目能发什么由项目文件列明，不能猜。"
    cause_en = "Earmarked money pays its own purposes only; the program's file names the items, and nothing is guessed."
    remedy_zh = "核对项目和待遇类型；确属本项目的，由数据管理岗写入本单位模板目录的 special/programs/ 文件。"
    remedy_en = "Check program and item; what belongs to it is added by DATA to the office's own special/programs/ file."


class Benefit(Strict):
    """One item the program pays (发放项目): its detail account under the expense, and other names people write."""

    item: str
    account: Annotated[str, Field(pattern=r"^\d{2}$")]
    aliases: tuple[str, ...] = ()


class Program(LawFile):
    """One program. ``levels``: governments whose money it takes; ``events``: all it may do; ``own_money``: interest, gifts without a document may be spent."""

    program: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")]
    zh: str
    short: str
    names: tuple[str, ...] = ()
    levels: tuple[Level, ...]
    events: tuple[str, ...]
    items: Annotated[tuple[Benefit, ...], Field(min_length=1)]
    own_money: bool = True
    forbidden: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Program:
        if self.program in STATUTORY:
            raise ValueError(f"{self.program} 是险种代码")
        accounts = [benefit.account for benefit in self.items]
        written = [_key(name) for benefit in self.items for name in (benefit.item, *benefit.aliases)]
        if len(accounts) != len(set(accounts)) or len(written) != len(set(written)):
            raise ValueError(f"{self.program}: 发放项目或明细编号重复")
        return self

    def benefit(self, item: str) -> Benefit:
        """The item of that name; raises SB1460."""
        wanted = _key(item)
        for benefit in self.items:
            if wanted in {_key(name) for name in (benefit.item, *benefit.aliases)}:
                return benefit
        raise UnknownItem(program=self.zh, item=item, known="、".join(benefit.item for benefit in self.items))

    def pays(self, item: str) -> bool:
        """Whether the program has the item, by any of its names."""
        wanted = _key(item)
        return any(wanted == _key(name) for benefit in self.items for name in (benefit.item, *benefit.aliases))


class PurposesFile(LawFile):
    """What no program's money may be spent on: words, and words that only look like one of them."""

    forbidden: tuple[str, ...]
    unless: tuple[str, ...] = ()


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


@lru_cache(maxsize=8)
def _load(roots: tuple[str, ...]) -> dict[str, Program]:
    known: dict[str, Program] = {}
    names: dict[str, str] = {}
    for file in templates.names(FOLDER, ".yaml"):
        program = read(Program, file)
        if program.program in known:
            raise BadLawFile(file=file, where=program.program, why="项目代码重复")
        known[program.program] = program
        for name in {_key(text) for text in (program.program, program.zh, program.short, *program.names)}:
            if name in names:
                raise BadLawFile(file=file, where=name, why=f"项目名称与 {names[name]} 重复")
            names[name] = program.program
    return known


def programs() -> dict[str, Program]:
    """Every program by code; raises SB1011."""
    return dict(_load(tuple(str(root) for root in templates.roots())))


def find(text: str) -> Program | None:
    """The program of that code or name, None when there is none."""
    wanted = _key(text).removesuffix("专账")
    for program in _load(tuple(str(root) for root in templates.roots())).values():
        if wanted in {_key(name) for name in (program.program, program.zh, program.short, *program.names)}:
            return program
    return None


@lru_cache(maxsize=8)
def _purposes(roots: tuple[str, ...]) -> PurposesFile:
    return read(PurposesFile, PURPOSES_FILE)


def forbidden_word(program: Program, text: str) -> str:
    """The forbidden purpose (工作经费, 人员经费 …) that a text names, '' for none."""
    law = _purposes(tuple(str(root) for root in templates.roots()))
    said = "".join(unicodedata.normalize("NFKC", text).split())
    for word in law.unless:
        said = said.replace(word, "")
    return next((word for word in (*law.forbidden, *program.forbidden) if word in said), "")
