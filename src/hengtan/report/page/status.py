"""Pages of the status: overview, targets, measures, milestones, gaps, and how lights are judged."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hengtan.report.grouping import by_chapter, by_plan, count_lights, unjudged
from hengtan.report.judgement import Judgement
from hengtan.report.page.families import Page
from hengtan.report.view import Row, StatusView


def overview(view: StatusView) -> dict[str, Any]:
    """Counts by plan and light; targets under plan and chapter. Plans of the workspace's own region
    stand open, those it rests on folded; where it has none of its own, all stand open.
    """
    plans: list[dict[str, Any]] = [
        {
            "plan": plan,
            "lights": count_lights(rows),
            "chapters": by_chapter(rows),
            "total": len(rows),
            "unjudged": unjudged(rows),
        }
        for plan, rows in by_plan(view, view.targets)
    ]
    states = Counter(target["state"] for target in view.targets)
    own = [group for group in plans if group["plan"]["own"]] or plans
    return {
        "groups": plans,
        "own_groups": own,
        "other_groups": [group for group in plans if group not in own],
        "counts": count_lights(view.targets),
        "judged": states["actual"],
        "valued": states.total() - states["none"],
        "held_states": states,
        "judgement": Judgement.of(view),
    }


def measures(view: StatusView) -> dict[str, Any]:
    """Measures under plan and chapter with the targets, milestones and systems of each clause."""
    return {
        "groups": [(plan, by_chapter(rows)) for plan, rows in by_plan(view, view.measures)],
        "target_of": {target["target_id"]: target for target in view.targets},
        "milestone_of": {milestone["id"]: milestone for milestone in view.milestones},
        "system_of": {system["id"]: system for system in view.systems},
        "registry_of": {registry["id"]: registry for registry in view.registries},
    }


def milestones(view: StatusView) -> dict[str, Any]:
    """Milestones under their plan: those with a deadline first, by date."""

    def deadline(milestone: Row) -> tuple[bool, str]:
        return milestone["deadline"] is None, str(milestone["deadline"] or "")

    return {
        "groups": by_plan(view, sorted(view.milestones, key=deadline)),
        "dated": sum(milestone["deadline"] is not None for milestone in view.milestones),
        "done": sum(milestone["state"] == "done" for milestone in view.milestones),
        "late": sum(bool(milestone["overdue"]) for milestone in view.milestones),
    }


def gaps(view: StatusView) -> dict[str, Any]:
    """Gaps under their plan, each with its target."""
    targets = {target["target_id"]: target for target in view.targets}
    rows = [
        {**gap, "target": targets[gap["target_id"]], "plan": targets[gap["target_id"]]["plan"]}
        for gap in view.gaps
        if gap["target_id"] in targets
    ]
    return {"groups": by_plan(view, rows)}


PAGES = (
    Page("overview", overview, menu=10, offline=True),
    Page("wall", overview),
    Page("standings", overview),
    Page("targets"),
    Page("measures", measures, menu=20, offline=True),
    Page("milestones", milestones, menu=30, offline=True),
    Page("gaps", gaps, menu=50, offline=True),
    Page("method", menu=900, offline=True),
    Page("message"),
)
