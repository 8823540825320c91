"""For whom a rule could not be run (对此人未运行): what the run counts as ``NotRun`` of persons, asked of one of them."""

from __future__ import annotations

from controls.checks import views
from controls.checks.engine import Engine
from controls.checks.explained.words import value


def unjudged(engine: Engine, rule: str, number: str) -> list[str]:
    """What is missing to judge this person by the rule, a sentence per fund; none where it was judged or has no pension."""
    known, funds, missing = _KNOWN.get(rule, ("", "", ""))
    if not known:
        return []
    quoted = number.replace("'", "''")
    found = engine.values(
        f"SELECT DISTINCT p.fund FROM paid_months p WHERE p.number = '{quoted}' AND p.person <> '' AND p.benefit = 'pension' AND p.fund IN ({funds})"
        f" AND NOT EXISTS (SELECT 1 FROM people k WHERE k.number = p.number AND k.fund = p.fund AND k.person <> '' AND {known}) ORDER BY 1"
    )
    said = [f"{value('fund', fund)}：{missing}" for (fund,) in found]
    if rule == "E1-UNDER-AGE" and _numberless(engine, quoted):
        said.append("城乡居保：号码不是校验正确的十八位号码，看不出出生年月")
    return said


def _numberless(engine: Engine, quoted: str) -> bool:
    asked = f"SELECT 1 FROM paid_months WHERE number = '{quoted}' AND fund = 'R' AND benefit = 'pension' AND NOT (number_ok AND LENGTH(number) = 18) LIMIT 1"
    return bool(engine.values(asked))


_KNOWN = {
    "E1-UNDER-AGE": (views.AGE_KNOWN, "'E', 'G'", "参保与领取人员中没有此人可用的退休类别、出生日期或性别"),
    "E2-NO-CERTIFICATE": (views.CERTIFICATE_KNOWN, "'E', 'R', 'G'", "没有最近认证日期，也没有待遇起始年月"),
}
"""What the people file must say, of which funds, and the words for where it does not."""
