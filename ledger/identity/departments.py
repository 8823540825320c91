"""Registering departments and categories (登记管理部门, 机构类别) of social credit codes, from ``templates/organisations.yaml``."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from ledger.identity.organisations import CodeKind, OrganisationCode
from ledger.lawfile import LawFile, Strict, read

FILE = "organisations.yaml"


class Department(Strict):
    """A registering department (登记管理部门): first character, and the categories of bodies (机构类别) it registers: second character."""

    code: str = Field(pattern=r"^[0-9A-Z]$")
    name: str
    categories: dict[str, str]


class Departments(LawFile):
    """``templates/organisations.yaml``."""

    departments: tuple[Department, ...]


@lru_cache(maxsize=1)
def departments() -> dict[str, Department]:
    """First character → registering department."""
    return {department.code: department for department in read(Departments, FILE).departments}


def registered_by(code: OrganisationCode) -> tuple[str, str]:
    """Registering department and category of a credit code in Chinese, '' where the list has none or the code is of another kind."""
    department = departments().get(code.normal[:1]) if code.kind is CodeKind.CREDIT else None
    return ("", "") if department is None else (department.name, department.categories.get(code.normal[1:2], ""))
