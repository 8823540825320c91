"""From events, files, releases and bank returns to vouchers: what the templates make of them, laid before the 会计."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from controls import bank_authorising, bankfile, cashier, release, vouchers
from controls import roster as rosters
from controls.duties import Duty, require
from controls.intake import register
from controls.intake.register import SourceFile
from controls.rosterbuild import ALLOWANCE
from ledger import accounts, flows
from ledger.chart import Chart
from ledger.entries import Entry, PayoutRow, payout_digest
from ledger.errors import UNUSABLE, Refusal
from ledger.event_file import EventTemplate
from ledger.event_file import event as event_law
from ledger.events import build, summary
from ledger.funds import Fund
from ledger.items import benefit_code
from ledger.money import Fen, parse_fen
from ledger.months import Month
from ledger.paper_numbers import paper_name
from ledger.parameters import Parameters
from ledger.person_accounts.store import PAYOUT_SOURCES
from ledger.voucher_forms import voucher_kind
from shebao import doubled, special_vouchers
from shebao.errors_proposals import UnknownPurpose, UnknownTaxItem

if TYPE_CHECKING:
    from shebao.store import Office

_SOURCES = 1000


class BadDay(Refusal):
    """A date that is none."""

    code = "SB6202"
    zh = "“{value}”不是日期。"
    en = "“{value}” is not a date."
    cause_zh = "日期写作 2026-01-20。"
    cause_en = "Dates are written 2026-01-20."
    remedy_zh = "改写后重试。"
    remedy_en = "Rewrite it and try again."
    status = UNUSABLE


class NothingToBook(Refusal):
    """A file or step that holds nothing to book."""

    code = "SB6203"
    zh = "{what}没有可入账的内容。"
    en = "{what}: nothing to book."
    cause_zh = "凭证须有金额；已入账的不再提出。"
    cause_en = "A voucher needs an amount; what is booked is not proposed again."
    remedy_zh = "核对文件、险种和步骤。"
    remedy_en = "Check file, fund and step."


class OtherContract(Refusal):
    """A file of another kind."""

    code = "SB6205"
    zh = "文件 {file} 是 {found}，此处需要 {needed}。"
    en = "File {file} is {found}; {needed} is needed here."
    cause_zh = "每种凭证由相应的文件生成。"
    cause_en = "Each kind of voucher comes from its own kind of file."
    remedy_zh = "用 shebao files 查看文件编号。"
    remedy_en = "See shebao files."
    status = UNUSABLE


def parse_day(text: str) -> date:
    """An ISO date; raises SB6202."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise BadDay(value=text) from wrong


class OtherPolicy(Refusal):
    """The office has chosen another way for this matter."""

    code = "SB6204"
    zh = "业务 {event} 适用于“{parameter}”为“{needed}”的情形，本单位为“{chosen}”。"
    en = "The event {event} is for {parameter} = {needed}; this office has {chosen}."
    cause_zh = "同一业务的几种做法由参数规定，只能用选定的一种。"
    cause_en = "Of several ways to book a matter, the parameter names the one in use."
    remedy_zh = "改用与参数相符的业务代码；参数须改的，由有权人写入 parameters 文件并注明依据和日期。"
    remedy_en = "Use the event that fits the parameter; a change of it is a dated value with its reference."


def check_policy(law: EventTemplate, fund: Fund, day: date) -> None:
    """Passes when the office's dated choice is the one this event is written for; raises SB1031 when unset, SB6204 when other."""
    if law.policy is None:
        return
    parameter = (known := Parameters.load()).parameter(law.policy.parameter)
    chosen = known.text(parameter.name, day, **({"fund": fund.value} if "fund" in parameter.keys else {}))
    if chosen not in law.policy.values:
        raise OtherPolicy(event=law.code, parameter=parameter.zh, needed="或".join(law.policy.values), chosen=chosen)


def compose(
    event: str, fund: Fund, day: date, amounts: Mapping[str, Fen], details: Mapping[str, str], *, authority: str, source_key: str,
    text: str | None = None, attachments: int = 1, documents: Sequence[str] = (), payouts: tuple[int, Sequence[PayoutRow]] | None = None,
) -> Entry:  # fmt: skip
    """The entry of one event by its template, checked against the flow whitelist (L7)."""
    law = event_law(event)
    check_policy(law, fund, day)
    lines = build(law, fund, amounts, details, day=day)
    flows.check(event, lines, day)
    source, rows = payouts if payouts is not None else (None, ())
    return Entry(
        period=Month.of(day), day=day, summary=text or summary(law, fund, {"period": Month.of(day).zh(), **details}), lines=tuple(lines),
        authority=authority, source_key=source_key, event=event, kind=voucher_kind(law.voucher, day), attachments=attachments,
        documents=tuple(documents), payout_source=source, payout_count=len(rows), payout_fen=sum(row[3] for row in rows),
        payout_digest=payout_digest(rows) if payouts is not None else "",
    )  # fmt: skip


def enter_event(
    office: Office,
    *,
    event: str,
    fund: str,
    day: str,
    amounts: Mapping[str, str],
    details: Mapping[str, str],
    evidence: str,
    receipt: str,
    attachments: int,
    summary: str | None,
) -> vouchers.Draft:
    """A 会计 enters an event from its papers: proposed and made in one step. ``amounts`` are yuan as text.

    A single unnamed amount is given under the key ``amount`` and goes to the template's first amount.
    """
    require(office.actor, Duty.BOOKKEEP)
    wanted, when, evidence, receipt = Fund.parse(fund), parse_day(day), paper_name(evidence), paper_name(receipt)
    if not evidence:
        raise NothingToBook(what="空白的原始凭据号")
    if "document" in details:
        details = {**details, "document": paper_name(details["document"])}
    made = compose(
        event, wanted, when, _fen(event, amounts), details,
        authority=f"原始凭据 {evidence}", source_key=f"{event}:{evidence}", text=summary, attachments=attachments,
        documents=(f"paper:{evidence}", *_fiscal(event, evidence, details, when), *((f"receipt:{receipt}",) if receipt else ())),
    )  # fmt: skip
    return _make(office, wanted, [made])[0]


def _fiscal(event: str, evidence: str, details: Mapping[str, str], day: date) -> tuple[str, ...]:
    """Fiscal money entered by hand names its 指标文 and level as a file's row does, without the purpose: the register of subsidies finds it by both."""
    return (f"paper:{evidence}::{details['level']}:{day}",) if event in FISCAL and details.get("level") else ()


def correcting(
    connection: sa.Connection, book_id: int, event: str, day: date, amounts: Mapping[str, str], details: Mapping[str, str], attachments: int
) -> Entry:
    """The entry that a correction books: an event of the book's fund from amounts in yuan as text; its papers stay with the entry it corrects."""
    book = next(one for one in accounts.books(connection) if one.book_id == book_id)
    return compose(event, book.fund, day, _fen(event, amounts), details, authority="原凭证所附单据", source_key="", attachments=attachments)


def _fen(event: str, amounts: Mapping[str, str]) -> dict[str, Fen]:
    names = list(event_law(event).amounts)
    return {(names[0] if name == "amount" and "amount" not in names and names else name): parse_fen(text) for name, text in amounts.items()}


def _make(office: Office, fund: Fund, entries: Sequence[Entry]) -> list[vouchers.Draft]:
    """Proposes and makes entries of one fund in one transaction, as the 会计 signed in."""
    actor = office.actor
    made: list[vouchers.Draft] = []
    with office.unit() as work:
        book = accounts.book_of(work.connection, fund)
        for entry in entries:
            draft = vouchers.propose(work, office.now(), actor, book.book_id, entry)
            made.append(vouchers.make(work, office.now(), actor, book.book_id, draft.voucher_id))
        work.commit()
    return made


def _taken(office: Office, file_id: int, contract: str) -> tuple[SourceFile, list[dict[str, Any]]]:
    """A registered file's rows; raises SB6205 when it is of another contract."""
    with office.reading() as connection:
        source = register.file(connection, file_id)
    if source.contract != contract:
        raise OtherContract(file=file_id, found=source.contract, needed=contract)
    return source, source.table(office.home).to_pylist()


TAX_PAYERS = {"单位": "单位缴费", "个人": "个人缴费", "滞纳金": ""}


def from_tax(office: Office, file_id: int) -> list[vouchers.Draft]:
    """C1 and C11 from a tax file taken in: one voucher per fund and day; each ticket line is booked once (L11)."""
    source, rows = _taken(office, file_id, "tax")
    groups: dict[tuple[str, date, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["fund"], row["on"], "C11" if row["item"] == "滞纳金" else "C1"].append(row)
    entries: dict[Fund, list[Entry]] = defaultdict(list)
    for (code, day, event), members in sorted(groups.items()):
        fund = Fund(code)
        amounts: dict[str, Fen] = defaultdict(int)
        for row in members:
            if row["item"] not in TAX_PAYERS:
                raise UnknownTaxItem(line=row["line"], item=row["item"])
            amounts["amount" if event == "C11" else f"amount/{TAX_PAYERS[row['item']]}"] += row["amount"]
        papers = _papers(f"ticket:{paper_name(row['ticket'])}:{code}:{row['item']}:{row['level']}" for row in members)
        entries[fund].append(
            compose(
                event, fund, day, amounts, {"into": "1005"} if event == "C11" else {}, authority=f"税务入库明细 {source.sha256[:12]}",
                source_key=f"tax:{source.sha256[:16]}:{day}:{event}", attachments=len({row["ticket"] for row in members}), documents=papers,
            )
        )  # fmt: skip
    return _make_all(office, entries, source.name)


def _papers(keys: Iterable[str]) -> list[str]:
    """Keys made unique by counting repeats, so that two equal lines of one ticket stay two papers."""
    seen: dict[str, int] = defaultdict(int)
    papers: list[str] = []
    for key in keys:
        seen[key] += 1
        papers.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return sorted(papers)


PURPOSES = {
    "代缴": ("C6", ""), "缴费补贴": ("C7", ""), "基础养老金": ("C8", "基础养老金补贴"), "待遇支出": ("C8", "待遇支出补助"),
    "基本养老保险补助": ("C8", "待遇支出补助"), "丧葬": ("C8", "丧葬补助金补贴"), "缺口": ("C8", "基金缺口补助"),
}  # fmt: skip
"""Word in a subsidy's 用途 → event and purpose detail. 代缴保费 is the insured's premium (4001), never a subsidy (4101)."""
FISCAL = frozenset({"C6", "C7", "C8"})
LEVELS = {"中央": "中央", "省": "省级", "省级": "省级", "市": "市级", "市级": "市级", "县": "县级", "县级": "县级"}


def from_subsidies(office: Office, file_id: int) -> list[vouchers.Draft]:
    """C6 (代缴保费), C7 (缴费补贴) and C8 from a list of fiscal money: one voucher a row, its paper the 指标文号 with purpose, level and day."""
    source, rows = _taken(office, file_id, "subsidies")
    entries: dict[Fund, list[Entry]] = defaultdict(list)
    for row in rows:
        fund = Fund(row["fund"])
        if fund.special and row["level"] in LEVELS:
            entries[fund].append(special_vouchers.from_row(fund, LEVELS[row["level"]], paper_name(row["document"]), row))
            continue
        word = next((word for word in PURPOSES if word in row["purpose"]), "")
        if not word or row["level"] not in LEVELS:
            raise UnknownPurpose(line=row["line"], purpose=row["purpose"], level=row["level"])
        (event, purpose), level = PURPOSES[word], LEVELS[row["level"]]
        amounts = {"amount/政府代缴" if event == "C6" else f"amount/{level}": row["amount"]}
        details = {"level": level} | ({"purpose": purpose} if purpose else {})
        paper = f"{paper_name(row['document'])}:{row['purpose']}:{level}:{row['received_on']}"
        entries[fund].append(
            compose(
                event, fund, row["received_on"], amounts, details, authority=f"指标文 {row['document']}",
                source_key=f"subsidy:{paper}", documents=(f"paper:{paper}",),
            )
        )  # fmt: skip
    return _make_all(office, entries, source.name)


def _make_all(office: Office, entries: Mapping[Fund, Sequence[Entry]], what: str) -> list[vouchers.Draft]:
    """Proposes and makes vouchers of several funds in one transaction: all of a file or nothing of it. Raises SB3224, SB3225."""
    if not entries:
        raise NothingToBook(what=what)
    actor, now = office.actor, office.now()
    made: list[vouchers.Draft] = []
    with office.unit() as work:
        for fund, members in entries.items():
            book = accounts.book_of(work.connection, fund)
            doubled.refuse(work, office.home, book.book_id, members)
            for entry in members:
                draft = vouchers.propose(work, now, actor, book.book_id, entry)
                made.append(vouchers.make(work, now, actor, book.book_id, draft.voucher_id))
        work.commit()
    return made


def from_roster(office: Office, roster_id: int, debited: str | None) -> list[vouchers.Draft]:
    """What a released roster calls for and nobody has proposed yet: P2a once sent, P2b once returned, P4 per later return.

    The machine proposes on the authority of the release; the 会计 signed in makes. ``debited`` is the day of the
    bank's debit note, by default the day the bank booked the payments. Failures never touch 5001 (P2b).
    """
    actor, now = office.actor, office.now()
    made: list[vouchers.Draft] = []
    with office.unit() as work:
        roster = rosters.get(work.connection, roster_id)
        given = release.authority(work.connection, roster_id)
        sent = bank_authorising.sent(work.connection, roster)
        known = {d.entry.source_key for d in vouchers.drafts(work.connection, roster.book_id) if d.state != "rejected"}
        for entry in _roster_entries(work.connection, roster, given, parse_day(debited) if debited else None, known):
            draft = vouchers.propose(work, now, None, roster.book_id, entry)
            draft = vouchers.make(work, now, actor, roster.book_id, draft.voucher_id)
            made.append(draft if sent is None else cashier.reuse(work, now, roster.book_id, draft.voucher_id, sent))
        work.commit()
    if not made:
        raise NothingToBook(what=f"花名册 {roster_id}")
    return made


def _roster_entries(connection: sa.Connection, roster: rosters.Roster, given: release.Authority, debited: date | None, known: set[str]) -> Iterator[Entry]:
    fund, authority = roster.fund, str(given)
    if fund.special or roster.kind == ALLOWANCE:
        yield from special_vouchers.roster_entries(connection, roster, authority, debited, known, payout_rows, payout_source)
        return
    totals = bankfile.totals(connection, roster.roster_id)
    booked = [date.fromisoformat(line.booked_on) for line in bankfile.lines(connection, roster.roster_id) if line.booked_on]
    day = debited or (min(booked) if booked else None)
    key = f"roster:{roster.roster_id}"
    if totals.sent[1] and day is not None and f"{key}:sent" not in known:
        yield compose("P2a", fund, day, {"amount": totals.sent[1]}, {}, authority=authority, source_key=f"{key}:sent", documents=(f"{key}:debit",))
    if booked and f"{key}:return" not in known:
        rows = payout_rows(connection, roster.book_id, payout_source(roster.roster_id))
        amounts = {f"paid/{item}": fen for item, fen in by_item(rows).items()}
        if totals.failed[1]:
            amounts["failed"] = totals.failed[1]
        yield compose(
            "P2b", fund, max(booked), amounts, {}, authority=authority, source_key=f"{key}:return", documents=(f"{key}:return",),
            payouts=(payout_source(roster.roster_id), rows),
        )  # fmt: skip
    for part, back in enumerate(bankfile.comebacks(connection, roster.roster_id), start=1):
        if f"{key}:comeback:{part}" not in known:
            source = payout_source(roster.roster_id, part)
            rows = payout_rows(connection, roster.book_id, source)
            amounts = {f"returned/{item}": -fen for item, fen in by_item(rows).items()}
            yield compose(
                "P4", fund, date.fromisoformat(back.day), amounts, {}, authority=f"{authority}；退票 {back.evidence}",
                source_key=f"{key}:comeback:{part}", documents=(f"{key}:comeback:{part}",), payouts=(source, rows),
            )  # fmt: skip


def benefit_accounts(fund: Fund, items: Sequence[str], day: date) -> dict[str, str]:
    """Item → leaf account under 5001 of the fund's chart."""
    chart = Chart.load(fund=fund)
    return {item: chart.posting_leaf(benefit_code(fund, item), day).code for item in items}


def payout_source(roster_id: int, part: int = 0) -> int:
    """The sub-ledger source of a roster's return (part 0) or of its n-th later return."""
    return roster_id * _SOURCES + part


def payout_rows(connection: sa.Connection, book_id: int, source_id: int) -> list[PayoutRow]:
    """Sub-ledger rows of a source, recomputed from the bank's return and the comebacks, or from an act on a person account (what vouchers call at posting)."""
    book = next(book for book in accounts.books(connection) if book.book_id == book_id)
    if source_id > PAYOUT_SOURCES:
        from controls.person_accounts import leaving

        return leaving.payout_rows(connection, book, source_id - PAYOUT_SOURCES)
    roster_id, part = divmod(source_id, _SOURCES)
    fund, day = book.fund, rosters.get(connection, roster_id).period.last_day
    if part == 0:
        return _rows(fund, bankfile.successes(connection, roster_id), day)
    back = _rows(fund, bankfile.comebacks(connection, roster_id)[part - 1].rows, day)
    return [(number, item, period, -fen, account) for number, item, period, fen, account in back]


def _rows(fund: Fund, raw: Sequence[PayoutRow], day: date) -> list[PayoutRow]:
    """Rows with the account that each item has on ``day``: the roster's, so that proposal and posting agree whenever they run."""
    found = benefit_accounts(fund, sorted({row[4] for row in raw}), day)
    return [(number, item, period, fen, found[given]) for number, item, period, fen, given in raw]


def by_item(rows: Sequence[PayoutRow]) -> dict[str, Fen]:
    """Item → fen."""
    totals: dict[str, Fen] = defaultdict(int)
    for row in rows:
        totals[row[1]] += row[3]
    return dict(totals)
