"""Workbooks made by hand, part by part, for tests of what no library would write."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*each: tuple[str, str, str]) -> str:
    """A part of relations: (id, last word of the type, target)."""
    inside = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if "://" in target else ""}/>'
        for name, kind, target in each
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELATIONS}">{inside}</Relationships>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """A sheet's XML around its rows."""
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def shared(*texts: str) -> str:
    """Shared strings; each is the inside of an ``<si>``."""
    return f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in texts)}</sst>'


def styles(*formats: str) -> str:
    """One cell style for each number format."""
    codes = "".join(f'<numFmt numFmtId="{170 + place}" formatCode="{code}"/>' for place, code in enumerate(formats))
    looks = "".join(f'<xf numFmtId="{170 + place}"/>' for place in range(len(formats)))
    others = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>{others}<cellXfs><xf numFmtId="0"/>{looks}</cellXfs></styleSheet>'


def parts(*sheets: str, states: Mapping[int, str] | None = None, names: Mapping[int, str] | None = None, settings: str = "") -> dict[str, str]:
    """The parts of a workbook with these sheets, named 表1, 表2 …"""
    listed = "".join(
        f'<sheet name="{(names or {}).get(at, f"表{at}")}" sheetId="{at}" state="{(states or {}).get(at, "visible")}" r:id="r{at}"/>'
        for at in range(1, len(sheets) + 1)
    )
    links = [(f"r{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
    made = {
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>{settings}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(*links, ("s", "sharedStrings", "sharedStrings.xml"), ("y", "styles", "styles.xml")),
    }
    return made | {f"xl/worksheets/sheet{at}.xml": text for at, text in enumerate(sheets, start=1)}


def write(path: Path, made: Mapping[str, str | bytes]) -> Path:
    """Writes the parts as an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return path
