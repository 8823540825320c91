"""Planted cases about the dead: D1 paid after death, D3 paid again after a gap, D2 by linkage alone."""

from __future__ import annotations

from shebao.demo.county import HISTORY, PREMIUM
from shebao.demo.crowd import Premiums
from shebao.demo.facts import REVERSED, SURVIVOR, UNEMPLOYMENT, Household, Life, Linked, Recovered
from shebao.demo.maker import Maker
from shebao.demo.numbers import fifteen, swapped, wrong_check

D1, D2, D3 = "D1-POSTHUMOUS", "D2-POSTHUMOUS-LINKED", "D3-REVIVED"


def police_still_paid(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.death(life, "公安", m.day_in(20))
    return m.case(life, expect=D1, hold=D1, note="公安注销后仍发至上月，本月仍在花名册")


def cremated_still_paid(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.death(life, "民政", m.day_in(19))
    return m.case(life, expect=D1, hold=D1, note="民政只有火化日期，本月仍在花名册")


def first_month_stopped(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.death(life, "公安", m.day_in(HISTORY - 1))
    return m.case(life, hold=D1, note="上月死亡，本月名单应拦下；历史无多发")


def stopped_late(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=13)
    m.death(life, "公安", m.day_in(8))
    periods = m.county.periods
    back = sum(sum(m.county.base_parts(periods[i])) + life.personal for i in (9, 10))
    life.recovered.append(Recovered("R", periods[9], periods[10], back, "退款", periods[14] * 100 + 12, "记-0031"))
    return m.case(life, expect=D1, note="死亡5个月后才停发，已退回两个月")


def old_number_on_list(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=16)
    m.death(life, "公安", m.day_in(11), number=fifteen(life.number))
    return m.case(life, expect=D1, note="公安名单为15位旧号码")


def lower_case_x(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=22)
    while not life.number.endswith("X"):
        life = m.pensioner(last=22)
    m.death(life, "公安", m.day_in(18), number=f" {life.number.lower()}")
    return m.case(life, expect=D1, note="公安名单号码为小写x并带空格")


def dotted_name(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(name="阿依古丽·买买提", male=False)
    m.death(life, "公安", m.day_in(21), name="阿依古丽买买提")
    return m.case(life, expect=D1, hold=D1, note="姓名间隔点不同，规范化后相同")


def name_differs(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(name="张建国", male=True)
    m.death(life, "公安", m.day_in(21), name="张健国")
    return m.case(life, expect=D1, note="号码相同姓名不同：中等，只预警，本月仍发")


def two_sources(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=14)
    died, burnt = m.county.at(10).last_day, m.county.at(11).first_day.replace(day=2)
    m.death(life, "公安", died)
    m.death(life, "民政", None, cremated=burnt.year * 10_000 + burnt.month * 100 + burnt.day)
    return m.case(life, expect=D1, note="公安、民政跨月，以民政为准")


def same_source_twice(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=14)
    m.death(life, "公安", m.day_in(9))
    m.death(life, "公安", m.day_in(10))
    return m.case(life, expect=D1, note="公安两条记录，以较晚者为准")


def month_only(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=9)
    m.death(life, "民政", None, died=m.county.periods[5])
    return m.case(life, expect=D1, note="民政只有死亡年月")


def partly_cancelled(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=17)
    m.death(life, "公安", m.day_in(15))
    row = life.pays[-1]
    m.pay(life, "R", row.item, row.kind, 17, -(row.amount // 2), status=REVERSED, orig_serial=row.serial)
    return m.case(life, expect=D1, note="冲正只扣回一部分，余额仍计")


def posthumous_arrears(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=12, certified=m.certified_before(m.county.at(15)))
    m.death(life, "公安", m.day_in(12))
    m.arrears(life, "R", 17, 13, 15, 60_000)
    return m.case(life, expect=D1, note="补发的所属期在死亡之后")


def employee(m: Maker, _: Premiums) -> Household:
    life = m.retiree("E")
    m.death(life, "公安", m.day_in(15))
    return m.case(life, expect=D1, hold=D1, note="企业退休人员死亡后继续领取")


def survivor(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(70, 85))
    for index in range(21):
        m.pay(life, "E", "供养亲属抚恤金", SURVIVOR, index, 98_000)
    m.register(life, "E", start=m.county.periods[0], certified=m.certified_before(m.county.at(20)), end=m.county.periods[20], kind="")
    m.death(life, "公安", m.day_in(17))
    return m.case(life, expect=D1, note="供养亲属死亡后抚恤金续发")


def unemployed(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(35, 48))
    for index in range(16, 22):
        m.pay(life, "U", "失业保险金", UNEMPLOYMENT, index, 165_000)
    m.death(life, "公安", m.day_in(19))
    return m.case(life, expect=D1, note="失业人员死亡后续发失业金")


def never_certified_again(m: Maker, _: Premiums) -> Household:
    certified = m.day_in(1)
    life = m.pensioner(last=18, certified=certified.year * 10_000 + certified.month * 100 + certified.day)
    m.death(life, "公安", m.day_in(4))
    return m.case(life, expect=f"{D1} E2-NO-CERTIFICATE", note="死亡后既未停发也未认证")


def revived(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=6)
    m.pay_r(life, 10, 16)
    _recertify(m, life, 16)
    m.death(life, "公安", m.day_in(6))
    return m.case(life, expect=f"{D1} {D3}", note="停发三个月后恢复发放")


def revived_after_paying_on(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=8)
    m.pay_r(life, 11, 15)
    _recertify(m, life, 15)
    m.death(life, "民政", m.day_in(6))
    return m.case(life, expect=f"{D1} {D3}", note="多发两个月后停发，又恢复")


def _recertify(m: Maker, life: Life, last: int) -> None:
    old = life.registers.pop()
    life.registers.append(old._replace(certified_on=m.certified_before(m.county.at(last)), end_month=m.county.periods[last]))


def premium_after_death(m: Maker, p: Premiums) -> Household:
    """S3 lives here: the premium of a dead person paid by the state."""
    life = m.life(m.birth(30, 55))
    m.register(life, "R")
    m.death(life, "公安", m.day_in(20))
    p.listed(life, paid=False)
    p.paid(life, life.listings[0].category, received=m.county.day(22).year * 10_000 + m.county.day(22).month * 100 + 22, amount=PREMIUM)
    return m.case(life, expect="S3-SUBSIDY-AFTER-DEATH", note="死亡后政府代缴到账")


def _linked(m: Maker, note: str, number: str | None, *, source: str = "公安") -> Household:
    life = m.pensioner(youngest=68)
    given = {"wrong": wrong_check(life.number), "swapped": swapped(life.number), "": ""}[number or ""]
    m.death(life, source, m.day_in(18), number=given)
    linked = [Linked(D2, life, list(m.county.periods[19:]))]
    return m.case(life, linked=linked, note=note)


def linked_wrong_digit(m: Maker, _: Premiums) -> Household:
    return _linked(m, "死亡名单号码末位错，只能关联识别", "wrong")


def linked_swapped(m: Maker, _: Premiums) -> Household:
    return _linked(m, "死亡名单号码相邻两位颠倒，只能关联识别", "swapped")


def linked_blank(m: Maker, _: Premiums) -> Household:
    return _linked(m, "民政名单无号码，只能关联识别", None, source="民政")


PLANTS = (
    police_still_paid, police_still_paid, cremated_still_paid, first_month_stopped, stopped_late, old_number_on_list, lower_case_x, dotted_name,
    name_differs, two_sources, same_source_twice, month_only, partly_cancelled, posthumous_arrears, employee, survivor, unemployed,
    never_certified_again, revived, revived_after_paying_on, premium_after_death, linked_wrong_digit, linked_swapped, linked_blank,
)  # fmt: skip
