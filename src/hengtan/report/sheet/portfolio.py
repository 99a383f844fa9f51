"""Portfolios of measures as workbooks: the template to fill, and the answer with its charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.chart import LineChart, Reference, ScatterChart, Series

from hengtan.basis.words import LANGUAGES
from hengtan.report.portfolio import counted, name_of, summary, target_name
from hengtan.report.sheet.cells import Column
from hengtan.report.sheet.plain import (
    HUNDREDTH_PER_CENT,
    PER_CENT,
    TENTH_PER_CENT,
    WHOLE,
    Head,
    SpokenBook,
    column,
)
from hengtan.report.words import joined, word

Answer = Mapping[str, Any]
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Sheet:
    """A table of the answer; ``long``: too long for a terminal."""

    title: str
    columns: Sequence[Column]
    rows: Rows
    long: bool = False


def sheets_of(answer: Answer, lang: str = "zh") -> list[Sheet]:
    """The tables of an answer in a language."""
    return _Tables(answer, lang).sheets()


def write_portfolio(answer: Answer, path: Path, lang: str = "zh") -> Path:
    """The answer as a workbook: what is said, the tables, charts beside the years and the front."""
    name = name_of(answer, lang)
    book = SpokenBook(name, lang)
    note = (Head("portfolio.column.note", 110),)
    lines = [[line] for line in summary(answer, lang)]
    book.sheet(book.word("portfolio.sheet.summary"), note, lines)
    written = {}
    for sheet in sheets_of(answer, lang):
        written[sheet.title] = book.sheet(sheet.title, sheet.columns, sheet.rows)
    years = written[book.word("portfolio.sheet.years")]
    count = len(answer["years"])
    title = book.word("portfolio.chart.emissions", name=name)
    years.add_chart(_emissions(title, years, count), f"A{count + 4}")
    if front := answer.get("front"):
        points = written[book.word("portfolio.sheet.front")]
        target = target_name(answer, front["target"], lang)
        title = book.word("portfolio.chart.front", name=target, unit=front["unit"])
        count = len(front["points"])
        points.add_chart(_curve(title, points, count), f"A{count + 4}")
    return book.saved(path)


@dataclass(frozen=True)
class _Tables:
    """The tables of an answer in a language."""

    answer: Answer
    lang: str

    def word(self, key: str, **parts: Any) -> str:
        """A word in the language of the tables."""
        return word(key, self.lang, **parts)

    def sheets(self) -> list[Sheet]:
        """All of them."""
        answer = self.answer
        sheets = [self._targets(), self._measures(), self._regions(), self._years()]
        if risk := answer.get("at_risk"):
            sheets.append(self._at_risk(risk))
        if answer.get("front"):
            sheets.append(self._front(answer["front"]))
        if assumed := [*answer.get("gaps", ()), *answer.get("assumptions", ())]:
            sheets.append(self._assumed(assumed))
        sheets.append(self._levels(answer, "portfolio.sheet.levels"))
        if risk:
            sheets.append(self._levels(risk["choice"], "portfolio.sheet.levels_at_risk"))
        return sheets

    def _assumed(self, rows: Sequence[Answer]) -> Sheet:
        """Gaps and assumptions, in Chinese with the English beside it."""
        title = self.word("portfolio.sheet.assumptions")
        note = column("portfolio.column.note", 80, lang=self.lang)
        if self.lang == "en":
            return Sheet(title, [note], [[each["en"]] for each in rows], long=True)
        columns = [note, Column("English", 80)]
        return Sheet(title, columns, [[each["zh"], each["en"]] for each in rows], long=True)

    def _columns(self, *names: str | tuple[str, str]) -> list[Column]:
        """Columns by the keys of their words, some with a number format."""
        pairs = [(name, "") if isinstance(name, str) else name for name in names]
        return [column(f"portfolio.column.{name}", 30, form, self.lang) for name, form in pairs]

    def _mark(self, assumed: bool) -> str:
        return self.word("portfolio.mark.assumed" if assumed else "portfolio.mark.established")

    def _targets(self) -> Sheet:
        columns = self._columns(
            *("target", "years", "unit", "limit", "without", "measured", "cut"),
            *("price", "price_of_its_year", "counts", "mark"),
        )
        rows = [
            [
                *(each[self.lang], _span(each["years"]), each["unit"]),
                *(each["limit"], each["without"]),
                *(each["measured"], each["cut"], each["price"], each["price_of_its_year"]),
                counted(each, self.lang),
                self.word(f"portfolio.mark.{each['mark']}"),
            ]
            for each in self.answer["targets"]
        ]
        return Sheet(self.word("portfolio.sheet.targets"), columns, rows)

    def _source(self, measure: str) -> str:
        """Where the numbers of a measure are from, in the language as far as it is known."""
        own = str(self.answer["sources"][measure])
        if self.lang == "zh":
            return own
        return str(self.answer.get("sources_english", {}).get(measure, own))

    def _cuts(self) -> list[Column]:
        """A column of what is cut of each target."""
        return [self._cut_of(each[self.lang], each["unit"], 22) for each in self.answer["targets"]]

    def _cut_of(self, target: str, unit: str, width: float) -> Column:
        return Column(self.word("portfolio.column.cut_of", target=target, unit=unit), width)

    def _measures(self) -> Sheet:
        columns = [
            *self._columns(
                "measure",
                "changes",
                ("begins", WHOLE),
                ("level", PER_CENT),
                ("region_count", WHOLE),
            ),
            *self._columns("capital", "running"),
            *self._cuts(),
            *self._columns("assumed_effect", "assumed_cost", "source"),
        ]
        rows = [
            [
                *(
                    self._titled(each["measure"]),
                    self._changes(each),
                    each["begins"],
                    each["level"],
                    each["regions"],
                ),
                *(each["capital"], each["running"], *each["cut"]),
                *(self._mark(each["assumed_effect"]), self._mark(each["assumed_cost"])),
                self._source(each["measure"]),
            ]
            for each in self.answer["measures"]
        ]
        return Sheet(self.word("portfolio.sheet.measures"), columns, rows)

    def _changes(self, measure: Answer) -> str:
        """Which drivers a measure changes, by how much, and where."""
        said = []
        for change in measure["changes"]:
            carriers = [name for name in (change["carrier"], change["to"]) if name]
            moved = " → ".join(map(self._called, carriers))
            sectors = [self._called(name) for name in change["sectors"]]
            where = joined([*sectors, *([moved] if moved else [])], self.lang)
            driver = self.word(f"portfolio.driver.{change['driver']}")
            said.append(f"{driver} -{change['effect']:.1%} ({where})")
        return "; ".join(said)

    def _called(self, name: str) -> str:
        """A sector or carrier in the language; its Chinese name where no other is known."""
        return name if self.lang == "zh" else self.answer.get("english", {}).get(name, name)

    def _regions(self) -> Sheet:
        columns = [
            *self._columns("region", "capital", ("share", TENTH_PER_CENT), "running"),
            *self._cuts(),
            *self._columns("cut_of_all_years"),
        ]
        rows = [
            [
                *(
                    self._named(each["region"]),
                    each["capital"],
                    each["share"],
                    each["running"],
                    *each["cut"],
                ),
                each["cut_of_all_years"],
            ]
            for each in self.answer["regions"]
        ]
        return Sheet(self.word("portfolio.sheet.regions"), columns, rows)

    def _years(self) -> Sheet:
        some = any(each["with_power"] is not None for each in self.answer["years"])
        names = (*YEARLY[:3], *(WITH_POWER if some else ()), *YEARLY[3:])
        columns = self._columns(("year", WHOLE), *names[1:])
        rows = [[each[name] for name in names] for each in self.answer["years"]]
        return Sheet(self.word("portfolio.sheet.years"), columns, rows)

    def _levels(self, answer: Answer, title: str) -> Sheet:
        years = [Column(str(each["year"]), 10, PER_CENT) for each in answer["years"]]
        columns = [*self._columns("measure", "region"), *years]
        rows = [
            [self._titled(each["measure"]), self._named(each["region"]), *each["levels"]]
            for each in answer["levels"]
        ]
        return Sheet(self.word(title), columns, rows, long=True)

    def _titled(self, measure: str) -> str:
        """What a measure is called, by its code where the answer knows no title."""
        titles = "titles" if self.lang == "zh" else "titles_english"
        return str(self.answer.get(titles, {}).get(measure, measure))

    def _named(self, region: str) -> str:
        """What a region is called, as it stands in the answer where that knows no name."""
        names = self.answer.get("regions_named", {}).get(region, (region, region))
        return str(names[LANGUAGES.index(self.lang)])

    def _at_risk(self, risk: Answer) -> Sheet:
        columns = self._columns(
            *("choice", "target", "unit", "limit", "beyond", ("odds", TENTH_PER_CENT)),
            *(("error", HUNDREDTH_PER_CENT), ("assumed_variance", PER_CENT)),
        )
        rows = [
            [
                self.word(f"portfolio.choice.{each['choice']}"),
                target_name(self.answer, each["target"], self.lang),
                *(each["unit"], each["limit"], each["beyond"], each["odds"]),
                *(each["error"], each["assumed_variance"]),
            ]
            for each in risk["checks"]
        ]
        return Sheet(self.word("portfolio.sheet.at_risk"), columns, rows)

    def _front(self, front: Answer) -> Sheet:
        target = target_name(self.answer, front["target"], self.lang)
        cut = self._cut_of(target, front["unit"], 30)
        columns = [cut, *self._columns("measured", "cost", "price")]
        rows = [
            [point["cut"], point["measured"], point["cost"], point["price"]]
            for point in front["points"]
        ]
        return Sheet(self.word("portfolio.sheet.front"), columns, rows)


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"


WITH_POWER = ("with_power_without", "with_power")
YEARLY = (
    *("year", "emissions_without", "emissions", "capital", "running", "capital_budget"),
    *("spending_budget", "worth_of_capital", "worth_of_spending"),
)


def _emissions(title: str, sheet: Any, count: int) -> LineChart:
    """Emissions with and without measures, year by year."""
    chart = LineChart()
    chart.title = title
    chart.height, chart.width = 7, 20
    for place in (2, 3):
        values = Reference(sheet, min_col=place, min_row=1, max_row=count + 1)
        chart.add_data(values, titles_from_data=True)
        chart.series[-1].smooth = False
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=count + 1))
    return _with_axes(chart)


def _curve(title: str, sheet: Any, count: int) -> ScatterChart:
    """Cost by cut."""
    chart = ScatterChart()
    chart.title = title
    chart.height, chart.width, chart.legend = 9, 20, None
    last = count + 1
    cut = Reference(sheet, min_col=1, min_row=2, max_row=last)
    cost = Reference(sheet, min_col=3, min_row=2, max_row=last)
    chart.series.append(Series(cost, cut))
    chart.series[0].smooth = False
    return _with_axes(chart)


def _with_axes(chart: Any) -> Any:
    """A chart whose axes are drawn: openpyxl leaves them out where nobody asks."""
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart
