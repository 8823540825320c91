"""Duties for the front doors: the thing a question is about, the matrix, the register and the month's exceptions as tables and as papers.

Pages, commands and papers use the same rows. Every paper is made again from its stamp (``reprint``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from books import views
from books.documents import premium_paper as document
from books.pdf.house import Rendered
from books.premium_paper import Part
from books.tabled_paper import TabledPaper
from controls import people, personchanges, roster, vouchers
from controls.duties import Duty, Thing
from controls.errors import NotAllowed
from controls.errors_duties import NoSuchRequest
from controls.grants import exceptions, register
from controls.grants.requests import KIND_ZH, STATE_ZH
from ledger import accounts, chain
from ledger.db import reading
from ledger.months import Month
from shebao.beneficiaries import Printed, UnknownForm, written
from shebao.store import Office

PAIR_COLUMNS = ("岗位", "不相容岗位", "范围", "事由", "依据", "规则", "可豁免")
POST_COLUMNS = ("用户名", "姓名", "岗位", "起", "止", "授予方式", "申请", "授予人", "状态")
SCOPE_ZH = {"role": "● 不得兼任", "thing": "○ 同一事项不得兼办", "history": "◇ 办理过的不再核查"}
SIGNERS = tuple(views.SignatureBox(role) for role in ("单位负责人", "内控（稽核）", "安全管理员"))
TITLES = {"duty_matrix": "不相容岗位矩阵", "duty_register": "岗位权限台账", "duty_exceptions": "岗位例外月报"}


def thing_of(connection: sa.Connection, home: Path, text: str) -> Thing:
    """``roster:3``, ``voucher:1-5`` or ``change:7`` as something acted on; raises SB2118 and what looking it up raises."""
    kind, _, label = text.partition(":")
    if kind == "roster" and label.isdigit():
        return roster.thing(connection, roster.get(connection, int(label)))
    if kind == "change" and label.isdigit():
        return personchanges.thing(connection, home, personchanges.get(connection, int(label)))
    book, _, number = label.partition("-")
    if kind == "voucher" and book.isdigit() and number.isdigit():
        return vouchers.get(connection, int(book), int(number)).thing
    raise NoSuchRequest(what="这样写的事项", what_en="thing written", number=text)


def matrix_rows() -> list[tuple[str, ...]]:
    """The conflict matrix, one row a pair, in the order of duties."""
    order = list(Duty)
    cells = sorted(register.matrix().values(), key=lambda cell: (order.index(cell.a), order.index(cell.b)))
    return [
        (cell.a.zh, cell.b.zh, SCOPE_ZH[cell.scope], "；".join(cell.why), "；".join(cell.references), "、".join(cell.ids), "可" if cell.exemptible else "不可")
        for cell in cells
    ]


def matrix_grid() -> list[tuple[str, ...]]:
    """The matrix as a grid: a first row of names, then each duty with its marks (● ○ ◇, ☆ beside ● where an exemption is possible)."""
    found = register.matrix()

    def mark(a: Duty, b: Duty) -> str:
        cell = found.get(frozenset((a, b))) if a is not b else None
        return "" if cell is None else cell.mark + ("☆" if cell.exemptible else "")

    return [("岗位", *(duty.zh for duty in Duty)), *((a.zh, *(mark(a, b) for b in Duty)) for a in Duty)]


def register_rows(connection: sa.Connection, at: str, head: int | None = None) -> list[tuple[str, ...]]:
    """岗位权限台账 as of ``at`` (ISO time) and record ``head`` of the trail, one row a duty of a person."""
    return [
        (
            one.user, one.name, one.duty.zh, one.valid_from, one.valid_to or "未定", one.how, str(one.request or ""), one.granted_by,
            "在岗" if one.in_force else "账号停用" if one.disabled else "不在岗",
        )
        for one in register.posts(connection, at, head)
    ]  # fmt: skip


def exception_parts(connection: sa.Connection, month: Month, at: str) -> tuple[Part, ...]:
    """The month's exceptions as tables: deputies, emergencies, exemptions, what was done under the first two, and who lacks the second factor."""
    names = people.names(connection)
    found = exceptions.of_period(connection, str(month), at)
    rows: list[tuple[str, ...]] = []
    done: list[tuple[str, ...]] = []
    for one in found:
        wanted = one.wanted
        what = wanted.duty.zh + (f"、{Duty(wanted.other).zh}" if wanted.other else "")
        beside = f"代 {names[wanted.for_user]}" if wanted.kind == "deputy" else f"{names[wanted.for_user]}：{wanted.control}" if wanted.for_user else ""
        signed = "、".join(names[step.user] for step in one.steps.values())
        term = (wanted.valid_from, wanted.valid_to[:16])
        rows.append((str(one.request_id), KIND_ZH[wanted.kind], names[wanted.user], what, *term, wanted.reason, beside, signed, STATE_ZH[one.state]))
        if wanted.kind != "exemption":
            done += [(str(one.request_id), names[wanted.user], record.at[:16], record.act, record.thing) for record in exceptions.acts(connection, one, at)]
    lacking = [(one.name, one.duty.zh, one.last or "首次登录后起算") for one in exceptions.lacking(connection, at)]
    columns = ("编号", "种类", "人员", "岗位", "起", "止", "事由", "被代理人或补偿控制", "审批", "状态")
    return (
        Part("代理、应急授权和豁免", columns, tuple(rows)),
        Part("期间所办事项", ("编号", "人员", "时间", "事项", "对象"), tuple(done)),
        Part("未启用动态口令", ("人员", "岗位", "最后期限"), tuple(lacking)),
    )


def write_matrix(office: Office, out: Path) -> Printed:
    """The matrix as PDF and XLSX under ``out``."""
    return _written(office, "duty_matrix", Month.parse(office.now()[:7]), out)


def write_register(office: Office, out: Path) -> Printed:
    """岗位权限台账 of this moment as PDF and XLSX under ``out``."""
    return _written(office, "duty_register", Month.parse(office.now()[:7]), out)


def write_exceptions(office: Office, month: Month, out: Path) -> Printed:
    """The month's exceptions as PDF and XLSX under ``out``."""
    return _written(office, "duty_exceptions", month, out)


def _written(office: Office, form: str, month: Month, out: Path) -> Printed:
    if not office.actor.duties:
        raise NotAllowed(name=office.actor.name, duty="查阅", why="没有在岗的岗位")
    with office.reading() as connection:
        paper = _paper(connection, form, month, _stamp(connection, form, month, office.now()))
    grid = matrix_grid()
    lists = (Part("矩阵", grid[0], tuple(grid[1:])),) if form == "duty_matrix" else ()
    return written(paper, out, f"{month}-{TITLES[form]}", lists)


def _stamp(connection: sa.Connection, form: str, month: Month, at: str) -> views.Stamp:
    seq, head = chain.head(connection)
    book = accounts.books(connection)[0]
    return views.Stamp(
        unit=book.unit_name, book=book.unit_code, fund=None, period=str(month), as_of=at, trail_head=f"{seq}:{head}", parameters=(("form", form),),
        exceptions=exceptions.said(connection, str(month), at),
    )  # fmt: skip


def _paper(connection: sa.Connection, form: str, month: Month, mark: views.Stamp) -> TabledPaper:
    if form == "duty_matrix":
        parts: tuple[Part, ...] = (Part("不得兼任、兼办的岗位", PAIR_COLUMNS, tuple(matrix_rows())),)
        said: tuple[str, ...] = ("豁免只免兼任：同一事项仍由不同的人办理；法律规定分离的岗位不豁免。",)
    elif form == "duty_register":
        parts, said = (Part("岗位权限", POST_COLUMNS, tuple(register_rows(connection, mark.as_of, int(mark.trail_head.partition(":")[0])))),), ()
    else:
        parts, said = exception_parts(connection, month, mark.as_of), ("本表按月报内控；没有任何设置可以关闭岗位分离（C4）。",)
    return TabledPaper(mark, SIGNERS, form, TITLES[form], (), parts, said)


def reprint(office: Office, about: views.Stamp) -> Rendered:
    """The paper as it is made again from its stamp; raises SB6330 for one that is none of these."""
    form = dict(about.parameters).get("form", "")
    if form not in TITLES:
        raise UnknownForm(form=form)
    month = Month.parse(about.period)
    with reading(office.store) as connection:
        mark = replace(_stamp(connection, form, month, about.as_of), trail_head=about.trail_head)
        return document.print_pdf(_paper(connection, form, month, mark))
