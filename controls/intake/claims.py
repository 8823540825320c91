"""Headers claimed by hand (手工指定表头): ``--column 表内列名=规范列名`` and the columns of a saved mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from controls.intake.contracts import Column, Contract, fold
from controls.intake.errors_desk import BadColumn
from controls.intake.nearest import word_for

_UNIT_END = re.compile(r"(.+?)(?:[(\[【/,:]|单位)+(?:单位:?|人民币)*(?:元|万元|千元|百元|亿元|百万元|万)[)\]】]*")


def extended(contract: Contract, columns: Mapping[str, str]) -> Contract:
    """The contract in which each header of ``columns`` (header in the file → canonical header or synonym) means that column and no other.

    Beside such a header the column's own synonyms give way, and are listed as unused. A unit behind the header (金额（万元）)
    goes on to count as one. Raises SB2057.
    """
    lookup = contract.lookup()
    claims: dict[str, str] = {}
    for header, wanted in columns.items():
        column = lookup.get(fold(wanted))
        if column is None:
            near = word_for(wanted, [each.header for each in contract.columns])
            _refuse(contract, header, wanted, f"“{contract.title}”没有“{wanted}”这一列" + (f"，您是不是指“{near}”" if near else ""), f"no column {wanted}")
        name = bare(header)
        owner = next((each for each in contract.columns if fold(each.header) == fold(name)), None)
        if owner is not None and owner is not column:
            _refuse(contract, header, wanted, f"“{name}”本身就是规范列名，不能改指“{column.header}”", f"{name} is a column of its own")
        if column.id in claims and fold(claims[column.id]) != fold(name):
            _refuse(contract, f"{claims[column.id]}、{header}", wanted, f"一列只能指定一个表头，“{column.header}”给了两个", "two headers for one column")
        claims[column.id] = name
    taken = {fold(header): column_id for column_id, header in claims.items()}
    return contract.model_copy(update={"columns": tuple(_claimed(column, claims.get(column.id, ""), taken) for column in contract.columns)})


def bare(header: str) -> str:
    """The header without a unit of money behind it, so that the unit is still read from the file."""
    found = _UNIT_END.fullmatch(fold(header))
    return found.group(1) if found is not None else header


def _claimed(column: Column, header: str, taken: Mapping[str, str]) -> Column:
    """The column with its claimed header going first, and without names that another column has claimed."""
    free = tuple(name for name in column.synonyms if taken.get(fold(name), column.id) == column.id)
    weak = tuple(name for name in column.weak if fold(name) not in taken)
    if not header:
        return column.model_copy(update={"synonyms": free, "weak": weak})
    known = {fold(name) for name in (column.header, *free)}
    synonyms = free if fold(header) in known else (*free, header)
    ranks = column.ranks or ((column.header, *free),)
    others = tuple(rest for rank in ranks if (rest := tuple(name for name in rank if fold(name) != fold(header))))
    return column.model_copy(update={"synonyms": synonyms, "weak": weak, "ranks": ((header,), *others)})


def _refuse(contract: Contract, header: str, wanted: str, why: str, why_en: str) -> NoReturn:
    known = "、".join(column.header for column in contract.columns)
    raise BadColumn(given=f"{header}={wanted}", why=why, why_en=why_en, title=contract.title, known=known)
