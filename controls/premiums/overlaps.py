"""Premiums to be claimed back (重复代缴): what was paid beyond the one premium a person is due, by payer and level, with the reason.

Beyond the tier, twice by one level, in a year with 职工 contributions, after death, for somebody on no list, or twice because the person paid too
where the office gives that back. The last rows paid are the first to go back; each line says in which year its money came, because this year's is
taken off 4001 (C12) and an earlier year's is 其他支出 (C13).
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from controls.checks.duck import Duck
from controls.premiums import facts, law
from controls.premiums.claims import BACK_TO_PERSON, LEFT, LINE, Drawn
from controls.premiums.facts import Question, Sources
from ledger.parameters import Parameters

OWN = "个人"

_BACK = """
CREATE OR REPLACE TEMP TABLE government_row AS
SELECT c.person, c.number, c.name, COALESCE(NULLIF(c.level, ''), '县') AS level, c.amount,
       COALESCE(c.received_on, DATE '{year}-12-31') AS received_on, c.part, c.file, c.line,
       SUM(c.amount) OVER (PARTITION BY c.person) AS total,
       SUM(c.amount) OVER (PARTITION BY c.person, c.level) AS level_total,
       SUM(CASE WHEN c.amount > 0 THEN c.amount ELSE 0 END) OVER (PARTITION BY c.person, c.level ORDER BY c.received_on, c.part, c.file, c.line
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS level_so_far
FROM contributions c
WHERE c.person <> '' AND c.fund = '{fund}' AND c.year = {year} AND c.payer = '政府代缴' AND (c.received_on IS NULL OR c.received_on <= DATE '{as_of}')
"""
# What is left of each row once refunds are taken off the last rows of their level; then the rows in order of receipt, so that the last go back first.
_KEPT = """
CREATE OR REPLACE TEMP TABLE government_kept AS
SELECT *, SUM(left_fen) OVER (PARTITION BY person ORDER BY received_on, level, part, file, line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far,
       ROW_NUMBER() OVER (PARTITION BY person, level ORDER BY received_on, part, file, line) AS nth
FROM (SELECT g.*, GREATEST(0, LEAST(amount, level_total - (level_so_far - amount))) AS left_fen FROM government_row g WHERE amount > 0)
WHERE left_fen > 0
"""
_LINES = """
SELECT k.number, k.level AS payer, CAST(YEAR(k.received_on) AS INTEGER) AS received_year, k.name, f.category, CAST('' AS VARCHAR) AS others, f.town, f.tier_fen,
       k.fen, 'government_paid' AS part, k.why AS note
FROM (
    SELECT g.*, f.why AS whole,
           CASE WHEN f.why <> '' THEN g.left_fen
                WHEN f.tier_fen > 0 THEN GREATEST(0, LEAST(g.left_fen, g.so_far - f.tier_fen))
                WHEN g.nth > 1 THEN g.left_fen ELSE 0 END AS fen,
           CASE WHEN f.why <> '' THEN f.why WHEN f.tier_fen > 0 THEN '超过缴费档次' ELSE '同一级次代缴两次' END AS why
    FROM government_kept g JOIN back_fact f ON f.person = g.person
) k JOIN back_fact f ON f.person = k.person
WHERE k.fen > 0
UNION ALL
SELECT o.number, '个人', o.received_year, o.name, f.category, '', f.town, f.tier_fen, o.fen, 'own', '已由政府代缴，退还本人'
FROM (
    SELECT c.person, ANY_VALUE(c.number ORDER BY c.number) AS number, MIN(c.name) AS name,
           CAST(YEAR(COALESCE(c.received_on, DATE '{year}-12-31')) AS INTEGER) AS received_year,
           SUM(c.amount) AS fen
    FROM contributions c
    WHERE c.person <> '' AND c.fund = '{fund}' AND c.year = {year} AND c.payer = '个人' AND (c.received_on IS NULL OR c.received_on <= DATE '{as_of}')
    GROUP BY c.person, 4 HAVING SUM(c.amount) > 0
) o JOIN back_fact f ON f.person = o.person
WHERE {own_back} AND f.why = '' AND f.government_fen > 0
"""
_FACT = """
CREATE OR REPLACE TEMP TABLE back_fact AS
SELECT f.*,
    CASE WHEN death_month IS NOT NULL AND (death_month < {year} * 100 + 1 OR COALESCE(received_month, {year} * 100 + 12) > death_month) THEN '死亡后代缴'
    WHEN other_fund IS NOT NULL THEN '同年参加' || other_fund WHEN NOT listed THEN '不在名单' ELSE '' END AS why
FROM person_fact f WHERE government_fen > 0 AND NOT claimed
"""


def draw(sources: Sources, asked: Question, known: Parameters | None = None, *, threads: int | None = None) -> Drawn:
    """What is to be given back of a year's premiums, by person, payer and year of the money. ``sources.claimed``: persons in a live refund list.

    Raises SB1031 where somebody paid beside the government and the office has not said what then.
    """
    parameters = known or Parameters.load()
    words = {"fund": asked.fund.value, "year": asked.year, "as_of": asked.as_of.isoformat()}
    with Duck(threads=threads) as duck:
        facts.load(duck, sources, asked)
        duck.run(_BACK.format(**words))
        duck.run(_KEPT)
        duck.run(_FACT.format(**words))
        both = duck.values("SELECT COUNT(*) FROM back_fact WHERE own_fen > 0 AND why = ''")[0][0]
        policy = parameters.text("premium_own_payment", law.premium_day(asked.year), fund=asked.fund.value) if both else ""
        lines = duck.fetch(_LINES.format(**words, own_back="TRUE" if policy == BACK_TO_PERSON else "FALSE")).cast(LINE)
    return Drawn(replace(asked), _summed(lines), LEFT.empty_table())


def _summed(lines: pa.Table) -> pa.Table:
    """One line a number, payer and year of the money."""
    keys = ["number", "payer", "received_year"]
    rest = [name for name in LINE.names if name not in (*keys, "fen", "note")]
    made = lines.group_by(keys, use_threads=False).aggregate([*((name, "first") for name in rest), ("fen", "sum"), ("note", "min")])
    named = made.rename_columns([name.removesuffix("_first").removesuffix("_sum").removesuffix("_min") for name in made.column_names])
    return named.select(LINE.names).cast(LINE).sort_by([(key, "ascending") for key in keys])
