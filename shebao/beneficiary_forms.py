"""Forms about persons: 到龄预告名单, 待遇领取通知表, 资格认证到期名单, 死亡待遇结算单; each is made again from what its stamp names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from books import views
from books.documents import premium_paper as document
from books.pdf.house import Rendered
from books.premium_paper import Part
from books.tabled_paper import TabledPaper
from controls import people, personchanges
from controls.beneficiaries import certification, coming_of_age
from controls.beneficiaries.certification import STATES, DueList
from controls.beneficiaries.coming_of_age import Coming
from controls.person_accounts import acts
from ledger import accounts, persons
from ledger.accounts import Book
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund
from ledger.money import show
from ledger.months import Month
from ledger.person_accounts import store
from shebao.beneficiaries import SIGNERS, Printed, Shown, UnknownForm, changes_again, masked, stamp, written
from shebao.store import Office

PAPERS_WANTED = ("居民身份证", "户口簿", "社会保障卡或待遇发放银行账户", "参保缴费凭证（有异地参保、补缴的一并提供）")
HANDLED_WITHIN = 20
"""Working days of 社会保险经办条例第十八条."""


class NotComing(Refusal):
    """A notice for somebody who does not come of age."""

    code = "SB6331"
    zh = "{person} 在{fund}没有可预告的到龄月份：{why}。"
    en = "{person} comes of no age in {fund} that could be told: {why}."
    cause_zh = "待遇领取通知只发给登记簿中在保、尚未领取、并在所查月份到龄的人。"
    cause_en = "A notice is for those registered as insured, not yet drawing, who come of age in the months asked for."
    remedy_zh = "用 shebao beneficiary coming 查到龄名单；登记有误的先变更登记。"
    remedy_en = "See shebao beneficiary coming for the list; mend the register first where it is wrong."
    status = UNUSABLE


class NoSettlement(Refusal):
    """A settlement paper of a batch that is none."""

    code = "SB6332"
    zh = "{batch} 不是一次性支付，没有结算单。"
    en = "{batch} is no one-off payment and has no settlement."
    cause_zh = "死亡待遇结算单按个人账户一次性支付的那一笔编制。"
    cause_en = "The settlement is the paper of a one-off payment from a personal account."
    remedy_zh = "用 shebao person-account list --kind one_off 查编号。"
    remedy_en = "See shebao person-account list --kind one_off for its number."
    status = UNUSABLE


def _about(book: Book, left: str, middle: str, unit: str) -> tuple[tuple[str, str, str], ...]:
    return ((f"险种：{book.fund.zh}", "", left), (f"编制单位：{book.unit_name}", middle, unit))


def coming_sheet(connection: sa.Connection, book: Book, first: Month, last: Month, mark: views.Stamp) -> tuple[TabledPaper, list[Coming]]:
    """到龄预告名单 of some months, as the register knew at the stamp's knowledge."""
    made = coming_of_age.listed(connection, book, first, last, int(dict(mark.parameters)["knowledge"]))
    counted: dict[tuple[str, str], int] = {}
    for one in made:
        counted[str(one.reached), one.town or "（未登记）"] = counted.get((str(one.reached), one.town or "（未登记）"), 0) + 1
    rows = tuple((month, town, persons_) for (month, town), persons_ in sorted(counted.items()))
    parts = (
        Part("按月份和乡镇", ("到龄月份", "乡镇（街道）", "人数"), (*rows, ("合计", "", len(made))) if rows else (), total=True, empty="没有到龄人员。"),
        _coming_people(made),
    )
    said = ["本名单按登记簿中的出生日期和领取年龄参数预告，是否符合领取条件以核定为准。"]
    if book.fund is not Fund.R:
        said.append("登记簿不记女职工适用50周岁还是55周岁，两种年龄分别预告，由经办人核对。")
    title = f"{book.fund.zh}到龄预告名单"
    return TabledPaper(mark, SIGNERS, "coming_of_age", title, _about(book, "到龄预告", f"{first} 至 {last}", "单位：人"), parts, tuple(said)), made


def _coming_people(made: list[Coming], shown: Shown = masked) -> Part:
    heads = ("证件号码", "姓名", "乡镇（街道）", "村（社区）", "到龄月份", "首月", "年龄依据", "账上缴费年数")
    rows = tuple(
        (*shown(one.number, one.name), one.town, one.village, str(one.reached), str(one.first_due), one.why, one.years) for one in made
    )  # fmt: skip
    return Part("名单", heads, rows, empty="无")


def write_coming(office: Office, fund: Fund, first: Month, last: Month, out: Path, *, reveal: bool = False) -> Printed:
    """到龄预告名单 as PDF (masked) and XLSX under ``out``; raises SB1204, SB1031."""
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        known = str(persons.horizon(connection))
        mark = stamp(connection, book, str(first), office.now(), form="coming_of_age", last=str(last), knowledge=known)
        paper, made = coming_sheet(connection, book, first, last, mark)
    shown: Shown = (lambda number, name: (number, name)) if reveal else masked
    return written(paper, out, f"{fund.value}-{first}-{last}-到龄预告名单", [_coming_people(made, shown)])


def notice_sheet(connection: sa.Connection, book: Book, person_id: int, first: Month, last: Month, mark: views.Stamp) -> TabledPaper:
    """待遇领取通知表 of one person, with the full name, for that person alone; raises SB6331."""
    listed = coming_of_age.listed(connection, book, first, last, int(dict(mark.parameters)["knowledge"]))
    mine = [one for one in listed if one.person_id == person_id]
    if not mine:
        raise NotComing(person=persons.label(person_id), fund=book.fund.zh, why=f"{first} 至 {last} 的名单中没有")
    one = mine[0]
    facts: list[tuple[str, str]] = [("姓名", one.name), ("证件号码", one.number), ("居住地", f"{one.town}{one.village}")]
    facts += [("到龄月份", "；".join(f"{m.reached}，{m.why}" for m in mine)), ("符合条件的，从何月起领取", "；".join(str(m.first_due) for m in mine))]
    facts += [("本单位账上有缴费记录的年数", f"{one.years} 年（以核定为准）")]
    parts = (
        Part("通知事项", ("项目", "内容"), tuple(facts)),
        Part("请携带", ("序号", "材料"), tuple((str(place), text) for place, text in enumerate(PAPERS_WANTED, start=1))),
        Part("送达回执", ("项目", "填写"), (("送达方式", ""), ("送达日期", ""), ("本人（代收人）签字", ""), ("送达人签字", ""))),
    )
    said = (
        f"{one.name}：您将于 {mine[0].reached} 达到领取待遇年龄。请在到龄当月向参保地村（社区）、乡镇（街道）或本单位提出领取申请，"
        f"本单位自收到申请之日起 {HANDLED_WITHIN} 个工作日内办理完毕（社会保险经办条例第十八条）。",
        "待遇从符合条件的次月起发放；是否符合条件和待遇金额，以核定为准。",
    )
    signers = tuple(views.SignatureBox(role) for role in ("审核", "经办"))
    return TabledPaper(mark, signers, "notice", f"{book.fund.zh}待遇领取通知表", _about(book, "待遇领取通知", str(first), ""), parts, said)


def write_notice(office: Office, fund: Fund, person_id: int, first: Month, last: Month, out: Path) -> Printed:
    """待遇领取通知表 of one person under ``out``; raises SB6331."""
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        mark = stamp(
            connection, book, str(first), office.now(), form="notice", last=str(last), knowledge=str(persons.horizon(connection)), person=str(person_id),
        )  # fmt: skip
        paper = notice_sheet(connection, book, person_id, first, last, mark)
    return written(paper, out, f"{fund.value}-{first}-{persons.label(person_id)}-待遇领取通知表")


def due_sheet(made: DueList, book: Book, mark: views.Stamp) -> TabledPaper:
    """资格认证到期名单 of one month."""
    towns: dict[tuple[str, str], int] = {}
    for one in made.lines:
        towns[one.state, one.town or "（未登记）"] = towns.get((one.state, one.town or "（未登记）"), 0) + 1
    rows = tuple((state, town, towns[state, town]) for state in STATES for town in sorted({t for s, t in towns if s == state}))
    parts = [Part("按情形和乡镇", ("情形", "乡镇（街道）", "人数"), (*rows, ("合计", "", len(made.lines))) if rows else (), total=True, empty="没有到期的。")]
    parts += [due_people(made, state) for state in STATES if made.of(state)]
    said = [
        f"{made.month.zh()}在领 {made.drawing} 人，逾期 {len(made.of('逾期'))} 人，本月到期 {len(made.of('本月到期'))} 人，将到期 {len(made.of('将到期'))} 人。"
    ]
    if made.unknown:
        said.append(f"{len(made.unknown)} 人既没有认证记录，也没有待遇起始年月，无法计算，须补登记。")
    title = f"{book.fund.zh}领取待遇资格认证到期名单"
    return TabledPaper(mark, SIGNERS, "certification", title, _about(book, "资格认证", made.month.zh(), "单位：人"), tuple(parts), tuple(said))


def due_people(made: DueList, state: str, shown: Shown = masked) -> Part:
    """The people of one state."""
    heads = ("证件号码", "姓名", "乡镇（街道）", "村（社区）", "最近认证", "起领", "有效至")
    rows = tuple(
        (*shown(one.number, one.name), one.town, one.village, str(one.certified_on or "—"), str(one.started or "—"), str(one.holds_to))
        for one in made.of(state)
    )  # fmt: skip
    return Part(state, heads, rows)


def write_due(office: Office, fund: Fund, month: Month, ahead: int, out: Path, *, reveal: bool = False) -> tuple[DueList, Printed]:
    """资格认证到期名单 as PDF (masked) and XLSX under ``out``; raises SB1204, SB1031."""
    today = office.now()[:10]
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        made = certification.due(connection, office.home, book, month, ahead=ahead, as_of=date.fromisoformat(today))
        mark = stamp(connection, book, str(month), office.now(), form="certification", ahead=str(ahead), as_of=today)
        paper = due_sheet(made, book, mark)
    shown: Shown = (lambda number, name: (number, name)) if reveal else masked
    lists = [due_people(made, state, shown) for state in STATES if made.of(state)]
    named = [Part(f"{one.title}名单", one.columns, one.rows) for one in lists]
    return made, written(paper, out, f"{fund.value}-{month}-资格认证到期名单", named)


def settlement_sheet(connection: sa.Connection, book: Book, batch_id: int, mark: views.Stamp) -> TabledPaper:
    """死亡待遇结算单 (of any one-off payment): approval that ended the benefit, each step of the money, and what is paid; raises SB6332, SB3200."""
    one = acts.get(connection, book.book_id, batch_id)
    if one.kind != "one_off":
        raise NoSettlement(batch=one.label)
    number = store.act_rows(connection, book.book_id, batch_id)[0][0]
    called, facts = people.names(connection), one.facts
    shown = (lambda n, m: (n, m)) if dict(mark.parameters).get("reveal") == "1" else masked
    found = persons.find(connection, number)
    name = persons.brief(connection, found[0], date.fromisoformat(facts["happened"])).name if found else ""
    who = shown(number, name)
    ended = [
        change
        for person_id in found
        for change in personchanges.listed(connection, person_id=person_id, kinds=("status",), fund=book.fund.value)
        if change.decision == "accepted" and change.wanted.value in ("dead", "ended") and change.decided_at <= mark.as_of
    ]
    approval = tuple(
        (f"变更 {c.change_id}", f"自 {c.wanted.from_on} 起", c.reason, called.get(c.requested_by, c.requested_by), called.get(c.decided_by, c.decided_by))
        for c in ended
    )  # fmt: skip
    steps = tuple((str(place), name_zh, formula, fen) for place, (name_zh, formula, fen) in enumerate(facts["steps"], start=1))
    result = (
        ("多领的基础养老金等（应追回）", facts["overpaid"]), ("多领的个人账户养老金（预支）", facts["advanced"]), ("已抵扣", facts["set_off"]),
        ("实际支付", facts["paid"]), ("尚应退回", facts["claim"]), ("另行发放的丧葬补助金", facts["funeral_apart"]),
    )  # fmt: skip
    parts = (
        Part(
            "待遇终止审批",
            ("登记变更", "生效", "事由", "申请（经办）", "审核"),
            approval,
            empty="登记簿中没有经两人办理的终止或死亡登记，须先办理。",
        ),
        Part("结算步骤", ("序", "项目", "算法", "金额（元）"), steps, ("金额（元）",)),
        Part("结果", ("项目", "金额（元）"), result, ("金额（元）",)),
    )
    reviewed = f"审核 {called.get(one.reviewed_by, one.reviewed_by)} {one.reviewed_at[:10]}" if one.reviewed_by else "尚未审核"
    said = (
        f"{who[1]}（{who[0]}），{facts['reason']}日期 {facts['happened']}；{one.label}，凭据 {one.evidence}，"
        f"提出 {called.get(one.proposed_by, one.proposed_by)} {one.proposed_at[:10]}，{reviewed}。",
        f"个人账户结算时余额 {show(facts['balance'])} 元。",
    )
    signers = tuple(views.SignatureBox(role) for role in ("单位负责人", "审核", "经办", "领款人（继承人）"))
    title = f"{book.fund.zh}{'死亡待遇' if facts['reason'] == '死亡' else '一次性待遇'}结算单"
    return TabledPaper(mark, signers, "settlement", title, _about(book, "待遇结算", str(one.period), "单位：元"), parts, said)


def write_settlement(office: Office, fund: Fund, batch_id: int, out: Path, *, reveal: bool = False) -> Printed:
    """死亡待遇结算单 of a one-off payment under ``out``; raises SB6332."""
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        one = acts.get(connection, book.book_id, batch_id)
        mark = stamp(connection, book, str(one.period), office.now(), form="settlement", batch=str(batch_id), reveal="1" if reveal else "0")
        paper = settlement_sheet(connection, book, batch_id, mark)
    return written(paper, out, f"{fund.value}-{one.period}-{batch_id}-待遇结算单")


def reprint(office: Office, connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """A form printed again as its stamp says; raises SB6330 for one that is none of ours."""
    given = dict(about.parameters)
    form = given.get("form", "（没有写明）")
    try:
        match form:
            case "roster_changes":
                paper = changes_again(connection, book, month, about, given)
            case "coming_of_age":
                paper = coming_sheet(connection, book, month, Month.parse(given["last"]), about)[0]
            case "notice":
                paper = notice_sheet(connection, book, int(given["person"]), month, Month.parse(given["last"]), about)
            case "certification":
                day = date.fromisoformat(given["as_of"])
                paper = due_sheet(certification.due(connection, office.home, book, month, ahead=int(given["ahead"]), as_of=day), book, about)
            case "settlement":
                paper = settlement_sheet(connection, book, int(given["batch"]), about)
            case _:
                raise UnknownForm(form=form)
    except (KeyError, ValueError) as wrong:
        raise UnknownForm(form=form) from wrong
    return document.print_pdf(paper)
