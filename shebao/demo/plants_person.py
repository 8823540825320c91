"""Planted cases about who is paid and where: A1, A2 accounts, I1, I2 identity, E1 age, E2 certification, E3 custody."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.months import Month
from shebao.demo.county import HISTORY
from shebao.demo.crowd import Premiums
from shebao.demo.facts import Household, Life, Term
from shebao.demo.maker import Maker, ymd
from shebao.demo.numbers import check_digit, wrong_check

A1, A2, I1, I2 = "A1-SHARED-ACCOUNT", "A2-HOLDER-DIFFERS", "I1-BAD-NUMBER", "I2-NAME-DIFFERS"
E1, E2, E3 = "E1-UNDER-AGE", "E2-NO-CERTIFICATE", "E3-CUSTODY"


def resident(m: Maker, first: int, last: int, birth: date | None = None, **given: str) -> Life:
    """A resident paid from ``first`` to ``last``, on an account and under a holder that may be another's."""
    life = m.life(birth or m.birth(66, 88))
    for key, value in given.items():
        setattr(life, key, value)
    m.pay_r(life, first, last)
    if last >= HISTORY:
        m.on_roster(life, "R")
    start = max((Month(life.birth.year + 60, life.birth.month) + 1).number, 201001) if not first else m.county.periods[first]
    m.register(life, "R", start=start, certified=m.certified(), end=0 if last >= HISTORY - 1 else m.county.periods[last])
    return life


# --- accounts -----------------------------------------------------------------------------------------------
def couple(m: Maker, _: Premiums) -> Household:
    husband = m.pensioner(male=True)
    wife = m.life(m.birth(63, 80), male=False)
    m.pay_r(wife, 0, HISTORY, account=husband.account, holder=husband.name)
    m.on_roster(wife, "R", account=husband.account, holder=husband.name)
    m.register(wife, "R", start=max((Month(wife.birth.year + 60, wife.birth.month) + 1).number, 201001), certified=m.certified())
    return m.case(husband, wife, expect=f"{A1} {A2}", note="夫妻共用账户，未登记代领")


def _sharing(m: Maker, many: int, first: int, last: int, note: str) -> Household:
    account = m.numbers.account()
    return m.case(*(resident(m, first, last, account=account) for _ in range(many)), expect=A1, note=note)


def three_share(m: Maker, _: Premiums) -> Household:
    return _sharing(m, 3, 6, HISTORY, "三人共用一个账户")


def four_share(m: Maker, _: Premiums) -> Household:
    return _sharing(m, 4, 2, 19, "四人共用一个账户，已停")


def six_share(m: Maker, _: Premiums) -> Household:
    return _sharing(m, 6, 12, HISTORY, "六人共用一个账户")


def briefly_shared(m: Maker, _: Premiums) -> Household:
    one, other = m.pensioner(last=19), m.pensioner()
    one.registers.clear()
    m.pay_r(one, 20, 22, account=other.account)
    m.register(one, "R", start=max((Month(one.birth.year + 60, one.birth.month) + 1).number, 201001), certified=m.certified(), end=m.county.periods[22])
    return m.case(one, other, expect=A1, note="两人共用账户三个月")


def others_account(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=13)
    life.registers.clear()
    holder = m.life(m.birth(35, 45)).name
    while holder == life.name:
        holder = m.life(m.birth(35, 45)).name
    m.pay_r(life, 14, HISTORY, holder=holder)
    m.on_roster(life, "R", holder=holder)
    m.register(life, "R", start=max((Month(life.birth.year + 60, life.birth.month) + 1).number, 201001), certified=m.certified())
    return m.case(life, expect=A2, note="账户换成他人姓名")


# --- identity -----------------------------------------------------------------------------------------------
def wrong_check_digit(m: Maker, _: Premiums) -> Household:
    number = wrong_check(m.life(birth := m.birth(68, 85)).number)
    return m.case(resident(m, 0, HISTORY, birth, number=number), expect=I1, note="校验码错误")


def impossible_date(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(70, 80))
    body = f"{life.number[:10]}0231{life.number[14:17]}"
    return m.case(resident(m, 0, 18, life.birth, number=body + check_digit(body)), expect=I1, note="出生日期为2月31日")


def seventeen_digits(m: Maker, _: Premiums) -> Household:
    life = m.life(birth := m.birth(70, 85))
    return m.case(resident(m, 3, 20, birth, number=life.number[:17]), expect=I1, note="号码少一位")


def name_changes(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(66, 85), name="李秀珍", male=False)
    for first, last, name in ((0, 7, "李秀珍"), (8, 10, "李秀贞"), (11, HISTORY, "李秀珍")):
        m.pay_r(life, first, last, name=name, holder=name)
    m.on_roster(life, "R")
    m.register(life, "R", start=max((Month(life.birth.year + 60, life.birth.month) + 1).number, 201001), certified=m.certified())
    return m.case(life, expect=I2, note="同一号码三个月姓名不同")


# --- age ----------------------------------------------------------------------------------------------------
def three_months_early(m: Maker, _: Premiums) -> Household:
    return m.case(resident(m, 9, HISTORY, m.birth_for_start(m.county.at(12))), expect=E1, note="提前三个月领取居保")


def never_old_enough(m: Maker, _: Premiums) -> Household:
    return m.case(resident(m, 10, HISTORY, m.birth(50, 56)), expect=E1, note="未满60岁领取居保")


def retired(m: Maker, fund: str, first: int, last: int, birth: date, male: bool, kind: str, file_birth: date | None = None) -> Life:
    life = m.life(birth, male=male)
    m.pay_e(life, first, last, fund=fund, to=HISTORY if fund == "G" else HISTORY - 1)
    if last >= HISTORY and fund == "E":
        m.on_roster(life, "E")
    m.register(life, fund, start=m.county.periods[first], certified=m.certified(), kind=kind, file_birth=file_birth)
    return life


def woman_too_young(m: Maker, _: Premiums) -> Household:
    return m.case(retired(m, "E", 5, HISTORY, m.birth(42, 44), False, "正常"), expect=E1, note="女，四十出头按正常退休领取")


def special_work_too_young(m: Maker, _: Premiums) -> Household:
    return m.case(retired(m, "E", 7, HISTORY, m.birth(47, 49), True, "特殊工种"), expect=E1, note="男，特殊工种不满55岁")


def archive_says_younger(m: Maker, _: Premiums) -> Household:
    return m.case(retired(m, "E", 3, HISTORY, m.birth(66, 68), True, "正常", m.birth(47, 49)), expect=E1, note="身份证年龄够，档案认定年龄不够")


def official_too_young(m: Maker, _: Premiums) -> Household:
    return m.case(retired(m, "G", 11, HISTORY, m.birth(44, 46), True, "正常"), expect=E1, note="机关人员四十多岁领取")


# --- certification ------------------------------------------------------------------------------------------
def _on(m: Maker, index: int) -> int:
    return ymd(m.day_in(index))


def certified_long_ago(m: Maker, _: Premiums) -> Household:
    return m.case(m.pensioner(certified=_on(m, 3)), expect=E2, note="认证过期仍发放")


def certified_just_over(m: Maker, _: Premiums) -> Household:
    return m.case(m.pensioner(certified=_on(m, HISTORY - 13)), expect=E2, note="认证刚超过12个月")


def employee_certified_long_ago(m: Maker, _: Premiums) -> Household:
    return m.case(m.retiree("E", certified=_on(m, 9)), expect=E2, note="企业退休人员认证过期")


def never_certified(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(66, 80))
    m.pay_r(life, 2, HISTORY)
    m.on_roster(life, "R")
    m.register(life, "R", start=m.county.periods[2])
    return m.case(life, expect=E2, note="从未认证，自起始年月起算")


# --- custody ------------------------------------------------------------------------------------------------
def _jailed(m: Maker, mode: str, terms: tuple[tuple[int, int], ...], note: str) -> Household:
    life = m.pensioner(youngest=63, oldest=75)
    for first, last in terms:
        start, end = m.day_in(first), m.day_in(last) if last >= 0 else None
        detained = ymd(start - timedelta(days=0 if mode == "羁押" else 60))
        life.terms.append(Term(life.number, life.name, life.sex, life.birth, detained, ymd(start), ymd(end) if end else 0, mode))
    return m.case(life, expect=E3, note=note)


def served_and_released(m: Maker, _: Premiums) -> Household:
    return _jailed(m, "监禁", ((6, 11),), "服刑期间照发，已释放")


def still_serving(m: Maker, _: Premiums) -> Household:
    return _jailed(m, "监禁", ((18, -1),), "仍在服刑，照发至今")


def terms_overlap(m: Maker, _: Premiums) -> Household:
    return _jailed(m, "监禁", ((4, 9), (8, 13)), "两段刑期重叠，按一段算")


def short_detention(m: Maker, _: Premiums) -> Household:
    return _jailed(m, "拘役", ((14, 15),), "拘役一个多月")


def detained_only(m: Maker, _: Premiums) -> Household:
    return _jailed(m, "羁押", ((20, 22),), "羁押未决：低")


PLANTS = (
    couple, couple, three_share, four_share, six_share, briefly_shared, others_account, others_account, wrong_check_digit, wrong_check_digit,
    impossible_date, seventeen_digits, name_changes, three_months_early, never_old_enough, woman_too_young, special_work_too_young,
    archive_says_younger, official_too_young, certified_long_ago, certified_just_over, employee_certified_long_ago, never_certified,
    served_and_released, still_serving, terms_overlap, short_detention, detained_only,
)  # fmt: skip
