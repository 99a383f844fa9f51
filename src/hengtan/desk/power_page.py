"""What the pages of power show: a dispatch study with its hours, what a part is worth, firm output,
a park study; or why there is no plan, as values that can be handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.power import (
    Chosen,
    PowerDesk,
    beside_outturn,
    firm_of,
    peak_day,
    plants_of_plan,
    summary,
)
from hengtan.desk.power_charts import capacities_of, durations_of, hours_of
from hengtan.desk.power_nodes import lines_of_plan, nodes_of_plan
from hengtan.desk.power_parks import ParkDesk
from hengtan.outlook.conflict import StudyWithoutPlan
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

LISTED = ("place", "study", "title", "year")


def studies_view(workspace: Workspace, as_of: AsOf | None = None) -> dict[str, Any]:
    """The dispatch and park studies there are, and what places are called."""
    desk = PowerDesk(workspace, as_of or AsOf.of())
    parks = ParkDesk(desk).studies
    names = {
        row["place"]: (row["name_zh"], row["name_en"]) for row in workspace.pack.rows("places")
    }
    return {
        "studies": [
            {name: row[name] for name in LISTED} | {"title_en": row.get("title_english")}
            for row in desk.studies
        ],
        "parks": [
            {name: row[name] for name in ("place", "study", "park", "year")} for row in parks
        ],
        "names": names,
    }


def dispatch_view(
    workspace: Workspace, place: str, study: str, as_of: AsOf | None = None
) -> dict[str, Any]:
    """A dispatch study solved: what ``desk.power.answer`` says, its hours, curves and capacities;
    where limits exclude each other ``conflict`` says which, where something lacks ``refused``.
    """
    desk = PowerDesk(workspace, as_of or AsOf.of())
    view: dict[str, Any] = {"answer": None, "hours": None, "conflict": None, "refused": None}
    try:
        return {**view, **_solved(desk, Chosen(place, study))}
    except StudyWithoutPlan as error:
        return {**view, "conflict": {"zh": error.zh, "en": error.en}}
    except HengtanError as error:
        return {**view, "refused": _said(error)}


def _solved(desk: PowerDesk, chosen: Chosen) -> dict[str, Any]:
    study = desk.study(chosen)
    plan = desk.plan(study)
    row, hours, plants = study.row, hours_of(plan), plants_of_plan(plan)
    outturn = [
        published
        for published in desk.workspace.pack.rows("generation_by_source")
        if published["region"] == row["place"] and published["year"] == row["year"]
    ]
    used = (row, *desk.records.units, *desk.records.lines, *desk.records.prices)
    answer = {
        "study": {name: row[name] for name in LISTED} | {"title_en": row.get("title_english")},
        "load": dict(zip(("zh", "en"), study.load.name(), strict=True)),
        "summary": summary(plan),
        "plants": plants,
        "nodes": nodes_of_plan(plan),
        "lines": lines_of_plan(plan),
        "peak_day": peak_day(plan),
        "outturn": beside_outturn(plan, outturn),
        "assumptions": [_without_codes(desk, said) for said in desk.said(study)],
        "parts": [
            *(part.name for part in study.system.plants),
            *(line.name for line in study.system.lines),
        ],
        "demo": any(each.get("_demo") for each in used),
    }
    return {
        "answer": answer,
        "hours": hours,
        "durations": durations_of(hours),
        "capacities": capacities_of(plants),
    }


def _without_codes(desk: PowerDesk, said: Mapping[str, str]) -> dict[str, str]:
    """An assumption whose fuels are called by their names."""
    zh, en = said["zh"], said["en"]
    for row in desk.workspace.pack.rows("energy_products"):
        code = row["product"]
        if "_" in code:  # others are words
            named = f"{row['name_zh']}（{code}）"
            zh, en = zh.replace(named, row["name_zh"]), en.replace(named, row["name_en"])
            zh, en = zh.replace(code, row["name_zh"]), en.replace(code, row["name_en"])
    return {**said, "zh": zh, "en": en}


def worth_view(
    workspace: Workspace, place: str, study: str, part: str, as_of: AsOf | None = None
) -> dict[str, Any]:
    """What a part of a study is worth; ``refused`` where it cannot be said."""
    desk = PowerDesk(workspace, as_of or AsOf.of())
    try:
        return {"worth": desk.value(desk.study(Chosen(place, study)), part), "refused": None}
    except HengtanError as error:
        return {"worth": None, "refused": _said(error)}


def firm_view(
    workspace: Workspace, place: str, study: str, share: float, as_of: AsOf | None = None
) -> dict[str, Any]:
    """Firm output of a study's water, wind and sun in a share of the hours [1]; ``refused`` where
    it cannot be said, as where inflow is not known.
    """
    desk = PowerDesk(workspace, as_of or AsOf.of())
    try:
        return {"firm": firm_of(desk, Chosen(place, study), share), "refused": None}
    except HengtanError as error:
        return {"firm": None, "refused": _said(error)}


def park_view(
    workspace: Workspace,
    place: str,
    study: str,
    meets: bool = False,
    as_of: AsOf | None = None,
) -> dict[str, Any]:
    """A park study solved; ``meets``: the shares of the rule are asked for where it states none."""
    parks = ParkDesk(PowerDesk(workspace, as_of or AsOf.of()))
    view: dict[str, Any] = {"answer": None, "conflict": None, "refused": None}
    try:
        answer = parks.answer(Chosen(place, study), meets_rule=meets)
        row = parks.row_of(Chosen(place, study))
        return {**view, "answer": {**answer, "demo": bool(row.get("_demo"))}}
    except StudyWithoutPlan as error:
        return {**view, "conflict": {"zh": error.zh, "en": error.en}}
    except HengtanError as error:
        return {**view, "refused": _said(error)}


def _said(error: HengtanError) -> Mapping[str, str]:
    todo = error.todo or ""
    return {"zh": error.zh, "en": error.en, "todo": todo, "todo_en": error.todo_en or todo}


__all__ = ["dispatch_view", "firm_view", "park_view", "studies_view", "worth_view"]
