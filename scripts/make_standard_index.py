"""Writes ``templates/standard/28-2017.yaml``: every numbered paragraph of 第三部分 of 财会〔2017〕28号, from the standard's own text.

``.venv/bin/python scripts/make_standard_index.py TEXT`` where TEXT is the standard as plain text (UTF-8). The text of an
official document is quoted letter by letter; only the blanks that printing left within Chinese words are taken out.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "templates" / "standard" / "28-2017.yaml"
NUMERAL = "[一二三四五六七八九十]+"
_ACCOUNT = re.compile(r"([0-9]{4}) ?(\S+)")
_CLASS = re.compile(rf"{NUMERAL}、(\S{{2,3}}类)")
_PARAGRAPH = re.compile(rf"({NUMERAL})、(.+)")
_ITEM = re.compile(rf"（({NUMERAL})）(.+)")

HEAD = """# 《社会保险基金会计制度》（财会〔2017〕28号）第三部分“会计科目使用说明”的全部编号段落，逐字引自制度原文。
# 由 scripts/make_standard_index.py 写成，不要手改。段落编号写作 1101三(一)；其中第几笔分录写作 1101三(一)②（见 ledger/standard.py）。
document: 财会〔2017〕28号
valid_from: 2018-01-01
valid_to: null
reference: 第三部分 会计科目使用说明
"""


def main() -> int:
    """Reads the text named on the command line, writes the index, prints how many paragraphs it holds."""
    lines = [re.sub(r"\s+", " ", line).strip() for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    first = next(at for at, line in enumerate(lines) if at > 50 and line.startswith("第三部分"))
    last = next(at for at, line in enumerate(lines) if at > first and line.startswith("第四部分"))
    accounts = _read([line for line in lines[first + 1 : last] if line])
    text = yaml.safe_dump({"accounts": accounts}, allow_unicode=True, sort_keys=False, width=10**6, indent=2)
    TARGET.write_text(HEAD + text, encoding="utf-8", newline="\n")
    print(f"{len(accounts)} accounts")
    return 0


def _read(body: list[str]) -> list[dict[str, Any]]:
    """Accounts with their paragraphs; a line without a number goes on with the paragraph or item above it."""
    accounts: list[dict[str, Any]] = []
    within, here = "", []
    for line in body:
        if (kind := _CLASS.fullmatch(line)) is not None:
            within = kind.group(1)
        elif (account := _ACCOUNT.fullmatch(line)) is not None:
            accounts.append({"code": account.group(1), "name": account.group(2), "element": within, "paragraphs": []})
        elif (item := _ITEM.fullmatch(line)) is not None:
            here = [_plain(item.group(2))]
            accounts[-1]["paragraphs"][-1].setdefault("items", []).append({"number": f"({item.group(1)})", "text": here})
        elif (paragraph := _PARAGRAPH.fullmatch(line)) is not None:
            here = [_plain(paragraph.group(2))]
            accounts[-1]["paragraphs"].append({"number": paragraph.group(1), "text": here})
        else:
            here.append(_plain(line))
    return accounts


def _plain(text: str) -> str:
    return text.replace(" ", "")


if __name__ == "__main__":
    sys.exit(main())
