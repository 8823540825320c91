"""记账凭证 as papers: posted entries of one book and month, with their people and links, printed so that they prove themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from books import views
from books.documents import voucher as voucher_document
from books.pdf.house import Rendered
from books.voucher_paper import LAYOUTS, TITLES, PrintedVoucher, VoucherPaper, printed_forms
from controls import businesses, people, vouchers
from controls.businesses import Part
from controls.grants import exceptions
from controls.voucher_tables import voucher
from ledger import accounts, chain, corrections, posted, voucher_forms
from ledger.accounts import Book
from ledger.errors import UNUSABLE, Refusal
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.posted import Posted
from ledger.tables import chain as chain_table
from ledger.tables import entry as entry_table
from shebao.store import Office

_LABEL = re.compile(r"([收付转记])-(\d{4}-\d{2})-(\d{1,6})|(\d{1,9})-(\d{1,9})")


class NothingToPrint(Refusal):
    """Vouchers that cannot be printed."""

    code = "SB6320"
    zh = "没有可以打印的凭证：{why}。"
    en = "There is no voucher to print: {why}."
    cause_zh = "记账凭证从已记账的分录打印；未记账的凭证没有编号。"
    cause_en = "Vouchers are printed from posted entries; what is not posted has no number."
    remedy_zh = "凭证写作 收-2026-01-0012 或流水号 1-12；整月的用 --from、--to；先 shebao voucher post 记账。"
    remedy_en = "Name vouchers as 收-2026-01-0012 or 1-12, whole months with --from and --to; post them first."
    status = UNUSABLE


def chosen(connection: sa.Connection, book: Book, labels: Sequence[str]) -> dict[Month, list[int]]:
    """Month → entries of the vouchers named by number (``收-2026-01-0012``) or by desk label (``1-12``), in order. Raises SB6320, SB3101."""
    found: dict[Month, set[int]] = {}
    columns = entry_table.c
    for label in labels:
        parts = _LABEL.fullmatch(label.strip())
        if parts is None:
            raise NothingToPrint(why=f"“{label}”不是凭证号")
        kind, month, number, of_book, of_voucher = parts.groups()
        if kind:
            wanted = Month.parse(month)
            row = connection.execute(
                sa.select(columns.entry_id).where(
                    columns.book_id == book.book_id, columns.period == wanted, columns.kind == kind, columns.number == int(number)
                )
            ).scalar()
        else:
            draft = vouchers.get(connection, int(of_book), int(of_voucher))
            row, wanted = draft.entry_id if draft.book_id == book.book_id else None, draft.entry.period
        if row is None:
            raise NothingToPrint(why=f"{book.fund.zh}账套没有已记账的凭证 {label}")
        found.setdefault(wanted, set()).add(int(row))
    return {month: sorted(found[month]) for month in sorted(found)}


def of_months(connection: sa.Connection, book: Book, first: Month, last: Month) -> dict[Month, list[int]]:
    """Month → every entry of the book, months from ``first`` to ``last``. Raises SB6320 when there is none."""
    columns = entry_table.c
    rows = connection.execute(
        sa.select(columns.period, columns.entry_id)
        .where(columns.book_id == book.book_id, columns.period >= first, columns.period <= last)
        .order_by(columns.period, columns.kind, columns.number)
    )
    found: dict[Month, list[int]] = {}
    for row in rows:
        found.setdefault(row.period, []).append(int(row.entry_id))
    if not found:
        raise NothingToPrint(why=f"{book.fund.zh}账套 {first} 至 {last} 没有已记账的凭证")
    return found


def spans(ids: Sequence[int]) -> str:
    """Entry ids in ascending order as ``1-20,25``; what a stamp carries."""
    parts: list[list[int]] = []
    for one in sorted(ids):
        if parts and parts[-1][1] == one - 1:
            parts[-1][1] = one
        else:
            parts.append([one, one])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in parts)


def from_spans(text: str) -> list[int]:
    """The inverse of :func:`spans`; raises SB6320 for anything else."""
    found: list[int] = []
    for part in text.split(","):
        if not re.fullmatch(r"\d{1,9}(-\d{1,9})?", part):
            raise NothingToPrint(why=f"“{text}”不是凭证序号")
        first, _, last = part.partition("-")
        if int(last or first) - int(first) > 1_000_000:
            raise NothingToPrint(why=f"“{text}”不是凭证序号")
        found += range(int(first), int(last or first) + 1)
    return found


def sheet(connection: sa.Connection, book: Book, month: Month, ids: Sequence[int], mark: views.Stamp, layout: str) -> VoucherPaper:
    """The vouchers of one month as the store gave them when the head of the trail was that of ``mark``.

    What was posted later (a red voucher that strikes one of these) is left out, so that a paper printed then proves itself now.
    Raises SB6320 for entries the month does not have.
    """
    wanted = set(ids)
    found = {one.entry_id: one for one in posted.entries(connection, book.book_id, month) if one.entry_id in wanted}
    if not wanted or set(found) != wanted or layout not in LAYOUTS:
        raise NothingToPrint(why=f"{book.fund.zh}账套 {month} 没有这些凭证")
    later = _posted_after(connection, book.book_id, mark.trail_head)
    maker = _Maker(connection, book, month, later)
    kinds = "收付转记"
    ordered = sorted(found.values(), key=lambda one: (kinds.find(one.entry.kind), one.number))
    return VoucherPaper(mark, (), tuple(maker.printed(one) for one in ordered), layout)


def _posted_after(connection: sa.Connection, book_id: int, head: str) -> set[int]:
    """Entries posted after a head of the trail (``seq:hash``)."""
    seq = head.partition(":")[0]
    columns = chain_table.c
    start = f"entry:{book_id}:"
    rows = connection.execute(
        sa.select(columns.thing).where(columns.act == "post", columns.thing.startswith(start, autoescape=True), columns.seq > int(seq))
        if seq.isdigit()
        else sa.select(columns.thing).where(sa.false())
    ).scalars()
    return {int(thing.removeprefix(start)) for thing in rows}


class _Maker:
    """What the vouchers of one month need beside their entries, read at once."""

    def __init__(self, connection: sa.Connection, book: Book, month: Month, later: set[int]) -> None:
        self.book, self.later = book, later
        self.names = {code: account.full_name for code, account in accounts.accounts_of(connection, book.book_id).items()}
        self.called = people.names(connection)
        columns = voucher.c
        rows = connection.execute(
            sa.select(columns.entry_id, columns.voucher_id, columns.cash, columns.cashier).where(
                columns.book_id == book.book_id, columns.period == month, columns.entry_id.is_not(None)
            )
        )
        self.desk = {row.entry_id: row for row in rows}
        self.parts = self._parts(connection)
        self.labels = self._labels(connection)
        self.corrected: dict[int, list[str]] = {}
        heads = entry_table.c
        by = connection.execute(
            sa.select(heads.entry_id, heads.corrects, heads.source_key).where(heads.book_id == book.book_id, heads.corrects.is_not(None))
        )
        for row in by:
            if row.entry_id not in later:
                kind = corrections.Correction(row.source_key.partition(":")[0]).zh
                self.corrected.setdefault(row.corrects, []).append(f"已由 {self.labels.get(row.entry_id, '')} {kind}")

    def _parts(self, connection: sa.Connection) -> Mapping[int, list[Part]]:
        mine = [row.voucher_id for row in self.desk.values()]
        found: dict[int, list[Part]] = {}
        of_book = businesses.of_book(connection, self.book.book_id)
        for parts in of_book.values() if mine else ():
            for part in parts:
                found[part.voucher_id] = parts
        return found

    def _labels(self, connection: sa.Connection) -> dict[int, str]:
        """Entry → its number, of the entries that links may name."""
        columns = entry_table.c
        named = {part.entry_id for parts in self.parts.values() for part in parts if part.entry_id is not None}
        linked = sa.select(columns.corrects).where(columns.book_id == self.book.book_id, columns.corrects.is_not(None))
        rows = connection.execute(
            sa.select(columns.entry_id, columns.kind, columns.period, columns.number).where(
                columns.book_id == self.book.book_id,
                sa.or_(columns.corrects.is_not(None), columns.entry_id.in_(linked), columns.entry_id.in_(sorted(named))),
            )
        )
        return {row.entry_id: f"{row.kind}-{row.period}-{row.number:04d}" for row in rows}

    def printed(self, one: Posted) -> PrintedVoucher:
        made, desk = one.entry, self.desk.get(one.entry_id)
        holds = max(1, Parameters.load().number("voucher_form_lines", made.day))
        forms = printed_forms(voucher_forms.forms(made.lines, made.day), holds, made.kind, one.number, made.summary, self.names)
        return PrintedVoucher(
            title=TITLES.get(made.kind, "记账凭证"), day=made.day, forms=forms, total=made.debit, attachments=made.attachments,
            maker=self._name(one.maker), reviewer=self._name(one.reviewer), poster=self._name(one.poster),
            cashier=self._name(desk.cashier) if desk is not None else "", cash=bool(desk is not None and desk.cash), digest=one.digest,
            links=tuple(self._links(one)),
        )  # fmt: skip

    def _name(self, user: str) -> str:
        return self.called.get(user, user)

    def _links(self, one: Posted) -> Iterator[str]:
        if one.entry.corrects is not None:
            kind = corrections.kind_of(one.entry)
            yield f"本凭证{kind.zh if kind else '更正'} {self.labels.get(one.entry.corrects, '')}"
        yield from self.corrected.get(one.entry_id, [])
        desk = self.desk.get(one.entry_id)
        parts = self.parts.get(desk.voucher_id, []) if desk is not None else []
        if parts and desk is not None:
            mine = next(part for part in parts if part.voucher_id == desk.voucher_id)
            known = [part for part in parts if part.entry_id is not None and part.entry_id not in self.later]
            first = self.labels.get(parts[0].entry_id or 0, "") if parts[0] in known else ""
            others = "、".join(self.labels[part.entry_id] for part in known if part.entry_id is not None)
            yield f"同笔业务 {first + ' ' if first else ''}{mine.part}/{mine.parts}（{others}）"


def stamped(connection: sa.Connection, book: Book, month: Month, ids: Sequence[int], layout: str, now: str) -> views.Stamp:
    """The stamp of vouchers of one month: which entries, in which layout."""
    seq, head = chain.head(connection)
    parameters = (("layout", layout), ("vouchers", spans(ids)))
    unit, where = book.unit_name, f"{book.unit_code}/{book.fund.value}"
    return views.Stamp(
        unit=unit, book=where, fund=book.fund, period=str(month), as_of=now, trail_head=f"{seq}:{head}", parameters=parameters,
        exceptions=exceptions.said(connection, str(month), now),
    )  # fmt: skip


def write(office: Office, book: Book, wanted: Mapping[Month, Sequence[int]], out: Path, layout: str = "a5") -> list[tuple[Path, Rendered, int]]:
    """One PDF a month under ``out``: (file, what was printed, vouchers in it). Raises SB6320."""
    office.papers_may_be_read()
    out.mkdir(parents=True, exist_ok=True)
    made: list[tuple[Path, Rendered, int]] = []
    for month, ids in wanted.items():
        with office.reading() as connection:
            paper = sheet(connection, book, month, ids, stamped(connection, book, month, ids, layout, office.now()), layout)
        rendered = voucher_document.print_pdf(paper)
        file = out / f"{book.fund.value}-{month}-记账凭证-{_named(paper)}.pdf"
        file.write_bytes(rendered.pdf)
        made.append((file, rendered, len(paper.vouchers)))
    return made


def _named(paper: VoucherPaper) -> str:
    """``收12`` for one voucher, ``收1至转9`` for several."""
    first, last = (paper.vouchers[place].forms[0].label.split(" ")[0].replace("字", "").replace("号", "") for place in (0, -1))
    return first if len(paper.vouchers) == 1 else f"{first}至{last}"


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """The file that a stamp of ours names, as the store gives it now. Raises SB6320."""
    given = dict(about.parameters)
    if set(given) != {"layout", "vouchers"}:
        raise NothingToPrint(why="文件所载的参数无法识别")
    ids = from_spans(given["vouchers"])
    mark = replace(stamped(connection, book, month, ids, given["layout"], about.as_of), trail_head=about.trail_head)
    return voucher_document.print_pdf(sheet(connection, book, month, ids, mark, given["layout"]))
