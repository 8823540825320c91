"""How `shebao person-account` shows acts, pages and steps: numbers masked, amounts in yuan, JSON in fen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.person_accounts.page import Page
    from controls.vouchers import Draft
    from ledger.accounts import Book
    from ledger.db import UnitOfWork
    from ledger.person_accounts.settlement import Step
    from ledger.person_accounts.store import Batch
    from shebao.store import Office

fund_option = click.option("--fund", required=True, help="险种。")


def batch_of(office: Office, ref: str) -> tuple[Book, int]:
    """The book and number that a text such as 3-12 names; raises SB3204."""
    from controls.person_accounts.errors import NoSuchBatch
    from ledger import accounts

    book_id, _, batch_id = ref.strip().partition("-")
    if not (book_id.isascii() and book_id.isdigit() and batch_id.isascii() and batch_id.isdigit() and len(ref) < 20):
        raise NoSuchBatch(batch=ref[:30])
    with office.reading() as connection:
        for book in accounts.books(connection):
            if book.book_id == int(book_id):
                return book, int(batch_id)
    raise NoSuchBatch(batch=ref)


def looked(work: UnitOfWork, office: Office, book: Book, number: str, what: str) -> None:
    """Puts on record that somebody looked into one person's account (C6), the number masked."""
    from controls import trail
    from ledger.identity import mask_number

    trail.reading(work, office.now(), office.actor, f"book:{book.book_id}", f"{what} {mask_number(number)}", 1)


def batch_facts(one: Batch) -> dict[str, Any]:
    """An act as JSON values, amounts in fen."""
    return {
        "act": f"{one.book_id}-{one.batch_id}", "kind": one.kind, "state": one.state, "period": str(one.period), "rows": one.rows, "fen": one.fen,
        "key": one.key, "reason": one.reason, "evidence": one.evidence, "facts": one.facts, "digest": one.digest, "proposed_by": one.proposed_by,
        "reviewed_by": one.reviewed_by,
    }  # fmt: skip


def print_batch(one: Batch, json_: bool, draft: Draft | None = None) -> None:
    """An act after a step, and the voucher it called for."""
    from ledger.money import show
    from ledger.person_accounts.store import STATES

    if json_:
        as_json(batch_facts(one) | ({"voucher": draft.label} if draft is not None else {}))
        return
    click.echo(f"{one.label}（{STATES[one.state]}）：{one.reason}，{one.rows} 行，{show(one.fen)} 元")
    for name, formula, fen in one.facts.get("steps", []):
        click.echo(f"  {name}：{show(fen)}　（{formula}）")
    if sums := one.facts.get("sums"):
        names = (("opening", "年初"), ("entered", "记入"), ("moved", "转移等"), ("paid", "支付"), ("interest", "利息"), ("closing", "年末"))
        click.echo("  " + "，".join(f"{zh} {show(sums[name])}" for name, zh in names) + f"；{one.facts['persons']} 人")
    if one.facts.get("claim"):
        click.echo(f"  仍须追回 {show(one.facts['claim'])} 元：登记应追回台账，由经办发退回通知。")
    if one.facts.get("funeral_apart"):
        click.echo(f"  丧葬补助金 {show(one.facts['funeral_apart'])} 元未作抵扣，另按 P11 支付。")
    if draft is not None:
        click.echo(f"  已提出凭证 {draft.label}：由会计 shebao voucher make 制单，另一人复核后记账，事项即生效。")
    elif one.state == "proposed":
        click.echo(f"  由另一人审核：shebao person-account review {one.book_id}-{one.batch_id}")


def print_page(found: Page, json_: bool) -> None:
    """One person's accounts."""
    from ledger.identity import mask_number
    from ledger.money import show
    from ledger.person_accounts import law

    if json_:
        as_json(page_facts(found))
        return
    click.echo(f"{mask_number(found.number)}　截至 {found.month}　余额 {show(found.total)} 元" + ("" if found.known else "（没有这个人的账户）"))
    if not found.known:
        return
    table("各来源余额", ("来源", "余额（元）"), [(law.part(part).zh, show(fen)) for part, fen in found.balance.items()], right=("余额（元）",))
    if found.carried:
        click.echo(f"账户已用完，本年由基金继续支付 {show(found.carried)} 元。")
    columns = ("年度", "来源", "年初", "记入", "转移等", "支付", "利息", "年末")
    years = [(year, law.part(row[1]).zh, *map(show, row[2:])) for year, rows in found.years for row in rows]
    if years:
        table("历年结息", columns, years, right=columns[2:])
    table(
        "结息以后逐笔", ("入账月份", "事项", "所属期", "来源或项目", "金额（元）"),
        [(line.month, line.kind, line.period or "—", line.name, show(line.fen)) for line in found.lines], right=("金额（元）",),
    )  # fmt: skip
    if found.unfinished is not None:
        click.echo(f"正在办理：{found.unfinished.label}（{found.unfinished.reason}）")


def page_facts(found: Page) -> dict[str, Any]:
    """A page as JSON values: the number masked, amounts in fen."""
    from ledger.identity import mask_number

    names = ("part", "opening", "entered", "moved", "paid", "interest", "closing")
    return {
        "number": mask_number(found.number), "period": str(found.month), "total": found.total, "balance": dict(found.balance), "carried": found.carried,
        "years": [{"year": year, "parts": [dict(zip(names, row[1:], strict=True)) for row in rows]} for year, rows in found.years],
        "lines": [{"month": one.month, "kind": one.kind, "period": one.period, "name": one.name, "fen": one.fen} for one in found.lines],
        "unfinished": f"{found.unfinished.book_id}-{found.unfinished.batch_id}" if found.unfinished is not None else None,
    }  # fmt: skip


def step_facts(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as JSON values."""
    return [{"name": one.name_zh, "formula": one.formula_zh, "fen": one.fen} for one in steps]


def print_steps(title: str, steps: Iterable[Step]) -> None:
    """Steps, one a line."""
    from ledger.money import show

    table(title, ("步骤", "怎样算", "金额（元）"), [(one.name_zh, one.formula_zh, show(one.fen) if one.fen else "") for one in steps], right=("金额（元）",))
