"""The monthly bulletin as a workbook: text, districts with native charts, causes, revisions, key
units, estimates, sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import PatternFill

from hengtan.basis.lights import of_level
from hengtan.report.bulletin_text import CAUSES, light_word, paragraphs, title_of
from hengtan.report.page.bulletin import in_english
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
    return saved(Frame(bulletin).book(), path)


def bulletin_excel_bytes(
    bulletin: Bulletin, lang: str = "zh", names_en: Mapping[str, str] | None = None
) -> bytes:
    """The bulletin as the bytes of a workbook; ``names_en``: English names of places by code."""
    said = in_english(bulletin, names_en or {}) if lang == "en" else bulletin
    return book_bytes(Frame(said, lang).book())


@dataclass(frozen=True)
class Frame:
    """The workbook of a bulletin in a language."""

    bulletin: Bulletin
    lang: str = "zh"

    def word(self, key: str, **parts: Any) -> str:
        """A word in the language of the workbook."""
        return word(key, self.lang, **parts)

    def column(self, key: str, width: float = 44, form: str = "") -> Column:
        """A column headed in the language of the workbook."""
        return column(key, width, form, self.lang)

    def book(self) -> Workbook:
        """All sheets."""
        bulletin = self.bulletin
        book = new_book(title_of(bulletin, self.lang))
        self._text(book)
        self._districts(book)
        self._causes(book, bulletin["causes"])
        self._revised(book, bulletin["revised"])
        self._units(book, bulletin["units"])
        self._estimates(book, bulletin["nowcast"]["rows"])
        self._about(book)
        return book

    def _text(self, book: Any) -> None:
        bulletin = self.bulletin
        made_on = bulletin["made_on"]
        issue = self.word("bulletin.sheet.issue_text", issue=bulletin["issue"], made_on=made_on)
        demo = self.word("bulletin.sheet.demo") if bulletin["demo"] else ""
        rows = [
            [self.word("bulletin.sheet.title"), title_of(bulletin, self.lang)],
            [self.word("bulletin.sheet.issue"), issue + demo],
            *([heading, text] for heading, text in paragraphs(bulletin, self.lang)),
        ]
        columns = (
            self.column("bulletin.column.subject", 18),
            self.column("bulletin.column.text", 120),
        )
        sheet_of(book, self.word("bulletin.sheet.text"), columns, rows)

    def _districts(self, book: Any) -> None:
        """The whole region, then every district, lights on their colours; the change as bars."""
        bulletin = self.bulletin
        rows = [bulletin["city"], *bulletin["districts"]]
        names = [self.word("bulletin.city"), *(row["name_zh"] for row in bulletin["districts"])]
        columns = [
            self.column("bulletin.column.district", 18),
            *(self._district_column(name) for name in DISTRICT_COLUMNS),
            self.column("bulletin.column.missing", 30),
        ]
        cells = [
            [
                name,
                *(self._district_value(row, key) for key in DISTRICT_COLUMNS),
                self._missing(row),
            ]
            for name, row in zip(names, rows, strict=True)
        ]
        sheet = sheet_of(book, self.word("bulletin.sheet.districts"), columns, cells)
        for number, row in enumerate(rows, start=2):
            for light in LIGHTS:
                if row[light]:
                    cell = sheet.cell(row=number, column=DISTRICT_COLUMNS.index(light) + 2)
                    colour = of_level(row[light]).fill.lstrip("#")
                    cell.fill = PatternFill("solid", fgColor=colour)
        judged = sum(row["change"] is not None for row in bulletin["districts"])
        if judged:
            chart = _bars(self.word("bulletin.chart.change"), sheet, CHANGE_AT, (3, 2 + judged))
            sheet.add_chart(chart, f"A{len(rows) + 4}")

    def _missing(self, row: Row) -> str:
        return joined(row["missing"], self.lang)

    def _district_column(self, name: str) -> Column:
        form = HUNDREDTH_PER_CENT if name in SHARES else WHOLE if name == "rank" else ""
        return self.column(f"bulletin.column.{name}", form=form)

    def _district_value(self, row: Row, name: str) -> Any:
        return light_word(row[name], self.lang) if name in LIGHTS else row[name]

    def _causes(self, book: Any, causes: Mapping[str, Any] | None) -> None:
        if not causes:
            return
        rows: list[list[Any]] = [
            [self.word(f"bulletin.{cause}"), causes[cause]] for cause in CAUSES
        ]
        rows.append([self.word("bulletin.chart.total"), causes["change"]])
        rows += [
            [self.word("bulletin.sheet.of_intensity", name=row["name_zh"]), row["intensity"]]
            for row in causes["by_place"]
        ]
        columns = (self.column("bulletin.column.cause", 30), self.column("bulletin.column.effect"))
        sheet = sheet_of(book, self.word("bulletin.sheet.causes"), columns, rows)
        chart = _bars(self.word("bulletin.sheet.causes_title"), sheet, 2, (2, 5))
        chart.y_axis.number_format = WHOLE
        sheet.add_chart(chart, "D2")

    def _revised(self, book: Any, rows: Sequence[Row]) -> None:
        if rows:
            names = ("district", "period", "field", "before", "after", "as_share")
            fields = ("name_zh", "period_zh", "field_zh", "old", "new", "share")
            self._table(
                book,
                "revised",
                [self.column(f"bulletin.column.{name}") for name in names],
                rows,
                fields,
            )

    def _units(self, book: Any, rows: Sequence[Row]) -> None:
        columns = (
            self.column("bulletin.column.unit", 40),
            self.column("bulletin.column.district"),
            self.column("bulletin.column.unit_energy"),
            self.column("bulletin.column.unit_plan"),
            self.column("bulletin.column.over", form=TENTH_PER_CENT),
        )
        if rows:
            self._table(
                book, "units", columns, rows, ("name", "place_zh", "energy", "plan", "over")
            )

    def _estimates(self, book: Any, rows: Sequence[Row]) -> None:
        """Districts whose energy is not out yet."""
        columns = (
            self.column("bulletin.column.district"),
            self.column("bulletin.column.estimate", form=TENTH_PER_CENT),
            self.column("bulletin.column.error", form=TENTH_PER_CENT),
            self.column("bulletin.column.chance_of_red", form=TENTH_PER_CENT),
            self.column("bulletin.column.warned"),
            self.column("bulletin.column.drivers"),
        )
        fields = ("name_zh", "growth", "error", "chance_of_red", "warned", "drivers")
        if rows:
            named = [{**row, "drivers": joined(row["drivers"], self.lang)} for row in rows]
            self._table(book, "nowcast", columns, named, fields)

    def _table(
        self,
        book: Any,
        sheet: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        fields: Sequence[str],
    ) -> None:
        """A sheet whose columns are fields of the rows as they are."""
        cells = [[row[field] for field in fields] for row in rows]
        sheet_of(book, self.word(f"bulletin.sheet.{sheet}"), columns, cells, self.lang)

    def _about(self, book: Any) -> None:
        """What the issue rests on: ledger, the issue before, stand-ins, rows of every district."""
        bulletin = self.bulletin
        previous, stand_in = bulletin["previous"], bulletin["stand_in"]
        before = stands = self.word("bulletin.sheet.none")
        if previous:
            period, digest = previous["period_zh"], previous["digest"]
            before = self.word("bulletin.sheet.previous_text", period=period, digest=digest)
        if stand_in:
            places = joined(stand_in["places"], self.lang)
            stands = self.word(
                "bulletin.sheet.stand_in_text", period=stand_in["period"], places=places
            )
        rows = [
            [self.word("bulletin.sheet.ledger_head"), bulletin["ledger_head"]],
            [self.word("bulletin.sheet.made_on"), bulletin["made_on"]],
            [self.word("bulletin.sheet.previous"), before],
            [self.word("bulletin.sheet.stand_in"), stands],
            *(self._source(source) for source in bulletin["sources"]),
        ]
        columns = (
            self.column("bulletin.column.item", 22),
            self.column("bulletin.column.text", 100),
        )
        sheet_of(book, self.word("bulletin.sheet.about"), columns, rows)

    def _source(self, source: Row) -> list[str]:
        where = self.word(
            "bulletin.sheet.source_text",
            period=source["period"],
            submission=source["submission"],
            row=source["row"],
            source=source["source"] or self.word("bulletin.sheet.no_source"),
        )
        if source.get("self_approved"):
            where += self.word("bulletin.sheet.self_approved")
        return [self.word("bulletin.sheet.source", place=source["place"]), where]


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
