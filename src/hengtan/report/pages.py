"""Which pages there are, their template, and how each arranges the view (grouping and counting only, no verdicts)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hengtan.basis.lights import LIGHTS
from hengtan.report.view import STATES, Row, StatusView


@dataclass(frozen=True)
class Page:
    """A page family: template and the function that arranges the view for it."""

    template: str
    context: Callable[[StatusView], dict[str, Any]]


def by_plan(view: StatusView, rows: Iterable[Row]) -> list[tuple[Row, list[Row]]]:
    """Rows in the order given, under their plan; plans without rows are left out."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["plan"], []).append(row)
    order = [p["id"] for p in view.plans]
    names = sorted(groups, key=lambda p: order.index(p) if p in order else len(order))
    return [(view.plan(name), groups[name]) for name in names]


def by_chapter(rows: Iterable[Row]) -> list[tuple[tuple[str, str], list[Row]]]:
    """Rows under (chapter_zh, chapter_en), in order of first appearance."""
    groups: dict[str, tuple[tuple[str, str], list[Row]]] = {}
    for row in rows:
        groups.setdefault(row["chapter_zh"], ((row["chapter_zh"], row["chapter_en"]), []))[
            1
        ].append(row)
    return list(groups.values())


def count_lights(rows: Iterable[Row]) -> dict[str, int]:
    """How many targets stand at each light, in the order of ``LIGHTS``."""
    counted = Counter(row["light"] for row in rows)
    return {light: counted[light] for light in LIGHTS}


def unjudged(rows: Iterable[Row]) -> dict[str, int]:
    """Grey and unreported targets by data state, in the order of ``STATES``: what stands between them and a verdict."""
    counted = Counter(row["state"] for row in rows if row["light"] in ("grey", "due_not_reported"))
    return {state: counted[state] for state in STATES if counted[state]}


def competing(series: Iterable[Row]) -> set[tuple[str, str]]:
    """(indicator, period) of a target's series that occur more than once: the values that compete."""
    counted = Counter((str(s.get("indicator") or ""), str(s.get("period"))) for s in series)
    return {key for key, times in counted.items() if times > 1}


def overview(view: StatusView) -> dict[str, Any]:
    """Counts by plan and light; targets under plan and chapter."""
    plans = [
        {
            "plan": plan,
            "lights": count_lights(rows),
            "chapters": by_chapter(rows),
            "total": len(rows),
            "unjudged": unjudged(rows),
        }
        for plan, rows in by_plan(view, view.targets)
    ]
    return {
        "groups": plans,
        "counts": count_lights(view.targets),
        "judged": sum(t["state"] == "actual" for t in view.targets),
        "valued": sum(t["state"] != "none" for t in view.targets),
        "held_states": Counter(t["state"] for t in view.targets),
    }


def measures(view: StatusView) -> dict[str, Any]:
    """Measures under plan and chapter with the targets, milestones and systems of each clause."""
    targets = {t["target_id"]: t for t in view.targets}
    milestones = {m["id"]: m for m in view.milestones}
    systems = {s["id"]: s for s in view.systems}
    plans = [(plan, by_chapter(rows)) for plan, rows in by_plan(view, view.measures)]
    registries = {r["id"]: r for r in view.registries}
    return {
        "groups": plans,
        "target_of": targets,
        "milestone_of": milestones,
        "system_of": systems,
        "registry_of": registries,
    }


def milestones(view: StatusView) -> dict[str, Any]:
    """Milestones under their plan: those with a deadline first, by date."""
    ordered = sorted(
        view.milestones, key=lambda m: (m["deadline"] is None, str(m["deadline"] or ""))
    )
    return {
        "groups": by_plan(view, ordered),
        "dated": sum(m["deadline"] is not None for m in view.milestones),
        "done": sum(m["state"] == "done" for m in view.milestones),
        "late": sum(bool(m["overdue"]) for m in view.milestones),
    }


def registries(view: StatusView) -> dict[str, Any]:
    """Registries with the latest computed count and the latest reported one."""
    return {
        "latest": {r["id"]: (_latest(r["counts"]), _latest(r["reported"])) for r in view.registries}
    }


def _latest(counts: list[Row]) -> Row | None:
    return max(counts, key=lambda c: str(c.get("date") or c.get("period") or ""), default=None)


def registry(view: StatusView) -> dict[str, Any]:
    """What a registry's page needs besides the registry: the targets it may serve."""
    return {"target_of": {t["target_id"]: t for t in view.targets}}


def gaps(view: StatusView) -> dict[str, Any]:
    """Gaps under their plan, each with its target."""
    known = {t["target_id"]: t for t in view.targets}
    rows = [
        {**g, "target": known[g["target_id"]], "plan": known[g["target_id"]]["plan"]}
        for g in view.gaps
        if g["target_id"] in known
    ]
    return {"groups": by_plan(view, rows)}


def nothing(view: StatusView) -> dict[str, Any]:
    """Pages that take the view as it is."""
    return {}


PAGES: dict[str, Page] = {
    "overview": Page("overview.html", overview),
    "targets": Page("target.html", nothing),
    "measures": Page("measures.html", measures),
    "milestones": Page("milestones.html", milestones),
    "registries": Page("registries.html", registries),
    "registry": Page("registry.html", registry),
    "gaps": Page("gaps.html", gaps),
    "conflicts": Page("conflicts.html", nothing),
    "sources": Page("sources.html", nothing),
    "method": Page("method.html", nothing),
    "graph": Page("graph.html", nothing),
    "explain": Page("explain.html", nothing),
    "accounts": Page("accounts.html", nothing),
    "forecast": Page("forecast.html", nothing),
    "bulletin": Page("bulletin.html", nothing),
    "assess": Page("assess.html", nothing),
    "rules": Page("rules.html", nothing),
    "rule": Page("rule.html", nothing),
    "enterprises": Page("enterprises.html", nothing),
    "plans": Page("plans.html", nothing),
    "plan_review": Page("plan_review.html", nothing),
    "message": Page("message.html", nothing),
}
OFFLINE = (
    "overview",
    "measures",
    "milestones",
    "registries",
    "gaps",
    "conflicts",
    "sources",
    "method",
)
