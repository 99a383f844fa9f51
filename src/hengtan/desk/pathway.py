"""Pathways of a workspace: the base year off its accounts, drivers and measures off its forms, the
central scenario and what it comes to. What the terminal and the pages both show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.words import LANGUAGES, Words
from hengtan.desk.names_in_rows import codes_of, columns_by_title, names_of, with_codes
from hengtan.desk.pathway_rows import benefit_rows, curve_rows, wedge_rows, year_rows
from hengtan.desk.rows_there import RowsThere
from hengtan.desk.study_inputs import StudyInputs, titles_of
from hengtan.desk.study_levels import (
    assumed_of_bought,
    bought_years,
    lacking_levels,
    levels_of,
)
from hengtan.outlook.pathway.base import Activity, BaseYear, Gap, Tables, base_year
from hengtan.outlook.pathway.explain import ExplainedFigure, explain
from hengtan.outlook.pathway.indicators import indicators
from hengtan.outlook.pathway.links import measures_of_accounts
from hengtan.outlook.pathway.measures import Places, Row
from hengtan.outlook.pathway.reconcile import Line, reconciled
from hengtan.outlook.pathway.records import read_tables
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.pathway.shapley import Attribution, shapley
from hengtan.outlook.pathway.study import Assumption, Study, activities, study
from hengtan.outlook.pathway.targets import (
    bought_of,
    budget_gaps,
    coal_rate_rows,
    factors_of_bought,
    judged,
    scenario_graph,
    stated_coal_rate,
)
from hengtan.outlook.uncertainty.bought_power import IndirectCut, indirect_cut
from hengtan.report.numerals import unit_name
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

WORDS = Words.of("hengtan.outlook.pathway")
HELD = ("rest", "beyond", "same")
"""How the accounts of districts lie to that of their place."""
NAMED: dict[str, tuple[int, ...]] = {
    "assumed.measure": (1,),
    "assumed.ages": (),
    "assumed.rate": (),
    "assumed.level": (0,),
    "assumed.production": (0,),
    "assumed.filler": (),
    "assumed.bought": (),
    "left_out": (),
    "left_out_driver": (),
    **dict.fromkeys((f"goals.{how}.{of}" for how in HELD for of in ("co2", "emissions")), ()),
    **dict.fromkeys(("goals.untold", "goals.no_account"), ()),
}
"""Which arguments of a code have a name of their own: the first two unless said."""


@dataclass(frozen=True)
class Asked:
    """What a study is asked for.

    ``base`` None is the newest year with a balance of the place, ``method`` "" statistics before
    records. ``rate`` is the discount rate. [1]
    """

    place: str
    base: int | None = None
    until: int = 2035
    districts: bool = False
    without: tuple[str, ...] = ()
    method: str = ""
    shares_plants: bool = True
    rate: float = 0.05


class PathwayDesk:
    """One study of one workspace as of a day; what is asked of it is worked out once."""

    def __init__(self, workspace: Workspace, asked: Asked, as_of: AsOf | None = None) -> None:
        self.workspace, self.asked, self.as_of = workspace, asked, as_of or AsOf.of()
        self.graph = workspace.graph(self.as_of)
        self._judged: dict[int, list[dict[str, Any]]] = {}

    @cached_property
    def tables(self) -> Tables:
        """The accounts of the base year. Raises HengtanError where there are none."""
        return read_tables(self.graph, self._base_year(), self.asked.method)

    @cached_property
    def drivers(self) -> list[Row]:
        """Approved rows of ``pathway_drivers``, sectors and carriers by their codes."""
        columns = {"sectors": self._codes("sectors"), "carrier": self._codes("carriers")}
        return with_codes(self._rows("pathway_drivers"), columns)

    @cached_property
    def measures(self) -> list[Row]:
        """Approved rows of ``measure_effects``, sectors and carriers by their codes."""
        products = self._codes("carriers")
        columns = {"sectors": self._codes("sectors"), "carrier": products, "to_carrier": products}
        return with_codes(self._rows("measure_effects"), columns)

    def _codes(self, kind: str) -> dict[str, str]:
        """Codes by the names that people write for them."""
        return codes_of(self.workspace.pack, kind)

    @cached_property
    def study(self) -> Study:
        """The study. Raises HengtanError, in one line, for what a row cannot mean."""
        return self._study(offered=False)

    @cached_property
    def offered(self) -> Study:
        """The study whose measures are offered to a choice: some may exclude each other."""
        return self._study(offered=True)

    def _study(self, *, offered: bool) -> Study:
        with columns_by_title(self.workspace, "measure_effects", "pathway_drivers"):
            return self._study_of_rows(offered=offered)

    def _study_of_rows(self, *, offered: bool) -> Study:
        codes = {row["measure"] for row in self.measures}
        for code in self.asked.without:
            if code not in codes:
                raise refusal("no_such_measure", code, "、".join(sorted(codes)) or "—")
        return self._carried_forward(self.asked.without, offered=offered)

    @cached_property
    def base(self) -> BaseYear:
        """The base year of the study. Raises HengtanError where there is none."""
        fuels = {row["to_carrier"] for row in self.measures if row.get("to_carrier")}
        known = {row["product"] for row in self.workspace.pack.rows("energy_products")}
        regions, year = self._regions(), self.tables.year
        return base_year(
            self.tables,
            regions,
            carriers=sorted(fuels & known),
            activity=activities(self.drivers, regions, year, self.levels),
            shares_plants=self.asked.shares_plants,
        )

    @cached_property
    def levels(self) -> dict[tuple[str, str], Activity]:
        """Indicators that drivers name, of the base year, by place and indicator: off the ledger,
        else as a driver states them.
        """
        year = self.tables.year
        stated = activities(self.drivers, self._regions(), year)
        return stated | levels_of(self.graph, indicators(self.drivers), year)

    @cached_property
    def there(self) -> RowsThere:
        """Measures and drivers that the study takes, and what it leaves out."""
        base, names = self.base, self.names
        places = Places(base.regions, base.sectors, base.carriers, (), self._within, self.called)
        own = self._measures_of(base.regions)
        return RowsThere.of(self.workspace, base, own, self.drivers, places, names)

    @property
    def set_aside(self) -> list[dict[str, str]]:
        """Measures and drivers that the study goes on without: where, what, what to do."""
        return [self.said_assumption(each) for each in self.there.left_out]

    def called(self, code: str) -> str:
        """What a code is called in Chinese."""
        return self.names.get(code, (code, code))[0]

    def without(self, codes: Sequence[str]) -> Study:
        """The same study without some measures."""
        return self._carried_forward(tuple(codes), offered=False)

    def _carried_forward(self, without: tuple[str, ...], *, offered: bool) -> Study:
        """The study from its base year, with what rows of surrounding places reach in it."""
        base, there = self.base, self.there
        whole = study(
            base,
            there.drivers,
            there.measures,
            self.asked.until,
            within=self._within,
            without=without,
            offered=offered,
            said=self.called,
        )
        lacking = lacking_levels(there.drivers, base.regions, self.levels)
        told_of = (*there.left_out, *whole.assumptions, *lacking, *there.away)
        return replace(whole, assumptions=told_of)

    @cached_property
    def attribution(self) -> Attribution:
        """What each measure takes off, exactly."""
        return shapley(self.study.pathway)

    @cached_property
    def cut(self) -> Any:
        """What each measure takes off by year, (M, Y). [tCO2e]"""
        return self.study.by_measure(self.attribution.by_year)

    @cached_property
    def ahead(self) -> Any:
        """The graph whose accounts read the scenario."""
        with columns_by_title(self.workspace, "pathway_drivers"):
            return scenario_graph(self.graph, self.study, self.drivers, self._within)

    @property
    def lines(self) -> list[Line]:
        """The base year beside the accounts."""
        return reconciled(self.study.base, self.tables)

    @property
    def rate(self) -> float:
        """The discount rate of costs. [1]"""
        return self.asked.rate

    @cached_property
    def indirect(self) -> IndirectCut | None:
        """Indirect emissions of bought power, and what each part of the measures takes off them;
        None where no place reports what it buys.
        """
        bought = bought_of(self.graph, self.study)
        if not bought:
            return None
        return indirect_cut(self.study, bought, factors_of_bought(self.graph, self.study, bought))

    def years(self) -> list[dict[str, Any]]:
        """By year: emissions without and with measures, the cut, what of it rests on assumed
        numbers, and indirect emissions. [tCO2e]
        """
        return year_rows(self)

    def wedges(self, year: int) -> list[dict[str, Any]]:
        """What each measure takes off in a year, direct and indirect, the largest first."""
        return wedge_rows(self, year)

    def curve(self, year: int) -> list[dict[str, Any]]:
        """The cost curve of a year, the cheapest tonne first."""
        return curve_rows(self, year)

    def benefit(self, worth_of_tonne: float) -> list[dict[str, Any]]:
        """Cost and worth of each measure over the study, discounted. [yuan]"""
        return benefit_rows(self, worth_of_tonne)

    def targets(self, year: int) -> list[dict[str, Any]]:
        """The targets of the place judged on the scenario."""
        self.study.year(year)
        if year not in self._judged:
            self._judged[year] = judged(self.ahead, self.study, year)
        return self._judged[year]

    def budget(self) -> list[dict[str, Any]]:
        """Carbon budgets less the scenario's emissions by year. [t CO2]"""
        return budget_gaps(self.ahead, self.study, self._rows("carbon_budgets"))

    def explained(self, sector: str, year: int, place: str = "") -> ExplainedFigure:
        """How the emissions of a sector in a year come about. Raises HengtanError."""
        base = self.study.base
        region = place or base.regions[0]
        if region not in base.regions:
            raise refusal("no_region", base.year, region, "、".join(base.regions))
        code = self._codes("sectors").get(sector, sector)
        if code not in base.sectors:
            known = "、".join(self.names.get(code, (code,))[0] for code in base.sectors)
            raise refusal("unknown_sector", sector, known)
        return explain(self.study, self.attribution, region, code, year)

    def as_dict(self, year: int | None = None) -> dict[str, Any]:
        """The whole study for JSON; ``year`` is that of wedges and cost curve, by default the
        last.
        """
        of_year = self.asked.until if year is None else year
        base = self.study.base
        return {
            "projected": True,
            "inputs": self.inputs.as_dict(),
            "base_year": base.year,
            "method": base.method,
            "places": list(base.regions),
            "options": dict(self.as_of.options),
            "rate": self.asked.rate,
            "years": self.years(),
            "year": of_year,
            "wedges": self.wedges(of_year),
            "left_out": self.set_aside,
            "bought": bought_years(self.graph, self.study, lambda: self.ahead),
            "cost_curve": self.curve(of_year),
            "gaps": [self.said_gap(gap) for gap in base.gaps],
            "assumptions": [self.said_assumption(a) for a in self.assumptions()],
        }

    def assumptions(self) -> list[Assumption]:
        """Everything that no source establishes, of the study and of what judges its targets."""
        own = self._rows("coal_rate")
        rates = [*own, *stated_coal_rate(self.study, self.drivers, own)]
        later = {row["place"] for row in coal_rate_rows(rates, self.study)}
        places = sorted(later & set(self.study.base.regions))
        return [
            *self.study.assumptions,
            Assumption("assumed.rate", "", (f"{100 * self.asked.rate:g}",)),
            *(Assumption("assumed.coal_rate", place, ()) for place in places),
            *self._of_bought,
        ]

    @cached_property
    def _of_bought(self) -> list[Assumption]:
        return assumed_of_bought(self.graph, self.study)

    @cached_property
    def inputs(self) -> StudyInputs:
        """What the study rests on: its rows by form, and how many assumptions it makes."""
        base = self.study.base
        balance = self.graph.table("regional_balance")
        own = balance.filter(balance.place.isin(base.regions) & (balance.period == str(base.year)))
        rows = {
            "regional_balance": own.to_pyarrow().to_pylist(),
            "pathway_drivers": self.drivers,
            "measure_effects": list(self.study.rows),
        }
        titles = titles_of(self.workspace, list(rows))
        return StudyInputs.of(rows, len(self.assumptions()), titles)

    @cached_property
    def names(self) -> dict[str, tuple[str, str]]:
        """What sectors, carriers, drivers and numbers are called, Chinese and English, by code."""
        return names_of(self.workspace.pack, WORDS)

    @cached_property
    def places(self) -> dict[str, tuple[str, str]]:
        """What places are called, Chinese and English, by code."""
        rows = self.workspace.pack.rows("places")
        return {r["place"]: (r["name_zh"], r["name_en"] or r["name_zh"]) for r in rows}

    def said_gap(self, gap: Gap) -> dict[str, str]:
        """A gap of the base year in both languages."""
        return self._said(f"gap.{gap.code}", gap.place, gap.about.split())

    def said_assumption(self, assumption: Assumption) -> dict[str, str]:
        """An assumption of the study in both languages."""
        return self._said(assumption.code, assumption.place, assumption.arguments)

    def _said(self, code: str, place: str, arguments: Sequence[str]) -> dict[str, str]:
        said = []
        for language in (0, 1):
            named = [
                self.names.get(a, (a, a))[language] if n in NAMED.get(code, (0, 1)) else a
                for n, a in enumerate(arguments)
            ]
            named = [unit_name(argument, LANGUAGES[language]) for argument in named]
            named = [" ".join(named)] if code.startswith("gap.") else named
            at = self.places.get(place, (place, place))[language]
            said.append(WORDS[code][language].format(at, *named))
        return {"code": code, "place": place, "zh": said[0], "en": said[1]}

    def candidates(self) -> list[Row]:
        """Measures that the accounts of boilers and coal units know, as rows to complete."""
        return measures_of_accounts(self.base, self.graph)

    def _rows(self, form: str) -> list[Row]:
        return list(self.graph.table(form).to_pyarrow().to_pylist())

    def _base_year(self) -> int:
        if self.asked.base is not None:
            return self.asked.base
        table = self.graph.table("energy_balance")
        regions = [self.asked.place]
        if self.asked.districts:
            regions += self._districts()
        years = table.filter(table.place.isin(regions)).select("year").distinct()
        listed = years.to_pyarrow()["year"].to_pylist()
        if not listed:
            raise refusal("no_balance_of_place", self.asked.place)
        return int(max(listed))

    def _regions(self) -> list[str]:
        """The place, or its districts, as far as the balance has them."""
        balanced = {row["place"] for row in self.tables.balance}
        wanted = self._districts() if self.asked.districts else [self.asked.place]
        regions = [place for place in wanted if place in balanced]
        if not regions:
            known = "、".join(sorted(balanced))
            if self.asked.districts:
                name = self.places.get(self.asked.place, (self.asked.place,) * 2)
                raise refusal("no_district", self.tables.year, *name)
            raise refusal("no_region", self.tables.year, self.asked.place, known)
        return regions

    def _districts(self) -> list[str]:
        tree = self.workspace.pack.places()
        place = self.asked.place
        return sorted(p.code for p in tree if p.code != place and tree.within(p.code, place))

    def _measures_of(self, regions: Sequence[str]) -> list[Row]:
        """Measures of the places of the study; those of other places are no part of it."""
        return [
            row
            for row in self.measures
            if any(self._within(region, row["place"]) for region in regions)
        ]

    def _within(self, region: str, place: str) -> bool:
        """Whether a region lies in a place."""
        tree = self.workspace.pack.places()
        known = region in tree and place in tree
        return region == place or (known and tree.within(region, place))


def write_measures(desk: PathwayDesk, path: Path, *, candidates: bool = False) -> int:
    """Write the measures in force, or those that accounts know, as the form filled, to be edited
    and imported; how many rows there are. Raises HengtanError where there are none.
    """
    from hengtan.report.sheet.filled import write_filled_form

    form = desk.workspace.form("measure_effects")
    rows = desk.candidates() if candidates else desk.measures
    if not rows:
        raise refusal("no_candidates" if candidates else "no_measures")
    write_filled_form(form, rows, path, form.title_zh)
    return len(rows)
