"""GPC inventories of other cities: what their columns are, and the four totals of their cells.

BASIC, BASIC+, BASIC+ S3 and territorial: Global Protocol for Community-Scale Greenhouse Gas
Inventories v1.1, tables 3.2 and 4.1. Words of titles stand in ``gpc_titles.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hengtan.accounts.carbon.gpc_cells import Cell, reference_in

TOTALS = ("basic", "basic_plus", "basic_plus_s3", "territorial")
_SCOPE_1 = re.compile(r"(total)?(emissions)?\(?scope1\)?(total|emissions)*(tco2e?)?")


@dataclass(frozen=True)
class Totals:
    """The four totals of one inventory, its sums by sector and scope, and the references that are
    blank or not estimated.
    """

    totals: Mapping[str, float]
    by_sector_scope: Mapping[tuple[str, int], float]
    blank: tuple[str, ...]
    not_estimated: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What a column of published totals says it is: one of the four totals, or a sector, a
    sub-sector, a scope or a sector's scope.
    """

    column: str
    total: str | None = None
    prefix: str | None = None
    scope: int | None = None


@dataclass
class Header:
    """Columns of a table: by GPC reference, the published totals, and those that name the
    inventory.
    """

    references: dict[str, str] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    twice: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def read_header(columns: Sequence[str], references: Mapping[str, Any]) -> Header:
    """What each column is. ``references`` are the rows of the pack table ``gpc_references`` by
    reference.
    """
    header = Header()
    subsectors = {row["subsector"] for row in references.values()}
    for column in columns:
        plain = unicodedata.normalize("NFKC", column).strip()
        reference = reference_in(plain)
        lowered = plain.lower()
        total = _total(lowered)
        is_sum = lowered.startswith(tuple(_titles("sums")))
        if total:
            header.published.append(Published(column, total=total))
        elif reference and reference in references and not is_sum:
            if reference in header.references:
                header.twice[column] = reference
            else:
                header.references[reference] = column
        elif reference in subsectors:
            header.published.append(Published(column, prefix=reference))
        elif reference and _looks_like_amount(lowered):
            header.unknown[column] = reference
        elif sum_of := _sector_sum(lowered):
            header.published.append(Published(column, prefix=sum_of[0], scope=sum_of[1]))
        else:
            header.names.append(column)
    return header


def _looks_like_amount(lowered: str) -> bool:
    return not any(word in lowered for word in _titles("no_amount"))


def _total(lowered: str) -> str | None:
    squeezed = re.sub(r"[\s_]+", "", lowered)
    if re.search(r"basic\+?(plus)?[,+&/-]*s(cope)?3", squeezed):
        return "basic_plus_s3"
    if re.search(r"basic(\+|plus)", squeezed):
        return "basic_plus"
    if "basic" in squeezed:
        return "basic"
    named = any(word in squeezed for word in _titles("territorial"))
    return "territorial" if named or _SCOPE_1.fullmatch(squeezed) else None


def _sector_sum(lowered: str) -> tuple[str, int | None] | None:
    """A sum of a sector, all of it or one scope: ``Total I``, ``Stationary energy scope 1``."""
    if not any(word in lowered for word in _titles("sums_by_scope")):
        return None
    scope = re.search(r"scope\s*([123])", lowered)
    roman = re.search(r"(?<![a-z.])(vi|iv|v|iii|ii|i)(?![a-z.\d])", lowered)
    numeral = roman.group(1).upper() if roman else None
    sector = next((code for word, code in _titles("sectors").items() if word in lowered), numeral)
    return (sector, int(scope.group(1)) if scope else None) if sector else None


@cache
def _titles(kind: str) -> Any:
    """Words by which columns of a kind are recognised."""
    text = (files("hengtan.accounts.carbon") / "gpc_titles.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)[kind]


def totals_of(cells: Mapping[str, Cell], references: Mapping[str, Any]) -> Totals:
    """The four totals of one inventory's cells by reference. A key, a blank and a missing column
    count nothing and are told.
    """
    sums = dict.fromkeys(TOTALS, 0.0)
    parts: dict[tuple[str, int], float] = {}
    for reference, row in references.items():
        value = cells[reference].value if reference in cells else None
        if value is None:
            continue
        part = (row["sector"], row["scope"])
        parts[part] = parts.get(part, 0.0) + value
        sums["basic"] += value if row["basic"] else 0.0
        sums["basic_plus"] += value if row["basic_plus"] else 0.0
        sums["basic_plus_s3"] += value if row["basic_plus"] or row["sector"] == "VI" else 0.0
        sums["territorial"] += value if row["territorial"] else 0.0
    known = [reference for reference in references if reference in cells]
    blank = tuple(reference for reference in known if cells[reference].blank)
    not_estimated = tuple(reference for reference in known if "NE" in cells[reference].keys)
    return Totals(sums, parts, blank, not_estimated)


def sum_and_tolerance(
    published: Published, cells: Mapping[str, Cell], references: Mapping[str, Any]
) -> tuple[float, float, int]:
    """What a published total should be, how far rounding may move it, and how many values it adds:
    half of the last printed digit of each.
    """
    taken = [
        r
        for r, row in references.items()
        if r in cells and cells[r].value is not None and _belongs(published, r, row)
    ]
    tolerance = sum(0.5 * 10.0 ** -cells[r].decimals for r in taken if not cells[r].keys)
    return sum(cells[r].value or 0.0 for r in taken), tolerance, len(taken)


def _belongs(published: Published, reference: str, row: Mapping[str, Any]) -> bool:
    if published.total == "basic_plus_s3":
        return bool(row["basic_plus"]) or row["sector"] == "VI"
    if published.total:
        return bool(row[published.total])
    inside = (
        published.prefix is None
        or reference == published.prefix
        or reference.startswith(f"{published.prefix}.")
    )
    return inside and (published.scope is None or row["scope"] == published.scope)
