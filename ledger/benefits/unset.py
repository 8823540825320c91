"""What a scheme looks up and nobody has set (未设定的参数): refused when it is needed, with who must set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.benefits.rounding import PARAMETER
from ledger.benefits.scheme import Binding, Scheme
from ledger.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Unset:
    """A parameter without any value for its fixed ``keys`` (those that depend on the person are left open)."""

    parameter: str
    keys: tuple[tuple[str, str], ...]
    zh: str
    set_by: str

    @property
    def name(self) -> str:
        """resident_base_pension（level=县）."""
        told = "，".join(f"{key}={value}" for key, value in self.keys)
        return f"{self.parameter}（{told}）" if told else self.parameter


def fixed_keys(binding: Binding) -> dict[str, str]:
    """The keys of a parameter that do not depend on the person."""
    return {key: value for key, value in binding.keys.items() if not value.startswith("=")}


def has_value(parameters: Parameters, name: str, fixed: Mapping[str, str]) -> bool:
    """Whether any value of the parameter could fit the fixed keys, on some day."""
    return any(all(fixed.get(key, value) == value for key, value in known.keys.items()) for known in parameters.parameter(name).values)


def unset(schemes: Sequence[Scheme], parameters: Parameters) -> dict[Unset, list[Scheme]]:
    """Every parameter that some scheme looks up and that has no value, with the schemes that need it."""
    found: dict[Unset, list[Scheme]] = {}
    for scheme in schemes:
        asked = [(one.parameter, fixed_keys(one)) for one in scheme.parameters]
        if any(step.rounded for step in scheme.steps):
            asked.append((PARAMETER, {"fund": scheme.fund.value}))
        for name, fixed in asked:
            if not has_value(parameters, name, fixed):
                law = parameters.parameter(name)
                lacking = Unset(name, tuple(sorted(fixed.items())), law.zh, law.set_by)
                if scheme not in found.setdefault(lacking, []):
                    found[lacking].append(scheme)
    return found
