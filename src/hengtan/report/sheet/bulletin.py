"""The monthly bulletin as a workbook: text, districts with native charts, causes, revisions, key
units, estimates, sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import PatternFill

from hengtan.basis.lights import of_level
from hengtan.report.bulletin_text import CAUSES, light_word, paragraphs, title_of
from hengtan.report.sheet.cells import Column, book_bytes, new_book
from hengtan.report.sheet.plain import (
    HUNDREDTH_PER_CENT,
    TENTH_PER_CENT,
    WHOLE,
    column,
    saved,
    sheet_of,
)
from hengtan.report.words import joined, word

Bulletin = Mapping[str, Any]
Row = Mapping[str, Any]
DISTRICT_COLUMNS = (
    "rank",
    "last_rank",
    "energy",
    "energy_growth",
    "energy_month",
    "energy_month_growth",
    "gdp_growth",
    "change",
    "progress",
    "required",
    "needed",
    "light",
    "total_light",
    "industry_energy_growth",
    "industry_growth",
    "electricity_growth",
    "electricity_month_growth",
    "coal_growth",
    "co2_growth",
    "carbon_change",
    "growth_basis",
)
"""Columns of the table of districts after the name, as the bulletin calls them."""
SHARES = frozenset(
    name
    for name in DISTRICT_COLUMNS
    if name.endswith("_growth")
    or name in ("change", "progress", "required", "needed", "carbon_change")
)
LIGHTS = ("light", "total_light")
CHANGE_AT = DISTRICT_COLUMNS.index("change") + 2
"""The column of the sheet that is drawn."""


def write_bulletin_excel(bulletin: Bulletin, path: Path) -> Path:
    """The bulletin as .xlsx."""
    return saved(_book(bulletin), path)


def bulletin_excel_bytes(bulletin: Bulletin) -> bytes:
    """The bulletin as the bytes of a workbook."""
    return book_bytes(_book(bulletin))


def _book(bulletin: Bulletin) -> Workbook:
    book = new_book(title_of(bulletin))
    _text(book, bulletin)
    _districts(book, bulletin)
    _causes(book, bulletin["causes"])
    _revised(book, bulletin["revised"])
    _units(book, bulletin["units"])
    _estimates(book, bulletin["nowcast"]["rows"])
    _about(book, bulletin)
    return book


def _text(book: Any, bulletin: Bulletin) -> None:
    issue = word("bulletin.sheet.issue_text", issue=bulletin["issue"], made_on=bulletin["made_on"])
    rows = [
        [word("bulletin.sheet.title"), title_of(bulletin)],
        [
            word("bulletin.sheet.issue"),
            issue + (word("bulletin.sheet.demo") if bulletin["demo"] else ""),
        ],
        *([heading, text] for heading, text in paragraphs(bulletin)),
    ]
    columns = (column("bulletin.column.subject", 18), column("bulletin.column.text", 120))
    sheet_of(book, word("bulletin.sheet.text"), columns, rows)


def _districts(book: Any, bulletin: Bulletin) -> None:
    """The whole region, then every district, lights on their colours; the change as bars."""
    rows = [bulletin["city"], *bulletin["districts"]]
    names = [word("bulletin.city"), *(row["name_zh"] for row in bulletin["districts"])]
    sheet = sheet_of(
        book,
        word("bulletin.sheet.districts"),
        [
            column("bulletin.column.district", 18),
            *(_district_column(name) for name in DISTRICT_COLUMNS),
            column("bulletin.column.missing", 30),
        ],
        [
            [name, *(_district_value(row, key) for key in DISTRICT_COLUMNS), joined(row["missing"])]
            for name, row in zip(names, rows, strict=True)
        ],
    )
    for number, row in enumerate(rows, start=2):
        for light in LIGHTS:
            if row[light]:
                cell = sheet.cell(row=number, column=DISTRICT_COLUMNS.index(light) + 2)
                colour = of_level(row[light]).fill.lstrip("#")
                cell.fill = PatternFill("solid", fgColor=colour)
    judged = sum(row["change"] is not None for row in bulletin["districts"])
    if judged:
        title = word("bulletin.chart.change")
        chart = _bars(title, sheet, CHANGE_AT, (3, 2 + judged))
        sheet.add_chart(chart, f"A{len(rows) + 4}")


def _district_column(name: str) -> Column:
    form = HUNDREDTH_PER_CENT if name in SHARES else WHOLE if name == "rank" else ""
    return column(f"bulletin.column.{name}", form=form)


def _district_value(row: Row, name: str) -> Any:
    return light_word(row[name]) if name in LIGHTS else row[name]


def _bars(title: str, sheet: Any, place: int, rows: tuple[int, int]) -> BarChart:
    """Bars of a column of the sheet between two rows, the first on top."""
    first, last = rows
    chart = BarChart()
    chart.type, chart.title, chart.legend = "bar", title, None
    chart.height, chart.width = max(7, 0.7 * (last - first + 1)), 20
    chart.add_data(Reference(sheet, min_col=place, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.y_axis.number_format = TENTH_PER_CENT
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.x_axis.scaling.orientation, chart.x_axis.tickLblPos = "maxMin", "low"
    return chart


def _causes(book: Any, causes: Mapping[str, Any] | None) -> None:
    if not causes:
        return
    rows: list[list[Any]] = [[word(f"bulletin.{cause}"), causes[cause]] for cause in CAUSES]
    rows.append([word("bulletin.chart.total"), causes["change"]])
    rows += [
        [word("bulletin.sheet.of_intensity", name=row["name_zh"]), row["intensity"]]
        for row in causes["by_place"]
    ]
    columns = (column("bulletin.column.cause", 30), column("bulletin.column.effect"))
    sheet = sheet_of(book, word("bulletin.sheet.causes"), columns, rows)
    chart = _bars(word("bulletin.sheet.causes_title"), sheet, 2, (2, 5))
    chart.y_axis.number_format = WHOLE
    sheet.add_chart(chart, "D2")


def _revised(book: Any, rows: Sequence[Row]) -> None:
    if rows:
        names = ("district", "period", "field", "before", "after", "as_share")
        fields = ("name_zh", "period_zh", "field_zh", "old", "new", "share")
        _table(book, "revised", [column(f"bulletin.column.{name}") for name in names], rows, fields)


def _units(book: Any, rows: Sequence[Row]) -> None:
    columns = (
        column("bulletin.column.unit", 40),
        column("bulletin.column.district"),
        column("bulletin.column.unit_energy"),
        column("bulletin.column.unit_plan"),
        column("bulletin.column.over", form=TENTH_PER_CENT),
    )
    if rows:
        _table(book, "units", columns, rows, ("name", "place_zh", "energy", "plan", "over"))


def _estimates(book: Any, rows: Sequence[Row]) -> None:
    """Districts whose energy is not out yet."""
    columns = (
        column("bulletin.column.district"),
        column("bulletin.column.estimate", form=TENTH_PER_CENT),
        column("bulletin.column.error", form=TENTH_PER_CENT),
        column("bulletin.column.chance_of_red", form=TENTH_PER_CENT),
        column("bulletin.column.warned"),
        column("bulletin.column.drivers"),
    )
    fields = ("name_zh", "growth", "error", "chance_of_red", "warned", "drivers")
    if rows:
        named = [{**row, "drivers": joined(row["drivers"])} for row in rows]
        _table(book, "nowcast", columns, named, fields)


def _table(
    book: Any, sheet: str, columns: Sequence[Column], rows: Sequence[Row], fields: Sequence[str]
) -> None:
    """A sheet whose columns are fields of the rows as they are."""
    cells = [[row[field] for field in fields] for row in rows]
    sheet_of(book, word(f"bulletin.sheet.{sheet}"), columns, cells)


def _about(book: Any, bulletin: Bulletin) -> None:
    """What the issue rests on: ledger, the issue before, stand-ins, rows of every district."""
    previous, stand_in = bulletin["previous"], bulletin["stand_in"]
    none = word("bulletin.sheet.none")
    before = stands = none
    if previous:
        before = word(
            "bulletin.sheet.previous_text", period=previous["period_zh"], digest=previous["digest"]
        )
    if stand_in:
        places = joined(stand_in["places"])
        stands = word("bulletin.sheet.stand_in_text", period=stand_in["period"], places=places)
    rows = [
        [word("bulletin.sheet.ledger_head"), bulletin["ledger_head"]],
        [word("bulletin.sheet.made_on"), bulletin["made_on"]],
        [word("bulletin.sheet.previous"), before],
        [word("bulletin.sheet.stand_in"), stands],
        *(_source(source) for source in bulletin["sources"]),
    ]
    columns = (column("bulletin.column.item", 22), column("bulletin.column.text", 100))
    sheet_of(book, word("bulletin.sheet.about"), columns, rows)


def _source(source: Row) -> list[str]:
    where = word(
        "bulletin.sheet.source_text",
        period=source["period"],
        submission=source["submission"],
        row=source["row"],
        source=source["source"] or word("bulletin.sheet.no_source"),
    )
    if source.get("self_approved"):
        where += word("bulletin.sheet.self_approved")
    return [word("bulletin.sheet.source", place=source["place"]), where]
