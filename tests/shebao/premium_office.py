"""A small office that takes in lists, people and contributions, for tests of the premium desk. All people are invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from unittest.mock import patch

from controls import cashier, people, vouchers
from controls.duties import Actor, Duty
from controls.intake import reader, register
from controls.vouchers import Draft
from shebao.premium_booking import contribution_rows
from shebao.proposals import payout_rows
from shebao.store import Office
from tests.controls.payment_desk import PASSWORD, someone
from tests.controls.premium_people import numbers
from tests.granting import given
from tests.shebao.small_office import Small, _hashed

OWN = """document: 代缴的假定（虚构）
valid_from: 2018-01-01
valid_to: null
reference: 测试用假定
values:
  - {name: pooling, from: 2018-01-01, value: 属地, keys: {fund: E}, reference: 测试用假定}
  - {name: premium_lowest_tier, from: 2018-01-01, value: 10000, keys: {fund: R}, reference: 测试用假定}
  - {name: premium_shares, from: 2018-01-01, value: ["省=30", "县=70"], keys: {fund: R, category: 低保}, reference: 测试用假定}
  - {name: premium_shares, from: 2018-01-01, value: ["县=100"], keys: {fund: R, category: 特困}, reference: 测试用假定}
"""
REGISTRAR = Actor("ma", "马登记", frozenset({Duty.HANDLE_REGISTER}))
PERSON = numbers(20)


class Premiums(Small):
    """The office with its parameters of premiums set; the registrar is ``ma``."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        own = home / "templates" / "parameters"
        own.mkdir(parents=True, exist_ok=True)
        (own / "premiums-own.yaml").write_text(OWN, encoding="utf-8")
        self.office = Office(self.home)
        self.hire()

    def hire(self) -> None:
        """Grants the registrar's duty to somebody new."""
        with self.unit() as work, patch("controls.people.hash_password", return_value=_hashed()):
            people.add(work, self.office.now(), someone("wu"), people.NewPerson("ma", "马登记", (), PASSWORD))
            given(work, self.office.now(), "ma", Duty.HANDLE_REGISTER, date(2026, 1, 1))
            work.commit()

    def registrar(self) -> Office:
        """The office with the registrar signed in."""
        self.office.actor = REGISTRAR
        return self.office

    def list(self, contract: str, *lines: str, source: str = "民政", as_of: str = "2026-01-20", kind: str = "full") -> int:
        """Takes a list in as the registrar."""
        file = self.folder / f"{contract}-{len(list_names(self.folder))}.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with self.unit() as work:
            made = register.take(
                work, self.home, reader.read(file, contract), REGISTRAR, self.office.now(), source=source, as_of=date.fromisoformat(as_of), kind=kind
            )
            work.commit()
        return made.file_id

    def book_all(self, drafts: Iterable[Draft]) -> None:
        """Vouchers reviewed, signed and posted with their rows."""
        for draft in drafts:
            signing = [("zhou", cashier.sign, ())] if draft.cash and not draft.cashier else []
            for user, step, more in (("sun", vouchers.review, ()), *signing, ("zhao", vouchers.post, (payout_rows, contribution_rows(self.office)))):
                with self.unit() as work:
                    step(work, self.office.now(), someone(user), draft.book_id, draft.voucher_id, *more)
                    work.commit()


def list_names(folder: Path) -> list[Path]:
    """Files taken in so far."""
    return sorted(folder.glob("*.csv"))


HEAD = "险种,统筹区,证件号码,姓名,所属期,缴费主体,代缴级次,缴费档次,金额,到账日期,缴费性质"


def fee(person: int, payer: str, yuan: str, day: str, *, level: str = "", year: str = "2026", nature: str = "当期", fund: str = "R") -> str:
    """One contribution row."""
    return f"{fund},620821,{PERSON[person]},甲{person},{year},{payer},{level},,{yuan},{day},{nature}"


def entitled(person: int, category: str = "低保", start: str = "2025-01-01", end: str = "") -> str:
    """One row of the list of those entitled."""
    return f"{PERSON[person]},甲{person},{category},{start},{end}"


def enrolled(person: int, town: str = "南湖镇", *, fund: str = "R", status: str = "正常参保", benefit: str = "") -> str:
    """One row of the people enrolled."""
    return f"{PERSON[person]},甲{person},{fund},620821,{town},{status},{benefit}"


ENTITLED_HEAD = "证件号码,姓名,类别,认定日期,退出日期"
PEOPLE_HEAD = "证件号码,姓名,险种,统筹区,乡镇,参保状态,待遇状态"
