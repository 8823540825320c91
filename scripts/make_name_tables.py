"""Writes the bulk tables of templates/names/: variants, radicals, shape codes and readings from Unicode, look-alikes from the house's fonts.

    python scripts/make_name_tables.py FOLDER [--unicode 15.0.0]
    python scripts/make_name_tables.py --pictures

FOLDER holds ``Unihan_*.txt`` (plain or ``.bz2``) and ``EquivalentUnifiedIdeograph.txt`` of one Unicode version, such as the
Debian package ``unicode-data`` installs. Prints how many entries each table has. The Unicode licence travels with the
tables as ``templates/names/LICENSE-UNICODE.txt``. ``--pictures`` draws every standard character in two fonts of ``templates/fonts``
and lists the pairs whose pictures are alike in both (a minute).

Only characters that stand in names are kept: the 8,105 of the 通用规范汉字表 (Unihan ``kTGH``) and what is a variant of one of them.
"""

from __future__ import annotations

import argparse
import bz2
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from ledger.names.readings import toneless

OUT = Path(__file__).parents[1] / "templates" / "names"
FONTS = OUT.parent / "fonts"
LICENCE = "Derived from data of Unicode, Inc., changed (selected and rearranged); licence in LICENSE-UNICODE.txt."
DATED = {"15.0.0": "2022-09-13", "15.1.0": "2023-09-12", "16.0.0": "2024-09-10"}
FIELDS = {
    "Variants": ("kSimplifiedVariant", "kSemanticVariant", "kZVariant"),
    "DictionaryLikeData": ("kCangjie", "kFourCornerCode", "kPhonetic"),
    "IRGSources": ("kTotalStrokes",),
    "Readings": ("kTGHZ2013",),
    "OtherMappings": ("kTGH",),
}
Table = dict[str, str]


def lines(folder: Path, name: str) -> Iterable[str]:
    """The lines of a data file, packed or not."""
    packed = folder / f"{name}.bz2"
    text = bz2.decompress(packed.read_bytes()) if packed.exists() else (folder / name).read_bytes()
    return text.decode("utf-8").splitlines()


def unihan(folder: Path) -> dict[str, Table]:
    """Field name -> character -> value, for the fields used."""
    found: dict[str, Table] = defaultdict(dict)
    for file, wanted in FIELDS.items():
        for line in lines(folder, f"Unihan_{file}.txt"):
            if line.startswith("U+"):
                code, field, value = line.split("\t", 2)
                if field in wanted:
                    found[field][chr(int(code[2:], 16))] = value
    return found


def targets(value: str) -> list[str]:
    """``U+54F2<kLau U+608A`` as characters."""
    return [chr(int(part.partition("<")[0][2:], 16)) for part in value.split()]


def standard_forms(char: str, fields: dict[str, Table]) -> tuple[str, str]:
    """The standard characters that ``char`` stands for, and how known: ``s`` simplified, ``z`` shape only, ``m`` by dictionaries.

    A character of the standard table stands for itself alone: 喆 and 哲, 堃 and 坤 are dictionary variants of one another, yet since
    2013 two standard characters, hence two names.
    """
    standard = fields["kTGH"]
    for field, mark in (("kSimplifiedVariant", "s"), ("kZVariant", "z"), ("kSemanticVariant", "m")):
        near = [form for form in targets(fields[field].get(char, "")) if form != char]
        direct = [form for form in near if form in standard]
        if direct:
            return "".join(dict.fromkeys(direct)), mark
        behind = [form for middle in near for form in targets(fields["kSimplifiedVariant"].get(middle, "")) if form in standard]
        if behind:
            return "".join(dict.fromkeys(behind)), mark
    return "", ""


def variants(fields: dict[str, Table]) -> dict[str, list[str]]:
    """Lists by mark, each entry a character and the standard forms after it; ``r``: two standard characters, one once the simplified form of the other."""
    found: dict[str, list[str]] = {"s": [], "z": [], "m": [], "r": []}
    standard = fields["kTGH"]
    for char in sorted({*fields["kSimplifiedVariant"], *fields["kZVariant"], *fields["kSemanticVariant"]} - set(standard)):
        forms, mark = standard_forms(char, fields)
        if forms:
            found[mark].append(char + forms)
    for char in sorted(set(fields["kSimplifiedVariant"]) & set(standard)):
        forms = "".join(form for form in targets(fields["kSimplifiedVariant"][char]) if form in standard and form != char)
        if forms:
            found["r"].append(char + forms)
    return found


def radicals(folder: Path) -> list[str]:
    """Radical signs and the characters they look like (a PDF copied as text gives ⻢ for 马)."""
    found = []
    for line in lines(folder, "EquivalentUnifiedIdeograph.txt"):
        match = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([0-9A-F]+)", line)
        if match:
            first, last = int(match[1], 16), int(match[2] or match[1], 16)
            found += [chr(code) + chr(int(match[3], 16)) for code in range(first, last + 1) if code < 0x2F00]
    return found


def shapes(fields: dict[str, Table], chars: Iterable[str]) -> list[str]:
    """``char cangjie corners strokes phonetic``, ``-`` for what is not known."""
    found = []
    for char in sorted(set(chars)):
        cangjie = fields["kCangjie"].get(char, "-").split()[0]
        corners = fields["kFourCornerCode"].get(char, "-").split()[0].replace(".", "")[:4]
        strokes = fields["kTotalStrokes"].get(char, "-").split()[0]
        phonetic = ",".join(sorted(re.sub(r"[^0-9A-Z]", "", part) for part in fields["kPhonetic"].get(char, "-").split())) or "-"
        if cangjie != "-":
            found.append(f"{char} {cangjie} {corners} {strokes} {phonetic}")
    return found


def heteronyms(fields: dict[str, Table]) -> list[str]:
    """``单:chan,dan,shan`` for the standard characters of several readings, toneless, ``v`` for ü."""
    found = []
    for char, value in sorted(fields["kTGHZ2013"].items()):
        ways = sorted({toneless(way) for part in value.split() for way in part.partition(":")[2].split(",")})
        if len(ways) > 1:
            found.append(f"{char}:{','.join(ways)}")
    return found


def drawn(font: Path, chars: list[str]) -> Any:
    """A row for each character: its picture of 24 points, a little blurred, as a vector of length one."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    face = ImageFont.truetype(str(font), 24)
    rows = []
    for char in chars:
        image = Image.new("L", (28, 32))
        ImageDraw.Draw(image).text((2, -2), char, font=face, fill=255)
        grey = np.asarray(image, dtype=np.float32)
        soft = (grey + sum(np.roll(grey, step, axis) for step in (-1, 1) for axis in (0, 1)) / 2).ravel()
        soft -= soft.mean()
        rows.append(soft / np.linalg.norm(soft))
    return np.stack(rows)


def alike(least: int) -> list[str]:
    """Pairs of standard characters whose pictures are alike (cosine of ``least`` hundredths or more) in a sans-serif and a serif font."""
    import numpy as np

    listed = (FONTS / "standard-characters-8105.txt").read_text(encoding="utf-8").splitlines()
    chars = [char for line in listed if not line.startswith("#") for char in line if "\u3400" <= char <= "\u9fff"]
    tables = [drawn(FONTS / f"{name}-Regular.ttf", chars) for name in ("NotoSansSC", "NotoSerifSC")]
    found = []
    for start in range(0, len(chars), 500):
        both = np.minimum(*(table[start : start + 500] @ table.T for table in tables))
        rows, columns = np.nonzero(both * 100 >= least)
        found += [chars[start + row] + chars[column] for row, column in zip(rows.tolist(), columns.tolist(), strict=True) if start + row < column]
    return found


def folded(items: list[str], width: int) -> list[str]:
    """Items joined by blanks into lines of a block scalar."""
    return [f"  {' '.join(items[start : start + width])}" for start in range(0, len(items), width)]


def page(document: str, version: str, reference: str, notes: list[str]) -> list[str]:
    """The head of a table."""
    return [
        *(f"# {note}" for note in notes),
        "# Written by scripts/make_name_tables.py: change the script, not this file.",
        f"document: {document}",
        f"valid_from: {DATED[version]}",
        "valid_to: null",
        f"reference: {reference}",
        f'unicode: "{version}"',
    ]


def write_pictures(least: int = 77) -> int:
    """Writes the look-alikes."""
    found = alike(least)
    text = [
        "# Pairs of standard characters whose pictures are alike in a sans-serif and a serif font.",
        "# Written by scripts/make_name_tables.py --pictures: change the script, not this file.",
        "document: 字形图像相近的字",
        "valid_from: 2013-06-05",
        "valid_to: null",
        f"reference: templates/fonts 的 Noto Sans SC、Noto Serif SC（OFL）各以 24 点绘出，两者余弦都不低于 0.{least}; 字取《通用规范汉字表》",
        "pairs: |",
        *folded(found, 40),
    ]
    (OUT / "pictures.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
    print(f"pictures {len(found)}")
    return 0


def write_variants(folder: Path, fields: dict[str, Table], version: str) -> dict[str, list[str]]:
    """Writes variants and radicals; the variants by mark."""
    same = variants(fields)
    text = page(
        "简繁、异体与部首字形",
        version,
        "Unicode Unihan kSimplifiedVariant, kZVariant, kSemanticVariant, kTGH（通用规范汉字表，国发〔2013〕23号）; EquivalentUnifiedIdeograph",
        [LICENCE, "Each group: a character, then the standard character(s) it stands for."],
    )
    for key, mark in (("simplified", "s"), ("z_variant", "z"), ("dictionary", "m"), ("once_one", "r")):
        text += [f"{key}: |", *folded(same[mark], 32)]
    text += ["radicals: |", *folded(radicals(folder), 32)]
    (OUT / "unihan_variants.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
    return same


def main() -> int:
    """Reads the folder, writes the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--unicode", default="15.0.0", choices=sorted(DATED))
    options.add_argument("--pictures", action="store_true")
    given = options.parse_args()
    if given.pictures:
        return write_pictures()
    if given.folder is None:
        options.error("FOLDER or --pictures")
    fields, version = unihan(given.folder), given.unicode
    same = write_variants(given.folder, fields, version)
    codes = shapes(fields, [*fields["kTGH"], *(group[0] for mark in "sz" for group in same[mark])])
    text = page(
        "字形编码",
        version,
        "Unicode Unihan kCangjie, kFourCornerCode, kTotalStrokes, kPhonetic",
        [LICENCE, "Each line: character, Cangjie code, four-corner code, strokes, phonetic series; - for what is not known."],
    )
    (OUT / "unihan_shapes.yaml").write_text("\n".join([*text, "codes: |", *(f"  {code}" for code in codes)]) + "\n", encoding="utf-8")
    several = heteronyms(fields)
    text = page("多音字的现行读音", version, "Unicode Unihan kTGHZ2013（《通用规范汉字字典》，2013）", [LICENCE])
    (OUT / "unihan_heteronyms.yaml").write_text("\n".join([*text, "readings: |", *folded(several, 12)]) + "\n", encoding="utf-8")
    print({key: len(value) for key, value in same.items()}, f"shapes {len(codes)}, heteronyms {len(several)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
