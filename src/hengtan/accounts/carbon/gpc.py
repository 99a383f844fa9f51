"""GPC inventories of other cities: cells with notation keys, also dirty ones; the four totals; findings where a published total is not its rows.

BASIC, BASIC+, BASIC+ S3 and territorial: Global Protocol for Community-Scale Greenhouse Gas Inventories v1.1, tables 3.2 and 4.1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.errors import Finding
from hengtan.basis.notation import Notation, read_notation

TOTALS = ("basic", "basic_plus", "basic_plus_s3", "territorial")
TOTAL_ZH = {
    "basic": "BASIC",
    "basic_plus": "BASIC+",
    "basic_plus_s3": "BASIC+ S3",
    "territorial": "属地（范围一）",
}
_REFERENCE = re.compile(
    r"(?<![A-Za-z.\d])(VI|IV|V|III|II|I)\s*\.\s*(\d{1,2})(?:\s*\.\s*(\d{1,2}))?(?!\s*\.?\s*\d)"
)
_NUMBER = re.compile(r"^[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?$")
_KEYS = re.compile(r"\b(NO|NE|IE|NA|C)\b")
_SECTORS = {
    "stationary": "I",
    "transport": "II",
    "waste": "III",
    "ippu": "IV",
    "industrial process": "IV",
    "afolu": "V",
    "agriculture, forestry": "V",
    "固定源": "I",
    "交通": "II",
    "废弃物": "III",
}


@dataclass(frozen=True)
class Cell:
    """A cell as read: value [unit of the inventory] or None, its notation keys, the digits it was printed with, and what is wrong with it."""

    text: str
    value: float | None = None
    keys: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    decimals: int = 0
    problem: str = ""

    @property
    def blank(self) -> bool:
        """Whether the cell says nothing at all."""
        return self.value is None and not self.keys and not self.problem


@dataclass(frozen=True)
class Totals:
    """The four totals of one inventory, its sums by sector and scope, and the references that are blank or not estimated."""

    totals: Mapping[str, float]
    by_sector_scope: Mapping[tuple[str, int], float]
    blank: tuple[str, ...]
    not_estimated: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What a column of published totals says it is: one of the four totals, or a sector, a sub-sector, a scope or a sector's scope."""

    column: str
    total: str | None = None
    prefix: str | None = None
    scope: int | None = None


@dataclass
class Header:
    """Columns of a table: by GPC reference, the published totals, and those that name the inventory."""

    references: dict[str, str] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    twice: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def read_cell(text: str | None) -> Cell:
    """A cell: a number (thousands separators, full-width digits, a unit behind it), notation keys also dirty ones, a dash or blank, or both a number and a key."""
    raw = text or ""
    plain = unicodedata.normalize("NFKC", raw).replace("\u2212", "-").strip().strip("'\"").strip()
    if plain in ("", "-", "--", "—", "–", "…", ".", "n.a", "#N/A"):
        return Cell(raw)
    upper = plain.upper().replace("N/A", "NA").replace("N.A.", "NA")
    notes = read_notation(upper) or _loose(upper)
    number = re.sub(
        r"\s*(T|MT|KT|GG|TCO2E?|MTCO2E?|KTCO2E?|TONNES?|METRIC TONNES)(\s*CO2E?)?$", "", upper
    ).replace(" ", "")
    number = re.sub(r"^\((.+)\)$", r"-\1", number)
    if _NUMBER.match(number):
        bare = number.replace(",", "")
        return Cell(raw, float(bare), (), (), len(bare.partition(".")[2].split("E")[0]))
    if notes:
        return Cell(
            raw,
            0.0 if {n.key for n in notes} == {"NO"} else None,
            tuple(n.key for n in notes),
            tuple(_reference(n.elsewhere) or n.elsewhere for n in notes if n.elsewhere),
        )
    both = re.match(r"^([-+]?[\d,]+(?:\.\d+)?)\s*[;,/]?\s*\(?((?:NO|NE|IE|NA|C)\b.*?)\)?$", upper)
    if both:
        return Cell(
            raw,
            float(both.group(1).replace(",", "")),
            tuple(_KEYS.findall(both.group(2))),
            (),
            len(both.group(1).partition(".")[2]),
        )
    return Cell(raw, problem="不是数字也不是记号")


def _loose(text: str) -> tuple[Notation, ...]:
    """Notation keys behind other spellings: ``IE: II.1.1``, ``NO - NE``, ``IE II.1.1``."""
    words = re.split(r"[\s;,:/&+-]+|(?=\()", text)
    found: list[Notation] = []
    for word in (w for w in words if w):
        reference = _reference(word)
        if word in ("NO", "NE", "IE", "NA", "C"):
            found.append(Notation(word))
        elif reference and found and found[-1].key == "IE":
            found[-1] = Notation("IE", reference)
        else:
            return ()
    return tuple(found)


def _reference(text: str | None) -> str | None:
    match = _REFERENCE.search(unicodedata.normalize("NFKC", text or "").upper())
    return ".".join(p for p in match.groups() if p) if match else None


def read_header(columns: Sequence[str], references: Mapping[str, Any]) -> Header:
    """What each column is. ``references`` are the rows of the pack table ``gpc_references`` by reference."""
    header = Header()
    subsectors = {row["subsector"] for row in references.values()}
    for column in columns:
        plain = unicodedata.normalize("NFKC", column).strip()
        found = _reference(plain)
        lowered = plain.lower()
        total = _total(lowered)
        if total:
            header.published.append(Published(column, total=total))
        elif found and not lowered.startswith(("total", "sum", "合计")) and found in references:
            if found in header.references:
                header.twice[column] = found
            else:
                header.references[found] = column
        elif found and found in subsectors:
            header.published.append(Published(column, prefix=found))
        elif found and _looks_like_amount(lowered):
            header.unknown[column] = found
        elif sum_of := _sector_sum(lowered):
            header.published.append(Published(column, prefix=sum_of[0], scope=sum_of[1]))
        else:
            header.names.append(column)
    return header


def _looks_like_amount(lowered: str) -> bool:
    return not any(
        word in lowered
        for word in (
            "note",
            "comment",
            "source",
            "method",
            "description",
            "说明",
            "备注",
            "quality",
        )
    )


def _total(lowered: str) -> str | None:
    squeezed = re.sub(r"[\s_]+", "", lowered)
    if re.search(r"basic\+?(plus)?[,+&/-]*s(cope)?3", squeezed):
        return "basic_plus_s3"
    if re.search(r"basic(\+|plus)", squeezed):
        return "basic_plus"
    if "basic" in squeezed:
        return "basic"
    if (
        "territorial" in squeezed
        or "属地" in squeezed
        or re.fullmatch(r"(total)?(emissions)?\(?scope1\)?(total|emissions)*(tco2e?)?", squeezed)
    ):
        return "territorial"
    return None


def _sector_sum(lowered: str) -> tuple[str, int | None] | None:
    """A sum of a sector, all of it or one scope: ``Total I``, ``Stationary energy scope 1``."""
    if not any(word in lowered for word in ("total", "sum", "scope", "合计")):
        return None
    scope = re.search(r"scope\s*([123])", lowered)
    roman = re.search(r"(?<![a-z.])(vi|iv|v|iii|ii|i)(?![a-z.\d])", lowered)
    sector = next(
        (code for word, code in _SECTORS.items() if word in lowered),
        roman.group(1).upper() if roman else None,
    )
    return (sector, int(scope.group(1)) if scope else None) if sector else None


def totals_of(cells: Mapping[str, Cell], references: Mapping[str, Any]) -> Totals:
    """The four totals of one inventory's cells by reference. A key, a blank and a missing column count nothing and are told."""
    sums = dict.fromkeys(TOTALS, 0.0)
    parts: dict[tuple[str, int], float] = {}
    for reference, row in references.items():
        value = cells[reference].value if reference in cells else None
        if value is None:
            continue
        parts[row["sector"], row["scope"]] = parts.get((row["sector"], row["scope"]), 0.0) + value
        sums["basic"] += value if row["basic"] else 0.0
        sums["basic_plus"] += value if row["basic_plus"] else 0.0
        sums["basic_plus_s3"] += value if row["basic_plus"] or row["sector"] == "VI" else 0.0
        sums["territorial"] += value if row["territorial"] else 0.0
    blank = tuple(r for r in references if r in cells and cells[r].blank)
    return Totals(
        sums, parts, blank, tuple(r for r in references if r in cells and "NE" in cells[r].keys)
    )


def sum_and_tolerance(
    published: Published, cells: Mapping[str, Cell], references: Mapping[str, Any]
) -> tuple[float, float, int]:
    """What a published total should be, how far rounding may move it, and how many values it adds: half of the last printed digit of each."""
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


def findings_of(
    cells: Mapping[str, Cell],
    header: Header,
    published: Mapping[str, Cell],
    references: Mapping[str, Any],
) -> list[tuple[str | None, Finding]]:
    """What is wrong with one inventory, each with the column it stands in."""
    found: list[tuple[str | None, Finding]] = []

    def say(
        column: str | None,
        level: str,
        code: str,
        zh: str,
        en: str,
        todo: str = "",
        todo_en: str = "",
    ) -> None:
        found.append((column, Finding(level, zh, en, todo=todo, todo_en=todo_en, code=code)))

    for reference, cell in cells.items():
        column = header.references[reference]
        if cell.problem:
            say(
                column,
                "error",
                "unreadable",
                f"“{cell.text}”{cell.problem}",
                f"'{cell.text}' is neither a number nor a notation key",
                "填数字或 NO、NE、IE、NA、C",
                "give a number or NO, NE, IE, NA, C",
            )
        if cell.value is not None and cell.keys and cell.value != 0:
            say(
                column,
                "warning",
                "value-and-key",
                f"“{cell.text}”既有数值又有记号，数值照计",
                f"'{cell.text}' holds both a value and a key; the value counts",
            )
        if cell.value is not None and cell.value < 0 and not reference.startswith("V."):
            say(
                column,
                "warning",
                "negative",
                f"{reference} 为负（{cell.value:g}），只有土地利用可为负",
                f"{reference} is negative ({cell.value:g}); only AFOLU may be",
            )
        for other in cell.elsewhere:
            target = cells.get(other)
            if other == reference:
                say(
                    column,
                    "error",
                    "ie-itself",
                    f"{reference} 记为列入自身",
                    f"{reference} says it is included in itself",
                    "写明列入的其他项",
                    "name the other reference",
                )
            elif other not in references:
                say(
                    column,
                    "warning",
                    "ie-unknown",
                    f"{reference} 记为列入“{other}”，没有这一项",
                    f"{reference} says it is included in '{other}', which is no reference",
                )
            elif target is None or target.value is None:
                say(
                    column,
                    "warning",
                    "ie-empty",
                    f"{reference} 记为列入 {other}，而 {other} 没有数值",
                    f"{reference} is said to be included in {other}, which has no value",
                )
    for one in header.published:
        cell = published[one.column]
        if cell.problem:
            say(
                one.column,
                "error",
                "unreadable",
                f"“{cell.text}”{cell.problem}",
                f"'{cell.text}' is neither a number nor a notation key",
            )
        if cell.value is None:
            continue
        should, rounding, count = sum_and_tolerance(one, cells, references)
        if count == 0 and cell.value == 0:
            continue
        tolerance = rounding + 0.5 * 10.0**-cell.decimals + 1e-9 * max(abs(should), 1.0)
        if abs(cell.value - should) > tolerance:
            name = TOTAL_ZH.get(one.total or "", one.prefix or f"范围 {one.scope}")
            say(one.column, "error", "total", f"公布的{name}合计 {cell.value:,.{cell.decimals}f} 不等于各项之和 {should:,.6g}（{count} 项，差 {cell.value - should:+,.6g}，舍入允许 {tolerance:.3g}）",
                f"published {one.total or one.prefix or f'scope {one.scope}'} total {cell.value:g} is not the sum of its rows {should:g} ({count} values, {cell.value - should:+g}, rounding allows {tolerance:.3g})", "核对各项与合计", "check rows and total")  # fmt: skip
    blank = [r for r in totals_of(cells, references).blank if references[r]["basic"]]
    if blank:
        say(
            None,
            "warning",
            "blank",
            f"BASIC 要求的 {len(blank)} 项空白，未填数值或记号：{'、'.join(blank[:8])}{'…' if len(blank) > 8 else ''}",
            f"{len(blank)} references BASIC asks for are blank: {', '.join(blank[:8])}",
            "填数值或记号",
            "give a value or a key",
        )
    return found
