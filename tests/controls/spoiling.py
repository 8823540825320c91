"""Spoilt files, made from sound ones by chance and seed: bytes, cells, lines, encodings, XML inside archives, records.

``Spoiler(folder).spoil(seed, number)`` always gives the same bytes for the same corpus, seed and number.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

UGLY = Path(__file__).parents[1] / "intake" / "ugly"
DATA = (Path(__file__).parent / "data" / "payments.xls", Path(__file__).parents[1] / "ledger" / "data" / "hidden.xls")
MOST = 200_000

CELLS = [
    *["", " ", "合计", "小计", "总计：", "1e5", "6.2108E+17", "=1+1", "@SUM(A1)", "-", "—", "9" * 40, "-0.00", "0.001", "1,234.50", "￥１２.３０元"],
    *["2024-02-30", "2024.13", "00000000", "45356", "202403", "0", "\u3000", "\ufeff", "\u202e", "甲" * 300, "制表人：乙", "单位：万元", "NaN", "inf"],
    *["TRUE", "#N/A", "null", "'0012", '"', '""', '"x', "a\nb", "\r", "\x00", "\x1b[2J", "621082199001011234", "11010519491231002x", "R"],
    *["居民养老", "𠮷", "\ue000", "{0}", "%s", "[red]x"],
]
MARKS = [
    *[b'"', b"<", b">", b"&", b"<!--", b"]]>", b"<!DOCTYPE x []>", b"<!ENTITY", b"&#0;", b"&lt;", b'r="A1"', b'r="ZZZ9999999"', b't="s"', b't="e"'],
    *[b't="d"', b's="99999"', b'hidden="1"', b"<v>1e999</v>", b"<v>-1</v>", b"<v/>", b"</row>", b"</sheetData>", b"<row>", b'<c r="B1"/>', b"x:"],
    *[b"<f>1</f>", b"<is><t>", b"<rPh>", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="B9:A1"/>'],
    *[b"_x0000_", b"_xD800_"],
]
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32", "latin-1", "big5"]


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file, its kind, the contract it is of, and the values given with it (``险种=R,…``)."""

    name: str
    kind: str
    contract: str
    content: bytes
    values: str = ""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A spoilt file: what it was made from, how, and its bytes."""

    source: Sound
    ways: tuple[str, ...]
    content: bytes


def corpus(folder: Path) -> list[Sound]:
    """Small sound files of every kind: made here, the ugly ones, and the old workbooks among the tests."""
    import yaml

    found = [*_texts(), *_workbooks(folder), *_parquet(folder)]
    found += [Sound(path.name, "xls", "payments", path.read_bytes()) for path in DATA]
    for path in sorted(UGLY.glob("*.*")):
        told = path.with_suffix(".yaml")
        if path.suffix in (".xlsx", ".xls", ".csv", ".txt") and told.exists():
            facts = yaml.safe_load(told.read_text(encoding="utf-8"))
            found.append(Sound(path.name, path.suffix[1:].replace("txt", "csv"), facts["kind"], path.read_bytes(), facts.get("values", "")))
    return [sound for sound in found if len(sound.content) <= MOST]


def _texts() -> list[Sound]:
    from tests.controls.intake_files import PAYMENTS, payment

    total = ["合计", *[""] * 6, "278.00", *[""] * 4]
    rows = [["发放表"], ["单位：元"], PAYMENTS, payment(), payment(1, 姓名='"乙,丙"'), total]
    made = []
    for encoding, delimiter, end in (
        ("utf-8", ",", "\n"),
        ("utf-8-sig", ";", "\r\n"),
        ("gb18030", ",", "\r\n"),
        ("utf-8", "\t", "\n"),
        ("gb18030", "\t", "\r"),
    ):
        text = end.join(delimiter.join(row) for row in rows) + end
        made.append(Sound(f"made-{encoding}.csv", "csv", "payments", text.encode(encoding)))
    statement = "账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号\n1,2024-03-01,期初,,,100.00,\n"
    statement += "1,2024-03-05,拨款,,50.00,150.00,a\n1,2024-03-06,发放,20.00,,130.00,b\n"
    vouchers = "凭证日期,凭证字,凭证号,摘要,科目编号,借方金额,贷方金额\n2024-03-05,记,1,拨入,1003,5.00,\n,,,拨入,4001,,5.00\n"
    return [*made, Sound("bank.csv", "csv", "bank", statement.encode()), Sound("vouchers.csv", "csv", "vouchers", vouchers.encode("gb18030"))]


def _workbooks(folder: Path) -> list[Sound]:
    import openpyxl

    from ledger.sheets import Sheet, write_workbook
    from tests.controls.intake_files import PAYMENTS, payment
    from tests.ledger import packages

    write_workbook(folder / "a.xlsx", {"发放": Sheet([PAYMENTS, payment(), payment(1)], titles=("发放表",)), "说明": Sheet([["x"]])})
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    for row in (PAYMENTS, payment(), payment(1)):
        page.append(row)
    page["H2"], page["H3"] = 139, "=H2*2"
    page.merge_cells("A2:A3")
    page.row_dimensions[3].hidden = True
    made.save(folder / "b.xlsx")
    cells = "".join(f'<x:c r="{chr(65 + at)}{line}" t="s"><x:v>{12 * (line - 1) + at}</x:v></x:c>' for line in (1, 2) for at in range(12)).split('<x:c r="A2"')
    rows = f'<x:row r="1">{cells[0]}</x:row><x:row r="2"><x:c r="A2"{cells[1]}</x:row>'
    parts = packages.parts(f'<x:worksheet xmlns:x="{packages.MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>')
    parts["xl/sharedStrings.xml"] = packages.shared(*(f"<t>{text}</t>" for text in [*PAYMENTS, *payment()]))
    packages.write(folder / "c.xlsx", parts)
    return [Sound(f"made-{name}.xlsx", "xlsx", "payments", (folder / f"{name}.xlsx").read_bytes()) for name in "abc"]


def _parquet(folder: Path) -> list[Sound]:
    import pyarrow as pa
    from pyarrow import parquet

    from tests.controls.intake_files import PAYMENTS, payment

    columns = {name: [payment(person)[place] for person in (0, 1)] for place, name in enumerate(PAYMENTS)}
    parquet.write_table(pa.table(columns), folder / "a.parquet")
    typed: dict[str, object] = dict(columns) | {"金额": pa.array([Decimal("139.00"), None]), "所属期": pa.array([202403, 202403], pa.int32())}
    typed |= {"姓名": pa.array(["甲", "乙"]).dictionary_encode(), "发放日期": pa.array([19787, None], pa.int32()).cast(pa.date32())}
    parquet.write_table(pa.table(typed), folder / "b.parquet", compression="zstd")
    return [Sound(f"made-{name}.parquet", "parquet", "payments", (folder / f"{name}.parquet").read_bytes()) for name in "ab"]


class Spoiler:
    """Spoils the files of a corpus."""

    def __init__(self, sounds: Sequence[Sound]) -> None:
        self.sounds = sounds

    def spoil(self, seed: int, number: int) -> Spoilt:
        """The spoilt file of that number."""
        chance = random.Random(f"{seed}:{number}")
        source = self.sounds[number % len(self.sounds)]
        inside: list[tuple[str, Callable[[random.Random, bytes], bytes]]] = {
            "csv": [("cells", cells), ("cells", cells), ("cells", cells), ("lines", lines), ("lines", lines), ("encoding", encoding)],
            "xlsx": [("part", part), ("part", part), ("part", part), ("archive", archive)],
            "xls": [("records", records), ("words", words)],
            "parquet": [("words", words)],
        }[source.kind]
        ways: list[str] = []
        content = source.content
        for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 4))):
            name, way = chance.choice([*inside, *inside, *inside, *inside, ("bytes", spoil_bytes), ("bytes", spoil_bytes), ("splice", self._splice)])
            ways.append(name)
            content = way(chance, content)[: 4 * MOST]
        return Spoilt(source, tuple(ways), content)

    def _splice(self, chance: random.Random, content: bytes) -> bytes:
        """The beginning of one file and the end of another."""
        other = chance.choice(self.sounds).content
        return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


def spoil_bytes(chance: random.Random, content: bytes) -> bytes:
    """Bytes changed, taken out, put in, doubled, or cut off."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at : at + 1] = bytes([data[at] ^ (1 << chance.randrange(8))]) if at < len(data) else b""
            case 2:
                del data[at : at + chance.randint(1, 40)]
            case 3:
                data[at:at] = chance.choice(CELLS).encode(chance.choice(("utf-8", "gb18030")), "ignore")
            case 4:
                data[at:at] = data[max(0, at - chance.randint(1, 400)) : at]
            case 5:
                data[at : at + 4] = struct.pack("<I", chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, len(data), chance.randrange(1 << 32))))
            case _ if chance.random() < 0.3:
                del data[at:]
    return bytes(data)


def _as_text(content: bytes) -> tuple[str, str]:
    for name in ("utf-8", "gb18030"):
        try:
            return content.decode(name), name
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def cells(chance: random.Random, content: bytes) -> bytes:
    """Single cells of a text file changed, moved or taken out."""
    text, name = _as_text(content)
    pieces = re.split(r"([,;\t\r\n])", text)
    for _ in range(chance.choice((1, 2, 5))):
        at = chance.randrange(len(pieces))
        match chance.randrange(5):
            case 0 | 1:
                pieces[at] = chance.choice(CELLS)
            case 2:
                other = chance.randrange(len(pieces))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces[at : at + 2] = []
            case _:
                pieces[at] = f'"{pieces[at]}' if chance.random() < 0.5 else f'"{pieces[at]}"'
        pieces = pieces or [""]
    return "".join(pieces).encode(name, "replace")


def lines(chance: random.Random, content: bytes) -> bytes:
    """Lines doubled, moved, taken out, with other ends or another delimiter."""
    text, name = _as_text(content)
    rows = text.splitlines(keepends=True) or [""]
    at, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    match chance.randrange(7):
        case 0:
            rows[at:at] = [rows[other]] * chance.choice((1, 3, 50))
        case 1:
            rows[at], rows[other] = rows[other], rows[at]
        case 2:
            del rows[at]
        case 3:
            rows[at] = rows[at].replace(",", chance.choice(";\t|，"))
        case 4:
            rows[at] = rows[at].rstrip("\r\n") + chance.choice(("\r", "\n\n", "\r\r\n", "", "\v", "\x85"))
        case 5:
            rows[at] = rows[at].rstrip("\r\n") + "," * chance.choice((1, 5, 2_000)) + "\n"
        case _:
            rows[at:at] = [chance.choice(CELLS) + "\n"]
    return "".join(rows).encode(name, "replace")


def encoding(chance: random.Random, content: bytes) -> bytes:
    """The text, or a part of it, in another encoding."""
    text, name = _as_text(content)
    other = chance.choice(ENCODINGS)
    if chance.random() < 0.5:
        return text.encode(other, "replace")
    at = chance.randrange(len(text) + 1)
    return text[:at].encode(name, "replace") + text[at:].encode(other, "replace")


def part(chance: random.Random, content: bytes) -> bytes:
    """A part of an archive spoilt, and the archive made anew around it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            parts = {each.filename: opened.read(each) for each in opened.infolist()}
    except Exception:  # noqa: BLE001 - it was spoilt before: any damage will do
        return spoil_bytes(chance, content)
    likely = [name for name in parts if "sheet" in name.lower() or "sharedStrings" in name or "workbook" in name]
    name = chance.choice(likely if likely and chance.random() < 0.8 else [*parts] or [""])
    match chance.randrange(10):
        case 0:
            parts.pop(name, None)
        case 1:
            parts[chance.choice((name.upper(), name.replace("/", "\\"), "../" + name, "/" + name, name + "\0"))] = parts.pop(name, b"")
        case 2:
            parts[name] = parts.get(chance.choice([*parts] or [""]), b"")
        case _:
            parts[name] = markup(chance, parts.get(name, b""))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as packed:
        for each, inside in parts.items():
            packed.writestr(each or "x", inside)
    return made.getvalue()


def markup(chance: random.Random, content: bytes) -> bytes:
    """XML with tags moved, doubled or taken out, values changed, marks put in."""
    if chance.random() < 0.25:
        return spoil_bytes(chance, content)
    pieces = re.split(rb"(<[^<>]*>|\"[^\"<>]*\")", content)
    for _ in range(chance.choice((1, 1, 2, 6))):
        at = chance.randrange(len(pieces))
        match chance.randrange(6):
            case 0:
                pieces[at] = chance.choice(MARKS)
            case 1:
                pieces[at] = pieces[at] + chance.choice(MARKS)
            case 2:
                pieces[at] = b""
            case 3:
                other = chance.randrange(len(pieces))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 4:
                other = min(len(pieces), at + chance.randint(1, 12))
                pieces[at:at] = pieces[at:other] * chance.choice((1, 2, 30))
            case _:
                value = chance.choice((*CELLS, "-1", "99999999999", "4294967296", "1048577")).encode("utf-8", "ignore")
                pieces[at] = b'"' + value + b'"' if pieces[at][:1] == b'"' else value
    return b"".join(pieces)


def archive(chance: random.Random, content: bytes) -> bytes:
    """The archive's own records spoilt: names, sizes, places, counts, methods."""
    data = bytearray(content)
    heads = [match.start() for match in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", content)]
    if heads:
        at = chance.choice(heads) + chance.randrange(4, 46)
        form = chance.choice(("<B", "<H", "<I"))
        if at + struct.calcsize(form) <= len(data):
            most = (1 << 8 * struct.calcsize(form)) - 1
            struct.pack_into(form, data, at, chance.choice((0, 1, most, chance.randint(0, most), len(data) & most)))
    return bytes(data)


def words(chance: random.Random, content: bytes) -> bytes:
    """Numbers of two or four bytes changed to telling ones."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 3))):
        form = chance.choice(("<H", "<I"))
        if len(data) < 8:
            break
        low, high = chance.choice(((0, 1024), (max(0, len(data) - 600), len(data)), (0, len(data))))
        at = min(chance.randrange(low, max(low + 1, min(high, len(data)))), len(data) - 4)
        most = (1 << 8 * struct.calcsize(form)) - 1
        struct.pack_into(form, data, at, chance.choice((0, 1, most, most - 1, most >> 1, chance.randint(0, most))))
    return bytes(data)


def records(chance: random.Random, content: bytes) -> bytes:
    """Records of an old workbook: their kind, length or content changed, or one taken out or doubled."""
    at = content.find(struct.pack("<HH", 0x0809, 0x10))
    data = bytearray(content)
    places = []
    while 0 <= at <= len(data) - 4 and len(places) < 5_000:
        places.append(at)
        at += 4 + struct.unpack_from("<H", data, at + 2)[0]
    places = [each for each in places if each + 4 <= len(data)]
    if not places:
        return words(chance, content)
    at = chance.choice(places)
    length = struct.unpack_from("<H", data, at + 2)[0]
    match chance.randrange(5):
        case 0:
            struct.pack_into("<H", data, at, chance.choice((0x0006, 0x00FC, 0x00FD, 0x0200, 0x0085, 0x003C, 0x00E5, 0x0205, chance.randrange(1 << 16))))
        case 1:
            struct.pack_into("<H", data, at + 2, chance.choice((0, 1, 8224, 65535, max(0, length - 1), min(65535, length + 1))))
        case 2:
            data[at : at + 4 + length] = data[at : at + 4 + length] * 2
        case 3:
            del data[at : at + 4 + length]
        case _:
            for _ in range(3):
                inside = at + 4 + chance.randrange(max(1, length))
                if inside < len(data):
                    data[inside] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
    return bytes(data)
