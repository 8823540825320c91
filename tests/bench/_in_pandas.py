"""The exact rules of the first catalogue as an analyst writes them in pandas over the county of ``_county_files``; findings as ids only.

Written from the texts of the rules, not from their SQL, and only as far as that county needs: no arrears with a range, no agents' terms, one category
on the list. No evidence, reason, amount or severity is made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from controls.findings import finding_id

_PAYMENTS = [
    "fund", "region", "number", "number_ok", "name_norm", "item", "item_class", "period", "paid_month", "amount", "account", "holder", "status", "serial",
    "orig_serial", "source",
]  # fmt: skip
_KEY = ["number", "fund", "region"]


def findings(folder: Path) -> list[str]:
    """Ids of all findings over the files of ``folder``."""
    paid = _paid(pd.read_parquet(folder / "payments.parquet", columns=_PAYMENTS))
    lists = {one: pd.read_parquet(folder / f"{one}.parquet") for one in ("deaths", "people", "custody", "contributions", "entitled", "accounts")}
    return sorted(_deaths(paid, lists) | _duplicates(paid) | _accounts(paid, lists) | _entitlement(paid, lists) | _identity(paid) | _premiums(paid, lists))


def _paid(rows: pd.DataFrame) -> pd.DataFrame:
    back = rows[rows.status == "reversed"].set_index("orig_serial").amount
    paid = rows[rows.status == "paid"].copy()
    paid["fen"] = paid.amount - paid.serial.map(back).fillna(0).astype("int64")
    return paid[paid.fen > 0]


def _ids(rule: str, rows: pd.DataFrame) -> set[str]:
    return {finding_id(rule, number, fund, region) for number, fund, region in rows[_KEY].drop_duplicates().itertuples(index=False)}


def _deaths(paid: pd.DataFrame, lists: dict[str, pd.DataFrame]) -> set[str]:
    dead = paid.merge(lists["deaths"][["number", "death_month"]], on="number")
    dead["idx"] = dead.period // 100 * 12 + dead.period % 100
    dead["death_idx"] = dead.death_month // 100 * 12 + dead.death_month % 100
    months = dead[[*_KEY, "idx", "death_idx"]].drop_duplicates().sort_values([*_KEY, "idx"])
    months["before"] = months.groupby(_KEY).idx.shift()
    again = months[(months.idx > months.death_idx + 1) & (months.idx > months.before + 1)]
    return _ids("D1-POSTHUMOUS", dead[dead.period > dead.death_month]) | _ids("D3-REVIVED", again)


def _duplicates(paid: pd.DataFrame) -> set[str]:
    pension = paid[paid.item_class == "pension"]
    months = pension.groupby([*_KEY, "period"], as_index=False).fen.sum()
    pair = months.merge(months, on=["number", "period"])
    schemes = pair[(pair.fund_x == "R") & (pair.fund_y != "R")].rename(columns={"fund_x": "fund", "region_x": "region"})
    # The county left behind is the one of the later start: every start of the people file lies in 620821, long before.
    counties = pair[(pair.fund_x == pair.fund_y) & (pair.region_x > pair.region_y)].rename(columns={"fund_x": "fund", "region_x": "region"})
    key = ["fund", "region", "number", "period", "item", "source"]
    twice = paid[paid.duplicated(key, keep=False)]
    jobless = paid[paid.item_class == "unemployment"].merge(pension[["number", "period"]].drop_duplicates(), on=["number", "period"])
    found = _ids("P1-TWO-SCHEMES", schemes) | _ids("P2-TWO-REGIONS", counties)
    return found | _ids("P3-TWICE", twice) | _ids("P5-PENSION-UNEMPLOYMENT", jobless)


def _several(rule: str, rows: pd.DataFrame, by: str) -> set[str]:
    found = set()
    for value, part in rows.groupby(by):
        funds, regions = (";".join(sorted(part[name].unique())) for name in ("fund", "region"))
        found.add(finding_id(rule, part.number.min(), funds, regions, str(value)) if by == "account" else finding_id(rule, str(value), funds, regions))
    return found


def _accounts(paid: pd.DataFrame, lists: dict[str, pd.DataFrame]) -> set[str]:
    own = paid[(paid.account != "") & ~paid.account.isin(lists["accounts"].account)]
    pension = own[own.item_class == "pension"]
    people = pension.groupby(["account", "paid_month"]).number.nunique()
    shared = people[people > 1].reset_index()[["account", "paid_month"]]
    return _several("A1-SHARED-ACCOUNT", pension.merge(shared, on=["account", "paid_month"]), "account") | _several(
        "A2-HOLDER-DIFFERS", own[(own.holder != "") & (own.holder != own.name_norm)], "number"
    )


def _entitlement(paid: pd.DataFrame, lists: dict[str, pd.DataFrame]) -> set[str]:
    pension = paid[paid.item_class == "pension"]
    resident = pension[(pension.fund == "R") & pension.number_ok]
    due = (resident.number.str[6:10].astype(int) + 60) * 12 + resident.number.str[10:12].astype(int) + 1
    early = resident[resident.period // 100 * 12 + resident.period % 100 < due]
    people = lists["people"].dropna(subset=["certified_on"])
    known = people.groupby(["number", "fund"], as_index=False).certified_on.max()
    certified = pd.to_datetime(known.certified_on)
    known["idx"] = certified.dt.year * 12 + certified.dt.month
    stated = pension.merge(known, on=["number", "fund"])
    late = stated[stated.period // 100 * 12 + stated.period % 100 > stated.idx + 12]
    held = pension.merge(lists["custody"], on="number", suffixes=("", "_term"))
    start, end = pd.to_datetime(held.imprisoned_on), pd.to_datetime(held.released_on)
    held = held[(held.period > start.dt.year * 100 + start.dt.month) & (held.period <= end.dt.year * 100 + end.dt.month)]
    return _ids("E1-UNDER-AGE", early) | _ids("E2-NO-CERTIFICATE", late) | _ids("E3-CUSTODY", held)


def _identity(paid: pd.DataFrame) -> set[str]:
    names = paid[paid.number_ok].groupby(["number", "name_norm"]).agg(often=("fen", "size"), last=("period", "max")).reset_index()
    names = names[names.duplicated("number", keep=False)].sort_values(["number", "often", "last", "name_norm"], ascending=[True, False, False, True])
    rarer = names[names.duplicated("number")]
    rows = paid.merge(rarer[["number", "name_norm"]], on=["number", "name_norm"])
    return _several("I1-BAD-NUMBER", paid[~paid.number_ok], "number") | _several("I2-NAME-DIFFERS", rows, "number")


def _premiums(paid: pd.DataFrame, lists: dict[str, pd.DataFrame]) -> set[str]:
    given = lists["contributions"][lists["contributions"].payer == "政府代缴"].copy()
    received = pd.to_datetime(given.received_on)
    given["month"] = received.dt.year * 100 + received.dt.month
    listed = lists["entitled"].copy()
    dead = lists["deaths"][["number", "death_month"]]
    born = given.number.str[6:10].astype(int)
    stated = lists["people"][["number", "start_month"]].dropna().set_axis(["number", "period"], axis=1)
    starts = pd.concat([paid[paid.item_class == "pension"][["number", "period"]], stated])
    drawing = starts.groupby("number").period.min()
    beyond = given.groupby([*_KEY, "year"]).agg(paid=("amount", "sum"), tier=("tier", "max")).reset_index()
    after = given.merge(dead, on="number")
    old = (given.year - born > 60) | ((given.year - born == 60) & (given.number.str[10:14] <= "0101"))
    wrong = given[(given.year - born < 16) | old | (given.number.map(drawing) <= given.month)]
    found = {
        "S1-SUBSIDY-NOT-ENTITLED": given[~given.number.isin(listed.number)],
        "S2-SUBSIDY-DOUBLE": beyond[beyond.paid > beyond.tier],
        "S3-SUBSIDY-AFTER-DEATH": after[after.month > after.death_month],
        "S4-ENTITLED-NOT-PAID": _not_paid(listed, given, lists, drawing),
        "S5-SUBSIDY-WRONG-AGE": wrong,
    }
    return {finding_id(rule, *one[:3], str(one[3])) for rule, rows in found.items() for one in rows[[*_KEY, "year"]].drop_duplicates().itertuples(index=False)}


def _not_paid(listed: pd.DataFrame, given: pd.DataFrame, lists: dict[str, pd.DataFrame], drawing: Any) -> pd.DataFrame:
    due = listed[["number"]].merge(pd.DataFrame({"year": sorted(given.year.unique())}), how="cross")
    due["fund"], due["region"] = "R", "620821"
    due = due.merge(given[["number", "year"]].drop_duplicates(), on=["number", "year"], how="left", indicator=True)
    due = due[due._merge == "left_only"].merge(lists["deaths"][["number", "death_month"]], on="number", how="left")
    due = due[~(due.death_month <= due.year * 100 + 12)]
    employed = lists["people"][lists["people"].fund.isin(["E", "G"])].number
    born = due.number.str[6:10].astype(int)
    under = (due.year - born < 60) | ((due.year - born == 60) & (due.number.str[10:14] > "0101"))
    return due[(due.year - born >= 16) & under & ~due.number.isin(employed) & ~(due.number.map(drawing) <= due.year * 100 + 12)]
