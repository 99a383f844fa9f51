"""Pages of the status: overview, targets, measures, milestones, gaps, and how lights are judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hengtan.report.grouping import by_chapter, by_plan, count_lights, unjudged
from hengtan.report.judgement import Judgement
from hengtan.report.page.families import Page
from hengtan.report.view import Row, StatusView

MOST_TARGETS = 120
"""Targets that the overview shows one by one; of more it counts, and the list shows them."""
MOST_GAPS, MOST_MEASURES = 100, 200
"""Gaps and measures on a page."""
MOST_PLANS, MOST_LATE = 60, 50
"""Plans, and milestones overdue, that it shows of more targets than that."""


def overview(view: StatusView) -> dict[str, Any]:
    """Counts by plan and light; targets under plan and chapter. Plans of the workspace's own region
    stand open, those it rests on folded; where it has none of its own, all stand open.

    ``fits``: whether the targets are few enough to stand on the page; ``own_fits``: whether those
    of the workspace's own plans are.
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
        "fits": len(view.targets) <= MOST_TARGETS,
        "own_fits": sum(group["total"] for group in own) <= MOST_TARGETS,
        "most_plans": MOST_PLANS,
        "most_late": MOST_LATE,
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


def some_gaps(view: StatusView, words: str, page: int) -> dict[str, Any]:
    """The gaps whose target has all words in its name, place or departments, in pages; what the
    template of the gaps shows of them.
    """
    targets = {target["target_id"]: target for target in view.targets}
    asked = words.casefold().split()

    def is_meant(gap: Row) -> bool:
        target = targets.get(gap["target_id"])
        names = ("indicator_zh", "indicator_en", "region", "clause", "target_id")
        whole = (
            " ".join([*(str(target[n]) for n in names), *gap["department_zh"]]) if target else ""
        )
        return target is not None and all(part in whole.casefold() for part in asked)

    chosen = [gap for gap in view.gaps if is_meant(gap)] if asked else list(view.gaps)
    pages = max(-(-len(chosen) // MOST_GAPS), 1)
    page = min(max(page, 1), pages)
    shown = chosen[(page - 1) * MOST_GAPS : page * MOST_GAPS]
    part = {"q": words, "page": page, "pages": pages, "of": len(chosen)}
    return {**gaps(replace(view, gaps=shown)), "part": part}


def some_measures(view: StatusView, plan: str, words: str) -> dict[str, Any]:
    """The measures that a page shows where they are too many for one: those of a plan, or of all
    plans with all words in their names or departments.
    """
    if len(view.measures) <= MOST_MEASURES:
        return {}
    plans = [group for group, _ in by_plan(view, view.measures)]
    asked = words.casefold().split()
    chosen = plan if any(plan == group["id"] for group in plans) else plans[0]["id"]
    names = ("clause_ref", "chapter_zh", "title_zh", "title_en", "description_zh")
    rows = [
        row
        for row in view.measures
        if (asked or row["plan"] == chosen)
        and _holds([*(row[name] for name in names), *row["department_zh"]], asked)
    ]
    part = {"plans": plans, "plan": "" if asked else chosen, "q": words, "of": len(rows)}
    shown = replace(view, measures=rows[:MOST_MEASURES])
    return {**measures(shown), "part": part}


def _holds(names: list[Any], words: list[str]) -> bool:
    """Whether all words stand in the names."""
    whole = " ".join(map(str, names)).casefold()
    return all(part in whole for part in words)


PAGES = (
    Page("overview", overview, menu=10, offline=True),
    Page("wall", overview),
    Page("standings", overview),
    Page("targets"),
    Page("targets_list"),
    Page("matrix"),
    Page("measures", measures, menu=20, offline=True),
    Page("milestones", milestones, menu=30, offline=True),
    Page("gaps", gaps, menu=50, offline=True),
    Page("method", menu=900, offline=True),
    Page("message"),
)
