"""Opening balances of residents' person accounts (个人账户期初): one row a person, one column a source, drawn from a stream of its own."""

from __future__ import annotations

from pathlib import Path

from shebao.demo.county import FUND_SHORT, PREMIUM, SUBSIDY_SHARES, County
from shebao.demo.facts import Life
from shebao.demo.sinks import CsvSink, FileNote
from shebao.demo.workbook import yuan

HEADER = ("证件号码", "姓名", "个人缴费", "省级缴费补贴", "县级缴费补贴", "政府代缴")
TIERS = (10_000, 20_000, 20_000, 50_000)


class AccountFiles:
    """Writes what each background resident had in the account at the end of the month before the story."""

    def __init__(self, folder: Path, county: County) -> None:
        last = county.month - 1
        self._chance = county.chance("person accounts")
        self._sink = CsvSink(
            folder, f"个人账户期初_{FUND_SHORT['R']}_{last.zh()}末.csv", "person-accounts", f"城乡居保个人账户 {last.zh()}末余额，人×来源", HEADER,
            encoding="utf-8-sig", amount=2,
        )  # fmt: skip

    def add(self, life: Life) -> None:
        """One row for somebody enrolled in R; nothing for anybody else."""
        if not any(row.fund == "R" for row in life.registers):
            return
        if life.personal:
            parts = (life.personal * (3 + self._chance.randrange(20)), 0, 0, 0)
        else:
            years, tier = 1 + self._chance.randrange(3), self._chance.choice(TIERS)
            subsidies = [years * (low if tier < 50_000 else high) for _, low, high in SUBSIDY_SHARES]
            parts = (0, 0, 0, years * PREMIUM) if life.listings else (years * tier, subsidies[0], subsidies[1], 0)
        self._sink.add((life.number, life.name, *(yuan(fen) if fen else "" for fen in parts)), sum(parts))

    def close(self) -> FileNote:
        """Closes the file and says what it is."""
        return self._sink.close()
