"""The tables the rules read, in order: reversals netted, reference lists reduced, ``net_rows``, ``paid_months``, ``last_paid``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from string import Template
from typing import Any

import pyarrow as pa

import templates
from controls.checks import reference
from controls.checks.common import Common
from controls.checks.duck import Duck, like_any
from controls.checks.netting import Netting, Payment, Reversal, net
from ledger.money import Fen
from ledger.months import Month

CONTRACT_ZH = {
    "payments": "发放明细", "deaths": "死亡信息", "people": "参保与领取人员", "custody": "服刑人员", "contributions": "缴费明细",
    "entitled": "特殊群体名单", "accounts": "代领与机构账户", "recoveries": "追回与扣回",
}  # fmt: skip

NO_END = 299912
_PLACE = pa.schema([("part", pa.int32()), ("file", pa.string()), ("line", pa.int32()), ("fen", pa.int64())])
_REVERSAL = "(status IN ('reversed', 'returned') OR (status = 'paid' AND amount < 0))"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of an input that no rule, or only some rules, looked at: count, fen and the reason in Chinese."""

    contract: str
    code: str
    reason: str
    rows: int
    amount: Fen


def net_payments(duck: Duck) -> Netting:
    """Places the reversals and fills ``cancelled(part, file, line, fen)``; reads only the rows they may touch."""
    key = "part, file, line, fund, region, person, item"
    found = duck.values(f"SELECT {key}, COALESCE(orig_period, period), orig_serial, ABS(amount), status FROM payments WHERE {_REVERSAL} AND amount <> 0")
    reversals = [
        Reversal(row[:3], (row[3], row[4], row[5], row[6], row[7]) if row[5] else None, row[8], row[9], "cancelled" if row[10] == "paid" else row[10])
        for row in found
    ]
    payments: list[Payment] = []
    if reversals:
        duck.register("reversal_number", pa.table({"number": pa.array(sorted({_number(one) for one in reversals} - {""}), pa.string())}))
        duck.register("reversal_serial", pa.table({"serial": pa.array(sorted({one.orig_serial for one in reversals} - {""}), pa.string())}))
        rows = duck.values(
            f"SELECT {key}, period, serial, amount FROM payments WHERE status = 'paid' AND amount > 0"
            " AND (number IN (SELECT number FROM reversal_number) OR (serial <> '' AND serial IN (SELECT serial FROM reversal_serial)))"
        )
        payments = [Payment(row[:3], (row[3], row[4], row[5], row[6], row[7]), row[8], row[9]) for row in rows]
    netting = net(payments, reversals)
    places = [(*place, fen) for place, fen in sorted(netting.cancelled.items())]
    _fill(duck, "cancelled", places, _PLACE)
    return netting


def _number(reversal: Reversal) -> str:
    return reversal.key[2].partition("|")[0] if reversal.key is not None and not reversal.orig_serial else ""


def _fill(duck: Duck, name: str, rows: Sequence[Sequence[Any]], schema: pa.Schema) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    duck.register(name, pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema))


def last_period(duck: Duck) -> int:
    """The last period net paid as ``yyyymm``; the far end when nothing was paid."""
    bound = NO_END + 1
    while True:
        last = duck.values(f"SELECT MAX(period) FROM payments WHERE status = 'paid' AND amount > 0 AND NOT planned AND period < {bound}")[0][0]
        if last is None:
            return NO_END
        left = duck.values(
            f"SELECT 1 FROM payments p LEFT JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line"
            f" WHERE p.status = 'paid' AND p.period = {last} AND p.amount > COALESCE(c.fen, 0) LIMIT 1"
        )
        if left:
            return int(last)
        bound = last


def reference_tables(duck: Duck, shared: Common, as_of: int) -> None:
    """Fills ``death``, ``term``, ``agent_account`` and ``months`` from the outside lists."""
    text, whole, yes = pa.string(), pa.int32(), pa.bool_()
    found = reference.deaths(duck.fetch("SELECT * FROM deaths").to_pylist(), shared)
    fields = {"person": text, "number": text, "number_ok": yes, "name_norm": text, "death_month": whole, "death_on": text, "official": yes,
              "confidence": whole, "source": text, "counterpart": text}  # fmt: skip
    _fill(duck, "death", [tuple(asdict(one).values()) for one in found], pa.schema(list(fields.items())))
    held = reference.terms(duck.fetch("SELECT * FROM custody").to_pylist(), as_of, shared)
    fields = {"person": text, "number": text, "number_ok": yes, "name_norm": text, "first": whole, "last": whole, "severity": text, "counterpart": text}
    _fill(duck, "term", [tuple(asdict(one).values()) for one in held], pa.schema(list(fields.items())))
    agents = [
        (account, Month.of(start).number if start else 0, Month.of(end).number if end else NO_END)
        for account, start, end in duck.values("SELECT account, from_on, to_on FROM accounts WHERE account <> ''")
    ]
    _fill(duck, "agent_account", agents, pa.schema([("account", text), ("first", whole), ("last", whole)]))
    every = [(year * 100 + month, year * 12 + month - 1) for year in range(1950, 2100) for month in range(1, 13)]
    _fill(duck, "months", every, pa.schema([("period", whole), ("idx", whole)]))


def build(duck: Duck, shared: Common, as_of: int, *, few: bool) -> None:
    """Makes ``net_rows`` (of the candidates when ``few``), ``paid_months``, ``account_months`` and ``last_paid``."""
    only = " AND p.number IN (SELECT number FROM candidates)" if few else ""
    duck.run(
        "CREATE OR REPLACE TEMP TABLE net_rows AS SELECT p.*, p.amount - COALESCE(c.fen, 0) AS net"
        f" FROM (SELECT * FROM payments p WHERE p.status = 'paid' AND p.amount > 0{only}) p"
        " LEFT JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line WHERE p.amount > COALESCE(c.fen, 0)"
    )
    parts = {"base_items": like_any("r.item", shared.base_items), "account_items": like_any("r.item", shared.account_items)}
    parts |= {f"{name}_s": text.replace("r.item", "s.item") for name, text in parts.items()}
    duck.run(f"CREATE OR REPLACE TEMP TABLE paid_months AS {_view('paid_months', as_of=as_of, **parts)}")
    masks = {"account_masks": like_any("p.account", shared.account_masks), "internal_holders": like_any("p.holder", shared.internal_holders)}
    duck.run(f"CREATE OR REPLACE TEMP VIEW account_months AS {_view('account_months', account_shortest=shared.account_shortest, **masks)}")
    duck.run(f"CREATE OR REPLACE TEMP TABLE last_paid AS {_view('last_paid')}")


def _view(name: str, **parameters: object) -> str:
    return Template(templates.path(f"rules/views/{name}.sql").read_text(encoding="utf-8")).substitute({key: str(value) for key, value in parameters.items()})


_STATUS_ZH = {
    "failed": "发放失败", "pending": "待支付", "written_off": "已核销", "returned": "退回", "reversed": "冲正", "other": "发放状态不认识，不计为已发放",
}  # fmt: skip
_CLASS_ZH = {"funeral": "丧葬、抚恤", "lump_sum": "一次性支付", "allowance": "代发项目", "arrears": "补发未注明所属期起止"}


def left_out(duck: Duck, netting: Netting, as_of: int) -> Iterable[LeftOut]:
    """Payment rows that are no paid month of a rule, by reason; and those left out of matching by number."""
    counted = duck.values(
        "SELECT status, amount <= 0, item_class, span_from IS NULL OR span_to IS NULL OR span_from > span_to, damaged,"
        f" CASE WHEN item_class = 'arrears' THEN FALSE ELSE period > {as_of} END, COUNT(*), SUM(amount)"
        " FROM payments WHERE NOT planned GROUP BY 1, 2, 3, 4, 5, 6"
    )
    totals: dict[tuple[str, str], list[int]] = {}
    for status, negative, item_class, no_span, damaged, later, rows, amount in counted:
        reason = None
        if status != "paid":
            reason = (status, _STATUS_ZH.get(status, status))
        elif negative:
            reason = ("negative", "成功行金额不大于零（作冲销）")
        elif item_class in ("funeral", "lump_sum", "allowance") or (item_class == "arrears" and no_span):
            reason = (item_class, _CLASS_ZH[item_class])
        elif later:
            reason = ("later", "所属期晚于截止日")
        reasons = [reason] if reason else []
        if damaged and (reason is None):
            reasons.append(("damaged", "证件号码被电子表格损坏，不参与按号码比对"))
        for key in reasons:
            total = totals.setdefault(key, [0, 0])
            total[0] += rows
            total[1] += int(amount)
    for (code, text), (rows, fen) in sorted(totals.items()):
        yield LeftOut("payments", code, text, rows, fen)
    if netting.cancelled:
        yield LeftOut("payments", "cancelled", "已被冲正、退回冲销（全部或部分）", len(netting.cancelled), sum(netting.cancelled.values()))
