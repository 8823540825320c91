"""A paper of texts and tables (清单式表单) as a frozen value: what it is called, for whom, sentences, and tables of texts and whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.premium_paper import Part
from books.views import Sheet


@dataclass(frozen=True, slots=True)
class TabledPaper(Sheet):
    """One form; ``form`` names which (roster_changes, coming_of_age, notice, certification, settlement). No identity number in full."""

    KIND: ClassVar[str] = "tabled"
    form: str
    title: str
    about: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]
    said: tuple[str, ...] = ()
