"""What the page of portfolios shows: the cheapest measures of a place that keep what is asked for,
each with the numbers and sources it rests on; or which limits exclude each other, as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.outlook_choices import PageDesk, Wanted, choices_of, refusal_of
from hengtan.desk.pathway_page import where_of
from hengtan.desk.portfolio import Tell, Wish, silent
from hengtan.desk.portfolio_ledger import Fair, Limits, from_ledger, room_of
from hengtan.outlook.conflict import StudyWithoutPlan
from hengtan.outlook.pathway.refusals import refusal
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

STARTS, SECONDS = 3, 60.0
"""First points of a study on a page, and seconds of a solution at most."""
Budget = tuple[int, int, float]
"""First and last year, and money of each of them at most [10^4 yuan]."""


@dataclass(frozen=True)
class Goal:
    """What must be reached and within what: the study, caps by year [tCO2e], money, a region's part
    of it all, measures taken wholly or not at all, whether the place's own budgets and goals count
    too; ``front``: points of cost against cut, ``at_risk``: level of the value at risk;
    ``indirect``: caps count indirect emissions of bought power too.
    """

    wanted: Wanted = field(default_factory=Wanted)
    caps: tuple[tuple[int, float], ...] = ()
    capital: tuple[Budget, ...] = ()
    spending: tuple[Budget, ...] = ()
    fair: Fair | None = None
    whole: tuple[str, ...] = ()
    only_caps: bool = False
    front: int = 0
    at_risk: float | None = None
    indirect: bool = False

    def limits(self) -> Limits:
        """The same for the study. Raises HengtanError for a year with two caps or budgets."""
        return Limits(
            by_year((year, year, cap) for year, cap in self.caps),
            by_year(self.capital),
            by_year(self.spending),
            self.whole,
            self.only_caps,
            self.fair,
            self.indirect,
        )


def by_year(budgets: Iterable[Budget]) -> dict[int, float]:
    """Amounts by year. Raises HengtanError for a year that has two."""
    amounts: dict[int, float] = {}
    for first, last, amount in budgets:
        for year in range(first, last + 1):
            if year in amounts:
                raise refusal("budget_twice", year)
            amounts[year] = amount
    return amounts


class PortfolioDesk(PageDesk):
    """A study whose measures are offered, some of which may exclude each other."""

    @property
    def known_measures(self) -> Sequence[Any]:
        """The measures on offer."""
        return self.offered.measures


def portfolio_view(
    workspace: Workspace,
    goal: Goal | None = None,
    as_of: AsOf | None = None,
    tell: Tell = silent,
) -> dict[str, Any]:
    """The choice with its tables as ``desk.portfolio.answer`` gives them. Where limits exclude each
    other ``conflict`` says which and the smallest change, where something lacks ``refused``;
    ``room``: what the last year emits without measures and at least.
    """
    goal, as_of = goal or Goal(), as_of or AsOf.of()
    view: dict[str, Any] = {
        **choices_of(workspace, goal.wanted, as_of),
        "goal": goal,
        "measures": [],
        "answer": None,
        "conflict": None,
        "refused": None,
        "room": None,
    }
    desk = PortfolioDesk(workspace, goal.wanted.of(view["place"]), as_of)
    try:
        limits = goal.limits()
        view["measures"] = [
            {"measure": m.code, "title": m.title, "title_english": m.title_english or m.title}
            for m in desk.offered.measures
        ]
        view["room"] = room_of(desk, limits)
        study = from_ledger(desk, limits)
        wish = Wish(starts=STARTS, at_risk=goal.at_risk, front=goal.front, seconds=SECONDS)
        answered = study.answered(wish, tell)
    except StudyWithoutPlan as error:
        return {**view, "conflict": {"zh": error.zh, "en": error.en}}
    except HengtanError as error:
        return {**view, "refused": refusal_of(error)}
    used = (*desk.tables.balance, *desk.drivers, *desk.offered.rows)
    years = desk.offered.pathway.years
    about = {
        "name": f"{view['name'][0]} {years[0]}—{years[-1]}",
        "name_english": f"{view['name'][1]} {years[0]}—{years[-1]}",
        "rate_source": {"zh": "假设", "en": "assumed"},
        "english": dict(desk.names.values()),
        "explained": {m.code: _explained(desk, m) for m in desk.offered.measures},
        "demo": any(row.get("demo") or row.get("_demo") for row in used),
    }
    return {**view, "answer": {**answered, **about}}


def _explained(desk: PortfolioDesk, measure: Any) -> dict[str, Any]:
    """The numbers of a measure, each established or assumed, with what they were read from."""
    rows = [row for row in desk.offered.rows if row["measure"] == measure.code]
    return {
        "clause": measure.clause,
        "numbers": [
            {
                "number": mark.number,
                "name": desk.names.get(mark.number, (mark.number,) * 2),
                "value": mark.value,
                "established": mark.established,
                "source": mark.source,
            }
            for mark in measure.marks
            if mark.value is not None
        ],
        "sources": list(dict.fromkeys(filter(None, map(where_of, rows)))),
    }


__all__ = ["Goal", "by_year", "portfolio_view"]
