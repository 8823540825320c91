"""A workbook's package (XLSX): a ZIP archive that is proved before use, its parts by name, and what they say of one another.

Source: ECMA-376 Part 2 (packages, relationships) and Part 1 (18.2 workbook, 18.7 comments, 18.8 styles, 18.14 links).
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import IO

from ledger.sheets.errors import BadWorkbook, HalfWritten, TooLarge
from ledger.sheets.markup import BadMarkup, elements, is_on
from ledger.sheets.stretches import ItemTooLong
from ledger.sheets.styles import shown

MOST_BYTES = 3 << 30
BOMB_BYTES = 100_000_000
MOST_GROWTH = 100
MOST_PARTS = 5_000
MOST_SHEETS = 1_000
MOST_SMALL = 1 << 26
MOST_SHARED = 1 << 29
BLOCK = 1 << 20
HEADER = 30


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet as the workbook lists it; ``state`` is ``visible``, ``hidden`` or ``veryHidden``, ``part`` where its XML lies."""

    name: str
    state: str
    part: str


class Package:
    """The parts of one workbook, by names without regard to case. Raises SB2006, SB2007, SB2008."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self.open() as archive:
            listed = archive.infolist()
            self._prove(listed)
            self._parts = {_plain(part.filename): part.filename for part in listed}
            self._book = next((place for place in (self._start(archive), "xl/workbook.xml") if place in self._parts), "")
            if not self._book:
                binary = any(name.endswith("workbook.bin") for name in self._parts)
                raise BadWorkbook(file=path.name, why="是二进制工作簿（XLSB），请另存为 XLSX" if binary else "压缩包里没有工作簿")
            self.sheets = self._sheets(archive)

    def _prove(self, listed: list[zipfile.ZipInfo]) -> None:
        """No bomb and no trick: few parts, bounded sizes, none twice, none over another."""
        declared = sum(part.file_size for part in listed)
        if declared > MOST_BYTES:
            raise TooLarge(file=self.path.name, what="展开后字节数", found=declared, limit=MOST_BYTES)
        packed = sum(part.compress_size for part in listed)
        if declared > BOMB_BYTES and declared > MOST_GROWTH * packed:
            raise TooLarge(file=self.path.name, what="展开倍数", found=declared // max(1, packed), limit=MOST_GROWTH)
        if len(listed) > MOST_PARTS:
            raise TooLarge(file=self.path.name, what="内部文件数", found=len(listed), limit=MOST_PARTS)
        if len({_plain(part.filename) for part in listed}) != len(listed):
            raise BadWorkbook(file=self.path.name, why="压缩包里有同名的部分")
        places = sorted((part.header_offset, part.header_offset + HEADER + len(part.filename) + part.compress_size) for part in listed)
        if any(end > start for (_, end), (start, _) in pairwise(places)):
            raise BadWorkbook(file=self.path.name, why="压缩包里的部分互相重叠")

    @contextmanager
    def open(self) -> Iterator[zipfile.ZipFile]:
        """The archive; whatever is wrong with it or its XML comes as SB2006, SB2007 or SB2008."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                yield archive
        except zipfile.BadZipFile as error:
            raise HalfWritten(file=self.path.name, why="压缩结构残缺，没有写完") from error
        except (zlib.error, EOFError, OSError) as error:
            raise HalfWritten(file=self.path.name, why="压缩内容残缺") from error
        except BadMarkup as error:
            raise BadWorkbook(file=self.path.name, why="内部的 XML 不完好，或带有文档类型声明") from error
        except MemoryError as error:
            raise TooLarge(file=self.path.name, what="所需内存", found="本机不够", limit="本机所有") from error
        except ItemTooLong as error:
            raise TooLarge(file=self.path.name, what="一行或一格的长度", found="过长", limit=1 << 20) from error
        except (NotImplementedError, RuntimeError) as error:
            raise BadWorkbook(file=self.path.name, why="有密码保护，或压缩方式不支持") from error
        except (ValueError, LookupError) as error:
            raise BadWorkbook(file=self.path.name, why="文件损坏") from error

    def has(self, part: str) -> bool:
        """Whether there is a part of this name."""
        return _plain(part) in self._parts

    def names(self) -> list[str]:
        """Names of all parts, in small letters."""
        return list(self._parts)

    def stream(self, archive: zipfile.ZipFile, part: str) -> IO[bytes]:
        """A part opened for reading."""
        return archive.open(self._parts[_plain(part)])

    def blocks(self, archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
        """A part in blocks."""
        with self.stream(archive, part) as stream:
            while block := stream.read(BLOCK):
                yield block

    def elements(self, archive: zipfile.ZipFile, part: str, *names: str) -> list[tuple[str, dict[str, str]]]:
        """Elements of a small part, none when it is absent; raises SB2008 when it is not small."""
        if not self.has(part):
            return []
        size = archive.getinfo(self._parts[_plain(part)]).file_size
        if size > MOST_SMALL:
            raise TooLarge(file=self.path.name, what="内部文件的字节数", found=size, limit=MOST_SMALL)
        return elements(self.blocks(archive, part), *names)

    def relations(self, archive: zipfile.ZipFile, part: str) -> list[dict[str, str]]:
        """What a part refers to: ``Id``, ``Type``, ``Target``, and ``TargetMode`` where it lies outside."""
        folder, name = posixpath.split(part)
        place = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        return [attributes for _, attributes in self.elements(archive, place, "Relationship")]

    def related(self, archive: zipfile.ZipFile, part: str, kind: str) -> list[str]:
        """The parts of a kind (the last word of the relation's type) that a part refers to."""
        wanted = [each for each in self.relations(archive, part) if each.get("Type", "").rpartition("/")[2].lower() == kind.lower()]
        return [target_of(part, each.get("Target", "")) for each in wanted if each.get("TargetMode", "") != "External"]

    def _start(self, archive: zipfile.ZipFile) -> str:
        return next(iter(_plain(part) for part in self.related(archive, "", "officeDocument")), "")

    def _sheets(self, archive: zipfile.ZipFile) -> list[ListedSheet]:
        targets = {each.get("Id", ""): target_of(self._book, each.get("Target", "")) for each in self.relations(archive, self._book)}
        self.workbook = self.elements(archive, self._book, "sheet", "calcPr", "workbookProtection", "workbookPr")
        found = [
            ListedSheet(each.get("name", ""), each.get("state", "visible"), _plain(targets.get(_relation(each), "")))
            for name, each in self.workbook
            if name == "sheet"
        ]
        if len(found) > MOST_SHEETS:
            raise TooLarge(file=self.path.name, what="工作表数", found=len(found), limit=MOST_SHEETS)
        places = [each.part for each in found if each.part]
        if len({each.name.lower() for each in found}) != len(found) or len(set(places)) != len(places):
            raise BadWorkbook(file=self.path.name, why="工作表的名称或内容重复")
        return [each for each in found if self.has(each.part) and "/worksheets/" in f"/{each.part}"]

    @cached_property
    def since_1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""
        return any(name == "workbookPr" and is_on(each, "date1904") for name, each in self.workbook)

    def dates(self, archive: zipfile.ZipFile) -> dict[int, str]:
        """Style → ``date`` or ``duration``, for the styles that show one."""
        found = self._first(archive, "styles", "xl/styles.xml", "numFmt", "cellXfs", "cellStyleXfs", "dxfs", "xf")
        codes = {_number(each.get("numFmtId")): each.get("formatCode", "") for name, each in found if name == "numFmt"}
        kinds: dict[int, str] = {}
        inside, style = "", 0
        for name, each in found:
            if name in ("cellXfs", "cellStyleXfs", "dxfs"):
                inside = name
            elif name == "xf" and inside == "cellXfs":
                number = _number(each.get("numFmtId"))
                if kind := shown(number, codes.get(number, "")):
                    kinds[style] = kind
                style += 1
        return kinds

    def _first(self, archive: zipfile.ZipFile, kind: str, usual: str, *names: str) -> list[tuple[str, dict[str, str]]]:
        return self.elements(archive, next(iter(self.related(archive, self._book, kind)), usual), *names)

    def shared_strings(self, archive: zipfile.ZipFile) -> str:
        """The part with the shared strings, '' when there is none; raises SB2008 when it is too large."""
        part = next(iter(self.related(archive, self._book, "sharedStrings")), "xl/sharedstrings.xml")
        if not self.has(part):
            return ""
        size = archive.getinfo(self._parts[_plain(part)]).file_size
        if size > MOST_SHARED:
            raise TooLarge(file=self.path.name, what="文字表的字节数", found=size, limit=MOST_SHARED)
        return part


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def target_of(part: str, target: str) -> str:
    """Where a relation points, seen from the part that holds it."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _relation(attributes: Mapping[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else -1
