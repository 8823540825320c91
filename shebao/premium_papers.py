"""Papers of the premium desk: claims and the monthly report as PDF, XLSX and JSON, each proved by printing it again (``shebao verify``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from books import views
from books.documents import premium_paper as document
from books.premium_paper import ClaimPaper, Part, ZeroingPaper
from controls import people
from controls.grants import exceptions
from controls.premiums import claim_money, claim_rows, zeroing
from controls.premiums.claim_rows import BACK, Claim
from controls.premiums.zeroing import LIST_ZH, LISTS, MOVES, Zeroing
from ledger import accounts, chain
from ledger.accounts import Book
from ledger.funds import Fund
from ledger.identity import mask_name, mask_number
from ledger.months import Month
from shebao import premium_desk

if TYPE_CHECKING:
    from books.pdf.house import Rendered
    from shebao.store import Office

CLAIM_SIGNERS = tuple(views.SignatureBox(role) for role in ("单位负责人", "分管领导", "审核", "经办"))
ZERO_SIGNERS = tuple(views.SignatureBox(role) for role in ("分管领导", "审核", "经办"))


def _stamp(connection: sa.Connection, book: Book, period: str, now: str, **parameters: str) -> views.Stamp:
    seq, head = chain.head(connection)
    return views.Stamp(
        unit=book.unit_name, book=f"{book.unit_code}/{book.fund.value}", fund=book.fund, period=period, as_of=now, trail_head=f"{seq}:{head}",
        parameters=tuple(sorted(parameters.items())), exceptions=exceptions.said(connection, period, now),
    )  # fmt: skip


def _total(rows: Iterable[tuple[Any, ...]], texts: int) -> tuple[Any, ...]:
    found = list(rows)
    return ("合计", *[""] * (texts - 1), *(sum(row[at] for row in found) for at in range(texts, len(found[0])))) if found else ()


def _counted(connection: sa.Connection, one: Claim, *names: str) -> list[tuple[Any, ...]]:
    """(values, persons, fen) of a claim's lines by some of their columns."""
    from controls.premium_tables import claim_line

    keys = [claim_line.c[name] for name in names]
    query = (
        sa.select(*keys, sa.func.count(claim_line.c.number.distinct()), sa.cast(sa.func.sum(claim_line.c.fen), sa.BigInteger))
        .where(claim_line.c.book_id == one.book_id, claim_line.c.claim_id == one.claim_id)
        .group_by(*keys)
    )
    return sorted((*row[:-2], int(row[-2]), int(row[-1])) for row in connection.execute(query))


def claim_sheet(connection: sa.Connection, book: Book, one: Claim, mark: views.Stamp) -> ClaimPaper:
    """The paper of a claim from what is kept of it."""
    called = people.names(connection)
    back = one.kind == BACK
    title = f"{one.year}年度{book.fund.zh}{'代缴保费退回清册' if back else '代缴保费申请'}"
    payers = _counted(connection, one, "payer", "category")
    towns = _counted(connection, one, "town", "category")
    years = _counted(connection, one, "payer", "received_year") if back else []
    reasons: dict[str, int] = {}
    for row in claim_rows.left(connection, one):
        reasons[row[-1]] = reasons.get(row[-1], 0) + 1
    kinds = _counted(connection, one, "note") if back else _counted(connection, one, "tier_fen", "category")
    parts = [
        Part("按出资方和类别", ("出资方", "类别", "人数", "金额（元）"), (*payers, _sum_persons(payers, 2, one)), ("金额（元）",), total=True),
        Part("按乡镇（街道）和类别", ("乡镇（街道）", "类别", "人数", "金额（元）"), (*towns, _sum_persons(towns, 2, one)), ("金额（元）",), total=True),
    ]
    if back:
        told = tuple((payer, f"{year}年", persons, fen) for payer, year, persons, fen in years)
        parts.append(Part("按收到的年份（本年冲减 4001，以前年度记 5401）", ("出资方", "收到年份", "人数", "金额（元）"), told, ("金额（元）",)))
        parts.append(Part("按原因", ("原因", "人数", "金额（元）"), tuple(kinds), ("金额（元）",)))
    else:
        rows = tuple((category, tier, persons, fen) for tier, category, persons, fen in kinds)
        parts.append(
            Part(
                "核对：人数 × 档次",
                ("类别", "档次（元）", "人数", "申请（元）"),
                rows,
                ("档次（元）", "申请（元）"),
            )
        )
        ordered: list[tuple[str, int]] = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        parts.append(Part("未列入及原因", ("原因", "人数"), tuple(ordered)))
    signed = f"编制 {called.get(one.prepared_by, one.prepared_by)} {one.prepared_at[:10]}；" + (
        f"审核 {called.get(one.reviewed_by, one.reviewed_by)} {one.reviewed_at[:10]}" if one.reviewed_by else "尚未审核"
    )
    head = f"第 {one.claim_id} 号清册（{claim_rows.STATE_ZH[one.state]}），{one.persons} 人，数据截至 {one.as_of}"
    said = (f"{head}，来自文件 {one.files.strip('[]')}。{signed}。明细摘要码 {one.digest[:16]}。",)
    about = ((f"险种：{book.fund.zh}", "", "代缴保费"), (f"编制单位：{book.unit_name}", f"{one.year}年度", "单位：元"))
    return ClaimPaper(mark, CLAIM_SIGNERS, title, about, tuple(parts), said)


def _sum_persons(rows: Sequence[tuple[Any, ...]], texts: int, one: Claim) -> tuple[Any, ...]:
    """The total row: persons counted once, though several payers share a premium."""
    return ("合计", *[""] * (texts - 1), one.persons, sum(row[-1] for row in rows))


def write_claim(office: Office, fund: Fund, claim_id: int, out: Path, *, reveal: bool = False) -> tuple[list[Path], str]:
    """A claim as PDF and XLSX (with the list by person, masked unless its reading is recorded) under ``out``; gives the files and the digest."""
    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        one = claim_rows.get(connection, book.book_id, claim_id)
        paper = claim_sheet(connection, book, one, _stamp(connection, book, str(one.year), office.now(), claim=str(claim_id)))
        shown = _shown(reveal)
        persons = Part(
            "清册", ("证件号码", "姓名", "类别", "兼有类别", "乡镇（街道）", "出资方", "收到年份", "档次（元）", "金额（元）", "备注"),
            tuple((*shown(r[0], r[3]), r[4], r[5], r[6], r[1], str(r[2] or ""), r[7], r[8], r[10]) for r in claim_rows.lines(connection, one)),
            ("档次（元）", "金额（元）"),
        )  # fmt: skip
        left = tuple((*shown(row[0], row[1]), row[2], row[3], row[4]) for row in claim_rows.left(connection, one))
    name = f"{fund.value}-{one.year}-第{claim_id}号{claim_rows.KIND_ZH[one.kind]}"
    rendered = document.print_pdf(paper)
    files = [out / f"{name}.pdf", out / f"{name}.xlsx"]
    files[0].write_bytes(rendered.pdf)
    lists = [persons, Part("未列入人员", ("证件号码", "姓名", "类别", "乡镇（街道）", "原因"), left)]
    document.write_xlsx(paper, files[1], lists)
    return files, rendered.digest


def _shown(reveal: bool) -> Callable[[str, str], tuple[str, str]]:
    return (lambda number, name: (number, name)) if reveal else (lambda number, name: (mask_number(number), mask_name(name)))


def zeroing_sheet(made: Zeroing, before: Zeroing | None, book: Book, mark: views.Stamp) -> ZeroingPaper:
    """The paper of a month's report."""
    month = made.month
    names = {name: f"{name}（{LIST_ZH[name]}）" for name in LISTS}
    counted = tuple((names[name], made.count(name)) for name in LISTS)
    changes = tuple((names[c.list], c.new, c.settled, c.still) for c in zeroing.against(made, before)) if before is not None else ()
    places = tuple((names[name], category, town or "（未登记）", persons) for name, category, town, persons in made.by_place())
    moves = tuple((move, category, town or "（未登记）", persons) for move in MOVES for m, category, town, persons in made.moves if m == move)
    parts = (
        Part("结果", ("清单", "人数"), counted),
        Part("与上月相比", ("清单", "新增", "已办结", "仍未办结"), changes, empty="上月没有可比的名单。"),
        Part("按类别和乡镇（街道）", ("清单", "类别", "乡镇（街道）", "人数"), places, empty="三张清单均为零。"),
        Part("本月变动（名单上的人）", ("变动", "类别", "乡镇（街道）", "人数"), moves, empty="本月没有变动。"),
        Part("在册人数的构成", ("情形", "人数"), (*made.identity, ("合计", made.on_list)), total=True),
    )
    about = ((f"险种：{book.fund.zh}", "", "动态清零"), (f"编制单位：{book.unit_name}", month.zh(), "单位：人"))
    said = (made.proof() + ("。本月已清零。" if made.zero else "。尚未清零。"), *(f"{note}。" for note in made.notes))
    return ZeroingPaper(mark, ZERO_SIGNERS, f"{book.fund.zh}代缴保费动态清零月报", about, parts, said)


def _zeroing(
    office: Office, connection: sa.Connection, book: Book, month: Month, files: Sequence[int] | None, earlier: Sequence[int] | None, until: int
) -> Any:
    """The month's report, last month's where its lists are there, and the files of both."""
    from controls.premiums.errors import ListMissing

    made, used = premium_desk.report(office, connection, book.fund, month, files, until)
    try:
        before, used_before = premium_desk.report(office, connection, book.fund, month - 1, earlier, until) if earlier != [] else (None, ())
    except ListMissing:
        before, used_before = None, ()
    return made, before, used, used_before


def write_zeroing(
    office: Office, fund: Fund, month: Month, out: Path | None, *, reveal: bool = False
) -> tuple[Zeroing, tuple[zeroing.Change, ...], list[Path], str]:
    """The month's report, with ``out`` as PDF, XLSX and JSON there; lists by person stand in the workbook alone. Gives report, changes, files, digest."""
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        newest = claim_money.newest(connection, book)
        made, before, used, used_before = _zeroing(office, connection, book, month, None, None, newest)
        mark = _stamp(connection, book, str(month), office.now(), files=_listed(used), before=_listed(used_before), entries=str(newest))
    changes = zeroing.against(made, before) if before is not None else ()
    if out is None:
        return made, changes, [], ""
    out.mkdir(parents=True, exist_ok=True)
    paper = zeroing_sheet(made, before, book, mark)
    rendered = document.print_pdf(paper)
    files = [out / f"{fund.value}-{month}-动态清零.{kind}" for kind in ("pdf", "xlsx", "json")]
    files[0].write_bytes(rendered.pdf)
    shown = _shown(reveal)
    rows = made.open.to_pylist()
    lists = [
        Part(
            name, ("证件号码", "姓名", "类别", "乡镇（街道）", "说明", "已代缴（元）"),
            tuple((*shown(r["number"], r["name"]), r["category"], r["town"], r["reason"], r["fen"]) for r in rows if r["list"] == name), ("已代缴（元）",),
        )
        for name in LISTS
    ]  # fmt: skip
    document.write_xlsx(paper, files[1], lists)
    files[2].write_text(json.dumps(facts(made, changes, rendered.digest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return made, changes, files, rendered.digest


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, sorted(numbers)))


def facts(made: Zeroing, changes: Sequence[zeroing.Change], digest: str = "") -> dict[str, Any]:
    """The report as JSON: counts only."""
    return {
        "fund": made.fund.value, "month": str(made.month), "zero": made.zero, "proof": made.proof(), "digest": digest,
        "lists": {name: made.count(name) for name in LISTS}, "identity": dict(made.identity), "on_list": made.on_list,
        "notes": list(made.notes), "places": [list(row) for row in made.by_place()], "moves": [list(row) for row in made.moves],
        "against_last_month": [{"list": c.list, "new": c.new, "settled": c.settled, "still": c.still} for c in changes],
    }  # fmt: skip


def reprint(office: Office, connection: sa.Connection, book: Book, kind: str, about: views.Stamp) -> Rendered:
    """A claim's or a month's paper printed again, with the time and head of the stamp; raises SB3217, SB3022 and what the report raises."""
    given = dict(about.parameters)
    if kind == ClaimPaper.KIND:
        one = claim_rows.get(connection, book.book_id, int(given["claim"]) if given.get("claim", "").isdigit() else 0)
        mark = views.Stamp(
            book.unit_name, f"{book.unit_code}/{book.fund.value}", book.fund, str(one.year), about.as_of, about.trail_head, "", (("claim", str(one.claim_id)),),
            exceptions.said(connection, str(one.year), about.as_of),
        )
        return document.print_pdf(claim_sheet(connection, book, one, mark))
    chosen, earlier = ([int(part) for part in given.get(name, "").split(",") if part.isdigit()] for name in ("files", "before"))
    month = Month.parse(about.period)
    newest = int(given["entries"]) if given.get("entries", "").isdecimal() else 0
    made, before, used, used_before = _zeroing(office, connection, book, month, chosen, earlier, newest)
    parameters = (("before", _listed(used_before)), ("entries", str(newest)), ("files", _listed(used)))
    mark = views.Stamp(
        book.unit_name, f"{book.unit_code}/{book.fund.value}", book.fund, str(month), about.as_of, about.trail_head, "", parameters,
        exceptions.said(connection, str(month), about.as_of),
    )  # fmt: skip
    return document.print_pdf(zeroing_sheet(made, before, book, mark))


PAPERS = {ClaimPaper.KIND, ZeroingPaper.KIND}
"""Kinds of papers that :func:`reprint` prints."""
