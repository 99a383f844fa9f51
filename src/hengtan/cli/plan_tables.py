"""How the command line shows a plan that was read, and the changes between two versions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hengtan.cli import show
from hengtan.desk.plan_shown import CHANGES, asked, linked, requirement

if TYPE_CHECKING:
    from hengtan.desk.plan_items import Item
    from hengtan.desk.plan_review import Review
    from hengtan.plan.reader.diff import Change
    from hengtan.plan.reader.draft import Draft, Target

COLUMNS = (
    ("#", True),
    ("条款", False),
    ("指标", False),
    ("要求", False),
    ("期限", True),
    ("地区", False),
    ("属性", False),
    ("对应指标", False),
    ("把握", True),
    ("待核对", False),
)
"""Heading, and whether its column is set to the right."""


def show_draft(draft: Draft) -> None:
    """A plan as read: what was counted, a row a target, findings."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else show.WIDTH)
    document = draft.document
    console.print(
        Text.assemble(
            (draft.title or document.name, "bold"),
            f"  {document.name} · {len(document.text)}字 · 文件年份 {draft.year or '未写'}",
        )
    )
    console.print(
        f"条款 {len(draft.clauses)}  目标 {len(draft.targets)}  里程碑 {len(draft.milestones)}  "
        f"系统平台机制 {len(draft.systems)}  责任部门 {len(draft.departments)}"
    )
    table = Table(header_style="bold")
    for title, right in COLUMNS:
        table.add_column(title, overflow="fold", justify="right" if right else "left")
    for number, target in enumerate(draft.targets, start=1):
        table.add_row(str(number), *map(show.plain, _cells(target)))
    console.print(table)
    show.findings(draft.findings)


def _cells(target: Target) -> list[str]:
    return [
        target.clause.partition(":")[2],
        target.indicator_zh,
        requirement(target),
        str(target.deadline),
        target.region or "—",
        target.binding or "—",
        linked(target),
        f"{target.confidence:.2f}",
        "、".join(target.doubts_zh()),
    ]


REVIEW_COLUMNS = ("id", "kind", "name", "asked", "deadline", "state", "by")


def review_rows(review: Review) -> list[dict[str, Any]]:
    """What is to be reviewed of a plan, a row each: targets, then milestones, tasks and owners."""
    targets = [
        (t.target.id, "target", t.target.indicator_zh, requirement(t.target), t.target.deadline)
        for t in review.targets()
    ]
    states = [(t.state, t.by) for t in review.targets()]
    items = review.items()
    others = [
        (item.id, item.kind, item.row["name"], "、".join(item.row.get("owners", ())), _due(item))
        for item in items
    ]
    states += [(item.state, item.by) for item in items]
    return [
        dict(zip(REVIEW_COLUMNS, (*said, *state), strict=True))
        for said, state in zip([*targets, *others], states, strict=True)
    ]


def _due(item: Item) -> str:
    return str(item.row.get("due") or item.row.get("deadline") or "")


def show_changes(changes: Sequence[Change]) -> None:
    """Changes between two versions of a plan, a row each."""
    from hengtan.plan.reader.diff import FIELDS_ZH

    rows = []
    for change in changes:
        row = change.second or change.first or {}
        fields = (f"{FIELDS_ZH[name]}：{a}→{b}" for name, (a, b) in change.fields.items())
        rows.append(
            {
                "": CHANGES[change.kind],
                "指标": str(row["indicator_zh"]),
                "原": asked(change.first),
                "现": asked(change.second),
                "改动": "；".join(fields),
            }
        )
    show.plain_table(rows, ["", "指标", "原", "现", "改动"])
