"""Where every target stands: the rows of ``plan_progress`` with words, clause titles and sources, as ``hengtan status`` gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hengtan.packs import Pack
from hengtan.report.reasons import light_reason, state_reason

Row = dict[str, Any]


def status_rows(
    pack: Pack, progress: Iterable[Mapping[str, Any]], judged_on: date, plan: str | None = None
) -> list[Row]:
    """The status row of every target in the order of the plans, one dict each (fields in docs/architecture.md).

    ``goal``, ``base_value``, ``gap`` and paces are in ``unit``; ``latest_value`` stands as reported in ``latest_unit``, and as
    ``latest_in_unit`` where it converts; ``latest_age_days`` counts from the end of its period to the day judged.
    """
    targets = {r["target_id"]: r for r in pack.rows("targets")}
    clauses = {r["clause_ref"]: r for r in pack.rows("measures")}
    order = {
        target: n
        for n, target in enumerate(
            sorted(
                targets, key=lambda t: (_plan_order(pack, targets[t]["plan"]), targets[t]["_row"])
            )
        )
    }
    rows = [
        _row(p, targets[p["target_id"]], clauses[p["clause_ref"]], judged_on)
        for p in progress
        if plan in (None, p["plan"])
    ]
    return sorted(rows, key=lambda r: order[r["target_id"]])


def _plan_order(pack: Pack, plan: str) -> int:
    """Plans of the packs the workspace rests on come before its own: the city before the district."""
    return next(n for n, row in enumerate(pack.rows("plans")) if row["plan"] == plan)


def _row(
    p: Mapping[str, Any], target: Mapping[str, Any], clause: Mapping[str, Any], judged_on: date
) -> Row:
    state_zh, state_en = state_reason(p)
    light_zh, light_en = light_reason(p)
    end = p.get("latest_end")
    return {
        "target_id": p["target_id"],
        "plan": p["plan"],
        "clause": p["clause_ref"],
        "clause_title_zh": clause["title_zh"],
        "clause_title_en": clause["title_en"],
        "chapter_zh": clause["chapter_zh"],
        "also_in_clauses": list(target["also_in_clauses"]),
        "indicator": p["indicator"],
        "indicator_zh": p["indicator_zh"],
        "indicator_en": p["indicator_en"],
        "region": p["region_zh"],
        "region_code": p["region"],
        "scope": p["scope"],
        "measure": p["measure"],
        "operator": p["operator"],
        "strict": p["strict"],
        "goal": p["goal"],
        "unit": p["unit"],
        "base_year": p["base_year"],
        "deadline": p["deadline_year"],
        "met_rule": p["met_rule"],
        "path_method": p["path"],
        "state": p["state"],
        "state_reason": state_zh,
        "state_reason_en": state_en,
        "reading": p["reading_zh"] or "",
        "reading_en": p["reading_en"] or "",
        "latest_value": p["latest_value"],
        "latest_unit": p["latest_unit"],
        "latest_in_unit": p["latest"],
        "latest_period": p["latest_period"],
        "latest_end": end.isoformat() if end else None,
        "latest_year": p["latest_year"],
        "latest_age_days": (judged_on - end).days if end else None,
        "latest_vintage": p["latest_vintage"],
        "latest_published": p["latest_published"],
        "latest_confidence": p["latest_confidence"],
        "latest_nature": p["latest_nature"],
        "latest_bound": p["latest_bound"],
        "latest_edition": p["latest_edition"],
        "latest_indicator": p["latest_series"],
        "relation": p["relation"],
        "competing": p["competing"],
        "base_value": p["base_value"],
        "base_period": p["base_period"],
        "gap": p["gap"],
        "needed_pace": p["needed_pace"],
        "needed_growth_pct": p["needed_growth_pct"],
        "needed_yearly_cut_pct": p["needed_yearly_cut_pct"],
        "pace_so_far": p["pace_so_far"],
        "pace_from_period": p["pace_from_period"],
        "required_now": p["required_now"],
        "light": p["light"],
        "reason_code": p["reason_code"],
        "light_reason": light_zh,
        "light_reason_en": light_en,
        "met_at_start": p["met_at_start"],
        "actual_value": p["now_value"],
        "actual_period": p["now_period"],
        "scope_note_zh": target["scope_note_zh"] or "",
        "scope_note_en": target["scope_note_en"] or "",
        "sources": _sources(p),
        "demo": bool(p["demo"]),
    }


def _sources(p: Mapping[str, Any]) -> list[Row]:
    if not p.get("source_title"):
        return []
    return [
        {
            "title": p["source_title"],
            "url": p["source_url"],
            "publisher": p["publisher"],
            "published": p["latest_published"],
            "confidence": p["latest_confidence"],
        }
    ]
