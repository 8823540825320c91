"""Makes people and their ordinary payments (造人): every background person and every planted case is built from these."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from typing import Any

from ledger.months import Month
from shebao.demo.county import BORN_IN, CITY_CODE, COUNTY_CODE, HISTORY, PAY_BANKS, SOURCES, County, paid_day
from shebao.demo.facts import ARREARS, PAID, PENSION, Death, Household, Life, Pay, Register, RosterLine
from shebao.demo.names import person_name, village
from shebao.demo.numbers import Numbers

BASE, PERSONAL, TRANSITION = "基础养老金", "个人账户养老金", "过渡性养老金"


def ymd(day: date) -> int:
    """``yyyymmdd`` of a day."""
    return day.year * 10_000 + day.month * 100 + day.day


class Maker:
    """The hands that make people; one stream of chance for each section, numbers shared by all."""

    def __init__(self, county: County, section: str, numbers: Numbers, serials: itertools.count[int]) -> None:
        self.county = county
        self.chance: random.Random = county.chance(section)
        self.numbers = numbers
        self._serials = serials
        self._plans: dict[tuple[str, int], tuple[Any, ...]] = {}

    # --- people ---------------------------------------------------------------------------------------------
    def birth(self, youngest: int, oldest: int) -> date:
        """A birthday of somebody aged between the two (years) on the first day of the month of the story."""
        first = self.county.month.first_day
        days = (oldest - youngest) * 365
        return first - timedelta(days=youngest * 365 + youngest // 4 + 1 + self.chance.randrange(max(1, days)))

    def birth_for_start(self, start: Month) -> date:
        """A birthday whose 60th falls in the month before ``start``."""
        turned = start - 1
        return date(turned.year - 60, turned.month, 1 + self.chance.randrange(28))

    def life(self, birth: date, *, male: bool | None = None, name: str = "", region: str = "") -> Life:
        """A person with a fresh number, a village, an account and a bank."""
        chance = self.chance
        sex = chance.random() < 0.5 if male is None else male
        number = self.numbers.resident(region or chance.choice(BORN_IN), birth, sex)
        town, place = village(chance)
        return Life(
            number, name or person_name(chance, sex), sex, birth, town, place,
            account=self.numbers.account(), bank=chance.choice(PAY_BANKS), personal=1_500 + chance.randrange(12_000),
        )  # fmt: skip

    def certified(self) -> int:
        """A recent certification (最近认证日期): 1 to 11 months before the month of the story."""
        return ymd((self.county.month - 1 - self.chance.randrange(11)).first_day + timedelta(days=self.chance.randrange(28)))

    def certified_before(self, month: Month) -> int:
        """A certification up to 11 months before that month."""
        return ymd((month - 1 - self.chance.randrange(11)).first_day + timedelta(days=self.chance.randrange(28)))

    def serial(self, period: int) -> str:
        """A payment number (流水号), unique in the whole demo."""
        return f"{period}{next(self._serials):09d}"

    # --- ordinary payments ----------------------------------------------------------------------------------
    def _plan_r(self, index: int) -> tuple[Any, ...]:
        key = ("R", index)
        plan = self._plans.get(key)
        if plan is None:
            period = self.county.periods[index]
            parts = self.county.base_parts(period)
            shares = tuple(zip(SOURCES, parts, strict=True)) if self.county.by_source(period) else (("", sum(parts)),)
            plan = self._plans[key] = (period, paid_day("R", period), shares)
        return plan

    def pay_r(self, life: Life, first: int, last: int, *, region: str = COUNTY_CODE, **given: str) -> None:
        """A resident's pension for each index of the window from ``first`` to ``last`` (24 is left to the roster)."""
        account, holder, bank = given.get("account", life.account), given.get("holder", life.name), given.get("bank", life.bank)
        number, name, id_type, personal = given.get("number", life.number), given.get("name", life.name), life.id_type, life.personal
        rows, serials = life.pays, self._serials
        for index in range(first, min(last, HISTORY - 1) + 1):
            period, paid_on, shares = self._plan_r(index)
            for source, amount in shares:
                serial = f"{period}{next(serials):09d}"
                rows.append(
                    Pay("R", region, number, name, BASE, PENSION, period, paid_on, amount, account, holder, bank, PAID, serial, "", 0, source, 0, 0, id_type)
                )
            serial = f"{period}{next(serials):09d}"
            rows.append(
                Pay("R", region, number, name, PERSONAL, PENSION, period, paid_on, personal, account, holder, bank, PAID, serial, "", 0, "", 0, 0, id_type)
            )

    def pay_e(self, life: Life, first: int, last: int, *, fund: str = "E", region: str = COUNTY_CODE, to: int = HISTORY - 1, **given: str) -> None:
        """An employee's pension in two or three items for each index from ``first`` to ``last``."""
        account, holder = given.get("account", life.account), given.get("holder", life.name)
        for index in range(first, min(last, to) + 1):
            period = self.county.periods[index]
            for item, amount in self.items_e(life):
                life.pays.append(
                    Pay(fund, region, given.get("number", life.number), given.get("name", life.name), item, PENSION, period, paid_day(fund, period),
                        amount, account, holder, life.bank, PAID, self.serial(period), id_type=life.id_type)
                )  # fmt: skip

    @staticmethod
    def items_e(life: Life) -> list[tuple[str, int]]:
        """Items of an employee's month, drawn from the person's own figure; those born before 1962 have a third one."""
        items = [(BASE, 90_000 + life.personal * 11), (PERSONAL, 40_000 + life.personal * 5)]
        return [*items, (TRANSITION, 12_000 + life.personal)] if life.birth.year < 1962 else items

    def pay(self, life: Life, fund: str, item: str, kind: str, index: int, amount: int, **given: Any) -> Pay:
        """One row of its own: any item, any status. ``paid`` is the index of the month of payment if another."""
        period = self.county.periods[index]
        paid = self.county.periods[given.pop("paid", index)]
        row = Pay(
            fund, given.pop("region", COUNTY_CODE), given.pop("number", life.number), given.pop("name", life.name),
            item, kind, period, paid_day(fund, paid), amount,
            given.pop("account", life.account), given.pop("holder", life.name), life.bank, given.pop("status", PAID),
            given.pop("serial", "") or self.serial(period), id_type=life.id_type, **given,
        )  # fmt: skip
        life.pays.append(row)
        return row

    def arrears(self, life: Life, fund: str, paid: int, first: int, last: int, amount: int) -> Pay:
        """Back pay (补发) at index ``paid`` for the periods of the indices ``first`` to ``last``."""
        periods = self.county.periods
        return self.pay(life, fund, "补发养老金", ARREARS, paid, amount, span_from=periods[first], span_to=periods[last])

    # --- registers, rosters, deaths -------------------------------------------------------------------------
    def on_roster(self, life: Life, fund: str, **given: str) -> None:
        """The person's ordinary lines of the month's roster."""
        period = self.county.periods[HISTORY]
        items = [(BASE, sum(self.county.base_parts(period))), (PERSONAL, life.personal)] if fund == "R" else self.items_e(life)
        account, holder, name = given.get("account", life.account), given.get("holder", life.name), given.get("name", life.name)
        life.roster += [RosterLine(fund, given.get("number", life.number), name, item, amount, account, holder, life.bank) for item, amount in items]

    def register(self, life: Life, fund: str, *, start: int = 0, certified: int = 0, end: int = 0, **given: Any) -> None:
        """A row of the people file; a start month means a beneficiary."""
        first_year = max(2010 if fund == "R" else 1992, life.birth.year + 20)
        benefit = given.get("benefit", ("待遇终止" if end else "正常领取") if start else "未领取")
        life.registers.append(
            Register(
                fund, given.get("region", COUNTY_CODE), given.get("enrolled", "正常参保" if not end else "终止参保"), benefit,
                given.get("kind", "正常" if start and fund != "R" else ""), min(first_year * 100 + 1, start or 999999),
                start, end, certified, given.get("file_birth"),
            )
        )  # fmt: skip

    def pensioner(self, *, youngest: int = 63, oldest: int = 92, last: int = HISTORY, region: str = COUNTY_CODE, **given: Any) -> Life:
        """A resident who has drawn since before the window, paid to index ``last`` (24: also on the roster)."""
        life = self.life(self.birth(youngest, oldest), **{k: v for k, v in given.items() if k in ("male", "name", "region_of_birth")})
        turned = Month(life.birth.year + 60, life.birth.month) + 1
        start = max(turned.number, 201001)
        self.pay_r(life, 0, last, region=region)
        if last >= HISTORY:
            self.on_roster(life, "R")
        end = 0 if last >= HISTORY - 1 else self.county.periods[last]
        certified = given.get("certified") or (self.certified() if last >= HISTORY - 1 else self.certified_before(self.county.at(last)))
        self.register(life, "R", start=start, certified=certified, end=end, region=region)
        return life

    def retiree(self, fund: str = "E", *, first: int = 0, last: int = HISTORY, region: str = COUNTY_CODE, certified: int = 0) -> Life:
        """An employee or official who retired at the old ages well before the window and is paid from ``first`` to ``last``."""
        male = self.chance.random() < 0.5
        life = self.life(self.birth(66, 88) if male else self.birth(60, 86), male=male)
        age = 60 if male else 55
        start = (Month(life.birth.year + age, life.birth.month) + 1).number if first == 0 else self.county.periods[first]
        self.pay_e(life, first, last, fund=fund, region=region, to=HISTORY if fund == "G" or region == CITY_CODE else HISTORY - 1)
        if last >= HISTORY and fund == "E" and region == COUNTY_CODE:
            self.on_roster(life, fund)
        end = 0 if last >= HISTORY - 1 else self.county.periods[last]
        if region == COUNTY_CODE:
            certified = certified or (self.certified() if last >= HISTORY - 1 else self.certified_before(self.county.at(last)))
            self.register(life, fund, start=start, certified=certified, end=end)
        return life

    def death(self, life: Life, source: str, day: date | None, **given: Any) -> Death:
        """A row on a death list in that office's habit: 公安 gives 死亡日期, 民政 mostly the cremation alone."""
        died, cremated, registered = given.get("died", 0), given.get("cremated", 0), given.get("registered", 0)
        if day is not None:
            died = ymd(day) if source == "公安" and not died else died
            registered = ymd(day + timedelta(days=3 + self.chance.randrange(20))) if source == "公安" else 0
            if source == "民政" and not died and not cremated:
                cremated = ymd(day + timedelta(days=min(2, Month.of(day).last_day.day - day.day)))
        row = Death(
            source, given.get("number", life.number), given.get("name", life.name), life.sex, life.birth,
            given.get("region", COUNTY_CODE), life.town, life.village,
            died, cremated, registered, given.get("reason", "死亡" if source == "公安" else ""),
        )  # fmt: skip
        life.deaths.append(row)
        return row

    def day_in(self, index: int) -> date:
        """Some day of the month at that index."""
        return self.county.at(index).first_day + timedelta(days=self.chance.randrange(27))

    def case(self, *lives: Life, expect: str = "", **given: Any) -> Household:
        """A planted household whose truth must be exactly the rules named in ``expect`` (separated by blanks)."""
        return Household(list(lives), expect=frozenset(expect.split()), special=True, **given)

    def friend(self, *lives: Life, why: str, **given: Any) -> Household:
        """A false friend: looks like a case, is none."""
        return Household(list(lives), special=True, friend=why, **given)
