"""The standard's numbered treatments (账务处理) and which entry templates carry them out (制度条文 → 分录模板 → 用例).

``templates/standard/28-2017.yaml`` quotes every numbered paragraph of 第三部分 of 财会〔2017〕28号. A paragraph is named
``1101三(一)``: account, paragraph, item. An item that says 借记 is a treatment; its sentences that say 借记 are its
entries, named ``1101三(一)①``, ``②`` … in the order of the text. A template cites the entries it books; a citation
without an ordinal stands for all entries of the treatment. Cases are YAML under ``templates/standard/cases``: they
are run here, so that "covered" means "built and compared", never "mentioned".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import templates
from ledger.errors import UNUSABLE, Refusal
from ledger.event_file import EventTemplate, load_events
from ledger.lawfile import LawFile, Strict, read
from ledger.standard_cases import Case, load_cases

INDEX = "standard/28-2017.yaml"
ORDINALS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CITED = re.compile(rf"([0-9]{{4}})([一二三四五六七八九十]+)((?:\([一二三四五六七八九十]+\))+)([{ORDINALS}]*)")
_SENTENCE = re.compile(r"[^。；]*[。；]?")
_ITEM = re.compile(r"\([一二三四五六七八九十]+\)")


class UnknownParagraph(Refusal):
    """A paragraph that the standard does not have."""

    code = "SB1040"
    zh = "制度第三部分没有段落“{paragraph}”。"
    en = "The standard's third part has no paragraph “{paragraph}”."
    cause_zh = "段落写作 科目编号＋段＋项，如 1101三(一)，第几笔分录用 ①②③ 表示。"
    cause_en = "A paragraph is written account, paragraph, item, such as 1101三(一); ①②③ name its entries."
    remedy_zh = "运行 shebao standard coverage 查看全部段落。"
    remedy_en = "Run shebao standard coverage to see every paragraph."
    status = UNUSABLE


class Item(Strict):
    """One numbered item below a paragraph; ``text``: its sentences, line by line."""

    number: str
    text: tuple[str, ...]


class Paragraph(Strict):
    """One numbered paragraph of an account's page, with its items."""

    number: str
    text: tuple[str, ...]
    items: tuple[Item, ...] = ()


class AccountPage(Strict):
    """The page of one account in 第三部分."""

    code: str
    name: str
    element: str
    paragraphs: tuple[Paragraph, ...]


class Index(LawFile):
    """Every numbered paragraph of 第三部分."""

    accounts: tuple[AccountPage, ...]


@dataclass(frozen=True, slots=True)
class Treatment:
    """One numbered treatment: ``paragraph`` (1101三(一)), its account, its text, and the sentences that are entries."""

    paragraph: str
    account: str
    account_name: str
    text: tuple[str, ...]
    entries: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """``1101三(一)①`` … one for each entry; the bare paragraph where there is one entry."""
        return tuple(self.paragraph + ORDINALS[place] for place in range(len(self.entries))) if len(self.entries) > 1 else (self.paragraph,)


@dataclass(frozen=True, slots=True)
class Covered:
    """A treatment with what carries it out: entry → codes of templates, entry → names of cases, and the cases that do not hold."""

    treatment: Treatment
    by_entry: Mapping[str, tuple[str, ...]]
    worked: Mapping[str, tuple[str, ...]]
    failing: tuple[str, ...]

    @property
    def templates(self) -> tuple[str, ...]:
        """All templates of the treatment, each once, in the order of the entries."""
        return tuple(dict.fromkeys(code for codes in self.by_entry.values() for code in codes))

    @property
    def cases(self) -> tuple[str, ...]:
        """All its cases, each once."""
        return tuple(dict.fromkeys(name for names in self.worked.values() for name in names))

    @property
    def missing(self) -> tuple[str, ...]:
        """Entries without a template, or without a case."""
        return tuple(key for key, codes in self.by_entry.items() if not codes or not self.worked[key])

    @property
    def complete(self) -> bool:
        """Every entry has a template and a case, and every case holds."""
        return not self.missing and not self.failing


@lru_cache(maxsize=4)
def _index(roots: tuple[str, ...]) -> Index:
    return read(Index, INDEX)


def index() -> Index:
    """The standard's 第三部分; raises SB1011 for a broken file."""
    return _index(tuple(str(root) for root in templates.roots()))


def treatments() -> tuple[Treatment, ...]:
    """All numbered treatments in the order of the text."""
    return tuple(
        Treatment(f"{page.code}{paragraph.number}{item.number}", page.code, page.name, item.text, entries)
        for page in index().accounts
        for paragraph in page.paragraphs
        for item in paragraph.items
        if (entries := tuple(_entries(item.text)))
    )


def treatment(paragraph: str) -> Treatment:
    """The treatment a citation names, its ordinals left aside; raises SB1040."""
    name = paragraph.rstrip(ORDINALS)
    for one in treatments():
        if one.paragraph == name:
            return one
    raise UnknownParagraph(paragraph=paragraph)


def cited(reference: str) -> tuple[str, ...]:
    """The entries a template's reference names, in the form of :attr:`Treatment.keys`; raises SB1040 for one the standard lacks.

    ``1101三(一)②③；4202二(二)`` names two entries of one treatment and all of another. Citations of paragraphs that are no
    treatment (``1101一``, ``总说明十(四)``) are left aside.
    """
    known = {one.paragraph: one for one in treatments()}
    found: list[str] = []
    for account, paragraph, items, ordinals in _CITED.findall(reference):
        for item in _ITEM.findall(items):
            one = known.get(f"{account}{paragraph}{item}")
            if one is None:
                continue
            keys = one.keys if not ordinals else tuple(one.paragraph + ordinal for ordinal in ordinals)
            if set(keys) - set(one.keys):
                raise UnknownParagraph(paragraph=f"{account}{paragraph}{item}{ordinals}")
            found += keys
    return tuple(dict.fromkeys(found))


def coverage() -> tuple[Covered, ...]:
    """Each treatment with its templates and cases; the cases are run."""
    booked: dict[str, list[str]] = {key: [] for one in treatments() for key in one.keys}
    for law in load_events().values():
        for key in _cited_by(law):
            booked[key].append(law.code)
    worked: dict[str, list[str]] = {key: [] for key in booked}
    for case in load_cases():
        for key in _proves(case):
            worked[key].append(case.name)
    failed = {case.name for case in load_cases() if case.trouble()}
    return tuple(
        Covered(one, {key: tuple(booked[key]) for key in one.keys}, {key: tuple(worked[key]) for key in one.keys}, tuple(sorted(failed & _names(one, worked))))
        for one in treatments()
    )


def _names(one: Treatment, worked: Mapping[str, list[str]]) -> set[str]:
    return {name for key in one.keys for name in worked[key]}


def _proves(case: Case) -> tuple[str, ...]:
    """The entries a case stands for: those it names, else each treatment of which its template books one single entry."""
    if case.refuses:
        return ()
    cited = _cited_by(load_events()[case.event])
    if case.paragraph:
        if strange := set(case.paragraph) - set(cited):
            raise UnknownParagraph(paragraph="、".join(sorted(strange)))
        return case.paragraph
    of_treatment: dict[str, list[str]] = {}
    for key in cited:
        of_treatment.setdefault(key.rstrip(ORDINALS), []).append(key)
    return tuple(keys[0] for keys in of_treatment.values() if len(keys) == 1)


def _cited_by(law: EventTemplate) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for text in (law.reference, *(rule.reference for rule in law.closing)) for key in cited(text)))


def _entries(text: tuple[str, ...]) -> Iterator[str]:
    for line in text:
        for sentence in _SENTENCE.findall(line):
            if "借记" in sentence:
                yield sentence
