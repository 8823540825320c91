"""The fonts of the house: what they cover, how a glyph is chosen, what the text layer is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import templates
from books.pdf import fonts

RARE_NAMES = "𬭎䶮㛃喆堃"
OTHERS = "0123456789ABCxyz.,%-（）《》“”‘’—…、，。：；！？·〓￥¥℃№☐☑☒①⑳√×─│□■％＋－／ⅠⅣ㎡"


def table() -> set[int]:
    """The 8,105 characters of 通用规范汉字表."""
    lines = templates.path("fonts/standard-characters-8105.txt").read_text(encoding="utf-8").splitlines()
    levels = [line for line in lines if not line.startswith("#")]
    assert [len(line) for line in levels] == [3500, 3000, 1605]
    return {ord(char) for line in levels for char in line}


@pytest.mark.parametrize("name", list(fonts.FILES))
def test_each_font_covers_the_standard_characters_and_symbols(name: str) -> None:
    """Every one of the 8,105 characters (196 of them beyond U+FFFF) and the signs that forms use."""
    covered = set(fonts.load()[name].face.charToGlyph)
    wanted = table()
    assert len(wanted) == 8105
    assert len([code for code in wanted if code > 0xFFFF]) == 196
    assert wanted - covered == set()
    assert {ord(char) for char in OTHERS} - covered == set()


def test_the_body_font_covers_uro_and_extension_a() -> None:
    """Names of people come from 4E00–9FFF and 3400–4DBF, standard or not."""
    covered = set(fonts.load()[fonts.BODY].face.charToGlyph)
    assert set(range(0x4E00, 0xA000)) - covered == set()
    assert set(range(0x3400, 0x4DC0)) - covered == set()


def test_a_rare_glyph_falls_back_to_the_next_font() -> None:
    """Serif Bold lacks a character of Extension A outside the standard table; the regular weight prints it."""
    made = fonts.runs("张㐂三", "serif", True)
    assert [(run.font, run.text) for run in made] == [("ShebaoSerif-Bold", "张"), ("ShebaoSerif", "㐂"), ("ShebaoSerif-Bold", "三")]
    assert fonts.missing("张㐂三", "serif", True) == ()


def test_a_character_of_no_font_prints_as_geta_and_is_reported() -> None:
    """Never dropped: U+2B9FF has no glyph in any of the four fonts."""
    char = "\U0002b9ff"
    assert "".join(run.text for run in fonts.runs(f"王{char}")) == "王〓"
    assert [(glyph.code_point, glyph.zh) for glyph in fonts.missing(f"王{char}")] == [("U+2B9FF", "字库缺字 U+2B9FF，以 〓 代替")]


def test_white_space_becomes_a_blank_and_other_controls_do_not_vanish() -> None:
    """A tab from a bank's memo prints as a blank; a control character is reported."""
    assert fonts.runs("a\tb")[0].text == "a b"
    assert fonts.missing("a\x00b")


def test_the_text_layer_is_told_surrogate_pairs() -> None:
    """A character beyond U+FFFF is two UTF-16 units in the CMap, and a block never has more than 100 entries."""
    made = fonts.to_unicode_cmap("X", [0, *range(0x4E00, 0x4E00 + 150), 0x2CB4E])
    assert "<97> <D872DF4E>" in made
    assert "100 beginbfchar" in made and "51 beginbfchar" in made


@pytest.mark.parametrize("family", [("ShebaoSerif", "ShebaoSerif-Bold"), ("ShebaoSans", "ShebaoSans-Medium")])
def test_figures_have_one_width_in_both_weights(family: tuple[str, str]) -> None:
    """Columns of money line up digit by digit, bold totals included."""
    for signs in ("0123456789", ",."):
        assert len({fonts.load()[name].face.charWidths[ord(sign)] for name in family for sign in signs}) == 1


def test_the_licence_stands_beside_the_fonts() -> None:
    """The SIL Open Font License travels with the files."""
    folder = Path(str(templates.path("fonts")))
    for family in ("NotoSerifSC", "NotoSansSC"):
        assert "SIL OPEN FONT LICENSE" in (folder / f"OFL-{family}.txt").read_text(encoding="utf-8")
