"""The background people (常人): nobody here may yield a finding of an exact rule.

Among them are false friends in great number: payments for the month of death, funeral aid and back pay after death,
failed and repeated payments, allowances paid for others (代发), pensions that begin the month after the 60th birthday.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from ledger.months import Month
from shebao.demo.county import COUNTY_CODE, HISTORY, PREMIUM, PREMIUM_SHARES, SUBSIDY_SHARES
from shebao.demo.facts import ALLOWANCE, FAILED, FUNERAL, Household, Life, Listing, Premium
from shebao.demo.maker import Maker, ymd
from shebao.demo.names import EMPLOYERS, OFFICES, TOWNS, VILLAGES
from shebao.demo.numbers import credit_code

SHARES = (("r_contributor", 620), ("r_pensioner", 250), ("e_contributor", 70), ("e_pensioner", 30), ("g_contributor", 20), ("g_pensioner", 10))
TIERS = (20_000, 20_000, 20_000, 30_000, 50_000, 50_000, 100_000, 200_000, 300_000)
CATEGORIES = (("低保", "民政", 40), ("特困", "民政", 5), ("重度残疾", "残联", 20), ("脱贫", "乡村振兴", 25), ("返贫致贫", "乡村振兴", 10))


class Crowd:
    """Makes the background, one household at a time."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.county = maker.county
        self.chance: random.Random = maker.chance
        self.premiums = Premiums(maker)

    def households(self, persons: int) -> Iterator[Household]:
        """``persons`` people in the shares above, pensioners spread evenly among the rest."""
        total = sum(weight for _, weight in SHARES)
        made = dict.fromkeys((kind for kind, _ in SHARES), 0)
        for number in range(1, persons + 1):
            kind, _ = max(((k, number * w - made[k] * total) for k, w in SHARES), key=lambda pair: pair[1])
            made[kind] += 1
            yield Household([getattr(self, kind)()])

    # --- pensioners -----------------------------------------------------------------------------------------
    def r_pensioner(self) -> Life:
        """A resident pensioner: of long standing, new in the window, dead in the window, or paused and back."""
        roll = self.chance.random()
        if roll < 0.06:
            return self._died(self.chance.randrange(HISTORY + 1))
        if roll < 0.14:
            return self._new(1 + self.chance.randrange(HISTORY))
        if roll < 0.15:
            return self._paused(4 + self.chance.randrange(8))
        life = self.maker.pensioner()
        if roll < 0.154:
            self._failed_once(life, self.chance.randrange(HISTORY))
        elif roll < 0.164:
            for index in range(HISTORY):
                self.maker.pay(life, "R", self.chance.choice(("村医补助", "民师补助")), ALLOWANCE, index, 20_000)
        if self.chance.random() < 0.08:
            self.premiums.listed(life, paid=False)
        return life

    def _died(self, index: int) -> Life:
        maker, chance = self.maker, self.chance
        life = maker.pensioner(last=index)
        day = maker.day_in(index)
        if chance.random() < 0.9:
            maker.death(life, "公安", day)
        if not life.deaths or chance.random() < 0.5:
            maker.death(life, "民政", day)
        if index + 1 < HISTORY and chance.random() < 0.4:
            maker.pay(life, "R", "丧葬补助金", FUNERAL, index + 1, 120_000)
        if 12 <= index < HISTORY - 1 and chance.random() < 0.1:
            maker.arrears(life, "R", index + 1, index - 6, index - 2, 5_000)
        return life

    def _new(self, index: int) -> Life:
        maker = self.maker
        start = self.county.at(index)
        life = maker.life(maker.birth_for_start(start))
        maker.pay_r(life, index, HISTORY)
        maker.on_roster(life, "R")
        recent = index > HISTORY - 10
        maker.register(life, "R", start=start.number, certified=0 if recent else maker.certified())
        return life

    def _paused(self, index: int) -> Life:
        """Not certified in time, paused for four months, certified and paid back (补发): lawful throughout."""
        maker = self.maker
        life = maker.pensioner(last=index)
        life.registers.clear()
        back = index + 5
        maker.pay_r(life, back, HISTORY)
        maker.on_roster(life, "R")
        if back >= 12:
            maker.arrears(life, "R", back, index + 1, back - 1, 4 * 20_000)
        maker.register(life, "R", start=max((Month(life.birth.year + 60, life.birth.month) + 1).number, 201001), certified=maker.certified())
        return life

    def _failed_once(self, life: Life, index: int) -> None:
        """A row that failed at the bank, beside the row that went through later."""
        period = self.county.periods[index]
        place = next(i for i, row in enumerate(life.pays) if row.period == period)
        row = life.pays[place]
        life.pays.insert(place, row._replace(status=FAILED, serial=self.maker.serial(period)))
        life.pays[place + 1] = row._replace(paid_on=row.paid_on + 5)

    def e_pensioner(self) -> Life:
        """An employee pensioner; one in twenty-five died in the window, one in twenty is new."""
        roll = self.chance.random()
        if roll < 0.04:
            index = self.chance.randrange(HISTORY)
            life = self.maker.retiree("E", last=index)
            self.maker.death(life, "公安", self.maker.day_in(index))
            if index + 1 < HISTORY:
                self.maker.pay(life, "E", "丧葬补助金", FUNERAL, index + 1, 900_000)
            return life
        return self.maker.retiree("E", first=1 + self.chance.randrange(HISTORY - 1) if roll < 0.09 else 0)

    def g_pensioner(self) -> Life:
        """A retired official, paid by the city, this month too."""
        return self.maker.retiree("G")

    # --- contributors ---------------------------------------------------------------------------------------
    def r_contributor(self) -> Life:
        """A resident who pays premiums, or has them paid, or has not paid yet this year."""
        life = self.maker.life(self.maker.birth(18, 58))
        self.maker.register(life, "R")
        roll = self.chance.random()
        if roll < 0.10:
            self.premiums.listed(life, paid=True, claim=True)
            if roll < 0.01:
                self.premiums.own(life)
        elif roll < 0.85:
            self.premiums.own(life)
        if roll > 0.996:
            self.maker.death(life, "公安", self.maker.day_in(self.chance.randrange(HISTORY)))
        return life

    def e_contributor(self) -> Life:
        return self._employed("E")

    def g_contributor(self) -> Life:
        return self._employed("G")

    def _employed(self, fund: str) -> Life:
        life = self.maker.life(self.maker.birth(20, 49))
        self.maker.register(life, fund)
        self.premiums.employed(life, fund)
        return life


class Premiums:
    """Who pays which premium, when (缴费): through the tax bureau, by the state for the entitled, and the subsidies."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.county = maker.county
        self.chance = maker.chance
        self.employers = max(6, self.county.persons // 350)
        self.offices = max(4, self.county.persons // 1_700)

    def own(self, life: Life, *, tier: int = 0, month: int = 0) -> None:
        """A resident's own premium of the year through the tax bureau, and the subsidies (缴费补贴) it earns."""
        county, chance = self.county, self.chance
        tier = tier or chance.choice(TIERS)
        month = month or (county.month.month if chance.random() < 0.3 else 1 + chance.randrange(county.month.month - 1))
        received = county.year * 10_000 + month * 100 + 2 + chance.randrange(26)
        ticket = f"362{received}{TOWNS.index(life.town):02d}{VILLAGES.index(life.village):02d}"
        life.premiums.append(Premium("R", county.year, "个人", "", "", tier, tier, received, "当期", "", "", ticket))
        for level, low, high in SUBSIDY_SHARES:
            life.premiums.append(
                Premium("R", county.year, "财政补贴", "", level, tier, low if tier < 50_000 else high, ymd(county.day(20)), "当期", "", "", "")
            )

    def paid(self, life: Life, category: str, *, received: int = 0, levels: bool | None = None, amount: int = PREMIUM, claim: bool = False) -> None:
        """A premium the state pays (政府代缴): earlier in the year or in the month of the story, by one or two levels; ``claim``: the month's is claimed."""
        earlier = self.chance.random() < 0.55
        received = received or (self.county.year * 10_000 + min(6, self.county.month.month - 1) * 100 + 20 if earlier else ymd(self.county.day(22)))
        two = self.chance.random() < 0.5 if levels is None else levels
        if claim and not earlier:
            life.claimed = two = True
        for level, share in PREMIUM_SHARES if two else (("县", amount),):
            life.premiums.append(Premium("R", self.county.year, "政府代缴", category, level, PREMIUM, share, received, "当期", "", "", ""))

    def listed(self, life: Life, *, paid: bool, claim: bool = False) -> None:
        """On a list of the entitled since some earlier year; ``paid``: with this year's premium paid by the state."""
        category, office, _ = self.chance.choices(CATEGORIES, [weight for _, _, weight in CATEGORIES])[0]
        life.listings.append(Listing(office, category, self.since(), 0, self.chance.choice(("一级", "二级")) if office == "残联" else ""))
        if paid and self.chance.random() < 0.06 and category != "重度残疾":
            life.listings.append(Listing("残联", "重度残疾", self.since(), 0, "二级"))
        if paid:
            self.paid(life, category, claim=claim)

    def since(self) -> int:
        """A day in one of the six earlier years."""
        return ymd(date(self.county.year - 1 - self.chance.randrange(6), 1, 1) + timedelta(days=self.chance.randrange(365)))

    def employer(self, fund: str) -> tuple[str, str, str]:
        """Name, credit code and ticket stem of some employer; one E person in twelve works for a public office."""
        if fund == "G" or self.chance.random() < 0.08:
            number = self.chance.randrange(self.offices)
            campus = f"（{number // len(OFFICES) + 1}校区）" if number >= len(OFFICES) else ""
            return f"云岭县{OFFICES[number % len(OFFICES)]}{campus}", credit_code(COUNTY_CODE, 50_000_000 + number), f"1{number:05d}"
        number = self.chance.randrange(self.employers)
        name = f"云岭县{EMPLOYERS[number % len(EMPLOYERS)]}{number // len(EMPLOYERS) + 1}厂有限责任公司"
        return name, credit_code(COUNTY_CODE, 10_000_000 + number), f"0{number:05d}"

    def employed(self, life: Life, fund: str, *, first: int = 1, last: int = 0) -> None:
        """Monthly contributions of person (8 %) and employer (16 %) since January, on one ticket a month and employer."""
        name, code, stem = self.employer(fund)
        wage = 424_400 + self.chance.randrange(900_000) // 100 * 100
        day = 5 + int(stem) % 20
        for month in range(first, (last or self.county.month.month) + 1):
            period = self.county.year * 100 + month
            ticket = f"362{period}{day:02d}{stem}"
            for payer, percent in (("单位", 16), ("个人", 8)):
                life.premiums.append(Premium(fund, period, payer, "", "", wage, wage * percent // 100, period * 100 + day, "当期", name, code, ticket))
