"""Numbers of papers (文号、凭据号) as they are kept and compared: one way to write each, whichever door they come in by."""

from __future__ import annotations

import re
import unicodedata

_YEAR = re.compile(r"\s*[\[({【〔〈《]\s*((?:19|20)[0-9]{2})\s*[\])}】〕〉》]\s*")


def paper_name(text: str) -> str:
    """A paper's number: full width and spaces make no other paper, and the year stands in 〔〕 whatever brackets were typed (L11).

    >>> paper_name("财社[2026] 1号") == paper_name("财社（２０２６）１号") == "财社〔2026〕1号"
    True
    """
    return _YEAR.sub(r"〔\1〕", " ".join(unicodedata.normalize("NFKC", text).split()))
