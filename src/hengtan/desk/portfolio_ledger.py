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

from hengtan.desk.caps import budget_caps
from hengtan.desk.odds import ranges_of
from hengtan.desk.pathway import PathwayDesk
from hengtan.desk.portfolio import Tell, Wish, answer, silent
from hengtan.desk.target_odds import TargetOdds
from hengtan.outlook.optimum import NotProven
from hengtan.outlook.pathway.measures import Measure
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.pathway.study import Assumption
from hengtan.outlook.pathway.targets import bought_of, factors_of_bought
from hengtan.outlook.portfolio.offered import Offered, offered
from hengtan.outlook.portfolio.study import (
    Equity,
    Shared,
    Study,
    Target,
    counted_by_place,
    reduced_by,
)
from hengtan.outlook.uncertainty.asked import Total
from hengtan.outlook.uncertainty.bought_power import Factors, WithPower, with_power
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
    """A portfolio's study of a workspace, and the pathway that it came from."""

    desk: PathwayDesk
    offer: Offered
    filed: Filed

    def answered(self, wish: Wish, tell: Tell = silent) -> dict[str, Any]:
        """All tables of the answer, what the base year lacks, and what is assumed."""
        assumed = [*_of_pathway(self.desk), *self.offer.assumptions, *_of_goals(self.desk)]
        return {
            **answer(self.filed, wish, tell),
            "projected": True,
            **self._named(),
            "places": list(self.desk.offered.base.regions),
            "gaps": [self.desk.said_gap(gap) for gap in self.desk.offered.base.gaps],
            "assumptions": [self.desk.said_assumption(each) for each in assumed],
        }

    def _named(self) -> dict[str, Any]:
        """What the study, its sectors and sources are called in both languages."""
        pathway = self.desk.offered.pathway
        places = [self.desk.places.get(p, (p, p)) for p in self.desk.offered.base.regions]
        zh, en = ([names[n] for names in places] for n in (0, 1))
        span = f"{pathway.years[0]}—{pathway.years[-1]}"
        measures = self.desk.offered.measures
        return {
            "name": f"{'、'.join(zh)} {span}",
            "name_english": f"{', '.join(en)} {span}",
            "rate_source": {"zh": "假设，用 --rate 改", "en": "assumed, see --rate"},
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
    targets = tuple(_targets(desk, limits))
    if not targets:
        raise refusal("nothing_to_reach")
    study = replace(
        offer.study,
        targets=targets,
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
    return LedgerPortfolio(desk, offer, filed)


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
    figure = _with_power(desk, (last,)) if limits.indirect else None
    target = Target("", "", float("inf"), (last,), figure=figure)
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
    return {"year": desk.offered.pathway.years[last], "without": without, "least": least}


def _equity(study: Study, fair: Fair | None) -> tuple[Equity, ...]:
    """Bounds by the share of each region in the emissions of the base year."""
    if fair is None or len(study.pathway.regions) < 2:
        return ()
    first = Target("", "", 0.0, (0,))
    by_place = counted_by_place(study.pathway, reduced_by(study, study.nothing), first).sum(axis=1)
    return (Equity(fair.of, by_place / by_place.sum(), fair.least, fair.most),)


def _targets(desk: PathwayDesk, limits: Limits) -> list[Target]:
    """What must be reached: caps that are asked for, then budgets and goals of the place."""
    positions = tuple(_position(desk, year) for year in limits.caps)
    figure = _with_power(desk, positions) if limits.indirect and limits.caps else None
    targets = [
        Target(
            f"{year}年排放上限",
            f"cap on emissions of {year}",
            tonnes,
            (_position(desk, year),),
            figure=figure,
            counts="with_power" if figure else "direct",
        )
        for year, tonnes in sorted(limits.caps.items())
    ]
    if limits.only_caps:
        return targets
    plain = _without_measures(desk)
    carriers = tuple(range(len(desk.offered.pathway.carriers)))
    for year, tonnes in sorted(budget_caps(plain).items()):
        said, place_in = (f"{year}年碳预算", f"carbon budget of {year}"), (_position(desk, year),)
        budget = Target(*said, tonnes, place_in, carriers=carriers, mark="established")
        targets.append(replace(budget, counts="burnt"))
    return targets + _goals(desk, plain)


def _goals(desk: PathwayDesk, plain: PathwayDesk) -> list[Target]:
    """Goals of carbon dioxide of the place, by the account of totals that judges them: of what is
    burnt and, where the place reports it, of bought power. ``plain``: without measures.
    """
    odds = TargetOdds(plain)
    goals = odds.co2_goals()
    if not goals:
        return []
    bought = odds.bought
    factors = {} if bought is None else factors_of_bought(desk.graph, desk.offered, [bought])
    targets = []
    for row, tonnes in goals:
        year, name = row["deadline_year"], row["target_id"]
        burnt = odds.burnt_co2(year)
        targets.append(
            Target(
                f"目标{name}（{year}年）",
                f"goal {name} of {year}",
                tonnes,
                (_position(desk, year),),
                mark="established",
                figure=with_power(desk.offered, burnt, bought, factors),
                counts="co2" if bought is None else "co2_with_power",
            )
        )
    return targets


def _with_power(desk: PathwayDesk, positions: Sequence[int]) -> WithPower:
    """All emissions with the indirect ones of bought power. Raises HengtanError, in one line, for a
    study by district, a place that reports nothing bought, and a year whose factor is not
    published.
    """
    study = desk.offered
    if len(study.base.regions) > 1:
        raise refusal("power_by_district")
    bought = bought_of(desk.graph, study)
    if not bought:
        raise refusal("power_not_reported", desk.places.get(study.base.regions[0], ("",))[0])
    factors = factors_of_bought(desk.graph, study, bought)
    _refuse_unknown(desk, factors, positions)
    return with_power(study, Total("emissions"), bought[0], factors)


def _refuse_unknown(desk: PathwayDesk, factors: Factors, positions: Sequence[int]) -> None:
    years = [desk.offered.pathway.years[position] for position in positions]
    for (_, year), sides in factors.items():
        if year in years and np.isnan(sides).any():
            raise refusal("power_without_factor", year)


def _position(desk: PathwayDesk, year: int) -> int:
    """The position of a year that is still to come. Raises HengtanError."""
    position = desk.offered.year(year)
    if position == 0:
        raise refusal("base_year_past", year)
    return position


def _without_measures(desk: PathwayDesk) -> PathwayDesk:
    """The same place with none of its measures, whose goals are judged whatever is chosen."""
    codes = tuple(dict.fromkeys(row["measure"] for row in desk.measures))
    asked = replace(desk.asked, without=codes)
    return PathwayDesk(desk.workspace, asked, desk.as_of)


def _by_year(desk: PathwayDesk, money: Mapping[int, float]) -> Array:
    budget = np.full(len(desk.offered.pathway.years), np.inf)
    for year, amount in money.items():
        budget[_position(desk, year)] = amount
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


def _of_goals(desk: PathwayDesk) -> list[Assumption]:
    """That a study by district leaves the goals of the whole place out."""
    several = len(desk.offered.base.regions) > 1
    return [Assumption("assumed.no_goals", desk.asked.place, ())] if several else []


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
