"""Cut the four fonts of the house again from the published Noto files (SIL Open Font License 1.1).

    npm pack @expo-google-fonts/noto-serif-sc@0.4.3 @expo-google-fonts/noto-sans-sc@0.4.3
    python scripts/cut_fonts.py expo-google-fonts-noto-serif-sc-0.4.3.tgz expo-google-fonts-noto-sans-sc-0.4.3.tgz

What is kept: the 8,105 characters of the table of general standard characters (通用规范汉字表), and for the two
regular weights the whole URO, Extension A, the compatibility ideographs and every further ideograph the files
have; letters, punctuation, full-width forms, box drawing and circled figures. What goes: hinting, layout tables,
vertical metrics, names of other languages. What is changed: figures get one advance width in both weights of a
family, so that columns of money line up digit by digit even where a total is bold; and ballot boxes, which the
Noto files lack, are drawn from their square and their check mark. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import tarfile
from pathlib import Path

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "templates" / "fonts"
TABLE = FONTS / "standard-characters-8105.txt"

# file name -> (family, member of the package, whether every ideograph is kept)
CUTS = {
    "NotoSerifSC-Regular.ttf": ("serif", "package/400Regular/NotoSerifSC_400Regular.ttf", True),
    "NotoSerifSC-Bold.ttf": ("serif", "package/700Bold/NotoSerifSC_700Bold.ttf", False),
    "NotoSansSC-Regular.ttf": ("sans", "package/400Regular/NotoSansSC_400Regular.ttf", True),
    "NotoSansSC-Medium.ttf": ("sans", "package/500Medium/NotoSansSC_500Medium.ttf", False),
}

# One advance for every figure, and one for comma and full stop, in both weights (units of 1000 to the em).
UNIWIDTH = {"serif": {"0123456789": 576, ",.": 332}, "sans": {"0123456789": 564, ",.": 290}}

SYMBOLS = (
    (0x0020, 0x007E), (0x00A0, 0x00FF), (0x0100, 0x017F), (0x01CD, 0x01DC), (0x0251, 0x0261), (0x02C7, 0x02D9), (0x0391, 0x03C9), (0x0401, 0x0451),
    (0x2010, 0x2027), (0x2030, 0x203B), (0x20AC, 0x20AC), (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x2199), (0x2200, 0x22FF), (0x2312, 0x2312),
    (0x2460, 0x24FF), (0x2500, 0x257F), (0x2580, 0x259F), (0x25A0, 0x25FF), (0x2605, 0x2642), (0x2713, 0x2717), (0x2E80, 0x2FD5), (0x3000, 0x303F),
    (0x3100, 0x312F), (0x31C0, 0x31E3), (0x3200, 0x33FF), (0xFE10, 0xFE19), (0xFE30, 0xFE4F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
)
IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
SQUARE, CHECK, CROSS = 0x25A1, 0x221A, 0x00D7
BALLOTS = {0x2610: None, 0x2611: CHECK, 0x2612: CROSS}


def standard_characters() -> set[int]:
    """Code points of the 8,105 characters."""
    return {ord(char) for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#") for char in line}


def wanted(every_ideograph: bool) -> set[int]:
    """Code points to keep."""
    ranges = SYMBOLS + IDEOGRAPHS if every_ideograph else SYMBOLS
    return standard_characters().union(*(range(first, last + 1) for first, last in ranges))


def set_width(font: TTFont, char: str, width: int) -> None:
    """Give a glyph the advance ``width`` and keep it centred."""
    name = font.getBestCmap()[ord(char)]
    old, bearing = font["hmtx"][name]
    shift = (width - old) // 2
    glyph = font["glyf"][name]
    glyph.coordinates.translate((shift, 0))
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, bearing + shift)


def add_ballots(font: TTFont) -> None:
    """Draw ☐ ☑ ☒ from □, √ and ×: fitted into the square's inside."""
    glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
    square, glyf = cmap[SQUARE], font["glyf"]
    box = glyf[square]
    for code, mark in BALLOTS.items():
        pen = TTGlyphPen(glyphs)
        glyphs[square].draw(pen)
        if mark is not None:
            inner = glyf[cmap[mark]]
            scale = 0.62 * min((box.xMax - box.xMin) / (inner.xMax - inner.xMin), (box.yMax - box.yMin) / (inner.yMax - inner.yMin))
            dx = (box.xMax + box.xMin) / 2 - scale * (inner.xMax + inner.xMin) / 2
            dy = (box.yMax + box.yMin) / 2 - scale * (inner.yMax + inner.yMin) / 2
            glyphs[cmap[mark]].draw(TransformPen(pen, (scale, 0, 0, scale, dx, dy)))
        name = f"uni{code:04X}"
        font.setGlyphOrder([*font.getGlyphOrder(), name])
        glyf[name] = pen.glyph()
        font["hmtx"][name] = font["hmtx"][square]
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name


def cut(data: bytes, family: str, every_ideograph: bool) -> bytes:
    """One published font file → the cut one."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False, lazy=False)
    options = Options()
    options.hinting, options.notdef_outline, options.glyph_names, options.legacy_cmap, options.symbol_cmap = False, True, False, False, False
    options.layout_features, options.name_IDs, options.name_languages = [], [0, 1, 2, 3, 4, 5, 6, 13, 14], [0x409]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "gasp", "prep"]
    chosen = Subsetter(options)
    chosen.populate(unicodes=wanted(every_ideograph))
    chosen.subset(font)
    for chars, width in UNIWIDTH[family].items():
        for char in chars:
            set_width(font, char, width)
    add_ballots(font)
    font["post"].formatType = 3.0
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def main() -> None:
    """Read the two packages, write the four fonts and the licences beside them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("serif", type=Path, help="npm package noto-serif-sc (.tgz)")
    parser.add_argument("sans", type=Path, help="npm package noto-sans-sc (.tgz)")
    given = vars(parser.parse_args())
    for name, (family, member, every_ideograph) in CUTS.items():
        with tarfile.open(given[family]) as package:
            data = package.extractfile(member).read()  # type: ignore[union-attr]
            licence = package.extractfile("package/LICENSE_FONT").read()  # type: ignore[union-attr]
        made = cut(data, family, every_ideograph)
        (FONTS / name).write_bytes(made)
        (FONTS / f"OFL-{name.split('-')[0]}.txt").write_bytes(licence)
        print(f"{name}: {len(data):,} → {len(made):,} bytes")


if __name__ == "__main__":
    main()
