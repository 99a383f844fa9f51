"""Measures of the plans with their state, milestones, systems that are asked for, and what is
overdue.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hengtan.graph.said import say_missing
from hengtan.report.status_rows import Row
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Links = dict[str, dict[str, list[str]]]
"""By clause: ids of its targets, milestones and systems."""
STATES = {"done": "done", "in_progress": "in_progress", "blocked": "in_progress"}
"""State of a milestone's evidence → what the page says; anything else is open."""
OF_MEASURE = (
    "clause_ref",
    "plan",
    "clause",
    "kind",
    "chapter_zh",
    "title_zh",
    "title_en",
    "description_zh",
    "description_en",
    "state",
    "overdue",
)


def milestones_of(workspace: Workspace, as_of: AsOf) -> list[Row]:
    """Milestones with deadline, state, evidence, owner and co-owners, and what the records count of
    those that name an indicator.
    """
    counted = _counted(workspace, as_of)
    return [
        {
            "id": row["milestone"],
            "plan": row["plan"],
            "clause": row["clause_ref"],
            "zh": row["name_zh"],
            "en": row["name_en"],
            "check_zh": row["check_zh"],
            "check_en": row["check_en"],
            "deadline": row["deadline_year"],
            "deadline_basis": row["deadline_basis"],
            "overdue": bool(row["overdue"]),
            "state": "overdue" if row["overdue"] else STATES.get(row["state"], "open"),
            "evidence": row["evidence"] or "",
            "owner": row["owner"] or "",
            "co_owners": [name for name in (row["co_owners_zh"] or "").split(";") if name],
            "due": str(row["due"] or row["deadline_year"] or ""),
            "counted": counted.get(row["milestone"]),
        }
        for row in workspace.execute("plan_milestone_state", as_of).to_pylist()
    ]


def _counted(workspace: Workspace, as_of: AsOf) -> dict[str, Row]:
    """What the records say of milestones that name an indicator: value, unit and year of each, how
    sure it is and what is missing of it.
    """
    rows = workspace.execute("plan_milestone_counts", as_of).to_pylist()
    return {
        row["milestone"]: {
            **{column: row[column] for column in ("value", "unit", "year", "confidence", "demo")},
            "missing": say_missing(row["missing"], "zh"),
            "missing_en": say_missing(row["missing"], "en"),
        }
        for row in rows
    }


def measures_of(
    workspace: Workspace, as_of: AsOf, targets: list[Row], milestones: list[Row]
) -> list[Row]:
    """Measures in the order of the plans, with owner, last progress and what hangs on each
    clause.
    """
    links = _links(workspace, targets, milestones)
    order = {row["clause_ref"]: n for n, row in enumerate(workspace.pack.rows("measures"))}
    rows = workspace.execute("plan_measure_state", as_of).to_pylist()
    return [
        {
            **{column: row[column] for column in OF_MEASURE},
            "department_zh": row["owner"].split(";") if row["owner"] else [],
            "department_basis": row["owner_basis"] or "",
            "due": str(row["due"] or ""),
            "progress": _progress(row),
            **links[row["clause_ref"]],
        }
        for row in sorted(rows, key=lambda row: order[row["clause_ref"]])
    ]


def _links(workspace: Workspace, targets: list[Row], milestones: list[Row]) -> Links:
    links: Links = defaultdict(lambda: {"targets": [], "milestones": [], "systems": []})
    for target in targets:
        for clause in (target["clause"], *target["also_in_clauses"]):
            links[clause]["targets"].append(target["target_id"])
    for milestone in milestones:
        links[milestone["clause"]]["milestones"].append(milestone["id"])
    for system in workspace.pack.rows("systems"):
        for clause in system["clauses"]:
            links[clause]["systems"].append(system["system"])
    return links


def _progress(row: Row) -> list[Row]:
    """The last progress that was reported, if any."""
    if not row["period"]:
        return []
    return [
        {
            "period": row["period"],
            "state": row["state"],
            "text": row["progress"],
            "evidence": row["evidence"],
            "next_step": row["next_step"],
        }
    ]


def systems_of(workspace: Workspace) -> list[Row]:
    """Systems, platforms and mechanisms that the plans ask for, and where each is recorded."""
    recordings = {row["system_id"]: row for row in workspace.pack.rows("recordings")}
    rows = []
    for system in workspace.pack.rows("systems"):
        recording = recordings.get(system["system"], {"recorded_by": "", "reference": ()})
        rows.append(
            {
                "id": system["system"],
                "name_zh": system["name_zh"],
                "name_en": system["name_en"],
                "kind": system["kind"],
                "clauses": list(system["clauses"]),
                "priority": system["priority"],
                "recorded_by": recording["recorded_by"],
                "reference": list(recording["reference"]),
                "need_zh": system["user_need_zh"],
                "need_en": system["user_need_en"],
            }
        )
    return rows


def overdue_of(milestones: list[Row], measures: list[Row]) -> list[Row]:
    """Milestones and measures whose deadline has passed."""
    late_milestones = [
        {
            "id": milestone["id"],
            "kind": "milestone",
            "zh": milestone["zh"],
            "en": milestone["en"],
            "clause": milestone["clause"],
            "deadline": milestone["deadline"],
            "department_zh": [],
        }
        for milestone in milestones
        if milestone["overdue"]
    ]
    late_measures = [
        {
            "id": measure["clause_ref"],
            "kind": "measure",
            "zh": measure["title_zh"],
            "en": measure["title_en"],
            "clause": measure["clause_ref"],
            "deadline": measure["due"],
            "department_zh": measure["department_zh"],
        }
        for measure in measures
        if measure["overdue"]
    ]
    return late_milestones + late_measures
