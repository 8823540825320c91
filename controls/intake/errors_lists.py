"""Refusals of lists that come again (SB2060-SB2069): a newer one that lost too much, two files that cannot be compared."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class ListShrank(Refusal):
    """A full list lacks more of the older one's rows than may go unasked."""

    code = "SB2060"
    zh = "名单 {name}（{source}，截至 {as_of}）比在用的编号 {against} 少了 {gone} 行，占其 {old} 行的 {share}，超过 {limit}；未导入。"
    en = "The list {name} ({source}, as of {as_of}) lacks {gone} of the {old} rows of file {against} in use ({share}, more than {limit}); nothing was taken in."
    cause_zh = "新增 {new}、不同 {different}、未变 {same} 行。全量名单代替旧名单，消失的人不再受检查；消失过多，往往是增量名单，或文件不全。"
    cause_en = "New {new}, different {different}, unchanged {same}. A full list replaces the older one; many gone rows mean an increment or half a file."
    remedy_zh = "核对来源单位的口径：只含新增的，加 --increment 与旧名单并用；确是全量且减少属实，加 --full 代替旧名单。"
    remedy_en = "Ask the sender: with new rows only, add --increment; if it is whole and the loss is real, add --full."


class NotComparable(Refusal):
    """Two files that no key joins."""

    code = "SB2061"
    zh = "文件 {old} 与 {new} 不能比较：{why}。"
    en = "The files {old} and {new} cannot be compared: {why}."
    cause_zh = "同一种文件才能逐行比较，主键和比对栏目写在 templates/intake/lists.yaml。"
    cause_en = "Only files of one kind are compared, by the key in templates/intake/lists.yaml."
    remedy_zh = "换成两份同种文件；需要比较其他种类的，在本单位的 templates/intake/lists.yaml 中写明主键。"
    remedy_en = "Choose two files of one kind, or give the kind its key in your own templates/intake/lists.yaml."
    status = UNUSABLE


class BothKinds(Refusal):
    """A list said to be whole and an increment at once."""

    code = "SB2062"
    zh = "“{given}”不是名单的口径：只能是全量（full）或增量（increment）之一。"
    en = "“{given}” is no kind of list: it is either full or increment."
    cause_zh = "全量名单代替旧名单，增量名单与旧名单并用，二者不能兼有。"
    cause_en = "New {new}, different {different}, unchanged {same}. A full list replaces the older one, an increment stands beside it."
    remedy_zh = "只用 --full 与 --increment 中的一个。"
    remedy_en = "Use one of --full and --increment."
    status = UNUSABLE


class ListLate(Refusal):
    """A full list older than the one in use, with rows that the newer one lacks."""

    code = "SB2063"
    zh = "名单 {name}（{source}，截至 {as_of}）早于在用的编号 {against}，却有 {new} 行（共 {rows} 行）不在在用名单上，超过 {limit}；未导入。"
    en = "The list {name} ({source}, as of {as_of}) is older than file {against} in use, which lacks {new} of its {rows} rows; nothing was taken in."
    cause_zh = "较旧的全量名单只留存，不用于检查，这些行就不会被查。往往是增量名单，或截至日期不对（在用名单没有说明的，按导入日算）。"
    cause_en = "An older full list is kept and not used, so nobody would check these rows. Often it is an increment, or the as-of date is wrong."
    remedy_zh = "与在用名单并用，加 --increment；确只留存，加 --full；截至日期不对，用 --as-of 改正。"
    remedy_en = "Add --increment to use it beside the newer one, --full to keep it only, or mend --as-of."
