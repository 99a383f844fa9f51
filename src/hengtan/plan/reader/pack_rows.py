"""A draft as rows of a pack: plans, measures, targets, milestones, indicators, places, in the
conventions of targets.csv."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from hengtan.basis.errors import UnknownUnit
from hengtan.basis.units import normalise as normalise_unit
from hengtan.plan.reader.draft import Draft, Target
from hengtan.plan.reader.messages import say, say_en
from hengtan.plan.reader.target_rows import Areas, ProposedIndicators, added_base, target_row
from hengtan.plan.reader.vocabulary import says

Row = dict[str, str]
FIRST_YEAR = 2021
"""First year of a plan that names none: that of the five-year plan in force when the reader was
written."""
SHORT_TITLE = 26
OPENING = 120
"""Characters of a short title, and of the first words of a clause that stand for it."""


def pack_tables(
    draft: Draft,
    *,
    region: str,
    region_zh: str,
    place_of: Callable[[str], str | None] | None = None,
    accepted: Iterable[str] | None = None,
) -> dict[str, list[Row]]:
    """Rows for ``plans``, ``measures``, ``targets``, ``milestones``, ``indicators`` and ``places``
    of a pack.

    ``place_of`` gives the code of a known place's name; an area that a target is about and that is
    not known becomes a place of its own, so that the whole region's figures do not stand for it.
    ``accepted``: ids of targets, milestones and tasks that a person has confirmed (confidence
    ``read``, no doubt left); others are ``proposal``. Targets whose unit is not known are left out;
    ``draft.findings`` names them.
    """
    confirmed = set(accepted or ())
    source = draft.title or draft.document.name
    indicators = ProposedIndicators(draft.plan, source)
    areas = Areas(draft.plan, region, region_zh, place_of, source)
    targets = []
    for target in draft.targets:
        if target.id in confirmed:
            target = replace(target, doubts=())
        canonical = _canonical(target)
        if canonical is None:
            continue
        row = target_row(target, areas, indicators)
        if row["unit"] != (target.unit or "count"):
            canonical = {"value_canonical": row["value"], "unit_canonical": row["unit"]}
        row |= canonical
        row |= {
            "plan": draft.plan,
            "source": source,
            "confidence": "read" if target.id in confirmed else "proposal",
        }
        targets.append({column: row[column] for column in COLUMNS})
    return {
        "plans": [_plan(draft, region, source)],
        "measures": _measures(draft, source),
        "indicators": indicators.rows,
        "targets": targets,
        "milestones": [
            _with_confidence(row, confirmed)
            for row in (
                *(_milestone(draft, n, source) for n in range(len(draft.milestones))),
                *(_task(draft, task, source) for task in draft.tasks),
            )
        ],
        "places": areas.rows,
    }


COLUMNS = (
    "target_id",
    "plan",
    "clause_ref",
    "indicator",
    "indicator_zh",
    "indicator_en",
    "region_zh",
    "region",
    "scope",
    "measure",
    "operator",
    "strict",
    "value",
    "unit",
    "base_year",
    "base_value",
    "base_unit",
    "deadline_year",
    "met_rule",
    "path",
    "binding_zh",
    "wording",
    "quote",
    "value_canonical",
    "unit_canonical",
    "scope_note_zh",
    "source",
    "confidence",
)
"""Columns of targets.csv that a document can fill, in their order."""


def _canonical(target: Target) -> Row | None:
    """Value and unit in the units of the house; None where the unit is not known."""
    value, unit = float(target.value), ""
    if target.unit:
        try:
            value, unit = normalise_unit(value, target.unit)
        except UnknownUnit:
            return None
    return {"value_canonical": f"{value:.12g}", "unit_canonical": unit or "count"}


def _plan(draft: Draft, region: str, source: str) -> Row:
    years = sorted({target.deadline for target in draft.targets})
    stated = draft.first_year or draft.year
    first = stated or (added_base(years[0]) + 1 if years else FIRST_YEAR)
    return {
        "plan": draft.plan,
        "title_zh": source,
        "title_en": source,
        "short_zh": shortened(source),
        "short_en": shortened(source),
        "region": region,
        "status": "read",
        "status_zh": say("pack.status"),
        "status_en": say_en("pack.status"),
        "first_year": str(first),
        "first_year_basis": "stated" if stated else "inferred",
        "last_year": str(draft.last_year or max(years, default=first)),
        "source_file": draft.document.name,
        "source": source,
        "confidence": "read",
    }


def shortened(title: str, most: int = SHORT_TITLE) -> str:
    """A title without what stands in brackets at its end, cut where it is still long."""
    short = re.sub(r"[(（][^()（）]*[)）]$", "", title) or title
    return short if len(short) <= most else short[: most - 1] + "…"


def _with_confidence(row: Row, confirmed: Collection[str]) -> Row:
    return row | {"confidence": "read" if row["milestone"] in confirmed else "proposal"}


def _milestone(draft: Draft, n: int, source: str) -> Row:
    milestone = draft.milestones[n]
    return {
        "milestone": milestone.get("id") or f"{draft.plan}-m{n + 1:02d}",
        "plan": draft.plan,
        "clause_ref": milestone["clause"],
        "name_zh": milestone["name"],
        "name_en": milestone["name"],
        "deadline_year": str(milestone["deadline"]),
        "deadline_basis": "stated",
        "due": milestone.get("due", ""),
        "check_zh": say("pack.check"),
        "check_en": say_en("pack.check"),
        "quote": milestone["quote"],
        "source": source,
    }


def _task(draft: Draft, task: Mapping[str, Any], source: str) -> Row:
    """A row of a table of tasks: who does it with whom until which month, and its targets."""
    kept = {target.id for target in draft.targets}
    owners: list[str] = [*task["owners"], ""]
    owner, others = owners[0], owners[1:]
    name = "：".join(filter(None, (task["name"], task["aim"])))
    return {
        "milestone": task["id"],
        "plan": draft.plan,
        "clause_ref": task["clause"],
        "name_zh": name,
        "name_en": name,
        "deadline_year": task["due"][:4],
        "deadline_basis": "stated" if task["due"] else "none",
        "due": task["due"],
        "owner_zh": owner,
        "co_owners_zh": ";".join(filter(None, [*others, *task["helpers"]])),
        "leader_zh": task["leader"],
        "target_ids": ";".join(t for t in task["targets"] if t in kept),
        "check_zh": say("pack.check"),
        "check_en": say_en("pack.check"),
        "quote": task["quote"],
        "source": source,
    }


def _measures(draft: Draft, source: str) -> list[Row]:
    """A row for each clause, after one for what stands before the first."""
    rows = [_headline(draft.plan, source)]
    chapter = ""
    systems, departments = _names_by_clause(draft.systems), _names_by_clause(draft.departments)
    for n, head in enumerate(draft.clauses):
        if head["level"] == 1:
            chapter = f"{head['number']} {head['title']}"
        ref = head["ref"]
        rows.append(
            {
                "clause_ref": ref,
                "plan": draft.plan,
                "clause": ref.partition(":")[2],
                "kind": _kind_of_clause(draft, n, chapter),
                "chapter_zh": chapter or head["title"],
                "title_zh": head["title"],
                "title_en": head["title"],
                "description_zh": _opening(draft, n),
                "description_en": say_en("pack.clause_description", head["number"]),
                "systems_zh": ";".join(systems.get(ref, [])),
                "department_zh": ";".join(departments.get(ref, [])),
                "department_basis": "stated" if ref in departments else "",
                "source": source,
                "confidence": "read",
            }
        )
    return rows


def _headline(plan: str, source: str) -> Row:
    """What stands before the first numbered head."""
    return {
        "clause_ref": f"{plan}:headline",
        "plan": plan,
        "clause": "headline",
        "kind": "headline",
        "chapter_zh": say("pack.opening_chapter"),
        "title_zh": say("pack.opening"),
        "title_en": say_en("pack.opening"),
        "description_en": say_en("pack.opening_description"),
        "source": source,
        "confidence": "read",
        "note_zh": say("pack.opening_note"),
        "note_en": say_en("pack.opening_note"),
    }


def _kind_of_clause(draft: Draft, n: int, chapter: str) -> str:
    """``general`` for aims and principles and for a clause with clauses under it, ``safeguard``,
    else ``measure``."""
    head = draft.clauses[n]
    parent = n + 1 < len(draft.clauses) and draft.clauses[n + 1]["level"] > head["level"]
    title = head["title"] + (chapter if head["level"] > 1 else "")
    if parent or says(title, "general_heads"):
        return "general"
    return "safeguard" if says(chapter, "safeguard_heads") else "measure"


def _names_by_clause(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row["clause"], []).append(row["name"])
    return names


def _opening(draft: Draft, n: int) -> str:
    """The first words under a head; no word of the next head."""
    head, text = draft.clauses[n], draft.document.text
    following = draft.clauses[n + 1]["start"] if n + 1 < len(draft.clauses) else len(text)
    until = min(head["until"], following, head["end"] + 400)
    words = re.sub(r"\s+", "", text[head["end"] : until]).lstrip("。.．、")
    return words if len(words) <= OPENING else words[: OPENING - 1] + "…"
