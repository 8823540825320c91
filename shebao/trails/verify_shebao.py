"""Independent proof of an exported trail and an exported book: one file, Python 3.10+ and its standard library, nothing of the product.

    python3 verify_shebao.py FOLDER [--witness SEQ:HASH | --witness FILE]

FOLDER holds ``trail.jsonl`` (shebao export trail), or ``book.json``, ``entries.jsonl``, ``persons.jsonl``, ``balances.csv`` and
``statements.json`` (shebao export book), or all of them. Beside the trail ``salts.jsonl`` may hold its personal texts (export trail
--reveal). Prints one line a proof; ends with 0 when all hold, 1 when one does not, 2 when there is nothing to read.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from array import array
from collections import defaultdict
from pathlib import Path
from typing import Any

COLUMNS = ("debit", "credit", "closing_debit", "closing_credit")
FIELDS = ("seq", "at", "actor", "duty", "act", "thing", "before", "digest", "facts", "result", "reason", "previous")

TOKEN = re.compile(r'\{"\$":"((?:sm3:)?[0-9a-f]{64})"\}')
REASON = re.compile(r"^\$((?:sm3:)?[0-9a-f]{64})$")
"""Where a record holds the salted digest of a personal text instead of the text."""


class Wrong(Exception):
    """A proof that does not hold; the text says where."""


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces, characters as they are: what every digest is taken over."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sm3(content: bytes) -> str:
    """SM3 (GB/T 32905-2016) in hex."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = content + b"\x80" + b"\0" * ((55 - len(content)) % 64) + (8 * len(content)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        state = [old ^ new for old, new in zip(state, _round(state, padded[start : start + 64]), strict=True)]
    return "".join(f"{word:08x}" for word in state)


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def _round(state: list[int], block: bytes) -> list[int]:
    w = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 68):
        x = w[at - 16] ^ w[at - 9] ^ _turn(w[at - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[at - 13], 7) ^ w[at - 6])
    a, b, c, d, e, f, g, h = state
    for at in range(64):
        one = _turn((_turn(a, 12) + e + _turn(0x79CC4519 if at < 16 else 0x7A879D8A, at)) & 0xFFFFFFFF, 7)
        ff = a ^ b ^ c if at < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if at < 16 else (e & f) | (~e & g & 0xFFFFFFFF)
        left = (ff + d + (one ^ _turn(a, 12)) + (w[at] ^ w[at + 4])) & 0xFFFFFFFF
        right = (gg + h + one + w[at]) & 0xFFFFFFFF
        a, b, c, d, e, f, g, h = left, a, _turn(b, 9), c, right ^ _turn(right, 9) ^ _turn(right, 17), e, _turn(f, 19), g
    return [a, b, c, d, e, f, g, h]


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Every object of a JSON-lines file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def heads(text: str) -> dict[int, str]:
    """Record → hash of ``SEQ:HASH``, or of a file of heads."""
    if text and Path(text).is_file():
        return {int(row["seq"]): row["hash"] for row in rows_of(Path(text))}
    seq, _, value = text.partition(":")
    return {int(seq): value} if text else {}


def chain(records: list[dict[str, Any]], witness: dict[int, str]) -> str:
    """Every record in its place, bound to the one before and to the last of the same thing; every witness met."""
    previous, left_over = "", dict(witness)
    left: dict[str, str] = {}
    for number, record in enumerate(records, start=1):
        if record["seq"] != number:
            raise Wrong(f"record {number} is missing / 缺第 {number} 条")
        text = canonical([record[name] for name in FIELDS]).encode()
        made = "sm3:" + sm3(text) if record["hash"].startswith("sm3:") else hashlib.sha256(text).hexdigest()
        if record["previous"] != previous or record["hash"] != made:
            raise Wrong(f"record {number} does not fit / 第 {number} 条与哈希不符")
        if record["before"] != left.get(record["thing"], "") or (previous and previous.startswith("sm3:") != made.startswith("sm3:")):
            raise Wrong(f"record {number} does not follow its thing / 第 {number} 条与同一事项的上一条不衔接")
        if left_over.pop(number, made) != made:
            raise Wrong(f"record {number} is not the witness's / 第 {number} 条与外部留存的链头不符")
        previous, left[record["thing"]] = made, record["digest"] or record["before"]
    if left_over:
        raise Wrong(f"the tail from record {min(left_over)} is gone / 第 {min(left_over)} 条起尾部缺失")
    back = [records[at]["seq"] for at in range(1, len(records)) if records[at]["at"] < records[at - 1]["at"]]
    return f"{len(records)} records / 条留痕" + (f"; clock put back at / 时钟倒退于 {back[:5]}" if back else "")


def texts(records: list[dict[str, Any]], salts: list[dict[str, Any]]) -> str:
    """Each personal text with its salt makes the digest in its record; what is missing was destroyed by a confirmed redaction."""
    wanted: set[tuple[int, str]] = set()
    allowed: set[int] = set()
    for record in records:
        found = set(TOKEN.findall(record["facts"])) | set(REASON.findall(record["reason"]))
        wanted |= {(record["seq"], token) for token in found}
        if record["act"] == "redaction.confirm":
            allowed |= set(json.loads(record["facts"])["records"])
    there = set()
    for row in salts:
        content = bytes.fromhex(row["salt"]) + row["text"].encode()
        made = "sm3:" + sm3(content) if row["token"].startswith("sm3:") else hashlib.sha256(content).hexdigest()
        if made != row["token"] or (row["seq"], row["token"]) not in wanted:
            raise Wrong(f"text of record {row['seq']} is not what was recorded / 第 {row['seq']} 条的个人信息原文与摘要不符")
        there.add((row["seq"], row["token"]))
    odd = sorted(seq for seq, _ in wanted - there if seq not in allowed)
    if odd:
        raise Wrong(f"text of record {odd[0]} is gone without a redaction / 第 {odd[0]} 条的个人信息原文不见了，没有删除记录")
    return f"{len(there)} texts fit, {len(wanted - there)} destroyed by law / 处个人信息原文相符，{len(wanted - there)} 处已依法删除"


def entries(rows: list[dict[str, Any]]) -> str:
    """Digest, balance, two people, and numbers without a gap in each kind and month."""
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, row in enumerate(rows, start=1):
        facts = row["facts"]
        name = f"{facts['kind']}-{facts['period']}-{row['number']:04d}"
        if row["entry_id"] != at:
            raise Wrong(f"entry {at} is missing / 缺凭证序号 {at}")
        if hashlib.sha256(canonical(facts).encode()).hexdigest() != row["digest"]:
            raise Wrong(f"{name} does not match its digest / 与摘要不符")
        if sum(fen if side == "D" else -fen for _, side, fen, *_ in facts["lines"]) != 0:
            raise Wrong(f"{name} does not balance / 借贷不平")
        if row["reviewer"] in (row["maker"], row["poster"]) or not facts["authority"]:
            raise Wrong(f"{name} lacks two people or its authority / 签字人重复或缺依据")
        numbers[facts["kind"], facts["period"]].append(row["number"])
    for (kind, period), found in sorted(numbers.items()):
        if sorted(found) != list(range(1, len(found) + 1)):
            raise Wrong(f"{kind}-{period} has gaps / 凭证号不连续")
    return f"{len(rows)} entries / 张凭证"


def persons(rows: list[dict[str, Any]], file: Path) -> str:
    """The rows of persons are those that the entries claim: count, fen and digest; masked numbers by the hash of their column."""
    claims = {(name, row["entry_id"]): row["facts"][name] for row in rows for name in ("payout", "contribution") if row["facts"][name][0] is not None}
    columns: dict[tuple[str, int], list[Any]] = defaultdict(lambda: [[], [], array("q"), array("q"), []])
    count = 0
    with file.open(encoding="utf-8") as handle:
        for told in map(json.loads, handle):
            key = (told["subledger"], told["entry_id"])
            for row in told.get("rows", ()):
                for column, value in zip(columns[key], row, strict=True):
                    column.append(value)
            if "numbers" not in told:
                continue
            source, wanted, fen, digest = claims.pop(key, (None, 0, 0, ""))
            found = columns.pop(key, [[], [], array("q"), array("q"), []])
            if not told["revealed"] and not all("*" in number or not number for number in found[0]):
                raise Wrong(f"entry {key[1]} shows numbers / 凭证序号 {key[1]} 的号码应遮掩")
            hashes = [told["numbers"], *(_column(values) for values in found[1:])]
            if told["revealed"] and _column(found[0]) != told["numbers"]:
                raise Wrong(f"numbers of entry {key[1]} do not fit / 凭证序号 {key[1]} 的号码不符")
            made = hashlib.sha256(canonical([len(found[0]), *hashes]).encode()).hexdigest()
            if source is None or (len(found[0]), sum(found[3]), made) != (wanted, fen, digest):
                raise Wrong(f"rows of persons of entry {key[1]} are not those it claims / 凭证序号 {key[1]} 的逐人明细与凭证不符")
            count += wanted
    if claims or columns:
        raise Wrong(f"rows of persons of entry {min(one[1] for one in (*claims, *columns))} are missing / 逐人明细不全")
    return f"{count} rows of persons / 笔逐人明细"


def _column(values: Any) -> str:
    if isinstance(values, array):
        if sys.byteorder == "big":
            values = array("q", values)
            values.byteswap()
        return hashlib.sha256(values.tobytes()).hexdigest()
    return hashlib.sha256("".join(f"{value}\n" for value in values).encode()).hexdigest()


def posted(rows: list[dict[str, Any]], records: list[dict[str, Any]], book: dict[str, Any]) -> str:
    """Each entry was posted by the trail, by that person, with that digest; and none that the trail knows is missing."""
    start = f"entry:{book['book_id']}:"
    told = {record["thing"]: (record["digest"], record["actor"]) for record in records if record["act"] == "post" and record["thing"].startswith(start)}
    have = {f"{start}{row['entry_id']}": (row["digest"], row["poster"]) for row in rows}
    odd = sorted(thing for thing in told.keys() | have.keys() if told.get(thing) != have.get(thing))
    if odd:
        raise Wrong(f"{odd[0]} is not what the trail posted / 与记账留痕不符")
    return f"{len(have)} entries tie to the trail / 张凭证与记账留痕相符"


def summed(rows: list[dict[str, Any]]) -> dict[tuple[str, str], list[int]]:
    """(account, month) → debit, credit, and the same of closing entries, fen."""
    made: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        for account, side, fen, *_ in row["facts"]["lines"]:
            made[account, row["facts"]["period"]][(2 if row["facts"]["closing"] else 0) + (side == "C")] += fen
    return made


def balances(rows: list[dict[str, Any]], file: Path) -> str:
    """The kept balances are the sums of the lines."""
    with file.open(encoding="utf-8-sig", newline="") as handle:
        kept = {(row["account"], row["period"]): [int(row[name]) for name in COLUMNS] for row in csv.DictReader(handle)}
    made = summed(rows)
    for key in sorted(made.keys() | kept.keys()):
        if made.get(key, [0] * 4) != kept.get(key, [0] * 4):
            raise Wrong(f"balance of {key[0]} in {key[1]} is not the sum of its lines / 余额不等于分录合计")
    return f"{len(kept)} balances / 个余额"


def statements(rows: list[dict[str, Any]], said: dict[str, Any]) -> str:
    """Every line of both statements is what its accounts (or the lines that it adds up) come to."""
    moves = {key: list(value) for key, value in summed(rows).items() if key[1] <= said["month"]}
    for account, debit, credit in said["assumed"]:
        values = moves.setdefault((account, said["month"]), [0, 0, 0, 0])
        values[2], values[3] = values[2] + debit, values[3] + credit
    if sum(debit - credit for _, debit, credit in said["assumed"]):
        raise Wrong("the closing that the statement assumes does not balance / 报表所依的结转不平")
    year = said["month"][:4]
    spans = {"closing": lambda month: True, "current": lambda month: month == said["month"], "cumulative": lambda month: month[:4] == year}
    count = 0
    for form, lines in sorted(said["lines"].items()):
        for column in ("closing",) if form == "01" else ("current", "cumulative"):
            made = _amounts(lines, moves, spans[column])
            for line in lines:
                count += 1
                if made[line["code"]] != line[column]:
                    figures = f"{line[column]} printed, {made[line['code']]} by the lines"
                    raise Wrong(f"statement {form} line {line['code']} {line['label']}: {figures} / 报表项与分录不符")
    return f"{count} figures of the statements / 个报表数 ({said['month']})"


def _amounts(lines: list[dict[str, Any]], moves: dict[tuple[str, str], list[int]], within: Any) -> dict[str, int]:
    known = {line["code"]: line for line in lines}

    def amount(code: str) -> int:
        if code not in known:
            return 0
        line = known[code]
        mode, parts = line["mode"], line["lines"]
        if mode in ("sum", "difference"):
            rest = sum(amount(part) for part in (parts if mode == "sum" else parts[1:]))
            return rest if mode == "sum" else amount(parts[0]) - rest
        under, ever = tuple(line["accounts"]), mode.startswith("closing")
        mine = [value for (account, month), value in moves.items() if under and account.startswith(under) and (ever or within(month))]
        debit, credit, closing_debit, closing_credit = (sum(value[at] for value in mine) for at in range(4))
        net = debit - credit + closing_debit - closing_credit
        balance = {"heading": 0, "closing_debit": net, "closing_credit": -net}
        return {**balance, "net_credit": credit - debit, "net_debit": debit - credit, "credit": credit, "debit": debit}[mode]

    return {line["code"]: amount(line["code"]) for line in lines}


def main(arguments: list[str]) -> int:
    """Proves what lies in the folder; the exit status."""
    if not arguments or not Path(arguments[0]).is_dir():
        sys.stdout.write(__doc__ or "")
        return 2
    folder, witness = Path(arguments[0]), heads(arguments[arguments.index("--witness") + 1]) if "--witness" in arguments[:-1] else {}
    records = rows_of(folder / "trail.jsonl") if (folder / "trail.jsonl").exists() else []
    proofs: list[tuple[str, Any]] = [("trail / 留痕链", lambda: chain(records, witness))] if records or witness else []
    if (folder / "salts.jsonl").exists():
        proofs.append(("texts / 个人信息", lambda: texts(records, rows_of(folder / "salts.jsonl"))))
    if (folder / "book.json").exists():
        book, rows = json.loads((folder / "book.json").read_text(encoding="utf-8")), rows_of(folder / "entries.jsonl")
        proofs += [("entries / 凭证", lambda: entries(rows)), ("persons / 逐人明细", lambda: persons(rows, folder / "persons.jsonl"))]
        proofs += [("balances / 余额", lambda: balances(rows, folder / "balances.csv"))]
        if (folder / "statements.json").exists():
            proofs.append(("statements / 报表", lambda: statements(rows, json.loads((folder / "statements.json").read_text(encoding="utf-8")))))
        if records:
            proofs.append(("posting / 记账", lambda: posted(rows, records, book)))
    failed = 0
    for name, proof in proofs:
        try:
            sys.stdout.write(f"OK    {name}: {proof()}\n")
        except Wrong as wrong:
            failed += 1
            sys.stdout.write(f"WRONG {name}: {wrong}\n")
        except (KeyError, ValueError, TypeError, IndexError, OSError) as unreadable:
            failed += 1
            sys.stdout.write(f"WRONG {name}: unreadable / 读不懂 {unreadable!r}\n")
    return 1 if failed else 0 if proofs else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
