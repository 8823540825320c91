"""Made-up pairs of names with known truth, from a seed (人造姓名对). No real person; what the channels do is said beside each.

Where it could be had, an error comes from another source than the tables that ``compare`` reads: homophones from the order of
GB 2312 level one (by pinyin), look-alikes from the pictures of the characters in the house's font. Traditional forms, private codes
and dialect sounds have no second source here: those channels prove the plumbing, not the tables.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FONT = Path(__file__).parents[2] / "templates" / "fonts" / "NotoSansSC-Medium.ttf"

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向"
)
"""About a hundred of the commonest, in about the order of the ministry's reports; weights fall as 1/(rank+4)."""
RARE_SURNAMES = [*"单解仇查区盖朴尉乐员翟冼缪宓祭郗郄牟阚句卜费谌隽俞臧佘栾甄晏", "欧阳", "司马", "上官", "尉迟", "令狐", "诸葛", "皇甫", "慕容"]
GIVEN = (
    "英华文玉秀明丽兰红金建国军平芳志强伟杰涛超勇艳娟霞敏静磊洋刚娜飞鹏辉俊春梅桂凤珍海云生德福林永新成龙东荣贵兴发忠义仁礼信光亮天宝有富财根木水土山川江河湖石松柏竹菊花香草月星辰阳晨曦雨雪冰霜雷"
    "民爱武学书画诗琴棋智慧聪颖洁清淑贤惠雅婷婉莉莲蓉萍菁蕾薇琳琪瑶珊璐瑞祥和顺安康健宁昌盛茂旺达通运喜乐欢笑悦怡欣思念忆梦远航翔宇宙浩然博渊源泉润泽沛沐鸿鹤雁燕莺凡尘世界正大方圆长久广厚"
    "家庭庆余良善美佳好巧玲珑双全万千百元首先进前卫保守护立树培育才能力量坚定毅恒心意诚实真诠启开合同会社会计红旗跃援朝抗胜利解放"
)
"""Common characters of given names, the commoner first; weights fall as 1/(place+20)."""
CLOSE = 900
"""Thousandths of cosine from which two coarse pictures count as much alike."""
PARTS = [
    "阿卜杜拉",
    "买买提",
    "艾力",
    "古丽",
    "阿依",
    "努尔",
    "麦麦提",
    "吐尔逊",
    "热合曼",
    "依布拉音",
    "玉素甫",
    "艾合买提",
    "阿不都",
    "热西提",
    "帕提古丽",
    "米热",
    "卡德尔",
    "扎西",
    "多吉",
    "次仁",
    "卓玛",
    "央金",
    "格桑",
    "旺堆",
    "巴特尔",
    "其其格",
    "乌云",
    "哈斯",
]
RARE_GIVEN = "䶮堃喆淼鑫犇焱垚赟珺琨瑄璟珩烨煊煜熠晟昶彧翀頔祎昱"
PRIVATE = {"䶮": "\ue863"}


@dataclass(frozen=True, slots=True)
class Made:
    """A made pair: the channel it went through, and whether it is one person."""

    one: str
    two: str
    same: bool
    channel: str


def person(dice: random.Random) -> str:
    """A name: nine in ten of two or three characters, one in fifty divided by a dot, one in a hundred with a rare character."""
    if dice.random() < 0.02:
        return "·".join(dice.sample(PARTS, 2))
    surname = dice.choice(RARE_SURNAMES) if dice.random() < 0.05 else dice.choices(SURNAMES, [1 / (rank + 4) for rank in range(len(SURNAMES))])[0]
    length = 1 if dice.random() < 0.1 else 2
    given = "".join(dice.choices(GIVEN, [1 / (place + 20) for place in range(len(GIVEN))], k=length))
    if dice.random() < 0.01:
        given = given[:-1] + dice.choice(RARE_GIVEN)
    return surname + given


@lru_cache(maxsize=1)
def level_one() -> str:
    """The 3,755 characters of GB 2312 level one, in its own order: by pinyin."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in codes)


def homophone(char: str, dice: random.Random, reach: int = 6) -> str:
    """A neighbour in the order of GB 2312: mostly the same syllable, at the borders the next one, as in an input method's list."""
    order = level_one()
    place = order.find(char)
    if place < 0:
        return char
    near = [order[spot] for spot in range(max(0, place - reach), min(len(order), place + reach + 1)) if spot != place]
    return dice.choice(near)


@lru_cache(maxsize=1)
def look_alikes() -> dict[str, list[tuple[str, int]]]:
    """Character -> its eight nearest of GB 2312 level one by picture (a coarse one of 14 points), nearest first, with the cosine in thousandths."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    font, chars = ImageFont.truetype(str(FONT), 14), level_one()
    pictures = []
    for char in chars:
        image = Image.new("L", (16, 20))
        ImageDraw.Draw(image).text((1, -2), char, font=font, fill=255)
        grey = np.asarray(image, dtype=np.float32)
        soft = grey + sum(np.roll(grey, step, axis) for step in (-1, 1) for axis in (0, 1)) / 2
        pictures.append((soft - soft.mean()).ravel())
    table = np.stack(pictures)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    likeness = table @ table.T
    np.fill_diagonal(likeness, -1)
    nearest = np.argsort(-likeness, axis=1)[:, :8]
    close = (np.take_along_axis(likeness, nearest, axis=1) * 1000).astype(int)
    rows = zip(chars, nearest.tolist(), close.tolist(), strict=True)
    return {char: [(chars[place], score) for place, score in zip(places, scores, strict=True)] for char, places, scores in rows}


def _with(name: str, place: int, char: str) -> str:
    return name[:place] + char + name[place + 1 :]


def _place(name: str, dice: random.Random) -> int:
    """A place in the name, given characters twice as often as the surname."""
    places = [place for place, char in enumerate(name) if char != "·"]
    return dice.choices(places, [1 if place == 0 else 2 for place in places])[0]


def same_sound(name: str, dice: random.Random) -> str:
    """One character typed as another of the input method's list."""
    place = _place(name, dice)
    return _with(name, place, homophone(name[place], dice))


def same_shape(name: str, dice: random.Random) -> str:
    """One character read as one that looks much like it; a name without such a character stays as it is (and is drawn again)."""
    close = {place: [other for other, score in look_alikes().get(char, []) if score >= CLOSE] for place, char in enumerate(name)}
    places = [place for place, others in close.items() if others]
    return _with(name, place, dice.choice(close[place])) if places and (place := dice.choice(places)) >= 0 else name


def traditional(name: str, dice: random.Random) -> str:
    """Every character in a traditional or variant form, where it has one (the tables of compare themselves)."""
    from ledger.names.tables import standard

    forms: dict[str, list[str]] = {}
    for form, plain in standard().items():
        forms.setdefault(plain[0], []).append(form)
    return "".join(dice.choice(forms.get(char, [char])) for char in name)


def lost(name: str, dice: random.Random) -> str:
    """One given character a placeholder, a question mark or two, half a byte pair, a private code."""
    place = dice.randrange(1, len(name))
    return _with(name, place, dice.choice(["?", "??", "□", "*", "\ufffd", "\ue123", PRIVATE.get(name[place], "■")]))


def cut(name: str, dice: random.Random) -> str:
    """A long name cut at 8, 10 or 12 bytes of GBK."""
    long = "·".join(dice.sample(PARTS, 2)) if "·" not in name else name
    return long.encode("gbk")[: dice.choice([8, 10, 12])].decode("gbk", "replace")


def dressed(name: str, dice: random.Random) -> str:
    """Blanks, another dot, invisible characters, full-width forms, a note in brackets."""
    between = dice.choice([" ", "\u3000", "\u00a0", "\u200b", "  "])
    ways: list[Callable[[], str]] = [
        lambda: between.join(name),
        lambda: name.replace("·", dice.choice("•．‧・.･-")) + " ",
        lambda: name + dice.choice(["（已故）", "(已故)", "（本人）", "【户主】"]),
        lambda: name[:1] + "\u200d" + name[1:],
    ]
    return dice.choice(ways)()


def one_less(name: str, dice: random.Random) -> str:
    """A character of a name of three or more is missing."""
    place = dice.randrange(1, len(name)) if len(name) > 2 else 0
    return name[:place] + name[place + 1 :] if len(name) > 2 else name + dice.choice(GIVEN)


HETERONYMS = {
    "单": "山善丹",
    "解": "谢介姐",
    "仇": "求酋愁",
    "查": "扎渣茶",
    "区": "欧驱",
    "曾": "增层",
    "盖": "葛改",
    "朴": "普瓢",
    "尉": "魏玉",
    "乐": "岳月勒",
    "员": "运园",
    "翟": "宅狄",
    "覃": "秦谈",
    "俞": "于树",
    "费": "肺毕",
    "任": "仁人",
    "句": "勾巨",
    "牟": "木谋",
    "隽": "俊卷",
    "郗": "西吃",
}
"""Surnames of several readings and what is written for them by ear, by hand."""


def heteronym(name: str, dice: random.Random) -> str:
    """A surname of several readings, written by ear in either of them."""
    return dice.choice(HETERONYMS.get(name[0], name[0])) + name[1:]


DIALECT = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"), ("ing", "in"), ("eng", "en"), ("ang", "an")]


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[str]]:
    from ledger.names.readings import readings

    found: dict[str, list[str]] = {}
    for char in level_one():
        found.setdefault((readings(char) or ("",))[0], []).append(char)
    return found


def near_sound(name: str, dice: random.Random) -> str:
    """One character written as the dialect says it: flat for curled, n for l, front for back nasal."""
    from ledger.names.readings import readings

    place = _place(name, dice)
    sound = (readings(name[place]) or ("",))[0]
    told = {sound[: -len(two)] + one for one, two in DIALECT if two in ("in", "en", "an") and sound.endswith(two)}
    told |= {sound[: -len(one)] + two for one, two in DIALECT if two in ("in", "en", "an") and sound.endswith(one)}
    told |= {one + sound[len(two) :] for one, two in DIALECT[:5] if sound.startswith(two) and not sound.startswith(one)}
    told |= {two + sound[len(one) :] for one, two in DIALECT[:5] if sound.startswith(one)}
    chars = [char for way in sorted(told) for char in _by_sound().get(way, [])]
    return _with(name, place, dice.choice(chars)) if chars else name


def turned(name: str, dice: random.Random) -> str:
    """Surname last, or the two given characters exchanged."""
    length = 2 if name[:2] in RARE_SURNAMES else 1
    if len(name) == length + 2 and dice.random() < 0.5:
        return name[:length] + name[: length - 1 : -1]
    return name[length:] + name[:length]


def spelled(name: str, dice: random.Random) -> str:
    """The name in pinyin, in capitals or not, surname first or last."""
    from ledger.names.readings import spelled as reading

    syllables = reading(name.replace("·", ""), 2 if name[:2] in RARE_SURNAMES else 1).split()
    length = 2 if name[:2] in RARE_SURNAMES else 1
    surname, given = "".join(syllables[:length]).capitalize(), "".join(syllables[length:]).capitalize()
    return dice.choice([" ".join(syllables).upper(), f"{surname} {given}", f"{given} {surname}"])


def half_lost(name: str, dice: random.Random) -> str:
    """Held out: the bytes of GBK with one missing, read as GBK again."""
    data = name.replace("·", "").encode("gbk", "replace")
    place = dice.randrange(2, len(data))
    return (data[:place] + data[place + 1 :]).decode("gbk", "replace")


def twice_wrong(name: str, dice: random.Random) -> str:
    """Held out: two characters typed by ear, the whole perhaps in traditional forms."""
    for place in dice.sample(range(len(name)), min(2, len(name))):
        name = _with(name, place, homophone(name[place], dice, 3))
    return traditional(name, dice) if dice.random() < 0.5 else name


def badly_read(name: str, dice: random.Random) -> str:
    """Held out: one character read as one of its three nearest, whether it looks much like it or not."""
    place = _place(name, dice)
    return _with(name, place, dice.choice([other for other, _ in look_alikes().get(name[place], [(name[place], 0)])[:3]]))


def dressed_wrong(name: str, dice: random.Random) -> str:
    """Held out: an error by ear, and blanks, notes or dots besides."""
    return dressed(same_sound(name, dice), dice)


def _stranger(name: str, dice: random.Random) -> str:
    return person(dice)


def _family(name: str, dice: random.Random) -> str:
    other = person(dice)
    return name[0] + other[1:] if "·" not in name + other else other


def _generation(name: str, dice: random.Random) -> str:
    """Brothers: the surname and one given character in common."""
    if len(name) < 3 or "·" in name:
        return name[0] + dice.choice(GIVEN)
    return name[:-1] + dice.choice(GIVEN[:80]) if dice.random() < 0.7 else name[:-2] + dice.choice(GIVEN[:80]) + name[-1]


def _twins(name: str, dice: random.Random) -> str:
    """Twins or namesakes of sound: one character exchanged for one that sounds the same and is common in names."""
    from ledger.names.readings import readings

    place = len(name) - 1
    own = readings(name[place])[:1]
    chars = [char for char in dict.fromkeys(GIVEN) if char != name[place] and readings(char)[:1] == own]
    return _with(name, place, dice.choice(chars)) if chars else _generation(name, dice)


def _in_law(name: str, dice: random.Random) -> str:
    """The same given name under another surname."""
    return dice.choice(SURNAMES) + name[1:]


def _brother_lost(name: str, dice: random.Random) -> str:
    """A brother's name with a character lost or masked."""
    other = _generation(name, dice)
    return lost(other, dice) if len(other) > 1 else other


def _brother_short(name: str, dice: random.Random) -> str:
    """A brother who has one given character, that of the generation."""
    return name[:-1] if len(name) == 3 and "·" not in name else _generation(name, dice)


def _twin_spelled(name: str, dice: random.Random) -> str:
    """The pinyin of a name that sounds the same."""
    return spelled(_twins(name, dice), dice)


def _father(name: str, dice: random.Random) -> str:
    """Divided names: the same first part and another father's, or the father himself."""
    one = dice.sample(PARTS, 3)
    return "·".join((name.split("·")[0], one[1])) if "·" in name else "·".join(one[:2])


Channel = Callable[[str, random.Random], str]
TRUE: dict[str, Channel] = {
    channel.__name__: channel for channel in (same_sound, same_shape, traditional, lost, cut, dressed, one_less, heteronym, near_sound, turned, spelled)
}
HELD_OUT: dict[str, Channel] = {channel.__name__: channel for channel in (half_lost, twice_wrong, badly_read, dressed_wrong)}
FALSE: dict[str, Channel] = {
    "stranger": _stranger,
    "same_surname": _family,
    "brothers": _generation,
    "twins": _twins,
    "other_surname": _in_law,
    "divided": _father,
    "brother_lost": _brother_lost,
    "brother_short": _brother_short,
    "twin_spelled": _twin_spelled,
}


def _start(channel: str, dice: random.Random) -> str:
    """A name on which the channel can do something."""
    name = person(dice)
    if channel == "heteronym":
        name = dice.choice(sorted(HETERONYMS)) + name[1:].replace("·", "")[:2]
    if channel == "cut" or channel == "divided":
        name = "·".join(dice.sample(PARTS, 2))
    if channel in ("same_sound", "same_shape", "badly_read", "twice_wrong"):
        while any(char not in level_one() for char in name):
            name = person(dice)
    return name


def pairs(count: int, seed: int, held_out: bool = False) -> list[Made]:
    """``count`` pairs, half of them one person, the channels in equal parts; a true pair always differs as written, a false one too."""
    dice = random.Random(seed)
    ways = [(name, channel, True) for name, channel in (HELD_OUT if held_out else TRUE).items()]
    false = [(name, channel, False) for name, channel in FALSE.items()]
    made: list[Made] = []
    while len(made) < count:
        name, channel, same = (ways if len(made) % 2 == 0 else false)[len(made) // 2 % len(ways if len(made) % 2 == 0 else false)]
        one = _start(name, dice)
        two = channel(one, dice)
        if two != one:
            made.append(Made(one, two, same, name))
    return made
