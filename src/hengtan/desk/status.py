"""The view the report and the pages are rendered from: verdicts, series, ledgers and sources of one
workspace on one day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hengtan.accounts.rates import required_cut_compound, required_cut_linear
from hengtan.basis.place import Place
from hengtan.desk.measures import measures_of, milestones_of, overdue_of, systems_of
from hengtan.desk.registries import registries_of
from hengtan.desk.self_approval import with_self_approval
from hengtan.desk.sources import conflicts_of, gaps_of, sources_of
from hengtan.plan.evidence import SINCE_BASE
from hengtan.plan.formulas import straight_path
from hengtan.plan.targets import ASSIGNED
from hengtan.report.status_rows import Row, status_rows
from hengtan.report.words import has, word
from hengtan.version import __version__
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

NO_NOTE = {"note_zh": "", "note_en": ""}


def status_view(workspace: Workspace, as_of: AsOf | None = None) -> dict[str, Any]:
    """One mapping with the lists of ``report.view.FIELDS``."""
    as_of = as_of or AsOf.of()
    verdicts = workspace.execute("plan_progress", as_of).to_pylist()
    values = workspace.execute("plan_series", as_of).to_pylist()
    candidates: dict[str, list[Row]] = defaultdict(list)
    outdone = _outdone(values)
    for row in workspace.execute("plan_candidates", as_of).to_pylist():
        rivals = (_beside(rival, row) for rival in outdone[_place_in_series(row)])
        candidates[row["target_id"]] += [row, *rivals]
    _mark_bases(workspace, as_of, candidates)
    _name_publishers(workspace, [values, *candidates.values()])
    names, stated = names_of_series(workspace), targets_of(workspace, as_of)
    indicators = {row["indicator"]: row for row in workspace.pack.rows("indicators")}
    places = workspace.pack.places()
    rows = with_self_approval(
        workspace, as_of, status_rows(workspace.pack, verdicts, as_of.judged_on)
    )
    targets = [
        _target(
            row,
            stated[row["target_id"]],
            indicators[row["indicator"]],
            candidates[row["target_id"]],
            names,
        )
        | {"region_en": _region_en(places[row["region_code"]], row["scope"])}
        for row in rows
    ]
    milestones = milestones_of(workspace, as_of)
    measures = measures_of(workspace, as_of, targets, milestones)
    return {
        "meta": meta_of(workspace, as_of),
        "plans": [*_plans(workspace), *_assigned_plan(targets)],
        "targets": targets,
        "measures": measures,
        "milestones": milestones,
        "registries": registries_of(workspace, as_of, targets),
        "systems": systems_of(workspace),
        "sources": sources_of(workspace, values),
        "gaps": gaps_of(workspace, targets),
        "overdue": overdue_of(milestones, measures),
        "conflicts": conflicts_of(workspace, values, names),
    }


def _region_en(place: Place, scope: str) -> str:
    """A region with its statistical scope in English, as ``region`` has it in Chinese."""
    key = f"scope.{scope}"
    name = place.name_en or place.name_zh
    return f"{name}, {word(key, 'en')}" if has(key) else name


def _place_in_series(value: Row) -> tuple[str, ...]:
    """Values of one place, series, scope and period compete; one of them counts."""
    parts = ("place", "series", "scope", "period")
    return (*(value[part] or "" for part in parts),)


def _outdone(values: list[Row]) -> dict[tuple[str, ...], list[Row]]:
    """The values that do not count beside another one, by their place in a series."""
    lost: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for value in values:
        if not value["won"]:
            lost[_place_in_series(value)].append(value)
    return lost


def _beside(value: Row, counts: Row) -> Row:
    """A value that does not count as it stands beside the one that does: in the unit of the goal
    where that is a matter of units alone, and without a state of its own.
    """
    sums_or_cuts = counts["measure"] in ("added_in_period", *SINCE_BASE)
    alike = value["canonical_unit"] == counts["canonical_unit"] and counts["amount"]
    comparable = None
    if alike and not sums_or_cuts and None not in (counts["comparable"], value["amount"]):
        comparable = value["amount"] * counts["comparable"] / counts["amount"]
    return value | {"comparable": comparable, "state": None}


def _mark_bases(workspace: Workspace, as_of: AsOf, candidates: Mapping[str, list[Row]]) -> None:
    """Whether each value stands on the basis of the newest of its target (``plan_bases``)."""
    marks = {
        (row["target_id"], row["_submission"], row["_row"]): row["same_basis"]
        for row in workspace.execute("plan_bases", as_of).to_pylist()
    }
    for target_id, values in candidates.items():
        for value in values:
            value["same_basis"] = marks[target_id, value["_submission"], value["_row"]]


def names_of_series(workspace: Workspace) -> dict[str, Row]:
    """Names and notes of indicators and series by id; where both have one, it is the series'."""
    indicators = {
        row["indicator"]: {"zh": row["name_zh"], "en": row["name_en"], **NO_NOTE}
        for row in workspace.pack.rows("indicators")
    }
    series = {
        row["series"]: {
            "zh": row["name_zh"],
            "en": row["name_en"],
            "note_zh": row["note_zh"],
            "note_en": row["note_en"],
        }
        for row in workspace.pack.rows("series")
    }
    return indicators | series


def _name_publishers(workspace: Workspace, lists: list[list[Row]]) -> None:
    publishers = {row["publisher"]: row["name_zh"] for row in workspace.pack.rows("publishers")}
    for rows in lists:
        for row in rows:
            publisher = row["publisher"] or ""
            row["publisher_name"] = publishers.get(publisher, publisher)


def meta_of(workspace: Workspace, as_of: AsOf) -> Row:
    """What stands at the head of every page: workspace, days, head of the ledger, packs."""
    version = workspace.pack.version[:12]
    return {
        "workspace": workspace.settings.title_zh,
        "workspace_en": workspace.settings.title_en,
        "judged_on": as_of.judged_on.isoformat(),
        "known_on": as_of.known_on.isoformat() if as_of.known_on else "",
        "ledger_head": workspace.ledger.head(),
        "packs": [
            {"id": f.id, "title_zh": f.title_zh, "edition": f.edition, "version": version}
            for f in workspace.pack.folders
        ],
        "made_at": datetime.now().astimezone().isoformat(timespec="minutes"),
        "demo": workspace.settings.demo,
        "demo_city": workspace.settings.demo_city,
        "synthetic": workspace.settings.region.startswith("99"),
        "program": f"Hengtan {__version__}",
    }


def _plans(workspace: Workspace) -> list[Row]:
    """The plans of the workspace's own region first, then those it rests on."""
    places = workspace.pack.places()
    plans = [
        {
            **own_columns(row),
            "id": row["plan"],
            "own": row["region"] == workspace.settings.region,
            "region_zh": places[row["region"]].name_zh,
            "region_en": places[row["region"]].name_en,
        }
        for row in workspace.pack.rows("plans")
    ]
    return sorted(plans, key=lambda plan: not plan["own"])


def _assigned_plan(targets: list[Row]) -> list[Row]:
    """The plan of the goals that were assigned by a form, where there are any."""
    if not any(target["plan"] == ASSIGNED for target in targets):
        return []
    return [
        {
            "id": ASSIGNED,
            "own": True,
            "title_zh": word("assigned.plan"),
            "title_en": word("assigned.plan", "en"),
        }
    ]


def own_columns(row: Mapping[str, Any]) -> Row:
    """The columns of a pack row, without where it stands."""
    return {column: value for column, value in row.items() if not column.startswith("_")}


def targets_of(workspace: Workspace, as_of: AsOf) -> dict[str, Row]:
    """The targets judged, by id: those of the plans and those assigned by a form."""
    rows = workspace.execute("plan_targets", as_of).to_pylist()
    return {row["target_id"]: row for row in rows}


def _target(
    row: Row,
    target: Row,
    indicator: Row,
    candidates: list[Row],
    names: Mapping[str, Row],
) -> Row:
    """A status row with what its page shows: wording, series, path, definition."""
    ordered = sorted(candidates, key=lambda c: (c["series"], c["period_end"]))
    texts = ("wording", "quote", "note_zh", "note_en")
    return {
        **row,
        **{column: target[column] or "" for column in texts},
        "series": [_value(candidate, names) for candidate in ordered],
        "path": _path(row),
        "definition": {
            **own_columns(indicator),
            "zh": indicator["definition_zh"],
            "en": indicator["definition_en"],
            "unit": ";".join(indicator["units"]),
        },
        "department_zh": list(indicator["department_zh"]),
        "explain": None,
    }


def _value(candidate: Row, names: Mapping[str, Row]) -> Row:
    """A point of a target's series; in the unit of the goal where it can be."""
    reported_as, comparable = candidate["reported_as"], candidate["comparable"]
    name = names.get(reported_as, {"zh": reported_as, "en": reported_as})
    as_they_are = ("period", "unit", "origin", "state", "published", "vintage", "nature", "bound")
    return {
        **{column: candidate[column] for column in as_they_are},
        "start": candidate["period_start"].isoformat(),
        "end": candidate["period_end"].isoformat(),
        "value": comparable if comparable is not None else candidate["value"],
        "in_unit": comparable is not None,
        "reported_value": candidate["value"],
        "source": candidate["source_title"],
        "source_url": candidate["source_url"],
        "confidence": candidate["confidence"],
        "won": candidate["won"],
        "edition": candidate["edition"],
        "same_basis": candidate["same_basis"],
        "indicator": reported_as,
        "indicator_zh": name["zh"],
        "indicator_en": name["en"],
        "publisher": candidate["publisher_name"],
        "note": candidate["note"],
    }


def _path(row: Row) -> list[Row]:
    """The path the light is judged by, as years and values.

    The cut demanded in each year, or the straight path from the base value to the goal.
    """
    if row["operator"] == "decrease_by":
        return _path_of_cuts(row)
    base, deadline, goal = row["base_year"], row["deadline"], row["goal"]
    if row["operator"] == "increase_by":
        ends = (float(base), float(deadline))
        return [
            {"year": year, "value": straight_path(0.0, goal, *ends, float(year))}
            for year in (base, deadline)
        ]
    if row["base_value"] is None or row["met_rule"] == "hold_at_or_above":
        return []
    first = int(row["base_period"][:4])
    return [{"year": first, "value": row["base_value"]}, {"year": deadline, "value": goal}]


def _path_of_cuts(row: Row) -> list[Row]:
    required_cut = required_cut_linear if row["path_method"] == "linear" else required_cut_compound
    span = row["deadline"] - row["base_year"]
    cuts = (required_cut(row["goal"] / 100, float(n), float(span)) for n in range(span + 1))
    return [{"year": row["base_year"] + n, "value": 100 * cut} for n, cut in enumerate(cuts)]
