"""How pages and workbooks group and count the rows of a view: by plan, chapter, light and data
state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hengtan.basis.lights import LIGHTS
from hengtan.report.view import STATES, Row, StatusView


def by_plan(view: StatusView, rows: Iterable[Row]) -> list[tuple[Row, list[Row]]]:
    """Rows in the order given, under their plan; plans without rows are left out."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["plan"], []).append(row)
    order = [plan["id"] for plan in view.plans]
    names = sorted(groups, key=lambda plan: order.index(plan) if plan in order else len(order))
    return [(view.plan(name), groups[name]) for name in names]


def by_chapter(rows: Iterable[Row]) -> list[tuple[tuple[str, str], list[Row]]]:
    """Rows under (chapter_zh, chapter_en), in order of first appearance."""
    titles: dict[str, tuple[str, str]] = {}
    groups: dict[str, list[Row]] = {}
    for row in rows:
        chapter = row["chapter_zh"]
        titles.setdefault(chapter, (chapter, row["chapter_en"]))
        groups.setdefault(chapter, []).append(row)
    return [(titles[chapter], groups[chapter]) for chapter in groups]


def count_lights(rows: Iterable[Row]) -> dict[str, int]:
    """How many targets stand at each light, in the order of ``LIGHTS``."""
    counted = Counter(row["light"] for row in rows)
    return {light: counted[light] for light in LIGHTS}


def unjudged(rows: Iterable[Row]) -> dict[str, int]:
    """Grey and unreported targets by data state, in the order of ``STATES``.

    It says what stands between them and a verdict.
    """
    counted = Counter(row["state"] for row in rows if row["light"] in ("grey", "due_not_reported"))
    return {state: counted[state] for state in STATES if counted[state]}


def competing(series: Iterable[Row]) -> set[tuple[str, str]]:
    """(indicator, period) of a target's series that occur more than once: they compete."""
    counted = Counter((str(row.get("indicator") or ""), str(row.get("period"))) for row in series)
    return {key for key, times in counted.items() if times > 1}
