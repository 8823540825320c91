"""Refusals of the register of seals and keys (印鉴、U盾): SB2230–SB2234."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchToken(Refusal):
    """An unknown seal or key."""

    code = "SB2230"
    zh = "没有登记编号为 {token} 的印鉴或U盾。"
    en = "There is no seal or key {token}."
    cause_zh = "印鉴、U盾逐个登记、连续编号，种类见 templates/tokens.yaml。"
    cause_en = "Seals and keys are registered one by one; their kinds stand in templates/tokens.yaml."
    remedy_zh = "用 shebao token list 查编号。"
    remedy_en = "Look it up with shebao token list."
    status = UNUSABLE


class NoKey(Refusal):
    """The act needs a key that the person does not hold."""

    code = "SB2231"
    zh = "{name} 没有持有“{kind}”，不能{step}。"
    en = "{name} does not hold a {kind_en} and cannot do this."
    cause_zh = "网上银行制单和复核各凭本人签收保管的U盾办理，一人一盾。"
    cause_en = "Payments are made and authorised online with the key that the person signed for."
    remedy_zh = "由负责人发放并由本人签收：shebao token add，再 shebao token receive；用 shebao token list 查持有人。"
    remedy_en = "Have one issued and sign for it: shebao token add, then shebao token receive."


class TokenWrong(Refusal):
    """A step that this seal or key cannot take."""

    code = "SB2232"
    zh = "{token} 不能{step}：{why}。"
    en = "{token} cannot take this step: {why}."
    cause_zh = "发放、交接由交出人和接收人签字，挂失、销毁由另一人签字；挂失或销毁后不再使用。"
    cause_en = "Issue and hand-over are signed by both, loss and destruction by a second person; what is lost or destroyed is used no more."
    remedy_zh = "用 shebao token list 查持有人和未签收的交接。"
    remedy_en = "See holder and open hand-overs with shebao token list."


class HolderConflict(Refusal):
    """Two that never lie in one hand, or a duty that may not hold it."""

    code = "SB2233"
    zh = "{name} 不得持有“{kind}”：{why}。"
    en = "{name} may not hold this kind of seal or key ({kind}): {why}."
    cause_zh = "制单U盾与复核U盾、财务专用章与法人名章不得由一人保管（会计法第35条）。"
    cause_en = "The making and the authorising key, the finance and the legal seal are never held by one person."
    remedy_zh = "交给另一名岗位相符的人保管。"
    remedy_en = "Give it to another person with a fitting duty."


class TokensKept(Refusal):
    """Append-only register."""

    code = "SB2234"
    zh = "印鉴、U盾的登记只增不改。"
    en = "The register of seals and keys is only ever added to."
    cause_zh = "谁在什么时候持有什么，须随时可查。"
    cause_en = "Who held what at which moment must stay provable."
    remedy_zh = "登记错的，销毁后重新登记。"
    remedy_en = "Destroy a wrong entry and register it again."
