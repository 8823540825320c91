"""The eight statutory funds (险种), their letter codes and the names people write for them (FORMATS.md)."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

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

    @property
    def zh(self) -> str:
        return NAMES[self][0]

    @property
    def short(self) -> str:
        """The usual short name, e.g. 城乡居保."""
        return NAMES[self][1]

    @classmethod
    def parse(cls, text: str) -> Fund:
        """A letter code, statutory name or usual short name; raises SB1003."""
        key = unicodedata.normalize("NFKC", text).replace(" ", "").removesuffix("基金").upper()
        found = _LOOKUP.get(key)
        if found is None:
            raise UnknownFund(value=text)
        return found


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
