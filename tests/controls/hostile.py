"""Hostile files (恶意文件), each with what must come of it, and the child that reads them one by one with bounded memory.

    python tests/controls/hostile.py FOLDER

prints a line of JSON for each: name, the refusal's code or the number of rows, CPU seconds, and what was left in the folder.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.controls.intake_files import PAYMENTS, payment, payments
from tests.ledger import packages

ROOM = 3 << 30
Make = Callable[[Path], Path]
HEAD = "".join(f'<c r="{chr(65 + at)}1" t="inlineStr"><is><t>{label}</t></is></c>' for at, label in enumerate(PAYMENTS))
LINE = "".join(f'<c r="{chr(65 + at)}2" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(payment()))
ROWS = f'<row r="1">{HEAD}</row><row r="2">{LINE}</row>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)) + "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


def book(folder: Path, name: str = "发放.xlsx", rows: str = ROWS, before: str = "", after: str = "", **more: str | bytes) -> Path:
    """A workbook of one sheet of payments, with parts changed or added (``__`` in a name stands for ``/``, ``_xml`` at its end for ``.xml``)."""
    named = {key.replace("__", "/").replace("_xml", ".xml"): content for key, content in more.items()}
    return packages.write(folder / name, packages.parts(packages.sheet(rows, before, after)) | named)


def entity(kind: str, part: str) -> Make:
    """A part that declares entities and uses one."""

    def make(folder: Path) -> Path:
        made: dict[str, str | bytes] = dict(packages.parts(packages.sheet(ROWS.replace("甲0", "&j;"))))
        made |= {"xl/sharedStrings.xml": packages.shared("<t>&j;</t>"), "xl/styles.xml": packages.styles("0")}
        text = str(made[part])
        at = text.find("?>") + 2 if text.startswith("<?xml") else 0
        made[part] = text[:at] + (LAUGHS if kind == "laughs" else OUTSIDE) + text[at:]
        return packages.write(folder / "发放.xlsx", made)

    return make


def squeezed(size: int, filling: bytes = b" ") -> tuple[bytes, int]:
    """A raw deflate stream of that many bytes, made of one stretch repeated, and its CRC-32."""
    stretch = filling * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(stretch) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(size >> 20):
        crc = zlib.crc32(stretch, crc)
    return packed * (size >> 20) + packer.flush(zlib.Z_FINISH), crc


def bomb(part: str, size: int, claimed: int | None = None) -> Make:
    """A workbook one part of which unpacks to ``size`` bytes of blanks, claiming another size perhaps."""

    def make(folder: Path) -> Path:
        path = book(folder)
        packed, crc = squeezed(size)
        name = part.encode()
        told = size if claimed is None else claimed
        with zipfile.ZipFile(path) as archive:
            kept = {each: archive.read(each) for each in archive.namelist() if each != part}
        packages.write(path, kept)
        whole = path.read_bytes()
        at = whole.find(b"PK\x01\x02")
        end = whole.rfind(b"PK\x05\x06")
        local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(packed), told, len(name), 0) + name + packed
        central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(packed), told, len(name), 0, 0, 0, 0, 0, at) + name
        count = struct.unpack_from("<H", whole, end + 10)[0] + 1
        closing = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, end - at + len(central), at + len(local), 0)
        path.write_bytes(whole[:at] + local + whole[at:end] + central + closing)
        return path

    return make


def nested(folder: Path) -> Path:
    """An archive of an archive of a bomb, under the name of a workbook."""
    inner = bomb("xl/worksheets/sheet1.xml", 256 << 20)(folder)
    return packages.write(folder / "外.xlsx", {"内.xlsx": inner.read_bytes()})


def overlapping(folder: Path) -> Path:
    """Many names for one and the same stretch of the archive."""
    path = book(folder)
    whole = path.read_bytes()
    at, end = whole.find(b"PK\x01\x02"), whole.rfind(b"PK\x05\x06")
    length = 46 + struct.unpack_from("<H", whole, at + 28)[0]
    first, size = whole[at : at + length], length - 46
    more = b"".join(first[:46] + f"{number:0{size}}".encode() for number in range(1000))
    count = struct.unpack_from("<H", whole, end + 10)[0] + 1000
    closing = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, end - at + len(more), at, 0)
    path.write_bytes(whole[:end] + more + closing)
    return path


def linked(folder: Path) -> Path:
    """External links, a program called by DDE, and macros."""
    rows = ROWS.replace('<c r="D2" t="inlineStr"><is><t>甲0</t></is></c>', '<c r="D2" t="str"><f>[1]表!D2</f><v>甲0</v></c>')
    link = f'<externalLink xmlns="{packages.MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    return book(folder, "发放.xlsm", rows, xl__externalLinks__externalLink1_xml=link, **{"xl/vbaProject.bin": b"\xd0\xcf"})


def many_sheets(count: int) -> Make:
    return lambda folder: packages.write(folder / "多.xlsx", packages.parts(packages.sheet(ROWS), *[packages.sheet("")] * (count - 1)))


def merged(folder: Path) -> Path:
    areas = "".join(f'<mergeCell ref="C{line}:C{line + 1}"/>' for line in range(3, 60_003, 2))
    return book(folder, after=f"<mergeCells>{areas}</mergeCells>")


def traversing(folder: Path) -> Path:
    """Parts whose names lead elsewhere: none is ever written anywhere."""
    names = ["../../逃.txt", "/etc/逃", "C:\\逃", "a\nb", "\u202etxt.exe", "<b>x</b>", "[red]x[/red]"]
    return book(folder, **dict.fromkeys(names, "x"))


def odd_sheet_name(folder: Path) -> Path:
    return packages.write(folder / "名.xlsx", packages.parts(packages.sheet(ROWS), names={1: "../../x&#10;[red]&lt;b&gt;\u202e"}))


def wide_rows(cells: int) -> Make:
    return lambda folder: book(folder, rows=ROWS + f'<row r="3">{"<c><v>1</v></c>" * cells}</row>')


def plain(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def good(folder: Path, name: str, **how: str) -> Path:
    return payments(folder, payment(), name=name, **how)


def cell_of(size: int, quoted: bool) -> Make:
    """A CSV with one cell of that many bytes."""

    def make(folder: Path) -> Path:
        text = "甲" * (size // 3)
        return payments(folder, payment(姓名=f'"{text}"' if quoted else text), name="长.csv")

    return make


def cut(make: Make, share: float) -> Make:
    """What another makes, cut off at a share of its length."""

    def made(folder: Path) -> Path:
        path = make(folder)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        return path

    return made


def parquet(rows: int = 1) -> Make:
    def make(folder: Path) -> Path:
        import pyarrow as pa
        from pyarrow import parquet as files

        columns = [pa.DictionaryArray.from_arrays(pa.array([0]), pa.array([text])) for text in payment()]
        schema = pa.schema([(name, columns[0].type) for name in PAYMENTS])
        with files.ParquetWriter(folder / "发放.parquet", schema, store_schema=False) as writer:
            for begin in range(0, rows, 1_000_000):
                count = min(1_000_000, rows - begin)
                writer.write_table(pa.table([column.take(pa.repeat(0, count)) for column in columns], schema=schema))
        return folder / "发放.parquet"

    return make


def footer(change: Callable[[bytearray], None]) -> Make:
    """A Parquet file whose end was tampered with."""

    def make(folder: Path) -> Path:
        path = parquet()(folder)
        content = bytearray(path.read_bytes())
        change(content)
        path.write_bytes(content)
        return path

    return make


def old(change: Callable[[bytearray], None]) -> Make:
    """An old workbook, tampered with."""

    def make(folder: Path) -> Path:
        content = bytearray((Path(__file__).parent / "data" / "payments.xls").read_bytes())
        change(content)
        (folder / "旧.xls").write_bytes(content)
        return folder / "旧.xls"

    return make


def special(kind: str) -> Make:
    """No ordinary file: a folder, a pipe, a device, links."""

    def make(folder: Path) -> Path:
        path = folder / "发放.csv"
        match kind:
            case "folder":
                path.mkdir()
            case "pipe":
                os.mkfifo(path)
            case "device":
                return Path("/dev/zero")
            case "link":
                path.symlink_to(good(folder, "真.csv"))
            case "dangling":
                path.symlink_to(folder / "无.csv")
            case "circle":
                path.symlink_to(path)
        return path

    return make


def spoil(at: int, form: str, *values: int) -> Callable[[bytearray], None]:
    return lambda content: struct.pack_into(form, content, at if at >= 0 else len(content) + at, *values)


def circle(content: bytearray) -> None:
    """Every sector's successor is itself."""
    table = 512 * (1 + struct.unpack_from("<I", content, 76)[0])
    for sector in range(128):
        struct.pack_into("<I", content, table + 4 * sector, sector)


WHOLE = {"csv": lambda folder: good(folder, "发放.csv"), "xlsx": book, "xls": old(lambda content: None), "parquet": parquet()}
PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"]

CASES: dict[str, tuple[Make, str]] = {
    **{f"{kind} in {part}": (entity(kind, part), "SB2007") for kind in ("laughs", "outside") for part in PARTS},
    "sheet bomb": (bomb("xl/worksheets/sheet1.xml", 2 << 30), "SB2008"),
    "strings bomb": (bomb("xl/sharedStrings.xml", 600 << 20), "SB2008"),
    "bomb that claims little": (bomb("xl/worksheets/sheet1.xml", 1 << 30, 1000), "SB2006"),
    "bomb that claims much": (bomb("xl/worksheets/sheet1.xml", 1 << 20, 4 << 29), "SB2008"),
    "bomb under the ratio": (bomb("xl/worksheets/sheet1.xml", 95 << 20), "SB2007"),
    "nested bomb": (nested, "SB2007"),
    "overlapping parts": (overlapping, "SB2007"),
    "links, programs and macros": (linked, "1"),
    "a million columns in a sheet": (wide_rows(1_000_000), "SB2008"),
    "a million columns in a text file": (plain("宽.csv", b",".join([b"a"] * 1_000_000) + b"\n1\n"), "SB2008"),
    "a million columns below the head": (lambda folder: payments(folder, payment(), ["1"] * 1_000_000, name="宽.csv"), "1"),
    "a cell of 100 MB": (cell_of(100_000_000, False), "SB2008"),
    "a quoted cell of 100 MB": (cell_of(100_000_000, True), "SB2008"),
    "one line of 100 MB": (plain("长.csv", b"x" * 100_000_000), "SB20"),
    "a shared string of 100 MB": (lambda folder: book(folder, **{"xl/sharedStrings.xml": packages.shared(f"<t>{'a1' * 50_000_000}</t>")}), "SB2008"),
    "an inline string of 100 MB": (lambda folder: book(folder, rows=ROWS.replace("甲0", "a1" * 50_000_000, 1)), "SB2008"),
    "an inline string of 3 MB": (lambda folder: book(folder, rows=ROWS.replace("甲0", "a1" * 1_500_000)), "SB2008"),
    "a sheet that claims everything": (lambda folder: book(folder, before='<dimension ref="A1:XFD1048576"/>'), "1"),
    "a cell in the far corner": (lambda folder: book(folder, rows=ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "SB2008"),
    "a cell in the last row": (lambda folder: book(folder, rows=ROWS + '<row r="1048576"><c r="P1048576" t="str"><v>注</v></c></row>'), "1"),
    "thousands of sheets": (many_sheets(3_000), "SB2008"),
    "hundreds of sheets": (many_sheets(300), "1"),
    "thousands of merged areas": (merged, "1"),
    "parts that lead elsewhere": (traversing, "1"),
    "a sheet named like a path": (odd_sheet_name, "1"),
    "a file named with a line end": (lambda folder: good(folder, "发\n放.csv"), "1"),
    "a file named from right to left": (lambda folder: good(folder, "发\u202evsc.csv"), "1"),
    "a file named with markup": (lambda folder: good(folder, "[red]<b>{name}%s.csv"), "1"),
    "a file named like an option": (lambda folder: good(folder, "-rf ;$(x) .csv"), "1"),
    "a file named as long as can be": (lambda folder: good(folder, "a" * 251 + ".csv"), "1"),
    "a name with a zero byte": (lambda folder: folder / "a\0b.csv", "SB2001"),
    **{f"a {kind} as a file": (special(kind), "SB2001") for kind in ("folder", "pipe", "device", "dangling", "circle")},
    "a link to a file": (special("link"), "1"),
    "a workbook named as text": (lambda folder: book(folder, "发放.csv"), "1"),
    "text named as a workbook": (lambda folder: good(folder, "发放.xlsx"), "1"),
    "UTF-16": (lambda folder: good(folder, "发放.csv", encoding="utf-16"), "SB2005"),
    "a million quotes": (lambda folder: payments(folder, payment(姓名='"' * 1_000_001), name="引.csv"), "SB2006"),
    "quotes in pairs": (lambda folder: payments(folder, payment(姓名='"' * 100_000), name="引.csv"), "0"),
    "cells like formulas": (lambda folder: payments(folder, payment(姓名="=1+1", 户名="@SUM(A1)", 流水号="+1-2"), name="式.csv"), "1"),
    **{f"{kind} cut at {share:.2f}": (cut(make, share), "SB20") for kind, make in WHOLE.items() if kind != "csv" for share in (0.02, 0.2, 0.5, 0.8, 0.99)},
    "text cut at half": (cut(WHOLE["csv"], 0.8), "SB20"),
    "a chain of sectors in a circle": (old(circle), "SB2006"),
    "sectors that are not there": (old(spoil(76, "<I", 0x00FF_FFFF)), "SB2006"),
    "a footer longer than the file": (footer(spoil(-8, "<I", 0x7FFF_FFFF)), "SB2006"),
    "a footer of rubbish": (footer(lambda content: content.__setitem__(slice(-60, -8), b"\xff" * 52)), "SB2006"),
    "a million rows in little": (parquet(1_000_000), "1000000"),
    "sixty million rows in nothing": (parquet(60_000_000), "SB2008"),
}  # fmt: skip


def outcome(path: Path) -> str:
    """The refusal's code, the number of rows, or the name of any other error."""
    from controls.intake import reader
    from ledger.errors import Refusal

    try:
        taken = reader.read(path, "payments")
    except Refusal as refused:
        assert refused.status == 2 and refused.text("en") and refused.cause() and refused.remedy()
        return refused.code
    except BaseException as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"[:300]
    return str(taken.table.num_rows)


def main(folder: Path, chosen: list[str]) -> None:
    """Reads every case (or those chosen) in a folder of its own."""
    for name, (make, _) in CASES.items():
        if chosen and name not in chosen:
            continue
        place = folder / str(abs(hash(name)))
        place.mkdir()
        path = make(place)
        tempfile.tempdir = str(place)
        there = sorted(each.name for each in place.iterdir())
        resource.setrlimit(resource.RLIMIT_AS, (ROOM, resource.RLIM_INFINITY))
        started = time.process_time()
        found = outcome(path)
        seconds = time.process_time() - started
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        left = sorted({each.name for each in place.iterdir()} - set(there))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(json.dumps({"name": name, "found": found, "seconds": round(seconds, 2), "left": left, "peak": peak}), flush=True)
        for each in place.iterdir():
            if not each.is_dir():
                each.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
