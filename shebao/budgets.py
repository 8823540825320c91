"""Budgets at the front door: lines from the statement's data, actuals from kept balances, plans held against both, papers that prove themselves."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from books import views
from books.budget_paper import ExecutionPaper, ExecutionRow, RequestPaper, RequestRow
from books.documents import budget_paper as paper_document
from books.pdf.house import Rendered
from books.statement_lines import OF_LINES, Mode, StatementLine, load_statements
from books.statements import income_statement
from controls import people
from controls.budgets import documents, funding
from controls.budgets.documents import KINDS, STATES, Document
from controls.budgets.errors import BadBudget, NoSuchBudget
from controls.budgets.standing import Execution, Standing, check_plan, flagged, levels, standing
from controls.grants import exceptions
from controls.special.errors import StatutoryOnly
from ledger import accounts, balances, chain
from ledger.accounts import Book
from ledger.errors import Refusal
from ledger.money import Fen, parse_fen, show
from ledger.months import Month
from ledger.parameters import Parameters, ParameterUnset
from ledger.sheets import open_source
from shebao.store import Office

PERCENT = 10
EXECUTION_SIGNERS = tuple(views.SignatureBox(role) for role in ("单位负责人", "会计主管", "制表"))
REQUEST_SIGNERS = tuple(views.SignatureBox(role) for role in ("单位负责人", "分管领导", "会计主管", "会计"))
HEADS = {"项目编号": "code", "编号": "code", "项目": "label", "项目名称": "label", "金额": "fen", "预算数": "fen", "调整数": "fen", "计划数": "fen"}


def book_for(connection: sa.Connection, fund: str) -> Book:
    """The book of a fund, by code or name; raises SB3279 for a special book, which has no budget by the lines of 会社保02."""
    from ledger.funds import Fund

    book = accounts.book_of(connection, Fund.parse(fund))
    if book.fund.special:
        raise StatutoryOnly(program=book.fund.book_zh, what="按收支表编制的预算和用款计划", what_en="A budget by the lines of 会社保02")
    return book


def lines(book: Book) -> list[StatementLine]:
    """Every line of the book's 会社保02 that takes amounts of its own, in order of print; sums and the balance of 待转基金 are none."""
    found = load_statements().income_lines(book.fund)
    return [line for line in found if line.mode not in OF_LINES | {Mode.HEADING, Mode.CLOSING_CREDIT, Mode.CLOSING_DEBIT}]


def is_income(line: StatementLine) -> bool:
    """Whether a line counts income."""
    return all(code.startswith("4") for code in line.accounts)


def above(known: Iterable[StatementLine], line: StatementLine) -> list[StatementLine]:
    """The lines whose accounts take in those of ``line``."""
    return [one for one in known if one.code != line.code and all(one.covers(account) for account in line.accounts)]


def labels(book: Book) -> dict[str, str]:
    """Line code → its label."""
    return {line.code: line.label for line in load_statements().income_lines(book.fund)}


def no_overlap(book: Book, told: Iterable[tuple[str, Fen]]) -> None:
    """Passes when no line is named together with one above it; raises SB3291."""
    known = {line.code: line for line in lines(book)}
    given = {code for code, _ in told if code in known}
    for code in sorted(given):
        if twice := [one for one in above(known.values(), known[code]) if one.code in given]:
            raise BadBudget(why=f"项目 {code} 包括在 {twice[0].code} 里，两行不能同时编列")


def from_options(told: Iterable[str]) -> list[tuple[str, Fen]]:
    """Lines written ``编号=元``; raises SB3291, SB10xx for amounts."""
    found = []
    for text in told:
        code, sign, amount = text.partition("=")
        if not sign:
            raise BadBudget(why=f"“{text}”应写作 编号=金额，如 2.5001=1200000")
        found.append((code.strip(), parse_fen(amount)))
    return found


def from_file(file: Path) -> list[tuple[str, Fen]]:
    """Lines of a CSV or workbook with the heads 项目编号 and 金额 (元); blank amounts are left out. Raises SB3291, SB20xx."""
    source = open_source(file)
    for sheet in source.sheets:
        for top in source.top(sheet):
            heads = [HEADS.get("".join(cell.split()).removesuffix("（元）").removesuffix("(元)"), "") for cell in top.cells]
            if "code" not in heads or "fen" not in heads:
                continue
            if heads.count("fen") > 1 or heads.count("code") > 1:
                raise BadBudget(why=f"{file.name} 的编号或金额有两列，不知道取哪一列")
            if blank_cells := source.facts(sheet).formula_without_value:
                raise BadBudget(why=f"{file.name} 的 {'、'.join(blank_cells[:10])} 是没有算出结果的公式，在表格软件里打开、保存后再交")
            body = source.body(sheet, top.line, len(top.cells)).decoded()
            codes, amounts = (body.columns[heads.index(name)].to_pylist() for name in ("code", "fen"))
            found, faults = [], []
            for line, code, amount in zip(body.lines.to_pylist(), codes, amounts, strict=True):
                if not str(code or "").strip() or not str(amount or "").strip():
                    continue
                try:
                    found.append((str(code).strip(), parse_fen(str(amount))))
                except Refusal as wrong:
                    faults.append(f"第 {line} 行金额“{amount}”（{wrong.code}）")
            if faults:
                raise BadBudget(why=f"{file.name} {'；'.join(faults[:10])}")
            return found
    raise BadBudget(why=f"{file.name} 找不到表头，应有 项目编号 和 金额")


def blank(book: Book, actual: Mapping[str, Fen] | None = None) -> str:
    """A form to fill in, CSV: code, label, last year's figure, blank amount."""
    out = io.StringIO()
    form = csv.writer(out, lineterminator="\n")
    form.writerow(("项目编号", "项目", "上年数（元）", "金额（元）"))
    for line in lines(book):
        form.writerow((line.code, line.label, show((actual or {}).get(line.code, 0)).replace(",", ""), ""))
    return out.getvalue()


def actuals(connection: sa.Connection, book: Book, month: Month) -> tuple[dict[str, Fen], dict[str, Fen]]:
    """(fen by line of the month, of the year to its end), as 会社保02 has them; closing entries never count there."""
    made = income_statement(book.fund, month, {}, balances.movements(connection, book.book_id, month))
    return {line.code: line.current for line in made.lines}, {line.code: line.cumulative for line in made.lines}


def draft(
    office: Office, fund: str, kind: str, year: int, told: list[tuple[str, Fen]], *, month: Month | None = None, request: Fen | None = None, reason: str = ""
) -> Document:
    """A 会计 drafts a budget, an adjustment, a plan (``month``) or an exception; a plan names lines of the approved budget."""
    actor = office.actor
    with office.unit() as work:
        book = book_for(work.connection, fund)
        known = {line.code: line for line in lines(book)}
        no_overlap(book, told)
        allowed = frozenset(known)
        if kind in ("plan", "exception"):
            year_budget = standing(documents.listed(work.connection, book.book_id, year=year), year)
            named = {*year_budget.first, *year_budget.adjusted}
            if year_budget.approved:
                allowed = frozenset(code for code in named if code in known and not is_income(known[code]))
        elif kind == "adjustment":
            year_budget = standing(documents.listed(work.connection, book.book_id, year=year), year)
            no_overlap(book, [*told, *((code, fen) for code, fen in year_budget.first.items() if code not in dict(told))])
        asked = (sum(fen for _, fen in told) if request is None else request) if kind == "plan" else 0
        made = documents.draft(
            work, office.now(), actor, book.book_id, kind, year, told, month=month.month if month else 0, request=asked, reason=reason, allowed=allowed
        )
        work.commit()
    return made


def approve(office: Office, fund: str, number: int, document: str) -> Document:
    """The head approves; a plan only within the budget (SB3294)."""
    actor = office.actor
    with office.unit() as work:
        book = book_for(work.connection, fund)
        found = documents.get(work.connection, book.book_id, number)
        if found.kind == "plan" and found.period is not None and found.state == "reviewed":
            within(work.connection, book, found)
        made = documents.approve(work, office.now(), actor, book.book_id, number, document)
        work.commit()
    return made


def within(connection: sa.Connection, book: Book, plan: Document) -> None:
    """Passes when a plan stays within the year's budget; raises SB3294, SB1031."""
    month = plan.period
    if month is None:
        raise NoSuchBudget(number=plan.number, why="它不是用款计划")
    kept = documents.listed(connection, book.book_id, year=plan.year)
    earlier = [one for one in kept if one.kind == "plan" and one.month == plan.month and one.state == "approved" and one.number != plan.number]
    check_plan(plan, standing(kept, plan.year), _spent(connection, book, month), earlier, labels(book), levels(month)[1])


def _spent(connection: sa.Connection, book: Book, month: Month) -> dict[str, Fen]:
    """Fen by line from January to the month before."""
    return actuals(connection, book, month - 1)[1] if month.month > 1 else {}


def execution(connection: sa.Connection, book: Book, month: Month, until: str = "") -> tuple[Execution, ...]:
    """Budget, as approved up to the time ``until``, against actual of the year to the end of ``month``, line by line; sums of both add up the same way."""
    kept = documents.listed(connection, book.book_id, year=month.year)
    year = standing(kept, month.year, until)
    current, cumulative = actuals(connection, book, month)
    earlier = actuals(connection, book, month - 12)[1]
    warning, stop = levels(month)
    form = load_statements().income_lines(book.fund, month=month.month)
    own = {line.code: line for line in lines(book)}
    first, adjusted = (_rolled(book, part) for part in (year.first, year.adjusted))
    found = []
    for line in form:
        if line.mode in (Mode.HEADING, Mode.CLOSING_CREDIT, Mode.CLOSING_DEBIT) or (line.mode is Mode.SUM and line.code not in first):
            continue
        made = Execution(
            line.code, line.printed, line.level, first.get(line.code, 0), adjusted.get(line.code, 0), current.get(line.code, 0), cumulative.get(line.code, 0),
            earlier.get(line.code, 0), line.code not in own or is_income(own[line.code]), line.mode in OF_LINES,
        )  # fmt: skip
        named = line.code in year.first or line.code in year.adjusted
        budgeted = named or (line.code in own and not any(one.code in first for one in above(own.values(), own[line.code])))
        warn, over = flagged(made, warning, stop) if line.code in own and year.approved and (named or (budgeted and not line.of_which)) else (False, False)
        found.append(replace(made, warn=warn, stop=over))
    return tuple(found)


def _rolled(book: Book, told: Mapping[str, Fen]) -> dict[str, Fen]:
    """Budget by every line of the form: what is named, what lies below added to the line above, then sums and differences of the form."""
    own = {line.code: line for line in lines(book)}
    made: Counter[str] = Counter()
    for code, fen in told.items():
        made[code] += fen
        for one in above(own.values(), own[code]) if code in own else ():
            made[one.code] += fen
    form = load_statements().income_lines(book.fund)
    known = {line.code: line for line in form}

    def of(code: str) -> Fen:
        line = known.get(code)
        if line is None:
            return 0
        if line.mode is Mode.SUM:
            return sum(of(part) for part in line.lines)
        if line.mode is Mode.DIFFERENCE:
            return of(line.lines[0]) - sum(of(part) for part in line.lines[1:])
        return made[code]

    return {line.code: of(line.code) for line in form if line.mode in OF_LINES or line.code in made}


def _stamp(connection: sa.Connection, book: Book, period: str, now: str, **parameters: str) -> views.Stamp:
    seq, head = chain.head(connection)
    return views.Stamp(
        unit=book.unit_name, book=f"{book.unit_code}/{book.fund.value}", fund=book.fund, period=period, as_of=now, trail_head=f"{seq}:{head}",
        parameters=tuple(sorted(parameters.items())), exceptions=exceptions.said(connection, period, now),
    )  # fmt: skip


def execution_paper(connection: sa.Connection, book: Book, month: Month, mark: views.Stamp) -> ExecutionPaper:
    """The execution table as a paper."""
    rows = execution(connection, book, month, mark.as_of)
    kept = [one for one in documents.listed(connection, book.book_id, year=month.year) if one.state == "approved" and one.kind != "plan"]
    told = [one for one in kept if one.decided_at <= mark.as_of]
    warning, stop = levels(month)
    said = [
        f"时间进度 {month.month * 1000 // 12 / 10:.1f}%。控制线为全年预算的 {share(stop)}；" + (f"预警线 {share(warning)}。" if warning else "预警线未设定。")
    ]
    said += [
        f"第 {one.number} 号{KINDS[one.kind]}：{one.document}，{one.decided_at[:10]} 批准" + (f"（{one.reason}）" if one.reason else "") + "。" for one in told
    ]
    if not told:
        said.append("本年还没有批准的预算。")
    about = ((f"险种：{book.fund.zh}", "", "预算执行"), (f"编制单位：{book.unit_name}", month.zh(), "单位：元"))
    made = tuple(
        ExecutionRow(
            one.code, one.label, one.level, one.first, one.adjusted, one.budget, one.current, one.cumulative,
            share(one.per_mille), one.last_year, one.mark, one.total,
        )
        for one in rows
    )  # fmt: skip
    return ExecutionPaper(mark, EXECUTION_SIGNERS, f"{book.fund.zh}基金预算执行情况表", about, made, tuple(said))


def share(per_mille: int | None) -> str:
    """Per mille as a percentage, ``—`` where there is no budget."""
    return "—" if per_mille is None else f"{Decimal(per_mille) / PERCENT:.1f}%"


def request_paper(connection: sa.Connection, book: Book, plan: Document, mark: views.Stamp) -> RequestPaper:
    """The funding request of a plan as a paper: every line with its budget, what was spent, planned and is left, and the 支出户's balance."""
    month = plan.period
    if month is None:
        raise NoSuchBudget(number=plan.number, why="它不是用款计划")
    kept = documents.listed(connection, book.book_id, year=plan.year)
    year, spent, named = standing(kept, plan.year), _spent(connection, book, month), labels(book)
    others: Counter[str] = Counter()
    for one in kept:
        if one.kind == "plan" and one.month == plan.month and one.state == "approved" and one.number < plan.number:
            others.update(dict(one.lines))
    rows = [
        RequestRow(
            code, named.get(code, code), year.line(code), spent.get(code, 0) + others[code], fen, year.line(code) - spent.get(code, 0) - others[code] - fen
        )
        for code, fen in plan.lines
    ]
    sums = RequestRow(
        "", "合计", sum(r.budget for r in rows), sum(r.spent for r in rows), sum(r.planned for r in rows), sum(r.left for r in rows), total=True
    )  # fmt: skip
    called = people.names(connection)
    signed = f"编制 {called.get(plan.drafted_by, plan.drafted_by)} {plan.drafted_at[:10]}"
    signed += f"；审核 {called.get(plan.reviewed_by, plan.reviewed_by)} {plan.reviewed_at[:10]}" if plan.reviewed_by else ""
    signed += f"；批准 {called.get(plan.decided_by, plan.decided_by)} {plan.decided_at[:10]}" if plan.state == "approved" else ""
    said = [
        f"申请从财政专户拨入支出户 {show(plan.request)} 元。",
        account_said(connection, book, month),
        f"第 {plan.number} 号用款计划（{STATES[plan.state]}）：{signed}。",
    ]
    said += [f"追加原因：{plan.reason}。"] if plan.reason else []
    about = ((f"险种：{book.fund.zh}", "", "用款申请"), (f"编制单位：{book.unit_name}", month.zh(), "单位：元"))
    return RequestPaper(mark, REQUEST_SIGNERS, f"{book.fund.zh}基金用款申请书", about, (*rows, sums), tuple(said))


def account_said(connection: sa.Connection, book: Book, month: Month) -> str:
    """The 支出户's balance at the end of the month before, and the reserve it may keep, or who has to set it."""
    held = sum(fen for code, fen in balances.closing_balances(balances.movements(connection, book.book_id, month - 1)).items() if code.startswith("1004"))
    try:
        months = Parameters.load().number("expenditure_reserve", month.last_day, fund=book.fund.value)
        kept = f"可留存相当于 {months} 个月支出的资金"
    except ParameterUnset:
        kept = "留存月数未设定（由会计主管商财政部门设定）"
    return f"支出户上月末余额 {show(held)} 元；{kept}。"


def write_execution(office: Office, fund: str, month: Month, out: Path) -> tuple[list[Path], str]:
    """PDF, XLSX, CSV and JSON of the execution table; gives files and digest."""
    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        book = book_for(connection, fund)
        made = execution_paper(connection, book, month, _stamp(connection, book, str(month), office.now()))
    rendered = paper_document.print_pdf(made)
    files = [out / f"{book.fund.value}-{month}-预算执行情况表.{kind}" for kind in ("pdf", "xlsx", "csv", "json")]
    files[0].write_bytes(rendered.pdf)
    paper_document.write_xlsx(made, files[1])
    files[2].write_text(_csv(made), encoding="utf-8-sig")
    content = {"title": made.title, "month": str(month), "digest": rendered.digest, "rows": [asdict(row) for row in made.rows], "notes": list(made.said)}
    files[3].write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return files, rendered.digest


def _csv(made: ExecutionPaper) -> str:
    out = io.StringIO()
    form = csv.writer(out, lineterminator="\n")
    form.writerow(("项目编号", *paper_document.EXECUTION_HEADS))
    for one in made.rows:
        amounts = [show(fen).replace(",", "") for fen in (one.first, one.adjusted, one.budget, one.current, one.cumulative)]
        form.writerow((one.code, one.label, *amounts, one.share, show(one.last_year).replace(",", ""), one.mark))
    return out.getvalue()


def write_request(office: Office, fund: str, number: int, out: Path) -> tuple[list[Path], str]:
    """PDF and XLSX of a plan's funding request; gives files and digest."""
    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        book = book_for(connection, fund)
        plan = documents.get(connection, book.book_id, number)
        made = request_paper(connection, book, plan, _stamp(connection, book, str(plan.period), office.now(), plan=str(number)))
    rendered = paper_document.print_pdf(made)
    files = [out / f"{book.fund.value}-{plan.when}-用款申请书-{number}.{kind}" for kind in ("pdf", "xlsx")]
    files[0].write_bytes(rendered.pdf)
    paper_document.write_xlsx(made, files[1])
    return files, rendered.digest


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """A budget paper printed again as its stamp says; raises SB3290."""
    given = dict(about.parameters)
    mark = replace(_stamp(connection, book, str(month), about.as_of, **given), trail_head=about.trail_head)
    if "plan" in given:
        number = int(given["plan"]) if given["plan"].isdigit() else 0
        return paper_document.print_pdf(request_paper(connection, book, documents.get(connection, book.book_id, number), mark))
    return paper_document.print_pdf(execution_paper(connection, book, month, mark))


def closing(connection: sa.Connection, book: Book, month: Month) -> list[tuple[bool, str, Fen | None, Fen | None]]:
    """For the closing checklist (K20): (holds, words, spent, budget) of the expenditure lines above budget, and of funding above plan."""
    if not standing(documents.listed(connection, book.book_id, year=month.year), month.year).approved:
        return []
    found: list[tuple[bool, str, Fen | None, Fen | None]] = []
    rows = execution(connection, book, month)
    for one in rows:
        if one.stop or one.warn:
            word = "超过预算" if one.stop else "达到预警线"
            found.append((not one.stop, f"{one.label} 本年累计 {show(one.cumulative)} 元，预算 {show(one.budget)} 元，{word}", one.cumulative, one.budget))
    plan = funding.planned(connection, book.book_id, month)
    if plan is not None:
        moved = funding.funded(connection, book.book_id, month)
        found.append((moved <= plan, f"本月拨款 {show(moved)} 元，批准的用款计划 {show(plan)} 元", moved, plan))
    if not any(one.stop for one in rows):
        found.append((True, f"{month.year} 年预算内支出项目均未超预算", None, None))
    return found


def standing_of(connection: sa.Connection, book: Book, year: int) -> Standing:
    """The year's budget as it stands."""
    return standing(documents.listed(connection, book.book_id, year=year), year)
