"""The eight statutory funds (险种), their letter codes and the names people write for them (FORMATS.md).

A program of earmarked money (专项资金, ``ledger.programs``) stands where a fund stands: ``Fund("DB")`` is one value, the same
every time, of this type, and is none of the eight that ``for fund in Fund`` gives. It has a special book, no statutory chart.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from ledger import programs
from ledger.errors import UNUSABLE, Refusal


class UnknownFund(Refusal):
    """A fund name that no synonym covers."""

    code = "SB1003"
    zh = "不认识的险种“{value}”。"
    en = "Unknown fund “{value}”."
    cause_zh = "险种须为 E、R、G、ME、MR、W、U、B 或其通用名称。"
    cause_en = "A fund is E, R, G, ME, MR, W, U, B or one of their usual names."
    remedy_zh = "写险种代码或名称，如 R 或 城乡居民基本养老保险；没有这一列、整份文件同一险种的，写在文件名后面：'文件::险种=R'。"
    remedy_en = "Mend the column, or give the fund with the file: FILE::险种=R."
    status = UNUSABLE


class Fund(StrEnum):
    """Letter code of a fund; ``zh`` is its statutory name."""

    E = "E"
    R = "R"
    G = "G"
    ME = "ME"
    MR = "MR"
    W = "W"
    U = "U"
    B = "B"

    @classmethod
    def _missing_(cls, value: object) -> Fund | None:
        """A program's code: a member beyond the eight, made once."""
        program = programs.programs().get(value) if isinstance(value, str) else None
        if program is None:
            return None
        if program.program not in _PROGRAMS:
            member = str.__new__(cls, program.program)
            member._name_ = member._value_ = program.program
            _PROGRAMS[program.program] = member
        return _PROGRAMS[program.program]

    @property
    def special(self) -> bool:
        """Whether this is a program with a special book (专账), not an insurance fund."""
        return self not in NAMES

    @property
    def program(self) -> programs.Program:
        """What the program's file says; raises SB1003 for an insurance fund or a program whose file is gone."""
        found = programs.programs().get(self.value)
        if found is None:
            raise UnknownFund(value=self.value)
        return found

    @property
    def zh(self) -> str:
        return self.program.zh if self.special else NAMES[self][0]

    @property
    def book_zh(self) -> str:
        """What the fund's money is called on papers: 失业保险基金, 最低生活保障专账."""
        return self.zh + ("专账" if self.special else "基金")

    @property
    def short(self) -> str:
        """The usual short name, e.g. 城乡居保."""
        return self.program.short if self.special else NAMES[self][1]

    @classmethod
    def parse(cls, text: str) -> Fund:
        """A letter code, statutory name or usual short name, or a program's code or name; raises SB1003."""
        key = unicodedata.normalize("NFKC", text).replace(" ", "").removesuffix("基金").upper()
        found = _LOOKUP.get(key)
        if found is not None:
            return found
        program = programs.find(key)
        if program is None:
            raise UnknownFund(value=text)
        return cls(program.program)


_PROGRAMS: dict[str, Fund] = {}
"""Programs met so far, by code: one value each."""

NAMES: dict[Fund, tuple[str, ...]] = {
    Fund.E: (
        "企业职工基本养老保险", "职工养老", "企业养老", "企业职工养老", "企业职工养老保险", "城镇职工基本养老保险", "职工基本养老保险",
        "职工养老保险", "城镇职工养老",
    ),
    Fund.R: ("城乡居民基本养老保险", "城乡居保", "居民养老", "城乡居民养老", "城乡居民养老保险", "居保", "居民养老保险", "城居保", "新农保"),
    Fund.G: ("机关事业单位基本养老保险", "机关养老", "机关事业养老", "机关事业单位养老", "机关事业单位养老保险", "机关事业养老保险", "机关保"),
    Fund.ME: ("职工基本医疗保险", "职工医保", "城镇职工基本医疗保险", "职工医疗", "职工医疗保险"),
    Fund.MR: ("城乡居民基本医疗保险", "居民医保", "城乡居民医保", "居民医疗", "城乡居民医疗保险", "居民医疗保险"),
    Fund.W: ("工伤保险", "工伤"),
    Fund.U: ("失业保险", "失业"),
    Fund.B: ("生育保险", "生育"),
}  # fmt: skip

_LOOKUP: dict[str, Fund] = {fund.value: fund for fund in Fund} | {name.upper(): fund for fund, names in NAMES.items() for name in names}
