"""A bank file's bytes in a layout (银行盘版式): text with a separator, text of fixed widths, or ISO 20022 pain.001.001.09."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from controls.banking.errors import CellRefused
from controls.banking.layouts import Layout
from ledger.money import Fen, show

Sent = tuple[int, str, str, Fen, str]
"""序号, account, holder, fen, bank."""
NAMES = {"seq": "序号", "account": "账号", "holder": "户名", "amount": "金额", "bank": "开户行", "code": "用途", "batch": "批次号", "mark": "标志"}
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says of the whole batch: number, paying account, unit, kind (benefit, allowance), time of making (ISO)."""

    batch: str
    payer: str
    unit: str
    kind: str
    at: str


def written(layout: Layout, header: Header, sent: Iterable[Sent]) -> tuple[bytes, int, Fen]:
    """The file's bytes, its count of lines and its sum. Raises SB2241 for a value that the layout cannot carry."""
    rows = list(sent)
    total = sum(row[3] for row in rows)
    if layout.form == "pain001":
        return _pain(layout, header, rows, total), len(rows), total
    facts = {
        "batch": header.batch, "payer": header.payer, "lines": str(len(rows)), "sum": _amount(layout, total), "code": layout.codes.get(header.kind, ""),
    }  # fmt: skip
    parts = [_line(layout, 0, [cell.format_map(facts) for cell in line], layout.head_widths) for line in layout.head]
    widths = tuple(column.width for column in layout.columns)
    for row in rows:
        parts.append(_line(layout, row[0], [_cell(layout, header, column.value, column.text, row) for column in layout.columns], widths))
    parts += [_line(layout, 0, [cell.format_map(facts) for cell in line], layout.head_widths) for line in layout.foot]
    return b"".join(parts), len(rows), total


def _amount(layout: Layout, fen: Fen) -> str:
    return str(fen) if layout.amount == "fen" else show(fen, grouped=False)


def _cell(layout: Layout, header: Header, value: str, text: str, row: Sent) -> str:
    seq, account, holder, fen, bank = row
    known = {"seq": str(seq), "account": account, "holder": holder, "amount": _amount(layout, fen), "bank": bank, "batch": header.batch, "mark": text}
    return layout.codes.get(header.kind, "") if value == "code" else known[value]


def _line(layout: Layout, seq: int, cells: Sequence[str], widths: Sequence[int]) -> bytes:
    if layout.form == "fixed":
        body = b"".join(_wide(layout, seq, at, cell, widths[at]) for at, cell in enumerate(cells))
    else:
        body = layout.separator.join(_separated(layout, seq, at, cell) for at, cell in enumerate(cells)).encode(layout.encoding)
    return body + layout.end.encode("ascii")


def _separated(layout: Layout, seq: int, at: int, cell: str) -> str:
    if any(not sign.isprintable() for sign in cell):
        raise CellRefused(seq=seq, what=_what(layout, at), layout=layout.zh, why="有换行或不可见字符")
    if layout.separator in cell or '"' in cell:
        if not layout.quoted:
            raise CellRefused(seq=seq, what=_what(layout, at), layout=layout.zh, why=f"含有分隔符“{layout.separator}”或引号")
        cell = '"' + cell.replace('"', '""') + '"'
    _bytes(layout, seq, at, cell)
    return cell


def _wide(layout: Layout, seq: int, at: int, cell: str, width: int) -> bytes:
    raw = _bytes(layout, seq, at, cell)
    if any(not sign.isprintable() for sign in cell) or len(raw) > width:
        raise CellRefused(seq=seq, what=_what(layout, at), layout=layout.zh, why=f"超过 {width} 个字节，或有不可见字符")
    fill = layout.columns[at].fill if at < len(layout.columns) and len(cell) and seq else " "
    return raw.rjust(width, fill.encode("ascii")) if fill != " " else raw.ljust(width)


def _bytes(layout: Layout, seq: int, at: int, cell: str) -> bytes:
    try:
        return cell.encode(layout.encoding)
    except UnicodeEncodeError as wrong:
        raise CellRefused(seq=seq, what=_what(layout, at), layout=layout.zh, why=f"“{cell[wrong.start]}”不在 {layout.encoding.upper()} 字符集内") from wrong


def _what(layout: Layout, at: int) -> str:
    return NAMES.get(layout.columns[at].value, "") if at < len(layout.columns) else f"第 {at + 1} 列"


def _pain(layout: Layout, header: Header, rows: Sequence[Sent], total: Fen) -> bytes:
    """One group, one payment information, one transaction a line; both levels carry count and sum. Source: ISO 20022 pain.001.001.09."""
    count, amount, day = str(len(rows)), show(total, grouped=False), header.at[:10]
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>', f'<Document xmlns="{PAIN}"><CstmrCdtTrfInitn>',
        f"<GrpHdr><MsgId>{escape(header.batch)}</MsgId><CreDtTm>{escape(header.at)}</CreDtTm><NbOfTxs>{count}</NbOfTxs><CtrlSum>{amount}</CtrlSum>"
        f"<InitgPty><Nm>{escape(header.unit)}</Nm></InitgPty></GrpHdr>",
        f"<PmtInf><PmtInfId>{escape(header.batch)}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg><NbOfTxs>{count}</NbOfTxs><CtrlSum>{amount}</CtrlSum>"
        f"<PmtTpInf><CtgyPurp><Cd>{escape(layout.codes.get(header.kind, ''))}</Cd></CtgyPurp></PmtTpInf><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt>"
        f"<Dbtr><Nm>{escape(header.unit)}</Nm></Dbtr><DbtrAcct><Id><Othr><Id>{escape(header.payer or 'NOTPROVIDED')}</Id></Othr></Id></DbtrAcct>"
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>",
    ]  # fmt: skip
    for seq, account, holder, fen, bank in rows:
        for at, cell in (("account", account), ("holder", holder), ("bank", bank)):
            if any(not sign.isprintable() for sign in cell):
                raise CellRefused(seq=seq, what=NAMES[at], layout=layout.zh, why="有换行或不可见字符")
        agent = f"<CdtrAgt><FinInstnId><Nm>{escape(bank)}</Nm></FinInstnId></CdtrAgt>" if bank else ""
        out.append(
            f"<CdtTrfTxInf><PmtId><InstrId>{seq}</InstrId><EndToEndId>{escape(header.batch)}-{seq}</EndToEndId></PmtId>"
            f'<Amt><InstdAmt Ccy="CNY">{show(fen, grouped=False)}</InstdAmt></Amt>{agent}<Cdtr><Nm>{escape(holder)}</Nm></Cdtr>'
            f"<CdtrAcct><Id><Othr><Id>{escape(account)}</Id></Othr></Id></CdtrAcct></CdtTrfTxInf>"
        )
    out.append("</PmtInf></CstmrCdtTrfInitn></Document>")
    return ("\n".join(out) + "\n").encode(layout.encoding)
