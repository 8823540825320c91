"""Invented names of people, villages and employers (姓名, 乡镇, 村, 单位)."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
MEN = "国建军志强伟明永福贵德海龙文平荣学林义忠正生世发金玉成万春保庆长兴新宝安富顺祥云山树根清东红光有全"
WOMEN = "秀英兰芳桂玉珍凤霞梅琴云莲香菊花丽艳红春彩巧爱淑月慧娥素贞银翠雪萍娟玲喜霜燕环美青竹静"
RARE = ("喆", "堃", "𬭎", "䶮", "㛃")
DOTTED = ("阿依古丽·买买提", "古丽娜尔·艾山", "买买提·阿卜杜拉", "玛依拉·吐尔逊")
TOWNS = ("东关镇", "柳湾镇", "石桥镇", "南塬镇", "北川乡", "白庙乡", "红河乡", "丰台镇", "清水乡", "明月乡", "太平镇", "双泉乡")
VILLAGES = ("上湾村", "下湾村", "王家咀村", "李家沟村", "马家塬村", "新庄村", "堡子村", "三合村", "中塬村", "阳坡村", "槐树村",
            "泉水村", "大路村", "桥头村", "杨柳村")  # fmt: skip
EMPLOYERS = ("建材", "粮油", "纺织", "机械", "运输", "果品", "医药", "餐饮", "商贸", "环保", "印务", "水暖", "农资", "物业", "乳业", "建筑")
OFFICES = ("第一中学", "第二中学", "职业中学", "人民医院", "中医院", "农业技术推广站", "林业工作站", "水利管理所", "东关小学",
           "柳湾小学", "文化馆", "畜牧兽医站")  # fmt: skip
CLERKS = ("经办甲", "经办乙", "经办丙")
CHECKERS = ("复核甲", "复核乙")


def person_name(chance: random.Random, male: bool) -> str:
    """A name of two or three characters; now and then a rare character or a dotted name."""
    roll = chance.random()
    if roll < 0.002:
        return DOTTED[2 if male else chance.choice((0, 1, 3))]
    given = MEN if male else WOMEN
    surname = SURNAMES[int(len(SURNAMES) * chance.random() ** 1.6)]
    if roll < 0.006:
        return surname + chance.choice(RARE)
    return surname + (chance.choice(given) if roll < 0.15 else chance.choice(given) + chance.choice(given))


def village(chance: random.Random) -> tuple[str, str]:
    """A town and a village in it."""
    return chance.choice(TOWNS), chance.choice(VILLAGES)
