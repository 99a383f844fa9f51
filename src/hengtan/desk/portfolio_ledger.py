"""A portfolio from the ledger: the base year of the accounts, drivers and measures of their forms,
caps, carbon budgets and goals of carbon dioxide, as the study that ``desk/portfolio.py`` answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hengtan.desk.names_in_rows import columns_by_title
from hengtan.desk.odds import ranges_of
from hengtan.desk.pathway import PathwayDesk
from hengtan.desk.portfolio import Tell, Wish, answer, silent
from hengtan.desk.portfolio_goals import Places, goals_of, nothing_to_reach, position_of
from hengtan.outlook.conflict import StudyWithoutPlan
from hengtan.outlook.optimum import NotProven
from hengtan.outlook.pathway.measures import Measure
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.pathway.study import Assumption
from hengtan.outlook.portfolio.offered import Offered, offered
from hengtan.outlook.portfolio.study import (
    Equity,
    Shared,
    Study,
    Target,
    counted_by_place,
    reduced_by,
)
from hengtan.outlook.uncertainty.laws import Range, fixed
from hengtan.outlook.uncertainty.uncertain import check_effect
from hengtan.workbooks.portfolio import Filed

_BUDGET = re.compile(r"(\d{4})(?:\.\.(\d{4}))?=([\d.,]+)\s*(元|万元|亿元)(?:/年)?")
_TEN_THOUSAND_YUAN = {"元": 1e-4, "万元": 1.0, "亿元": 1e4}


_FAIR = re.compile(r"(投资|减排)=([\d.]*)\.\.([\d.]*)")
_SHARED: dict[str, Shared] = {"投资": "spending", "减排": "cut"}


@dataclass(frozen=True)
class Fair:
    """Bounds of each region's part of all capital (``spending``) or of all that is cut, in times of
    its share of the base year's emissions. [1]
    """

    of: Shared
    least: float = 0.0
    most: float = float("inf")


def fair_of(text: str) -> Fair:
    """Bounds from words such as ``投资=0.5..2``; an end may lack. Raises HengtanError."""
    parts = _FAIR.fullmatch(text.replace(" ", ""))
    try:
        of, least, most = parts.groups()  # type: ignore[union-attr]
        fair = Fair(_SHARED[of], float(least or 0), float(most or "inf"))
    except (AttributeError, ValueError):
        raise refusal("not_fair", text) from None
    if fair.least > fair.most:
        raise refusal("not_fair", text)
    return fair


@dataclass(frozen=True)
class Limits:
    """What is asked of the place beside its own budgets and goals.

    ``caps``: emissions of a year at most [tCO2e]; ``capital`` and ``spending``: money of a year at
    most [10^4 yuan]; ``whole``: codes of measures that a region takes wholly or not at all;
    ``only_caps``: without the carbon budgets and goals of the place; ``fair``: bounds of each
    region's part; ``indirect``: caps are of emissions with the indirect ones of bought power.
    """

    caps: Mapping[int, float] = field(default_factory=dict)
    capital: Mapping[int, float] = field(default_factory=dict)
    spending: Mapping[int, float] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    only_caps: bool = False
    fair: Fair | None = None
    indirect: bool = False


def budgets_of(asked: Sequence[str]) -> dict[int, float]:
    """Money by year [10^4 yuan] from words such as ``2026..2030=5亿元/年``.

    Raises HengtanError for years or an amount that are none, and for a year with two budgets.
    """
    budgets: dict[int, float] = {}
    for text in asked:
        parts = _BUDGET.fullmatch(text.replace(" ", ""))
        if parts is None:
            raise refusal("not_a_budget", text)
        first, last, amount, unit = parts.groups()
        years = range(int(first), int(last or first) + 1)
        try:
            money = float(amount.replace(",", "")) * _TEN_THOUSAND_YUAN[unit]
        except ValueError:
            raise refusal("not_a_budget", text) from None
        if not years:
            raise refusal("not_a_budget", text)
        for year in years:
            if year in budgets:
                raise refusal("budget_twice", year)
            budgets[year] = money
    return budgets


@dataclass(frozen=True)
class LedgerPortfolio:
    """A portfolio's study of a workspace, the pathway that it came from, and what is said of goals:
    which are left out and why, what of the place no district holds.
    """

    desk: PathwayDesk
    offer: Offered
    filed: Filed
    of_goals: tuple[Assumption, ...] = ()

    def answered(self, wish: Wish, tell: Tell = silent) -> dict[str, Any]:
        """All tables of the answer, what the base year lacks, and what is assumed."""
        assumed = [*_of_pathway(self.desk), *self.offer.assumptions]
        try:
            answered = answer(self.filed, wish, tell)
        except StudyWithoutPlan as error:
            raise self._with_goals(error) from error
        return {
            **answered,
            "projected": True,
            **self._named(),
            "places": list(self.desk.offered.base.regions),
            "gaps": [self.desk.said_gap(gap) for gap in self.desk.offered.base.gaps],
            "assumptions": [self.desk.said_assumption(each) for each in assumed],
            "of_goals": [self.desk.said_assumption(each) for each in self.of_goals],
        }

    def _with_goals(self, error: StudyWithoutPlan) -> StudyWithoutPlan:
        """The refusal, with what is said of goals: what of the place no district reaches."""
        said = [self.desk.said_assumption(each) for each in self.of_goals]
        zh, en = ("".join(f" {each[lang]}。" for each in said) for lang in ("zh", "en"))
        return StudyWithoutPlan(error.zh + zh, error.en + en.replace("。", "."), where=error.where)

    def _named(self) -> dict[str, Any]:
        """What the study, its sectors and sources are called in both languages."""
        pathway = self.desk.offered.pathway
        regions = self.desk.offered.base.regions
        places = [self.desk.places.get(p, (p, p)) for p in regions]
        zh, en = ([names[n] for names in places] for n in (0, 1))
        span = f"{pathway.years[0]}—{pathway.years[-1]}"
        measures = self.desk.offered.measures
        return {
            "name": f"{'、'.join(zh)} {span}",
            "name_english": f"{', '.join(en)} {span}",
            "rate_source": {"zh": "假设，用 --rate 改", "en": "assumed, see --rate"},
            "by_district": self.desk.asked.districts,
            "titles": {m.code: m.title for m in measures},
            "titles_english": {m.code: m.title_english or m.title for m in measures},
            "regions_named": {p: self.desk.places.get(p, (p, p)) for p in regions},
            "english": dict(self.desk.names.values()),
            "sources_english": {m.code: _source(m, "en") for m in measures},
        }


def from_ledger(desk: PathwayDesk, limits: Limits) -> LedgerPortfolio:
    """The portfolio of a place from its accounts and forms.

    Raises HengtanError, in one line, for what a row cannot mean, where nothing is to be reached,
    and for years that the study does not have.
    """
    if not desk.measures:
        raise refusal("no_measures")
    offer = offered(desk.offered, desk.asked.rate, limits.whole)
    goals = goals_of(desk, limits.caps, indirect=limits.indirect, only_caps=limits.only_caps)
    if not goals.targets:
        raise nothing_to_reach(desk, goals)
    study = replace(
        offer.study,
        targets=goals.targets,
        beside=goals.beside,
        capital_budget=_by_year(desk, limits.capital),
        spending_budget=_by_year(desk, limits.spending),
        equity=_equity(offer.study, limits.fair),
    )
    offer = replace(offer, study=_named(desk, study))
    filed = Filed(
        study=offer.study,
        ranges=_ranges(desk),
        synthetic=False,
        sources=tuple(map(_source, desk.offered.measures)),
        rate_source="",
    )
    return LedgerPortfolio(desk, offer, filed, goals.said)


def room_of(desk: PathwayDesk, limits: Limits) -> dict[str, Any]:
    """Between what caps of the last year can lie: its emissions without measures, and the least
    that measures and money allow [tCO2e]; None where the money excludes every choice.
    """
    from hengtan.outlook.portfolio.choose import Manner, StudyInfeasible
    from hengtan.outlook.portfolio.front import least_of
    from hengtan.outlook.portfolio.sides import Central

    if not desk.measures:
        raise refusal("no_measures")
    offer = offered(desk.offered, desk.asked.rate, limits.whole)
    last = len(desk.offered.pathway.years) - 1
    counted = Places(desk).counted((last,), indirect=limits.indirect)
    target = Target("", "", float("inf"), (last,), figure=counted.figure)
    study = replace(
        offer.study,
        targets=(target,),
        capital_budget=_by_year(desk, limits.capital),
        spending_budget=_by_year(desk, limits.spending),
        equity=_equity(offer.study, limits.fair),
        whole=(),
    )
    without = float(Central().measured(study, study.nothing)[0])
    least: float | None = None
    with suppress(StudyInfeasible, NotProven):
        least = least_of(study, 0, Manner(), Central(), study.nothing)
    year = desk.offered.pathway.years[last]
    return {"year": year, "without": without, "least": least, "counts": counted.counts}


def _equity(study: Study, fair: Fair | None) -> tuple[Equity, ...]:
    """Bounds by the share of each region in the emissions of the base year."""
    if fair is None or len(study.pathway.regions) < 2:
        return ()
    if fair.least > 1 or fair.most < 1:
        raise refusal("fair_for_none", f"{fair.least:g}..{fair.most:g}")
    first = Target("", "", 0.0, (0,))
    by_place = counted_by_place(study.pathway, reduced_by(study, study.nothing), first).sum(axis=1)
    return (Equity(fair.of, by_place / by_place.sum(), fair.least, fair.most),)


def _by_year(desk: PathwayDesk, money: Mapping[int, float]) -> Array:
    budget = np.full(len(desk.offered.pathway.years), np.inf)
    for year, amount in money.items():
        budget[position_of(desk, year)] = amount
    return budget


def _named(desk: PathwayDesk, study: Study) -> Study:
    """The study with sectors and carriers as people call them."""
    pathway = study.pathway

    def called(codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(desk.names[code][0] if code in desk.names else code for code in codes)

    named = replace(pathway, sectors=called(pathway.sectors), carriers=called(pathway.carriers))
    return replace(study, pathway=named)


def _ranges(desk: PathwayDesk) -> tuple[Range, ...]:
    """A range for each part, without width where its rows state none. Raises ``BadRange``."""
    pathway = desk.offered.pathway
    central = dict(zip(pathway.measures, pathway.effect.tolist(), strict=True))
    with columns_by_title(desk.workspace, "measure_effects"):
        stated = {law.name: law for law in ranges_of(desk.offered)}
    for law in stated.values():
        check_effect(law, central)
    return tuple(stated.get(name) or fixed(name, effect) for name, effect in central.items())


def _source(measure: Measure, lang: str = "zh") -> str:
    """What a measure is called, its clause, and where its numbers are from."""
    sources = dict.fromkeys(mark.source for mark in measure.marks if mark.source)
    title = measure.title if lang == "zh" else measure.title_english or measure.title
    between = "；" if lang == "zh" else "; "
    return between.join(filter(None, (title, measure.clause, *sources)))


def _rate(desk: PathwayDesk) -> Assumption:
    return Assumption("assumed.rate", "", (f"{100 * desk.asked.rate:g}",))


def _of_pathway(desk: PathwayDesk) -> list[Assumption]:
    """What the pathway assumes: its drivers and the numbers of its measures."""
    return [*desk.offered.assumptions, _rate(desk)]


__all__: Sequence[str] = (
    "Fair",
    "LedgerPortfolio",
    "Limits",
    "budgets_of",
    "fair_of",
    "from_ledger",
    "room_of",
)
