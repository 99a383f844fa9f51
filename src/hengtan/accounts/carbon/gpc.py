"""GPC inventories of other cities: what their columns are, and the four totals of their cells.

BASIC, BASIC+, BASIC+ S3 and territorial: Global Protocol for Community-Scale Greenhouse Gas
Inventories v1.1, tables 3.2 and 4.1. Words of titles stand in ``gpc_titles.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hengtan.accounts.carbon.gpc_cells import Cell, reference_in, references_in

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
    """What a column of published totals says it is: one of the four totals, or of a sector, a
    sub-sector, some references or a scope; ``net`` of credits.
    """

    column: str
    total: str | None = None
    prefix: str | None = None
    scope: int | None = None
    parts: tuple[str, ...] = ()
    net: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is one of the four totals of the whole inventory."""
        return self.total is not None and not (self.prefix or self.parts or self.scope or self.net)


@dataclass
class Header:
    """Columns of a table: by GPC reference, the published totals, credits by sector, and those that
    name or describe the inventory.
    """

    references: dict[str, str] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    credits: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    twice: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    @property
    def identity(self) -> list[str]:
        """Columns that together say which inventory a line is: names and the year, no flags."""
        return [name for name in self.names if not _holds(name, "flags")]

    @property
    def label(self) -> list[str]:
        """Columns by which an inventory is called: city and year, else the first three."""
        named = [name for kind in ("city", "year") for name in self._first(kind)]
        return named or self.names[:3]

    def describes(self, column: str) -> bool:
        """Whether figures of a column of names describe the inventory (people, area, year)."""
        return _holds(column, "describing")

    def _first(self, kind: str) -> list[str]:
        spelled = [name for name in self.names if any(_matches(name, kind))]
        return spelled[:1]


def _holds(column: str, kind: str) -> bool:
    lowered = " ".join(unicodedata.normalize("NFKC", column).lower().replace("_", " ").split())
    return any(word in lowered for word in _titles(kind))


def _matches(column: str, kind: str) -> Iterator[bool]:
    lowered = " ".join(unicodedata.normalize("NFKC", column).lower().split())
    for pattern in _titles(kind):
        yield re.search(pattern, lowered) is not None


def read_header(columns: Sequence[str], references: Mapping[str, Any]) -> Header:
    """What each column is. ``references`` are the rows of the pack table ``gpc_references`` by
    reference.
    """
    header = Header()
    for column in columns:
        _sort(header, column, references)
    return header


def _sort(header: Header, column: str, references: Mapping[str, Any]) -> None:
    """Enter a column where it belongs."""
    plain = " ".join(unicodedata.normalize("NFKC", column).split())
    lowered = plain.lower()
    reference = reference_in(plain)
    is_sum = lowered.startswith(tuple(_titles("sums")))
    subsectors = {row["subsector"] for row in references.values()}
    if total := _total(lowered):
        header.published.append(_part_of_total(column, plain, total, references))
    elif reference and reference in references and not is_sum:
        if reference in header.references:
            header.twice[column] = reference
        else:
            header.references[reference] = column
    elif reference in subsectors:
        header.published.append(Published(column, prefix=reference))
    elif reference and _looks_like_amount(lowered):
        header.unknown[column] = reference
    elif any(word in lowered for word in _titles("credits")) and _sector(lowered):
        header.credits.setdefault(str(_sector(lowered)), column)
    elif sum_of := _sector_sum(lowered):
        header.published.append(Published(column, prefix=sum_of[0], scope=sum_of[1]))
    else:
        header.names.append(column)


def _part_of_total(column: str, plain: str, total: str, references: Mapping[str, Any]) -> Published:
    """One of the four totals, or what it holds of a sector (BASIC Stationary), of a sub-sector or
    of some references (TERRITORIAL III.1.1 + III.1.3).
    """
    lowered = plain.lower()
    net = lowered.startswith(tuple(_titles("net")))
    named = [_known(reference, references) for reference in references_in(plain)]
    parts = next((tuple(p) for word, p in _titles("parts").items() if word in lowered), ())
    if len(named) == 1:
        return Published(column, total, named[0], net=net)
    if named or parts:
        return Published(column, total, parts=tuple(named) or parts, net=net)
    return Published(column, total, _sector(lowered), net=net)


def _known(reference: str, references: Mapping[str, Any]) -> str:
    """A reference, without its last number where only that way it is one (IV.1.1 is IV.1)."""
    subsectors = {row["subsector"] for row in references.values()}
    shorter = reference.rpartition(".")[0]
    known = reference in references or reference in subsectors
    return shorter if not known and shorter in references else reference


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


def _sector(lowered: str) -> str | None:
    """The sector a title names by word or number."""
    roman = re.search(r"(?<![a-z.])(vi|iv|v|iii|ii|i)(?![a-z.\d])", lowered)
    numeral = roman.group(1).upper() if roman else None
    return next((code for word, code in _titles("sectors").items() if word in lowered), numeral)


def _sector_sum(lowered: str) -> tuple[str, int | None] | None:
    """A sum of a sector, all of it or one scope: ``Total I``, ``Stationary energy scope 1``."""
    if not any(word in lowered for word in _titles("sums_by_scope")):
        return None
    scope = re.search(r"scope\s*([123])", lowered)
    sector = _sector(lowered)
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
    published: Published,
    cells: Mapping[str, Cell],
    references: Mapping[str, Any],
    credits: Mapping[str, Cell] | None = None,
) -> tuple[float, float, int]:
    """What a published total should be, how far rounding may move it, and how many values it adds:
    half of the last printed digit of each. A net one is less by the credits of its sectors.
    """
    taken = [
        cells[r]
        for r, row in references.items()
        if r in cells and cells[r].value is not None and _belongs(published, r, row)
    ]
    total = sum(cell.value or 0.0 for cell in taken)
    if published.net:
        granted = [
            cell
            for sector, cell in (credits or {}).items()
            if cell.value is not None and published.prefix in (None, sector)
        ]
        total -= sum(abs(cell.value or 0.0) for cell in granted)
        taken += granted
    tolerance = sum(0.5 * 10.0**-cell.decimals for cell in taken if not cell.keys)
    return total, tolerance, len(taken)


def _belongs(published: Published, reference: str, row: Mapping[str, Any]) -> bool:
    prefixes = published.parts or ((published.prefix,) if published.prefix else ())
    inside = not prefixes or any(
        reference == prefix or reference.startswith(f"{prefix}.") for prefix in prefixes
    )
    if published.scope is not None and row["scope"] != published.scope:
        return False
    if published.total == "basic_plus_s3":
        return inside and (bool(row["basic_plus"]) or row["sector"] == "VI")
    return inside and (published.total is None or bool(row[published.total]))
