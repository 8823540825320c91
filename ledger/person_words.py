"""The words of the register (登记簿用词): the five statuses and the relations of a bank account, from ``templates/persons.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ledger.errors_persons import UnknownRegisterWord
from ledger.identity import clean
from ledger.lawfile import BadLawFile, LawFile, Strict, read
from ledger.person_tables import RELATIONS, STATUSES

FILE = "persons.yaml"


class _Status(Strict):
    code: str
    zh: str
    enrol: tuple[str, ...]
    benefit: tuple[str, ...]


class _Relation(Strict):
    code: str
    zh: str
    words: tuple[str, ...]


class PersonsFile(LawFile):
    """Schema of ``templates/persons.yaml``."""

    statuses: tuple[_Status, ...]
    silent: tuple[str, ...]
    relations: tuple[_Relation, ...]


@dataclass(frozen=True)
class Words:
    """Local word → code, '' for words that say nothing; ``zh`` names each code."""

    zh: dict[str, str]
    enrol: dict[str, str]
    benefit: dict[str, str]
    relations: dict[str, str]

    def status(self, text: str) -> str:
        """The code of a status written in Chinese or as its code; raises SB1408."""
        known = {self.zh[code]: code for code in STATUSES} | {code: code for code in STATUSES}
        if text not in known:
            raise UnknownRegisterWord(what="状态", what_en="status", value=text, known="、".join(self.zh[code] for code in STATUSES))
        return known[text]

    def relation(self, text: str) -> str:
        """The code of a relation of the holder to the person; raises SB1408."""
        found = self.relations.get(clean(text)) or self.relations.get(text)
        if not found:
            raise UnknownRegisterWord(what="户主与本人关系", what_en="relation", value=text, known="、".join(self.zh[code] for code in RELATIONS))
        return found


def _column(rows: list[tuple[str, tuple[str, ...]]], silent: tuple[str, ...], where: str) -> dict[str, str]:
    found = dict.fromkeys((clean(word) for word in silent), "")
    found[""] = ""
    for code, words in rows:
        for word in words:
            if clean(word) in found:
                raise BadLawFile(file=FILE, where=where, why=f"“{word}”出现两次")
            found[clean(word)] = code
    return found


@lru_cache(maxsize=1)
def words() -> Words:
    """The words in force; raises SB1011 when the file is wrong, a code is missing or a word stands twice."""
    data = read(PersonsFile, FILE)
    codes = {"statuses": ([row.code for row in data.statuses], STATUSES), "relations": ([row.code for row in data.relations], RELATIONS)}
    for where, (given, wanted) in codes.items():
        if given != list(wanted):
            raise BadLawFile(file=FILE, where=where, why=f"应依次为 {'、'.join(wanted)}")
    relations = {clean(word): row.code for row in data.relations for word in (row.code, row.zh, *row.words)}
    return Words(
        zh={row.code: row.zh for row in data.statuses} | {row.code: row.zh for row in data.relations},
        enrol=_column([(row.code, row.enrol) for row in data.statuses], data.silent, "enrol"),
        benefit=_column([(row.code, row.benefit) for row in data.statuses], data.silent, "benefit"),
        relations=relations,
    )
