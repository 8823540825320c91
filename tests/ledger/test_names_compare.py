"""Names: how two are compared, with which grade, score and reasons."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.name_compare import Grade, compare

GRADED = [
    ("张三", "张三", Grade.EQUAL),
    ("张三", "张 三", Grade.NORMALISED),
    ("阿卜杜拉·买买提", "阿卜杜拉．买买提", Grade.NORMALISED),
    ("阿卜杜拉・买买提", "阿卜杜拉-买买提", Grade.NORMALISED),
    ("张建国", "張建國", Grade.VARIANT),
    ("萧红", "肖红", Grade.VARIANT),
    ("刘䶮", "刘[龑]", Grade.VARIANT),
    ("刘䶮", "刘\ue863", Grade.RARE),
    ("刘䶮", "刘（上龙下天）", Grade.RARE),
    ("张三丰", "张*丰", Grade.RARE),
    ("李晓华", "李??华", Grade.RARE),
    ("刘䶮", "刘?", Grade.RARE),
    ("刘䶮", "刘*", Grade.SURNAME),
    ("刘明", "刘?", Grade.SURNAME),
    ("乌云·买买提", "乌云??买买提", Grade.RARE),
    ("欧阳晓华", "欧阳???", Grade.SURNAME),
    ("单田芳", "山田芳", Grade.SAME_SOUND),
    ("尉迟恭", "尉尺恭", Grade.SAME_SOUND),
    ("张建己", "张建已", Grade.SAME_SHAPE),
    ("林平安", "凌平安", Grade.NEAR_SOUND),
    ("王建国", "建国王", Grade.ORDER),
    ("王建国", "王国建", Grade.ORDER),
    ("阿卜杜拉·买买提", "阿卜杜拉买买", Grade.CUT),
    ("单田芳", "SHAN TIANFANG", Grade.PINYIN),
    ("单田芳", "Tianfang Shan", Grade.PINYIN),
    ("吕梁", "LYU LIANG", Grade.PINYIN),
    ("王建国", "王建", Grade.ONE_CHARACTER),
    ("王建国", "王建军", Grade.SURNAME),
    ("喆", "坤", Grade.DIFFERENT),
    ("张三", "李四", Grade.DIFFERENT),
    ("", "张三", Grade.NONE),
    ("□□", "张三", Grade.NONE),
]


@pytest.mark.parametrize(("one", "two", "grade"), GRADED)
def test_each_grade_has_its_case(one: str, two: str, grade: Grade) -> None:
    """A pair of names gets the grade of its weakest likeness, whichever stands first."""
    assert compare(one, two).grade is grade
    assert compare(two, one).grade is grade


def test_reasons_name_the_characters_and_their_place() -> None:
    """Each reason says in Chinese which character of which place is meant."""
    assert [reason.zh for reason in compare("张建己", "張建已").reasons] == ["第1字“张”与“張”是同一字的简繁或异体", "第3字“己”与“已”形近"]


def test_standard_characters_are_never_variants_of_one_another() -> None:
    """喆 and 哲, 堃 and 坤 are two standard characters: same sound, not the same character."""
    assert compare("王喆", "王哲").grade is Grade.SAME_SOUND
    assert compare("王堃", "王坤").grade is Grade.SAME_SOUND


def test_a_common_name_is_said_to_prove_little() -> None:
    """Equal names that very many people bear carry a caution."""
    assert compare("张伟", "张伟").common
    assert "证明力弱" in compare("张伟", "張 伟").zh
    assert not compare("张三", "张三").common


def test_a_former_name_is_compared_too() -> None:
    """A name given as 曾用名, in brackets or beside, is compared, and the reason says so."""
    found = compare("欧小明（曾用名：欧大明）", "欧大明")
    assert found.grade is Grade.EQUAL and "曾用名" in found.zh
    assert compare("欧小明", "欧大明", one_also=["欧大明"]).score == found.score


def test_a_hidden_given_name_leaves_only_the_surname() -> None:
    """Where only the surname can be read nothing is said but that it agrees."""
    found = compare("张**", "张三丰")
    assert found.grade is Grade.SURNAME and found.score <= 300


NAMES = st.text(alphabet="张章王建国己已發发髮单山阿卜·•． （）[]?□*A李b\ue863䶮三3\u200b", max_size=8)


@given(NAMES, NAMES)
def test_comparing_is_symmetric(one: str, two: str) -> None:
    """Exchanging the names changes neither grade, score nor number of reasons, only the sides."""
    there, back = compare(one, two), compare(two, one)
    assert (there.grade, there.score, there.common) == (back.grade, back.score, back.common)
    assert sorted((reason.one, reason.two) for reason in there.reasons) == sorted((reason.two, reason.one) for reason in back.reasons)


@given(NAMES)
def test_a_name_is_like_itself(name: str) -> None:
    """A name compared with itself is equal, or has nothing that could be compared."""
    found = compare(name, name)
    assert found.grade in (Grade.EQUAL, Grade.NORMALISED, Grade.RARE, Grade.NONE, Grade.SURNAME)
    assert 0 <= found.score <= 1000


@given(NAMES, NAMES)
def test_an_answer_can_be_written_down(one: str, two: str) -> None:
    """An answer becomes JSON without loss of grade, score or reasons."""
    found = compare(one, two)
    told = json.loads(json.dumps(found.as_json(), ensure_ascii=False))
    assert (told["grade"], told["score"], len(told["reasons"])) == (found.grade.value, found.score, len(found.reasons))


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_can_be_compared(one: str, two: str) -> None:
    """No text, however strange, ends in anything but an answer within bounds, the same both ways round."""
    there, back = compare(one, two), compare(two, one)
    assert (there.grade, there.score) == (back.grade, back.score) and 0 <= there.score <= 1000


def test_a_hostile_cell_costs_no_more_than_a_long_name() -> None:
    """A cell of a hundred thousand signs is compared by its first two hundred, and the reason says so."""
    for cell in ("张" * 100_000, "(已故)" * 20_000, "(" * 100_000, "王+" * 50_000, "?" * 100_000):
        found = compare(cell, cell + "三")
        assert found.grade is not Grade.EQUAL
    assert "只比前 200 字" in compare("张" * 1000, "张" * 2000).zh


def test_the_name_is_evidence_and_never_enough() -> None:
    """Each grade counts an integer for linking persons; a common name counts less, no name reaches the least of a link."""
    from controls.checks.linkage import weights

    told = {grade: compare(one, two).evidence for one, two, grade in GRADED}
    assert set(told) == set(Grade)
    assert told[Grade.DIFFERENT] < told[Grade.SURNAME] <= told[Grade.NONE] < told[Grade.ONE_CHARACTER]
    assert max(told.values()) == weights().weights["name"] < weights().least
    assert compare("张伟", "张伟").evidence < compare("张三", "张三").evidence
