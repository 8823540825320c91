"""Which duties hold which seal or key (印鉴、U盾), and which two are never held by one person; from ``templates/tokens.yaml``."""

from __future__ import annotations

from functools import lru_cache

from pydantic import model_validator

from controls.duties import Duty
from ledger.lawfile import LawFile, Strict, read

FILE = "tokens.yaml"
MAKE, AUTHORISE = "make_key", "authorise_key"


class Kind(Strict):
    """One kind: code, Chinese name, codes of the duties that may hold it."""

    code: str
    zh: str
    holders: tuple[str, ...]

    @property
    def held_by(self) -> tuple[Duty, ...]:
        """The duties that may hold it."""
        return tuple(Duty(code) for code in self.holders)


class TokenPair(Strict):
    """Two kinds that one person never holds together."""

    a: str
    b: str
    why: str
    reference: str


class TokenLaw(LawFile):
    """Schema of ``templates/tokens.yaml``. ``registrars`` register, issue and destroy; ``witnesses`` sign a loss or destruction."""

    registrars: tuple[str, ...]
    witnesses: tuple[str, ...]
    kinds: tuple[Kind, ...]
    pairs: tuple[TokenPair, ...]

    @model_validator(mode="after")
    def _known(self) -> TokenLaw:
        known = {kind.code for kind in self.kinds}
        if odd := {code for pair in self.pairs for code in (pair.a, pair.b)} - known:
            raise ValueError(f"unknown kinds {sorted(odd)}")
        named = {*self.registrars, *self.witnesses, *(code for kind in self.kinds for code in kind.holders)}
        if wrong := named - set(Duty.__members__):
            raise ValueError(f"unknown duties {sorted(wrong)}")
        return self

    @property
    def keepers(self) -> tuple[Duty, ...]:
        """Who registers, issues and destroys."""
        return tuple(Duty(code) for code in self.registrars)

    @property
    def second(self) -> tuple[Duty, ...]:
        """Who signs a loss or destruction."""
        return tuple(Duty(code) for code in self.witnesses)

    def kind(self, word: str) -> Kind | None:
        """A kind by its code or its Chinese name."""
        return next((kind for kind in self.kinds if word in (kind.code, kind.zh)), None)

    def against(self, code: str) -> dict[str, TokenPair]:
        """Kind → the pair that keeps it apart from ``code``."""
        return {pair.b if pair.a == code else pair.a: pair for pair in self.pairs if code in (pair.a, pair.b)}


@lru_cache(maxsize=1)
def law() -> TokenLaw:
    """The law as shipped; raises SB1011."""
    return read(TokenLaw, FILE)
