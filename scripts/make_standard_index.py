"""Writes what templates are held against, from the text of 财会〔2017〕28号 itself: ``templates/standard/28-2017.yaml`` has every numbered
paragraph of 第三部分, ``templates/standard/28-2017-statements.yaml`` every line of the forms of 第四部分 and every rule of 第五部分.

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
FORMS = ROOT / "templates" / "standard" / "28-2017-statements.yaml"
NUMERAL = "[一二三四五六七八九十]+"
_ACCOUNT = re.compile(r"([0-9]{4}) ?(\S+)")
_CLASS = re.compile(rf"{NUMERAL}、(\S{{2,3}}类)")
_PARAGRAPH = re.compile(rf"({NUMERAL})、(.+)")
_ITEM = re.compile(rf"（({NUMERAL})）(.+)")

_PART = re.compile(rf"({NUMERAL})、(资产负债表|收支表)编制说明|({NUMERAL})、(附注)(.*)")
_FUND = re.compile(r"([1-8])\. ?对于(\S+?)，各项目的内容和填列方法如下：")
_NUMBER = re.compile(r"([0-9]{1,2})\. ?(.+)")
_BRACKET = re.compile(r"（([0-9]{1,2})）(.+)")
_RING = re.compile(r"([①②③④⑤⑥⑦⑧⑨])\s*(.+)")
_BLANK_FORM = re.compile(r"编制单位|险种和制度：\s|项目\s|余额\s+余额|资产\s+负债和净资产|年初\s+期末")

FORMS_HEAD = """# 《社会保险基金会计制度》（财会〔2017〕28号）第四部分“财务报表格式”的全部项目和第五部分“财务报表编制说明”的全部编号规则，逐字引自制度原文。
# 由 scripts/make_standard_index.py 写成，不要手改。规则编号与 templates/statements 中各行的 reference 同一写法，如 第五部分二(二)1(11)。
document: 财会〔2017〕28号
valid_from: 2018-01-01
valid_to: null
reference: 第四部分 财务报表格式；第五部分 财务报表编制说明
"""

HEAD = """# 《社会保险基金会计制度》（财会〔2017〕28号）第三部分“会计科目使用说明”的全部编号段落，逐字引自制度原文。
# 由 scripts/make_standard_index.py 写成，不要手改。段落编号写作 1101三(一)；其中第几笔分录写作 1101三(一)②（见 ledger/standard.py）。
document: 财会〔2017〕28号
valid_from: 2018-01-01
valid_to: null
reference: 第三部分 会计科目使用说明
"""


def main() -> int:
    """Reads the text named on the command line, writes the index, prints how many paragraphs it holds."""
    raw = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    lines = [re.sub(r"\s+", " ", line).strip() for line in raw]
    first = next(at for at, line in enumerate(lines) if at > 50 and line.startswith("第三部分"))
    last = next(at for at, line in enumerate(lines) if at > first and line.startswith("第四部分"))
    accounts = _read([line for line in lines[first + 1 : last] if line])
    text = yaml.safe_dump({"accounts": accounts}, allow_unicode=True, sort_keys=False, width=10**6, indent=2)
    TARGET.write_text(HEAD + text, encoding="utf-8", newline="\n")
    end = next(at for at, line in enumerate(lines) if at > last and line.startswith("第五部分"))
    balance, income = _forms(raw[last + 1 : end])
    rules = _rules(lines[end + 1 :])
    body = {"balance_sheet": balance, "income_statements": income, "rules": rules}
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=10**6, indent=2)
    FORMS.write_text(FORMS_HEAD + text, encoding="utf-8", newline="\n")
    print(f"{len(accounts)} accounts, {len(income) + 1} forms, {len(rules)} rules")
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


def _forms(body: list[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """会社保01 with its two sides and the forms of 会社保02, each with the words of its head and its notes."""
    starts = [at for at, line in enumerate(body) if line.strip() in ("资产负债表", "收支表")]
    found = [body[start:end] for start, end in zip(starts, [*starts[1:], len(body)], strict=True)]
    return _balance_form(found[0]), [_income_form(form) for form in found[1:]]


def _notes(form: list[str]) -> tuple[list[str], list[str]]:
    """A form's lines and the paragraphs under it (注)."""
    at = next((number for number, line in enumerate(form) if line.strip().startswith("注：")), len(form))
    return form[:at], ["".join(_plain(line.strip()) for line in form[at:])] if at < len(form) else []


def _balance_form(form: list[str]) -> dict[str, Any]:
    lines, notes = _notes(form)
    sides: dict[str, list[str]] = {"left": [], "right": []}
    for line in lines[1:]:
        if not line.strip() or _BLANK_FORM.search(line):
            continue
        cells = re.split(r"\s{4,}", line.strip())
        names = ("left", "right") if len(cells) == 2 else ("right",) if len(line) - len(line.lstrip()) > 15 else ("left",)
        for name, cell in zip(names, cells, strict=True):
            sides[name].append(_plain(cell))
    return {"title": lines[0].strip(), **sides, "notes": notes}


def _income_form(form: list[str]) -> dict[str, Any]:
    lines, notes = _notes(form)
    head = re.match(r"险种和制度：(\S+)\s+(会社保.*)", lines[1].strip())
    if head is None:
        raise ValueError(f"no head: {lines[1]}")
    shown = [_plain(line.strip()) for line in lines[2:] if line.strip() and not _BLANK_FORM.search(line)]
    return {"fund_title": head.group(1), "form": _plain(head.group(2)), "lines": shown, "notes": notes}


def _rules(body: list[str]) -> list[dict[str, Any]]:
    """Every numbered rule of 第五部分 under its full number; a line without a number goes on with the rule above it."""
    rules: list[dict[str, Any]] = []
    at = ["", "", "", "", ""]
    for line in (line for line in body if line):
        if (head := _PART.fullmatch(line)) is not None:
            at = [head.group(1) or head.group(3), "", "", "", ""]
            if head.group(5):
                rules.append({"number": f"第五部分{at[0]}", "text": [_plain(head.group(5))]})
        elif (found := _numbered(line, at)) is not None:
            depth, number, text = found
            at = [*at[:depth], number, *[""] * (4 - depth)]
            rules.append({"number": f"第五部分{''.join(at)}", "text": [_plain(text)]})
        else:
            rules[-1]["text"].append(_plain(line))
    return rules


def _numbered(line: str, at: list[str]) -> tuple[int, str, str] | None:
    """A line's depth, number and text: （一）, then 1. of a fund or a line, then （1） of a fund, then ① of that."""
    if (found := _ITEM.fullmatch(line)) is not None:
        return 1, f"({found.group(1)})", found.group(2)
    if (found := _FUND.fullmatch(line)) is not None:
        return 2, found.group(1), line
    of_fund = at[0] == "二"
    if not of_fund and (found := _NUMBER.fullmatch(line)) is not None:
        return 2, found.group(1), found.group(2)
    if at[2] and of_fund and (found := _BRACKET.fullmatch(line)) is not None:
        return 3, f"({found.group(1)})", found.group(2)
    if at[3] and (found := _RING.fullmatch(line)) is not None:
        return 4, found.group(1), found.group(2)
    return None


def _plain(text: str) -> str:
    return text.replace(" ", "")


if __name__ == "__main__":
    sys.exit(main())
