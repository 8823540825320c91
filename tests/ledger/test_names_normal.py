"""Names: the normal form of one cell, its record, the characters' likeness, readings and tables."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.identity import normal_name
from ledger.names import tables
from ledger.names.align import swapped
from ledger.names.latin import relation
from ledger.names.likeness import Alike, likeness
from ledger.names.normal import StepKind, normalise
from ledger.names.readings import near, spelled, usual
from ledger.names.shapes import edits, measured

DOTS = "·•．‧・･.。⋅∙●"


@pytest.mark.parametrize("dot", DOTS)
def test_every_middle_dot_is_one_dot(dot: str) -> None:
    """The middle dot of a minority name may be written in any of its forms; the parts stay known."""
    name = normalise(f"阿卜杜拉{dot}买买提")
    assert (name.text, name.parts) == ("阿卜杜拉买买提", ("阿卜杜拉", "买买提"))
    assert StepKind.DOTS in {step.kind for step in name.steps}


CLEANED = [
    ("张 三", "张三", StepKind.SPACES),
    ("张\u3000三", "张三", StepKind.SPACES),
    ("张\u200b三", "张三", StepKind.INVISIBLE),
    ("葛\U000e0100优", "葛优", StepKind.INVISIBLE),
    ("⻢云", "马云", StepKind.RADICAL),
    ("⾦庸", "金庸", StepKind.WIDTH),
    ("ｌｉ", "LI", StepKind.WIDTH),
    ("li", "LI", StepKind.CASE),
    ("刘\ue863", "刘䶮", StepKind.PRIVATE),
    ("刘[龑]", "刘龑", StepKind.DESCRIBED),
    ("刘〖龑〗", "刘龑", StepKind.DESCRIBED),
    ("刘（上龙下天）", "刘䶮", StepKind.DESCRIBED),
    ("刘龙+天", "刘䶮", StepKind.DESCRIBED),
    ("刘□(上龙下天)", "刘䶮", StepKind.DESCRIBED),
    ("刘（左火右甲乙）", "刘", StepKind.NOTE),
    ("刘(左火右巴)", "刘□", StepKind.LOST),
    ("刘\ue123", "刘□", StepKind.LOST),
    ("刘?", "刘□", StepKind.LOST),
    ("刘〓", "刘□", StepKind.LOST),
    ("刘\x8f", "刘□", StepKind.LOST),
    ("张三先生", "张三", StepKind.TITLE),
    ("张三2", "张三", StepKind.NOTE),
]


@pytest.mark.parametrize(("raw", "text", "kind"), CLEANED)
def test_what_is_done_to_a_name_is_recorded(raw: str, text: str, kind: StepKind) -> None:
    """Each cleaning gives the normal form and a step of its kind with a Chinese sentence."""
    name = normalise(raw)
    assert name.text == text
    assert kind in {step.kind for step in name.steps} and all(step.zh for step in name.steps)


NOTES = [
    ("张三（已故）", "death", ""),
    ("张三(死亡", "death", ""),
    ("张三（曾用名：张四）", "former", "张四"),
    ("张三(原名张小四)", "former", "张小四"),
    ("张三（代领）", "agent", ""),
    ("张三（李四之妻）", "relation", ""),
    ("张三（大）", "namesake", ""),
    ("张三（3组）", "namesake", ""),
    ("张三（五保）", "other", ""),
]


@pytest.mark.parametrize(("raw", "kind", "name"), NOTES)
def test_notes_are_kept_apart_with_their_kind(raw: str, kind: str, name: str) -> None:
    """A note in brackets is no part of the name; another name in it is found."""
    found = normalise(raw)
    assert found.text == "张三"
    assert [(note.kind, note.name) for note in found.notes] == [(kind, name)]


def test_a_run_of_lost_bytes_may_be_one_character_or_several() -> None:
    """Two question marks stand for one or two characters, two boxes for exactly two."""
    assert normalise("李??华").signs == ("李", "?2", "华")
    assert normalise("李□□华").signs == ("李", "?1", "?1", "华")


@given(st.text(max_size=12))
def test_the_normal_form_is_stable(raw: str) -> None:
    """Cleaning what is clean changes nothing, and the signs are as many as the characters shown."""
    name = normalise(raw)
    assert len(name.text) == len(name.signs)
    if name.known == len(name.signs) and name.script == "han":
        assert normalise(name.text).signs == name.signs


def test_the_rules_normal_form_stays_what_the_contract_says() -> None:
    """The checks' normal form does not take on the richer one: variants, private codes and notes stay in it."""
    assert normal_name("張 三（已故）·\ue863") == "張三(已故)\ue863"


ALIKE = [
    ("發", "髮", Alike.VARIANT),
    ("户", "戶", Alike.VARIANT),
    ("峰", "峯", Alike.VARIANT),
    ("乾", "干", Alike.CUSTOMARY),
    ("己", "已", Alike.SHAPE),
    ("晴", "睛", Alike.SHAPE),
    ("任", "仁", Alike.SOUND_SHAPE),
    ("山", "善", Alike.SOUND),
    ("凌", "林", Alike.NEAR_SOUND),
    ("?1", "林", Alike.WILDCARD),
    ("王", "李", Alike.DIFFERENT),
]


@pytest.mark.parametrize(("one", "two", "kind"), ALIKE)
def test_each_likeness_has_its_case(one: str, two: str, kind: Alike) -> None:
    """Two signs get their closest likeness, the same both ways round."""
    assert likeness(one, two).kind is kind
    assert likeness(two, one) == likeness(one, two)


def test_customary_surnames_are_so_only_as_surnames() -> None:
    """蓝 and 兰 are one surname written two ways; as given names they merely sound alike."""
    assert likeness("蓝", "兰", surname=True).kind is Alike.CUSTOMARY
    assert likeness("蓝", "兰").kind is Alike.SOUND


SPELLED = [
    ("单田芳", 1, "shan tian fang"),
    ("解缙", 1, "xie jin"),
    ("仇英", 1, "qiu ying"),
    ("查良镛", 1, "zha liang yong"),
    ("区海明", 1, "ou hai ming"),
    ("曾国平", 1, "zeng guo ping"),
    ("盖平", 1, "ge ping"),
    ("朴明", 1, "piao ming"),
    ("覃明", 1, "qin ming"),
    ("尉迟恭", 2, "yu chi gong"),
    ("令狐冲", 2, "ling hu chong"),
    ("万俟平", 2, "mo qi ping"),
    ("长孙平", 2, "zhang sun ping"),
]


@pytest.mark.parametrize(("name", "surname", "pinyin"), SPELLED)
def test_surnames_are_read_as_surnames(name: str, surname: int, pinyin: str) -> None:
    """Surnames with a reading of their own are spelled with it."""
    assert spelled(name, surname) == pinyin


def test_archaic_readings_do_not_make_two_surnames_sound_alike() -> None:
    """王 and 余 share a reading of the classics; today they do not sound alike."""
    assert usual("王", surname=True) == ("wang",)
    assert likeness("王", "余", surname=True).kind in (Alike.DIFFERENT, Alike.RARE_SOUND)


def test_near_sounds_are_named() -> None:
    """Two near syllables come with the name of the confusion."""
    assert near("zhang", "zang") == "平翘舌不分"
    assert near("zheng", "zen") == "平翘舌不分、前后鼻音不分"
    assert near("li", "wang") == ""


def test_orders_are_told_apart() -> None:
    """A surname put last is another thing than two given characters exchanged."""
    assert swapped(tuple("王建国"), tuple("建国王")) == "surname_last"
    assert swapped(tuple("诸葛芳通"), tuple("芳通诸葛")) == "surname_last"
    assert swapped(tuple("王建国"), tuple("王国建")) == "order"
    assert swapped(tuple("王建国"), tuple("王建军")) == ""


LATIN = [
    ("Li Ming", "LIMING", "same"),
    ("Li, Ming", "Ming Li", "order"),
    ("J SMITH", "John Smith", "initials"),
    ("Mohammed Ali", "Mohammad Ali", "typo"),
    ("Alexander Ivan", "Alexander Ivanov", "cut"),
    ("Ali Hassan", "Ali Omar", "word"),
    ("Anna", "Boris", ""),
]


@pytest.mark.parametrize(("one", "two", "kind"), LATIN)
def test_latin_names_have_their_own_relations(one: str, two: str, kind: str) -> None:
    """Latin names are compared by words, initials, letters and length."""
    assert relation(normalise(one), normalise(two)) == kind
    assert relation(normalise(two), normalise(one)) == kind


def test_private_codes_are_those_of_the_standard() -> None:
    """Every private code of GBK FE50-FEA0 has the character that GB 18030 gives it today (2005 for those Python's codec still leaves private)."""
    places = [low for low in range(0x50, 0xA1) if low != 0x7F]
    moved = dict(zip(("E81E", "E826", "E82B", "E82C", "E832", "E843", "E854", "E864"), range(0x9FB4, 0x9FBC), strict=True))
    for code, low in enumerate(places, 0xE815):
        now = bytes((0xFE, low)).decode("gb18030")
        expected = now if now != chr(code) else chr(moved[f"{code:X}"]) if f"{code:X}" in moved else None
        assert tables.private()[chr(code)] == expected or (expected is None and ord(tables.private()[chr(code)]) > 0xFFFF)


def test_shape_codes_measure_likeness() -> None:
    """The measure is 0 for what has no code, symmetric, and high for a stroke's difference."""
    assert measured("张", "A") == 0
    assert measured("晴", "睛") == measured("睛", "晴") > 700
    assert (edits("ABC", "AC"), edits("", "AB")) == (1, 2)


def test_every_table_reads_under_its_strict_model() -> None:
    """All files under templates/names pass their schemas."""
    for reader in (tables.marks, tables.rare, tables.common, tables.weights, tables.sounds, tables.surname_table):
        assert reader().reference
    for lookup in (tables.private(), tables.described(), tables.standard(), tables.customary(), tables.shape_codes(), tables.heteronyms()):
        assert lookup
    assert tables.hand_shapes() and tables.pictures() and tables.once_one() and tables.radicals()


def test_pypinyin_is_imported_only_when_a_reading_is_needed() -> None:
    """Importing and comparing names that differ only in blanks does not load pypinyin."""
    program = "import sys; from ledger.name_compare import compare; compare('张三', '张 三'); print('pypinyin' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "False"
