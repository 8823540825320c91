"""Planted cases of money drawn twice: P1 two schemes, P2 two regions, P3 the same item twice, P4 two numbers, P5 with unemployment benefit."""

from __future__ import annotations

from shebao.demo.county import CITY_CODE, COUNTY_CODE, HISTORY, NEIGHBOUR_CODE
from shebao.demo.crowd import Premiums
from shebao.demo.facts import PENSION, UNEMPLOYMENT, Household, Life, Linked
from shebao.demo.maker import BASE, Maker

P1, P2, P3, P4, P5 = "P1-TWO-SCHEMES", "P2-TWO-REGIONS", "P3-TWICE", "P4-TWO-NUMBERS", "P5-PENSION-UNEMPLOYMENT"


def also(m: Maker, life: Life, fund: str, first: int, last: int, *, start: int = -1, region: str = COUNTY_CODE, register: bool = True) -> Life:
    """A second pension of the same person from ``first`` to ``last`` on an account of its own; E of this county reaches the roster."""
    account = m.numbers.account()
    if fund == "R":
        m.pay_r(life, first, last, region=region, account=account)
    else:
        m.pay_e(life, first, last, fund=fund, region=region, to=HISTORY if fund == "G" or region == CITY_CODE else HISTORY - 1, account=account)
    if last >= HISTORY and fund == "E" and region == COUNTY_CODE:
        m.on_roster(life, "E", account=account)
    if register:
        begun = m.county.periods[first if start < 0 else start] if first or start >= 0 else (m.county.at(0) - 30).number
        m.register(life, fund, start=begun, certified=m.certified(), region=region, end=0 if last >= HISTORY - 1 else m.county.periods[last])
    return life


def _old(m: Maker, last: int) -> Life:
    """A resident pensioner old enough for every scheme's retirement age."""
    return m.pensioner(youngest=67, oldest=80, last=last)


def residents_and_employees(m: Maker, _: Premiums) -> Household:
    return m.case(also(m, _old(m, 17), "E", 5, HISTORY), expect=P1, note="退休领取企业养老后，居保续发13个月才停")


def residents_and_officials(m: Maker, _: Premiums) -> Household:
    return m.case(also(m, _old(m, HISTORY), "G", 0, HISTORY), expect=P1, hold=P1, note="同时领取机关养老和居保，本月机关已发")


def residents_and_city(m: Maker, _: Premiums) -> Household:
    life = also(m, _old(m, HISTORY), "E", 12, HISTORY, region=CITY_CODE, register=False)
    return m.case(life, expect=P1, hold=P1, note="异地领取企业养老，本月异地已发")


def employees_later(m: Maker, _: Premiums) -> Household:
    life = m.retiree("G")
    return m.case(also(m, life, "E", 6, 15), expect=P1, note="机关在先、企业在后，清退企业")


def officials_later(m: Maker, _: Premiums) -> Household:
    return m.case(also(m, m.retiree("E"), "G", 9, 15), expect=P1, note="企业在先、机关在后，清退机关")


def same_start_smaller_goes(m: Maker, _: Premiums) -> Household:
    life = m.retiree("G", first=3, last=10)
    life.personal -= 700
    return m.case(also(m, life, "E", 3, 10), expect=P1, note="同月起领，清退金额较小的企业")


def same_start_same_sum(m: Maker, _: Premiums) -> Household:
    return m.case(also(m, m.retiree("E", first=4, last=9), "G", 4, 9), expect=P1, note="同月起领且金额相同，清退机关")


def three_schemes(m: Maker, _: Premiums) -> Household:
    life = also(m, _old(m, 10), "G", 0, 10)
    return m.case(also(m, life, "E", 4, 10), expect=P1, note="三个制度同领，居保与企业两条疑点")


def arrears_overlap(m: Maker, _: Premiums) -> Household:
    life = also(m, _old(m, 14), "E", 15, HISTORY, start=12)
    m.arrears(life, "E", 15, 12, 14, 450_000)
    return m.case(life, expect=P1, note="企业养老补发期间与居保重叠")


def neighbour_later(m: Maker, _: Premiums) -> Household:
    return m.case(also(m, m.pensioner(), "R", 10, HISTORY - 1, region=NEIGHBOUR_CODE, register=False), expect=P2, note="邻县后领，重叠14个月")


def neighbour_first(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(66, 80))
    m.pay_r(life, 12, HISTORY)
    m.on_roster(life, "R")
    m.register(life, "R", start=m.county.periods[12], certified=m.certified())
    return m.case(also(m, life, "R", 0, 18, region=NEIGHBOUR_CODE, register=False), expect=P2, note="邻县在先，本县后领")


def neighbours_together(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(66, 80))
    m.pay_r(life, 8, HISTORY)
    m.on_roster(life, "R")
    m.register(life, "R", start=m.county.periods[8], certified=m.certified())
    return m.case(also(m, life, "R", 8, 12, region=NEIGHBOUR_CODE, register=False), expect=P2, note="同月起领且金额相同，清退代码较大的一方")


def paid_twice(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.pay_r(life, 15, 15)
    return m.case(life, expect=P3, note="同月全部项目重复发放一次")


def paid_twice_two_months(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.pay_r(life, 1, 1)
    m.pay_r(life, 4, 4)
    return m.case(life, expect=P3, note="两个月重复发放")


def employee_paid_twice(m: Maker, _: Premiums) -> Household:
    life = m.retiree("E")
    m.pay_e(life, 20, 20)
    return m.case(life, expect=P3, note="企业养老同月重复发放")


def provisional_then_final(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.pay(life, "R", BASE, PENSION, 10, 5_000)
    return m.case(life, expect=P3, note="预发转正补差，金额不同：低")


def twice_on_roster(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    life.roster.append(life.roster[0])
    return m.case(life, hold=P3, note="本月花名册同一项目重复一行")


def employee_twice_on_roster(m: Maker, _: Premiums) -> Household:
    life = m.retiree("E")
    life.roster.append(life.roster[0])
    return m.case(life, hold=P3, note="本月企业花名册同一项目重复一行")


def pension_and_unemployment(m: Maker, _: Premiums) -> Household:
    life = m.retiree("E", first=10)
    for index in range(8, 15):
        m.pay(life, "U", "失业保险金", UNEMPLOYMENT, index, 165_000)
    return m.case(life, expect=P5, note="退休后失业金续领5个月")


def residents_and_unemployment(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(youngest=63, oldest=66)
    for index in range(18, 21):
        m.pay(life, "U", "失业保险金", UNEMPLOYMENT, index, 165_000)
    return m.case(life, expect=P5, note="领取居保同时领失业金")


def two_numbers(m: Maker, _: Premiums) -> Household:
    """One person registered twice under two valid numbers of the same birthday: linkage alone can tell."""
    life = m.pensioner(youngest=66)
    other = m.life(life.birth, male=life.male, name=life.name, region=life.number[:6])
    other.town, other.village = life.town, life.village
    m.pay_r(other, 6, 18)
    m.register(other, "R", start=m.county.periods[6], certified=m.certified(), end=m.county.periods[18])
    return m.case(life, other, linked=[Linked(P4, other, list(m.county.periods[6:19]))], note="一人两号重复参保领取，只能关联识别")


PLANTS = (
    residents_and_employees, residents_and_employees, residents_and_officials, residents_and_officials, residents_and_city, employees_later,
    officials_later, same_start_smaller_goes, same_start_same_sum, three_schemes, arrears_overlap, neighbour_later, neighbour_first,
    neighbours_together, paid_twice, paid_twice, paid_twice_two_months, employee_paid_twice, provisional_then_final, twice_on_roster, twice_on_roster,
    employee_twice_on_roster, pension_and_unemployment, residents_and_unemployment, two_numbers,
)  # fmt: skip
