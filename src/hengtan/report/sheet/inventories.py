"""Inventories as workbooks for others: on GPC references, one row an inventory and one a reference,
and on IPCC categories by gas.

The columns of the city framework's own workbook are recalled; references and totals are those of
the Global Protocol v1.1, and ``workbooks/gpc.py`` reads the first sheet back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from hengtan.accounts.carbon.gpc import TOTALS, totals_of
from hengtan.accounts.carbon.gpc_cells import Cell
from hengtan.report.sheet.cells import Column, book_bytes, new_book
from hengtan.report.sheet.plain import sheet_of
from hengtan.report.words import both

Row = Mapping[str, Any]
TOTAL_TITLES = {
    "basic": "BASIC",
    "basic_plus": "BASIC+",
    "basic_plus_s3": "BASIC+ S3",
    "territorial": "TERRITORIAL",
}
BOUGHT = "I.3.2"
"""The reference that holds all bought power and heat."""
GRAMS = 1000
"""Tonnes of a thousand tonnes, which is a gigagram."""
GASES = ("CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6")
IN_CO2E = ("HFCs", "PFCs", "SF6")
"""Gases that stand in CO2 equivalent."""
NOTES = ("keys", "bought", "framework")
"""What has to be known of the file, by the last part of its key."""


def gpc_bytes(
    rows: Iterable[Row], references: Mapping[str, Row], cities: Mapping[str, str]
) -> bytes:
    """Inventories on GPC references as a workbook.

    ``rows``: of the account ``carbon_gpc``; ``references``: of the pack table by reference;
    ``cities``: place → name.
    """
    inventories: dict[tuple[str, int, str], dict[str, Row]] = {}
    for row in rows:
        key = (row["place"], row["year"], row["method"])
        inventories.setdefault(key, {})[row["gpc"]] = row
    book = new_book("")
    wide, long = [], []
    for (place, year, method), cells in sorted(inventories.items()):
        who = [cities.get(place, place), place, year, method]
        values = {
            reference: cells[reference]["co2e"] for reference in references if reference in cells
        }
        sums = totals_of({r: Cell("", v) for r, v in values.items()}, references).totals
        wide.append(
            [
                *who,
                *(_value_or_key(values, r, references) for r in references),
                *(sums[total] for total in TOTALS),
            ]
        )
        for reference, about in references.items():
            long.append(_line(reference, about, who, cells, references))
    titles = ["City", "Place code", "Year", "Method", *references]
    titles += [TOTAL_TITLES[total] for total in TOTALS]
    _sheet(book, "Inventories", titles, wide)
    _sheet(book, "By reference", LINE, long)
    notes = [list(both(f"inventory.note.{name}")) for name in NOTES]
    _sheet(book, "Notes", both("inventory.note"), notes)
    return book_bytes(book)


LINE = (
    "GPC ref No.",
    "Scope",
    "GHG emissions source",
    "GHG emissions source (zh)",
    "City",
    "Place code",
    "Year",
    "Method",
    "Notation key",
    "Total tCO2e",
    "Recalled share",
    "Confidence",
    "Explanation",
)


def _value_or_key(values: Mapping[str, Any], reference: str, references: Mapping[str, Row]) -> Any:
    """The amount of a reference [t CO2e], else its notation key."""
    if values.get(reference) is not None:
        return values[reference]
    is_bought = references[reference]["scope"] == 2 and BOUGHT in values
    return f"IE ({BOUGHT})" if is_bought else "NE"


def _line(
    reference: str,
    about: Row,
    who: Sequence[Any],
    cells: Mapping[str, Row],
    references: Mapping[str, Row],
) -> list[Any]:
    """A line of the long sheet."""
    row = cells.get(reference)
    values = {name: of_one["co2e"] for name, of_one in cells.items()}
    amount = _value_or_key(values, reference, references)
    is_key = isinstance(amount, str)
    explanation = "one category stands for several references" if row and row["approximate"] else ""
    return [
        reference,
        about["scope"],
        about["name_en"],
        about["name_zh"],
        *who,
        amount if is_key else "",
        None if is_key else amount,
        row["recalled_share"] if row else None,
        (row["confidence"] or "") if row else "",
        explanation,
    ]


def ipcc_bytes(rows: Iterable[Row], cities: Mapping[str, str]) -> bytes:
    """Inventories on IPCC 2006 categories by gas as a workbook, a sheet a place, year and method.

    ``rows``: of the account ``carbon_inventory``. Gases in Gg, fluorinated ones in Gg CO2e; what
    was not computed is NE.
    """
    sheets: dict[tuple[str, int, str], dict[tuple[str, str], dict[str, float]]] = {}
    for row in rows:
        if row["ipcc2006"] is None or not row["in_total"]:
            continue
        gas = _gas(row["gas"])
        amount = row["co2e"] if gas in IN_CO2E else row["emission"]
        if amount is None:
            continue
        sheet = sheets.setdefault((row["place"], row["year"], row["method"]), {})
        line = sheet.setdefault((row["ipcc2006"], row["category_zh"]), {})
        line[gas] = line.get(gas, 0.0) + amount / GRAMS
    book = new_book("")
    titles = ["IPCC 2006", "Category", *(_gas_title(gas) for gas in GASES)]
    for (place, year, method), lines in sorted(sheets.items()):
        body = [
            [*about, *(gases.get(gas, "NE") for gas in GASES)]
            for about, gases in sorted(lines.items())
        ]
        sums = ["", "Total", *(_sum_of(lines.values(), gas) for gas in GASES)]
        _sheet(book, f"{cities.get(place, place)} {year} {method}"[:31], titles, [*body, sums])
    if not sheets:
        _sheet(book, "IPCC", titles, [])
    return book_bytes(book)


def _gas(gas: str) -> str:
    """The column of a gas: fluorinated ones by their family."""
    if gas.startswith("HFC"):
        return "HFCs"
    return gas if gas in GASES else "PFCs"


def _gas_title(gas: str) -> str:
    return f"{gas} (Gg CO2e)" if gas in IN_CO2E else f"{gas} (Gg)"


def _sum_of(lines: Iterable[Mapping[str, float]], gas: str) -> Any:
    amounts = [line[gas] for line in lines if gas in line]
    return sum(amounts) if amounts else "NE"


def _sheet(
    book: Workbook, title: str, titles: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    sheet_of(book, title, [Column(name) for name in titles], rows)
