"""False friends (貌似而非): households that look like a case and must yield no finding of an exact rule."""

from __future__ import annotations

from datetime import timedelta

from ledger.months import Month
from shebao.demo.county import HISTORY, NEIGHBOUR_CODE, RENAMED
from shebao.demo.crowd import Premiums
from shebao.demo.facts import ALLOWANCE, ARREARS, FAILED, LUMP, RETURNED, REVERSED, SURVIVOR, Agent, Household, Life, Term
from shebao.demo.maker import PERSONAL, Maker, ymd
from shebao.demo.numbers import check_digit, fifteen
from shebao.demo.plants_double import also
from shebao.demo.plants_person import resident, retired


# --- the dead -----------------------------------------------------------------------------------------------
def _namesake(m: Maker, region: str, why: str) -> Household:
    living = m.pensioner(youngest=68)
    dead = m.life(living.birth, male=living.male, name=living.name)
    m.death(dead, "公安", m.day_in(12), **({"region": region} if region else {}))
    return m.friend(living, dead, why=why)


def namesake(m: Maker, _: Premiums) -> Household:
    return _namesake(m, "", "同名同生日、号码不同的另一人死亡")


def namesake_next_door(m: Maker, _: Premiums) -> Household:
    return _namesake(m, NEIGHBOUR_CODE, "邻县同名同生日的人死亡")


def month_of_death(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=16)
    m.death(life, "公安", m.county.at(16).first_day)
    return m.friend(life, why="死亡当月照发，次月停")


def dies_this_month(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.death(life, "公安", m.county.day(3))
    return m.friend(life, why="本月死亡，本月仍应发")


def _dead(m: Maker, died: int, last: int) -> Life:
    life = m.pensioner(last=last)
    m.death(life, "公安", m.day_in(died))
    return life


def reversed_by_serial(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 16, 17)
    for row in [row for row in life.pays if row.period == m.county.periods[17]]:
        life.pays.append(row._replace(amount=-row.amount, status=REVERSED, serial=m.serial(row.period), orig_serial=row.serial, paid_on=row.paid_on + 6))
    return m.friend(life, why="死亡次月的发放已按原流水号全额冲正")


def reversed_without_serial(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 14, 15)
    for row in [row for row in life.pays if row.period == m.county.periods[15]]:
        life.pays.append(row._replace(status=REVERSED, serial=m.serial(row.period), paid_on=row.paid_on + 6))
    return m.friend(life, why="冲正行没有原流水号，按所属期、项目对应")


def reversed_later_month(m: Maker, _: Premiums) -> Household:
    """The reversal stands in a later month's file and names 原所属期."""
    last = HISTORY - 1
    life = _dead(m, last - 2, last - 1)
    paid, later = m.county.periods[last - 1], m.county.periods[last]
    for row in [row for row in life.pays if row.period == paid]:
        life.pays.append(row._replace(amount=-row.amount, status=REVERSED, serial=m.serial(later), period=later, orig_period=paid, paid_on=later * 100 + 20))
    return m.friend(life, why="次月冲正，写明原所属期")


def returned_by_bank(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 17, 18)
    for row in [row for row in life.pays if row.period == m.county.periods[18]]:
        life.pays.append(row._replace(status=RETURNED, serial=m.serial(row.period), orig_serial=row.serial, paid_on=row.paid_on + 2))
    return m.friend(life, why="死亡次月的发放已退票")


def cancelled_by_negative(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 12, 13)
    for row in [row for row in life.pays if row.period == m.county.periods[13]]:
        life.pays.append(row._replace(amount=-row.amount, serial=m.serial(row.period), paid_on=row.paid_on + 4))
    return m.friend(life, why="负数成功行抵销")


def failed_after_death(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 13, 14)
    paid = m.county.periods[14]
    life.pays[:] = [row._replace(status=FAILED) if row.period == paid else row for row in life.pays]
    return m.friend(life, why="死亡次月发放失败，没有付出")


def arrears_for_before(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 15, 15)
    m.arrears(life, "R", 17, 10, 13, 42_000)
    return m.friend(life, why="死亡后补发生前月份")


def arrears_without_range(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 15, 15)
    m.pay(life, "R", "补发养老金", ARREARS, 18, 30_000)
    return m.friend(life, why="补发无所属期起止，不计")


def account_paid_out(m: Maker, _: Premiums) -> Household:
    life = _dead(m, 18, 18)
    m.pay(life, "R", "个人账户一次性支付", LUMP, 20, 268_000)
    return m.friend(life, why="死亡后一次性支付个人账户余额")


def moved_away(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.death(life, "公安", m.day_in(10), reason="迁出")
    life.deaths[-1] = life.deaths[-1]._replace(died=0)
    return m.friend(life, why="公安注销原因为迁出")


def registered_twice(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    m.death(life, "公安", m.day_in(9), reason="重户")
    life.deaths[-1] = life.deaths[-1]._replace(died=0)
    return m.friend(life, why="公安注销原因为重户")


# --- two schemes, two regions, twice ------------------------------------------------------------------------
def one_after_the_other(m: Maker, _: Premiums) -> Household:
    return m.friend(also(m, m.pensioner(youngest=67, oldest=80, last=11), "E", 12, HISTORY), why="居保停发次月起领企业养老，首尾相接")


def moved_between_counties(m: Maker, _: Premiums) -> Household:
    life = m.life(m.birth(66, 80))
    m.pay_r(life, 12, HISTORY)
    m.on_roster(life, "R")
    m.register(life, "R", start=m.county.periods[12], certified=m.certified())
    return m.friend(also(m, life, "R", 0, 11, region=NEIGHBOUR_CODE, register=False), why="居保关系由邻县转入，首尾相接")


def renamed_county(m: Maker, _: Premiums) -> Household:
    """Two items of one pension, one row under the county's old code and one under its new code: one county still."""
    life = m.life(m.birth(66, 80))
    m.pay_r(life, 0, HISTORY - 1, region=RENAMED[0])
    life.pays[:] = [row._replace(region=RENAMED[1]) if row.item == PERSONAL else row for row in life.pays]
    return m.friend(life, why="县改市，新旧区划代码是同一个县")


def allowance_beside_pension(m: Maker, _: Premiums) -> Household:
    life = m.retiree("E")
    for index in range(HISTORY):
        m.pay(life, "R", "村医补助", ALLOWANCE, index, 30_000)
    return m.friend(life, why="代发村医补助不是第二份养老金")


def survivor_beside_pension(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(youngest=67)
    for index in range(HISTORY):
        m.pay(life, "E", "供养亲属抚恤金", SURVIVOR, index, 88_000)
    return m.friend(life, why="供养亲属抚恤金与居保可以同领")


def repeated_and_reversed(m: Maker, _: Premiums) -> Household:
    life = m.pensioner()
    before = len(life.pays)
    m.pay_r(life, 13, 13)
    for row in life.pays[before:]:
        life.pays.append(row._replace(amount=-row.amount, status=REVERSED, serial=m.serial(row.period), orig_serial=row.serial))
    return m.friend(life, why="重复发放已冲正")


def arrears_twice(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=3)
    life.registers.clear()
    m.pay_r(life, 10, HISTORY)
    m.on_roster(life, "R")
    m.register(life, "R", start=max((Month(life.birth.year + 60, life.birth.month) + 1).number, 201001), certified=m.certified())
    m.arrears(life, "R", 14, 4, 6, 54_000)
    m.arrears(life, "R", 14, 7, 9, 54_000)
    return m.friend(life, why="同月两笔金额相同的补发，所属期不同")


def unknown_reversal(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=20)
    m.death(life, "公安", m.day_in(20))
    m.pay(life, "R", PERSONAL, "pension", 22, -4_400, status=REVERSED, orig_serial="000000000000000")
    return m.friend(life, why="找不到原发放的冲正行")


# --- accounts and numbers -----------------------------------------------------------------------------------
def almshouse(m: Maker, _: Premiums) -> Household:
    account, holder = m.numbers.account(), "云岭县中心敬老院"
    lives = [m.pensioner() for _ in range(6)]
    for life in lives:
        life.pays[:] = [row._replace(account=account, holder=holder) for row in life.pays]
        life.roster[:] = [line._replace(account=account, holder=holder) for line in life.roster]
    return m.friend(*lives, agents=[Agent(account, holder, "集中供养机构", "", 20180101, 0)], why="集中供养机构账户")


def guardian(m: Maker, _: Premiums) -> Household:
    keeper, ward = m.pensioner(), m.pensioner()
    ward.pays[:] = [row._replace(account=keeper.account, holder=keeper.name) for row in ward.pays]
    ward.roster[:] = [line._replace(account=keeper.account, holder=keeper.name) for line in ward.roster]
    return m.friend(keeper, ward, agents=[Agent(keeper.account, keeper.name, "监护人", keeper.number, 20190301, 0)], why="监护人账户已登记")


def registered_couple(m: Maker, _: Premiums) -> Household:
    husband, wife = m.pensioner(male=True), m.pensioner(male=False)
    wife.pays[:] = [row._replace(account=husband.account, holder=husband.name) for row in wife.pays]
    wife.roster[:] = [line._replace(account=husband.account, holder=husband.name) for line in wife.roster]
    return m.friend(husband, wife, agents=[Agent(husband.account, husband.name, "代领", husband.number, 20200601, 0)], why="夫妻代领已登记")


def other_papers(m: Maker, _: Premiums) -> Household:
    """From the second year on, whose files have a column for the kind of paper: without it a number is judged as a resident's."""
    first = next(i for i, period in enumerate(m.county.periods) if period // 100 == m.county.years[1])
    return m.friend(resident(m, first, HISTORY, number=f"E{m.chance.randrange(10**8):08d}", id_type="护照"), why="护照号码按其自身形式判断")


def hong_kong_permit(m: Maker, _: Premiums) -> Household:
    birth = m.birth(66, 80)
    body = f"810000{birth:%Y%m%d}{m.chance.randrange(999):03d}"
    return m.friend(resident(m, 0, HISTORY, birth, number=body + check_digit(body), id_type="港澳台居民居住证"), why="港澳台居民居住证")


def many_forms(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(youngest=67)
    while not life.number.endswith("X"):
        life = m.pensioner(youngest=67)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in life.number)
    forms = {0: fifteen(life.number), 1: fifteen(life.number), 2: wide, 3: life.number.lower(), 4: f" {life.number[:6]} {life.number[6:14]} {life.number[14:]}"}
    by_period = {m.county.periods[i]: form for i, form in forms.items()}
    life.pays[:] = [row._replace(number=by_period.get(row.period, row.number)) for row in life.pays]
    return m.friend(life, why="15位、全角、小写x、带空格，都是同一号码")


# --- age, certification, custody ----------------------------------------------------------------------------
def exactly_twelve_months(m: Maker, _: Premiums) -> Household:
    return m.friend(m.pensioner(certified=ymd(m.day_in(HISTORY - 12))), why="认证恰满12个月")


def certified_and_paused(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=HISTORY - 1, certified=ymd(m.day_in(HISTORY - 13)))
    return m.friend(life, why="认证到期，本月已暂停")


def special_work(m: Maker, _: Premiums) -> Household:
    return m.friend(retired(m, "E", 6, HISTORY, m.birth(59, 61), True, "特殊工种"), why="特殊工种，男满55岁")


def disabled(m: Maker, _: Premiums) -> Household:
    return m.friend(retired(m, "E", 4, HISTORY, m.birth(47, 49), True, "病残津贴"), why="病残津贴不论年龄")


def resigned(m: Maker, _: Premiums) -> Household:
    return m.friend(retired(m, "G", 2, HISTORY, m.birth(50, 52), True, "退职"), why="退职不论年龄")


def archive_says_older(m: Maker, _: Premiums) -> Household:
    return m.friend(retired(m, "E", 3, HISTORY, m.birth(53, 55), True, "正常", m.birth(66, 68)), why="以档案认定出生日期为准")


def _at_large(m: Maker, mode: str) -> Household:
    life = m.pensioner(youngest=63, oldest=75)
    start = m.day_in(5)
    life.terms.append(Term(life.number, life.name, life.sex, life.birth, 0, ymd(start), ymd(start + timedelta(days=400)), mode))
    return m.friend(life, why=f"{mode}期间照发")


def probation(m: Maker, _: Premiums) -> Household:
    return _at_large(m, "缓刑")


def control(m: Maker, _: Premiums) -> Household:
    return _at_large(m, "管制")


def outside_prison(m: Maker, _: Premiums) -> Household:
    return _at_large(m, "监外执行")


def parole(m: Maker, _: Premiums) -> Household:
    return _at_large(m, "假释")


def stopped_in_time(m: Maker, _: Premiums) -> Household:
    life = m.pensioner(last=8, youngest=63, oldest=75)
    life.registers.clear()
    m.pay_r(life, 14, HISTORY)
    m.on_roster(life, "R")
    m.register(life, "R", start=max((Month(life.birth.year + 60, life.birth.month) + 1).number, 201001), certified=m.certified())
    life.terms.append(Term(life.number, life.name, life.sex, life.birth, 0, ymd(m.day_in(8)), ymd(m.day_in(13)), "监禁"))
    return m.friend(life, why="收监当月照发，次月停，释放次月恢复")


FRIENDS = (
    namesake, namesake, namesake_next_door, month_of_death, dies_this_month, reversed_by_serial, reversed_without_serial, reversed_later_month,
    returned_by_bank, cancelled_by_negative, failed_after_death, arrears_for_before, arrears_without_range, account_paid_out, moved_away,
    registered_twice, one_after_the_other, moved_between_counties, renamed_county, allowance_beside_pension, survivor_beside_pension, repeated_and_reversed,
    arrears_twice, unknown_reversal, almshouse, guardian, registered_couple, other_papers, hong_kong_permit, many_forms, exactly_twelve_months,
    certified_and_paused, special_work, disabled, resigned, archive_says_older, probation, control, outside_prison, parole, stopped_in_time,
)  # fmt: skip
