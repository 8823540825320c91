"""Planted cases about premiums the state pays (代缴): S1 not entitled, S2 double, S4 forgotten, S5 wrong age. S3 stands with the dead."""

from __future__ import annotations

from datetime import date

from ledger.months import Month
from shebao.demo.county import HISTORY, PREMIUM
from shebao.demo.crowd import Premiums
from shebao.demo.facts import Household, Life, Listing, Premium
from shebao.demo.maker import Maker, ymd

S1, S2, S4, S5 = "S1-SUBSIDY-NOT-ENTITLED", "S2-SUBSIDY-DOUBLE", "S4-ENTITLED-NOT-PAID", "S5-SUBSIDY-WRONG-AGE"


def contributor(m: Maker, youngest: int = 20, oldest: int = 55) -> Life:
    """A resident who contributes, registered for R."""
    life = m.life(m.birth(youngest, oldest))
    m.register(life, "R")
    return life


def listed(m: Maker, life: Life, *, category: str = "低保", office: str = "民政", start: int = 0, end: int = 0) -> Life:
    """The life with a row on an office's list."""
    life.listings.append(Listing(office, category, start or (m.county.year - 2) * 10_000 + 301, end, ""))
    return life


def this_month(m: Maker) -> int:
    """The day of the month of the story on which the state's premiums arrive."""
    return ymd(m.county.day(22))


def never_listed(m: Maker, p: Premiums) -> Household:
    life = contributor(m)
    p.paid(life, "低保", levels=False)
    return m.case(life, expect=S1, note="不在任何名单而由政府代缴")


def left_the_list(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m), end=(m.county.year - 1) * 10_000 + 1130)
    p.paid(life, "低保", levels=True)
    return m.case(life, expect=S1, note="上年11月已退出名单")


def paid_by_two_offices(m: Maker, p: Premiums) -> Household:
    life = listed(m, listed(m, contributor(m)), category="重度残疾", office="残联")
    p.paid(life, "低保", received=this_month(m), levels=False)
    p.paid(life, "重度残疾", received=this_month(m), levels=False)
    return m.case(life, expect=S2, note="民政、残联各代缴一次")


def employed_too(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m, 22, 45))
    m.register(life, "E")
    p.employed(life, "E")
    p.paid(life, "低保", received=this_month(m), levels=False)
    return m.case(life, expect=S2, note="已参加企业养老，居保仍由政府代缴：高")


def employed_earlier(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m, 22, 45))
    m.register(life, "E")
    p.employed(life, "E", first=1, last=1)
    p.paid(life, "低保", received=this_month(m), levels=False)
    return m.case(life, expect=S2, note="年初在职参保，后转居保代缴：低")


def forgotten(m: Maker, _: Premiums) -> Household:
    return m.case(listed(m, contributor(m)), expect=S4, note="在名单上，全年无政府代缴")


def forgotten_paid_alone(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m), category="脱贫", office="乡村振兴")
    p.own(life)
    return m.case(life, expect=S4, note="在名单上，自己缴了，政府未代缴")


def child(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m, 9, 13), category="特困")
    p.paid(life, "特困", levels=False)
    return m.case(life, expect=S5, note="不满16岁由政府代缴")


def too_old(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m, 63, 66))
    p.paid(life, "低保", levels=False)
    return m.case(life, expect=S5, note="年满60岁由政府代缴")


def drawing(m: Maker, p: Premiums) -> Household:
    start = m.county.at(HISTORY - 1)
    life = listed(m, m.life(m.birth_for_start(start)))
    m.pay_r(life, HISTORY - 1, HISTORY)
    m.on_roster(life, "R")
    m.register(life, "R", start=start.number)
    p.paid(life, "低保", received=this_month(m), levels=False)
    return m.case(life, expect=S5, note="上月起已领取，本月仍代缴")


PLANTS = (
    never_listed, never_listed, left_the_list, paid_by_two_offices, employed_too, employed_earlier, forgotten, forgotten, forgotten_paid_alone, child,
    too_old, drawing,
)  # fmt: skip


# --- false friends ------------------------------------------------------------------------------------------
def refunded(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m))
    p.paid(life, "低保", received=this_month(m), levels=False)
    p.paid(life, "低保", received=this_month(m), levels=False)
    life.premiums.append(life.premiums[-1]._replace(amount=-PREMIUM, received=ymd(m.county.day(24))))
    return m.friend(life, why="重复代缴已退回")


def left_in_january(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m), end=m.county.year * 10_000 + 115)
    p.paid(life, "低保", levels=False)
    return m.friend(life, why="当年1月中旬退出，年度内曾在名单")


def shared_by_levels(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m))
    p.paid(life, "低保", levels=True)
    return m.friend(life, why="省、县两级分担一份代缴")


def own_beside(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m))
    p.paid(life, "低保", levels=False)
    p.own(life, tier=50_000)
    return m.friend(life, why="代缴之外自己另缴")


def _unpaid(m: Maker, status: str, why: str, youngest: int = 20, oldest: int = 55) -> Household:
    life = listed(m, m.life(m.birth(youngest, oldest)))
    m.register(life, "R", enrolled=status)
    return m.friend(life, why=why)


def student(m: Maker, _: Premiums) -> Household:
    return _unpaid(m, "在校学生", "在校学生不代缴", 18, 21)


def soldier(m: Maker, _: Premiums) -> Household:
    return _unpaid(m, "现役军人", "现役军人不代缴", 19, 24)


def enrolled_elsewhere(m: Maker, _: Premiums) -> Household:
    return _unpaid(m, "异地参保", "异地参保不代缴")


def small_child(m: Maker, _: Premiums) -> Household:
    return _unpaid(m, "未参保", "不满16岁不代缴", 3, 12)


def employed_not_paid(m: Maker, p: Premiums) -> Household:
    life = listed(m, m.life(m.birth(22, 45)))
    m.register(life, "E")
    p.employed(life, "E")
    return m.friend(life, why="已参加企业养老，不代缴")


def dead_not_paid(m: Maker, _: Premiums) -> Household:
    life = listed(m, contributor(m, 30, 55))
    m.death(life, "公安", m.day_in(12))
    return m.friend(life, why="已死亡，不代缴")


def died_in_the_month(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m, 30, 55))
    m.death(life, "公安", m.county.day(5))
    p.paid(life, "低保", received=this_month(m), levels=False)
    return m.friend(life, why="代缴到账在死亡当月")


def listed_in_december(m: Maker, p: Premiums) -> Household:
    life = listed(m, contributor(m), start=ymd(date(m.county.year - 1, 12, 20)))
    life.premiums.append(Premium("R", m.county.year, "政府代缴", "低保", "县", PREMIUM, PREMIUM, Month(m.county.year, 1).number * 100 + 20, "当期", "", "", ""))
    return m.friend(life, why="上年末认定，年初代缴")


FRIENDS = (
    refunded, left_in_january, shared_by_levels, own_beside, student, soldier, enrolled_elsewhere, small_child, employed_not_paid, dead_not_paid,
    died_in_the_month, listed_in_december,
)  # fmt: skip
