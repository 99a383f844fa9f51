"""Where every target stands: rows of ``plan_progress`` with words, clause titles and sources.

They are what ``hengtan status`` gives and what the pages are made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hengtan.basis.units import read_unit
from hengtan.graph.said import say_missing
from hengtan.packs import Pack
from hengtan.report.reasons import light_reason, state_reason
from hengtan.report.words import word

Row = dict[str, Any]


def status_rows(
    pack: Pack, progress: Iterable[Mapping[str, Any]], judged_on: date, plan: str | None = None
) -> list[Row]:
    """The status row of every target in the order of the plans (fields in docs/architecture.md).

    ``goal``, ``base_value``, ``gap`` and paces are in ``unit``; ``latest_value`` stands as reported
    in ``latest_unit``, and as ``latest_in_unit`` where it converts; ``latest_age_days`` counts from
    the end of its period to the day judged. Of a goal whose deadline has passed no pace is needed
    any more; ``past_days`` says for how long it has.
    """
    targets = {row["target_id"]: row for row in pack.rows("targets")}
    clauses = {row["clause_ref"]: row for row in pack.rows("measures")}
    plans = [row["plan"] for row in pack.rows("plans")]

    def order(row: Row) -> tuple[int, int, str]:
        """Plans of the packs the workspace rests on come before its own: city before district;
        goals assigned by a higher level come last."""
        target = targets.get(row["target_id"])
        if target is None:
            return len(plans), 0, row["target_id"]
        return plans.index(target["plan"]), target["_row"], ""

    rows = [
        _row(
            row,
            targets.get(row["target_id"], {}),
            clauses.get(row["clause_ref"]) or _assigned_clause(),
            judged_on,
        )
        for row in progress
        if plan in (None, row["plan"])
    ]
    return sorted(rows, key=order)


def _assigned_clause() -> Row:
    """The clause of goals that were handed in with a form and stand in no plan document."""
    return {
        "title_zh": word("assigned.clause"),
        "title_en": word("assigned.clause", "en"),
        "chapter_zh": word("assigned.plan"),
        "chapter_en": word("assigned.plan", "en"),
    }


def _row(
    progress: Mapping[str, Any],
    target: Mapping[str, Any],
    clause: Mapping[str, Any],
    judged_on: date,
) -> Row:
    state_zh, state_en = state_reason(progress)
    light_zh, light_en = light_reason(progress)
    end = progress.get("latest_end")
    return {
        "target_id": progress["target_id"],
        "plan": progress["plan"],
        "clause": progress["clause_ref"],
        "clause_title_zh": clause["title_zh"],
        "clause_title_en": clause["title_en"],
        "chapter_zh": clause["chapter_zh"],
        "chapter_en": clause.get("chapter_en", ""),
        "also_in_clauses": list(target.get("also_in_clauses") or ()),
        "indicator": progress["indicator"],
        "indicator_zh": progress["indicator_zh"],
        "indicator_en": progress["indicator_en"],
        "region": progress["region_zh"],
        "region_code": progress["region"],
        "scope": progress["scope"],
        "measure": progress["measure"],
        "operator": progress["operator"],
        "strict": progress["strict"],
        "goal": progress["goal"],
        "unit": progress["unit"],
        "base_year": progress["base_year"],
        "deadline": progress["deadline_year"],
        "met_rule": progress["met_rule"],
        "path_method": progress["path"],
        "state": progress["state"],
        "state_reason": state_zh,
        "state_reason_en": state_en,
        "reading": progress["reading_zh"] or "",
        "reading_en": progress["reading_en"] or "",
        "latest_value": progress["latest_value"],
        "latest_unit": progress["latest_unit"],
        "latest_in_unit": progress["latest"],
        "latest_period": progress["latest_period"],
        "latest_end": end.isoformat() if end else None,
        "latest_year": progress["latest_year"],
        "latest_age_days": (judged_on - end).days if end else None,
        "latest_vintage": progress["latest_vintage"],
        "latest_published": progress["latest_published"],
        "latest_confidence": progress["latest_confidence"],
        "latest_nature": progress["latest_nature"],
        "latest_bound": progress["latest_bound"],
        "latest_edition": progress["latest_edition"],
        "latest_indicator": progress["latest_series"],
        "relation": progress["relation"],
        "competing": progress["competing"],
        "latest_origin": progress["latest_origin"],
        "latest_recalled_share": progress["latest_recalled_share"],
        "latest_missing": say_missing(progress["latest_missing"]),
        "latest_missing_en": say_missing(progress["latest_missing"], "en"),
        "latest_computed_with": progress["latest_computed_with"],
        **_amounts(progress),
        "difference_pct": progress["difference_pct"],
        "base_value": progress["base_value"],
        "base_period": progress["base_period"],
        "gap": progress["gap"],
        **_needed(progress, judged_on),
        "pace_so_far": progress["pace_so_far"],
        "pace_from_period": progress["pace_from_period"],
        "required_now": progress["required_now"],
        "light": progress["light"],
        "reason_code": progress["reason_code"],
        "light_reason": light_zh,
        "light_reason_en": light_en,
        "met_at_start": progress["met_at_start"],
        "actual_value": progress["now_value"],
        "actual_period": progress["now_period"],
        "scope_note_zh": target.get("scope_note_zh") or "",
        "scope_note_en": target.get("scope_note_en") or "",
        "sources": _sources(progress),
        "demo": bool(progress["demo"]),
    }


NEEDED = ("needed_pace", "needed_growth_pct", "needed_yearly_cut_pct")


def _needed(progress: Mapping[str, Any], judged_on: date) -> Row:
    """The pace that is needed, while there is time; else the days since the deadline."""
    past = days_past(progress["deadline_year"], judged_on)
    return {
        **{column: None if past else progress[column] for column in NEEDED},
        "past_days": past or None,
    }


def days_past(deadline_year: int | None, judged_on: date) -> int:
    """The days since the last day of the year of a deadline; 0 while it has not passed."""
    return max((judged_on - date(deadline_year, 12, 31)).days, 0) if deadline_year else 0


def _amounts(progress: Mapping[str, Any]) -> Row:
    """What records give and what was reported, in the unit of the value that counts."""
    columns = ("computed_amount", "reported_amount")
    unit, factor = progress["latest_unit"], 1.0
    if unit is None or read_unit(unit).canonical != progress["amounts_unit"]:
        unit = progress["amounts_unit"]
    else:
        factor = read_unit(unit).factor
    amounts = {
        column: None if progress[column] is None else progress[column] / factor
        for column in columns
    }
    return {**amounts, "amounts_unit": unit}


def _sources(progress: Mapping[str, Any]) -> list[Row]:
    if not progress.get("source_title"):
        return []
    return [
        {
            "title": progress["source_title"],
            "url": progress["source_url"],
            "publisher": progress["publisher"],
            "published": progress["latest_published"],
            "confidence": progress["latest_confidence"],
        }
    ]
