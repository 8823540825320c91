"""The sections of a personal record (权益记录单) from gathered facts: each figure with its vouchers, each gap said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from books.person_record import RecordUntied, Section, Value
from controls.persons import Masks
from controls.records import kept
from ledger.accounts import Book
from ledger.money import show
from ledger.months import Month
from ledger.person_accounts import law as account_law
from ledger.person_accounts import store
from ledger.person_records import accounts as person_accounts
from ledger.person_records import life
from ledger.person_words import words
from shebao.record_facts import Life

YUAN = "金额"
REGISTERS = {
    "transfers": (
        "转移接续台账", ("direction", "scheme", "counterpart", "letter", "letter_on", "amount", "posted", "papers"), (7, 11, 22, 13, 11, 12, 12, 10),
    ),
    "recoveries": (
        "应追回待遇", ("reason", "item", "period_from", "period_to", "claim", "recovered", "written_off", "open"), (12, 14, 10, 10, 12, 12, 12, 12),
    ),
}  # fmt: skip
"""Register → title, columns, shares of the width."""


def _fund(found: Life, book_id: int) -> str:
    return found.books[book_id].fund.short


def _period(period: int) -> str:
    return f"{period // 100} 年" if period % 100 == 0 else str(Month.from_number(period))


def identity(found: Life, hide: Masks) -> tuple[tuple[str, str], ...]:
    """Who it is, as the register has it on the day."""
    told, day = found.told, found.as_of
    shown = told.number(day)
    others = [hide.number(one) for one in found.numbers if one != shown]
    before = list(dict.fromkeys(one.name for one in told.names if one.to_on <= day and one.name != told.name(day)))
    records = "、".join(f"P{one}" for one in (told.person.person_id, *told.linked))
    return (
        ("姓名", hide.name(told.name(day)) or "未采集"), ("证件号码", hide.number(shown) or "未采集"), ("性别", told.person.sex or "未采集"),
        ("出生日期", told.person.birth.isoformat() if told.person.birth else "未采集"), ("人员编号", records + ("（已登记为同一人）" if told.linked else "")),
        ("曾用号码、姓名", "、".join([*others, *map(hide.name, before)]) or "无记录"),
    )  # fmt: skip


def registrations(found: Life) -> Section:
    """Registrations with their statuses over time, and when each became known."""
    zh, rows = words().zh, list[tuple[Value, ...]]()
    for one in found.told.registrations:
        book = found.book_of(one.fund)
        head = (book.fund.short if book else one.fund, one.region, f"{one.town}{one.village}")
        spans = [span for span in found.told.statuses if (span.fund, span.region) == (one.fund, one.region) and span.from_on <= found.as_of]
        for span in spans:
            since = "起始未采集" if span.from_on == date.min else span.from_on.isoformat()
            until = "" if span.to_on > found.as_of else span.to_on.isoformat()
            rows.append((*head, zh[span.status], since, until, span.known_on.isoformat(), " → ".join(span.signed_by) if span.signed_by[0] else "人员名单"))
        if not spans:
            rows.append((*head, "未采集", "", "", "", ""))
    columns = ("险种", "统筹区", "乡镇村", "状态", "自", "至（不含）", "获知日期", "来源")
    return Section("参保登记和状态", columns, tuple(dict.fromkeys(rows)), (14, 8, 14, 7, 12, 12, 12, 12), empty="登记簿中没有参保登记。")


def contributions(found: Life) -> Section:
    """Contributions by fund, year and payer."""
    made = life.by_year(found.contributions)
    rows = tuple((_fund(found, one.book_id), f"{one.year}", account_law.part(one.part).zh, one.fen) for one in made)
    totals = ("合计", "", "", sum(one.fen for one in made)) if rows else ()
    sources = tuple(one.vouchers for one in made)
    return Section("缴费（按年度和缴费主体）", ("险种", "年度", "缴费主体", YUAN), rows, (16, 8, 16, 14), (YUAN,), (), sources, totals, empty="无缴费记录。")


def months(found: Life) -> Section:
    """Months that count, by fund and year."""
    rules = life.law()
    made = life.counted(found.contributions, rules)
    rows: list[tuple[Value, ...]] = [(_fund(found, one.book_id), f"{one.year}", one.months, "按年缴费" if one.by_year else "逐月缴费") for one in made]
    sums: dict[str, int] = {}
    for one in made:
        sums[_fund(found, one.book_id)] = sums.get(_fund(found, one.book_id), 0) + one.months
    said = tuple(f"{fund}累计 {count // 12} 年 {count % 12} 个月。" for fund, count in sums.items())
    return Section("计入月数", ("险种", "年度", "月数", "方式"), tuple(rows), (16, 8, 8, 30), count=("月数",), said=said, empty="无可计入的月份。")


def account_years(connection: sa.Connection, found: Life) -> Section:
    """Accounts by year and part, and how they tie to their rows. Raises SB1031, SB4100."""
    columns = ("险种", "期间", "来源", "期初", "记入", "转移", "支付", "利息", "期末")
    rows, sources, said = list[tuple[Value, ...]](), list[tuple[str, ...]](), list[str]()
    for book in _with_account(found):
        for number in found.numbers:
            made, untied = person_accounts.of_person(connection, book, number, found.through, found.years, found.contributions, found.acts)
            for bad in untied:
                raise RecordUntied(fund=book.fund.zh, span=bad.span, what=bad.what, rows=show(bad.rows), account=show(bad.account))
            for one in made:
                span = f"{one.since.year} 年" if one.act else f"{one.since}—{one.until}"
                figures = (one.opening, one.entered, one.moved, one.paid, one.interest, one.closing)
                rows.append((book.fund.short, span, account_law.part(one.part).zh, *figures))
                sources.append((f"结息 {one.act}",) if one.act else ("逐笔（未结息）",))
            if made:
                last = max(one.until for one in made)
                said.append(f"{book.fund.short}个人账户期末 {show(sum(one.closing for one in made if one.until == last))} 元，与逐笔明细核对相符。")
            if carried := sum(one.carried for one in made):
                said.append(f"{book.fund.short}个人账户已用完，由基金继续支付 {show(carried)} 元。")
    shares = (12, 19, 15, 11, 11, 11, 11, 10, 11)
    return Section("个人账户", columns, tuple(rows), shares, columns[3:], (), tuple(sources), said=tuple(said), empty="无个人账户记录。")


def _with_account(found: Life) -> list[Book]:
    """Books in which this person can have an account and has rows."""
    held = {one.book_id for rows in (found.contributions, found.payments, found.acts, found.years) for one in rows}
    return [book for book_id, book in found.books.items() if book_id in held and book.fund in account_law.law().funds]


def acts(found: Life) -> Section:
    """Openings, transfers in and out with counterpart and key, one-off payments, corrections."""
    rows, sources = list[tuple[Value, ...]](), list[tuple[str, ...]]()
    for one in found.acts:
        other = str(one.facts.get("from") or one.facts.get("to") or one.facts.get("give") or "")
        where = "；".join(text for text in (other, one.key) if text) or "—"
        told = f"{one.reason}（{one.evidence}）" if one.evidence else one.reason
        month, what = str(Month.from_number(one.month)), store.ROW_KINDS[one.row]
        rows.append((_fund(found, one.book_id), month, what, account_law.part(one.part).zh, one.fen, where, told))
        sources.append((f"事项 {one.label}", *([one.voucher] if one.voucher else [])))
    columns = ("险种", "月份", "事项", "来源", YUAN, "对方、关联号", "事由（依据）")
    return Section("期初、转移、一次性支付和更正", columns, tuple(rows), (12, 9, 11, 12, 12, 15, 22), (YUAN,), (), tuple(sources), empty="无记录。")


def benefits(found: Life) -> Section:
    """Benefits by year of entitlement and item: months, the last month's amount, sum, arrears and what came back."""
    made = life.drawn(found.payments)
    columns = ("险种", "所属年度", "待遇项目", "月数", "末月金额", "合计", "其中补发", "其中收回")
    rows = tuple((_fund(found, one.book_id), f"{one.year}", one.item, one.months, one.monthly, one.total, one.late, one.back) for one in made)
    said = []
    for book_id, book in found.books.items():
        if (first := life.first_month(one for one in found.payments if one.book_id == book_id)) is not None:
            said.append(f"{book.fund.short}账上最早的待遇所属月份：{first}。")
    totals = ("合计", "", "", "", "", *(sum(getattr(one, name) for one in made) for name in ("total", "late", "back"))) if made else ()
    return Section(
        "待遇", columns, rows, (12, 8, 18, 7, 12, 12, 12, 12), ("末月金额", "合计", "其中补发", "其中收回"), ("月数",),
        tuple(one.vouchers for one in made), totals, tuple(said), "无待遇记录。",
    )  # fmt: skip


def settlements(found: Life) -> Section:
    """One-off settlements (death, emigration, duplicates): what was due, set off, paid, and is still to be claimed."""
    rows, sources = list[tuple[Value, ...]](), list[tuple[str, ...]]()
    for one in {act.label: act for act in found.acts if act.kind == "one_off"}.values():
        facts = one.facts
        figures = tuple(int(facts.get(name, 0)) for name in ("overpaid", "advanced", "set_off", "cleared", "paid", "claim"))
        rows.append((_fund(found, one.book_id), str(facts.get("reason", "")), str(facts.get("happened", "")), *figures))
        sources.append((f"事项 {one.label}", *([one.voucher] if one.voucher else [])))
    columns = ("险种", "事由", "发生日期", "多发", "预付", "抵扣", "留在基金", "实付", "仍须追回")
    shares = (12, 11, 15, 11, 11, 11, 11, 12, 11)
    return Section("死亡等一次性结算", columns, tuple(rows), shares, columns[3:], (), tuple(sources), empty="无记录。")


def registers(connection: sa.Connection, found: Life) -> list[Section]:
    """Transfers (转移接续) and recoveries (应追回) as the registers had them on the day."""
    rows: dict[str, list[tuple[Value, ...]]] = {name: [] for name in REGISTERS}
    heads: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for (book_id, name), numbers in kept.register_rows(connection, list(found.books.values()), found.numbers).items():
        book = found.books[book_id]
        made = kept.register_sheet(connection, book, name, numbers, found.as_of)
        columns = REGISTERS[name][1]
        kinds = {column: made.law.type_of(column) for column in columns}
        zh = {one.name: one.zh for one in (*made.law.fields, *made.law.columns)}
        states = {one.name: one.zh for one in made.law.states}
        money = tuple(zh[column] for column in columns if kinds[column] == "fen")
        heads[name] = (("险种", *(zh[column] for column in columns), "状态"), money)
        cells = [made.fen(column) if kinds[column] == "fen" else made.column(column) for column in columns]
        for state, *values in zip(made.states, *cells, strict=True):
            row = [_cell(kinds[column], value) for column, value in zip(columns, values, strict=True)]
            rows[name].append((book.fund.short, *row, states[state]))
    sections = []
    for name, (title, _, shares) in REGISTERS.items():
        columns, money = heads.get(name, (("险种",), ()))
        sections.append(Section(title, columns, tuple(rows[name]), (12, *shares, 9) if name in heads else (12,), money, empty="台账中无记录。"))
    return sections


def _cell(kind: str, value: Value | None) -> Value:
    if kind == "fen":
        return int(value or 0)
    if kind == "month" and value:
        return str(Month.from_number(int(value)))
    return "" if value is None else str(value)


def gaps(found: Life) -> Section:
    """Years without contributions while insured and not yet drawing, months of drawing without payments, and what this system never takes in."""
    rules, rows = life.law(), list[tuple[Value, ...]]()
    for fund in dict.fromkeys(one.fund for one in found.told.registrations):
        book = found.book_of(fund)
        if book is None:
            rows.append((fund, "全部", "缴费、账户和待遇", "未采集（本单位没有这个险种的账套）"))
            continue
        rows += _missing(found, book, rules)
    return Section("缺失和未采集", ("险种", "期间", "内容", "情况"), tuple(rows), (14, 24, 14, 40), said=(rules.certification,), empty="无缺失。")


def _missing(found: Life, book: Book, rules: life.RecordLaw) -> Iterable[tuple[Value, ...]]:
    spans = [one for one in found.told.statuses if one.fund == book.fund.value and one.from_on <= found.as_of]
    known = {one.year for one in found.contributions if one.book_id == book.book_id}
    insured = [one for one in spans if one.status == "enrolled"]
    short = book.fund.short
    if any(one.from_on == date.min for one in insured) or not insured:
        yield short, "参保起始", "参保日期", "未采集"
    begun = [one.from_on.year for one in insured if one.from_on != date.min]
    if begun or known:
        first = min([*begun, *known])
        last = max(min(one.to_on - timedelta(days=1), found.as_of).year for one in insured) if insured else max(known)
        yield from ((short, span, "缴费", why) for span, why in life.missing_years(first, last, known, book.opened, rules))
    held = {row.period for row in found.payments if row.book_id == book.book_id}
    for one in spans:
        if one.status == "drawing":
            begin, end = one.from_on if one.from_on != date.min else found.as_of.replace(day=1), min(one.to_on, found.as_of)
            last_month = Month.of(end) - 1 if end == one.to_on and end.day == 1 else Month.of(end)
            yield from ((short, span, "待遇发放", why) for span, why in life.missing_months(Month.of(begin), last_month, held, book.opened, rules))


def sources(connection: sa.Connection, found: Life) -> Section:
    """Which file or roster stands behind each voucher that the sections name."""
    files = kept.sources(connection, {one.source_id for one in found.contributions})
    rosters = kept.rosters(connection, {one.source_id for one in found.payments})
    pairs = {(_fund(found, one.book_id), one.voucher, files[one.source_id]) for one in found.contributions}
    pairs |= {(_fund(found, one.book_id), one.voucher, rosters[one.source_id]) for one in found.payments}
    behind: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for fund, voucher, source in sorted(pairs):
        behind.setdefault((fund, voucher.split("-")[1]), []).append((voucher, source))
    rows = tuple((fund, year, "；".join(f"{voucher}：{source}" for voucher, source in listed)) for (fund, year), listed in sorted(behind.items()))
    return Section("来源一览", ("险种", "入账年度", "凭证：文件或花名册"), rows, (12, 9, 80), empty="无记账来源。")
