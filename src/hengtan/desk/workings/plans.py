"""Workings of plan documents: what is read of one, and two editions side by side."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.desk.plan_editions import target_rows
from hengtan.desk.plan_folders import folder_of, plans_of
from hengtan.desk.plan_reading import read_plan, reading_of
from hengtan.desk.plan_shown import asked, linked, requirement
from hengtan.desk.workings.working import (
    Ask,
    Choice,
    Sent,
    Slot,
    Table,
    Worked,
    Working,
    columns,
    in_both,
    said,
)
from hengtan.plan.reader.diff import FIELDS_ZH, Change, compare
from hengtan.report.words import error

if TYPE_CHECKING:
    from hengtan.plan.reader.draft import Draft, Target
    from hengtan.workspace.workspace import Workspace

DOCUMENTS = (".docx", ".pdf", ".html", ".htm", ".md", ".txt")
TARGETS = columns(
    "number", "clause", "indicator", "asked", "deadline", "region", "linked", "sure", "doubts"
)
OTHERS = columns("kind", "name", "clause")
CHANGES = columns("change", "indicator", "was", "is", "changed")
OF_WORKSPACE = "plan:"


def read(workspace: Workspace, sent: Sent) -> Worked:
    """What is read of a document, each with its clause. Raises UnreadableFile."""
    region = workspace.settings.region
    draft = read_plan(sent.file, workspace.pack, region, year=sent.year("document_year"))
    counts = (
        draft.title or draft.document.name,
        draft.year or "—",
        len(draft.document.text),
        len(draft.clauses),
        len(draft.targets),
        len(draft.milestones),
    )
    rows = [_target(number, target) for number, target in enumerate(draft.targets, start=1)]
    return Worked(
        [
            Table("working.read.targets", TARGETS, rows),
            Table("working.read.others", OTHERS, _others(draft)),
        ],
        [said("working.read.said", *counts)],
        draft.findings,
    )


def _target(number: int, target: Target) -> list[Any]:
    return [
        number,
        target.clause.partition(":")[2],
        target.indicator_zh,
        requirement(target),
        str(target.deadline),
        target.region,
        linked(target),
        round(target.confidence, 2),
        "、".join(target.doubts_zh()),
    ]


def _others(draft: Draft) -> list[list[Any]]:
    """Milestones, systems, tasks and departments with their clauses."""
    kinds = {
        "milestone": draft.milestones,
        "task": draft.tasks,
        "system": draft.systems,
        "department": draft.departments,
    }
    return [
        [
            in_both(f"working.kind.{kind}"),
            row.get("name") or row.get("title") or "",
            str(row["clause"]).partition(":")[2],
        ]
        for kind, rows in kinds.items()
        for row in rows
    ]


def _editions(workspace: Workspace) -> list[Choice]:
    """The plans of the workspace as they were read, and their issued editions."""
    listed = []
    for plan in plans_of(workspace):
        title = reading_of(workspace, plan)[0].title or plan
        listed.append(Choice(f"{OF_WORKSPACE}{plan}", *said("working.as_read", title)))
        for path in sorted((folder_of(workspace, plan) / "editions").glob("*.json")):
            number = int(path.stem)
            names = said("working.edition", title, number)
            listed.append(Choice(f"{OF_WORKSPACE}{plan}:{number}", *names))
    return listed


def _version(workspace: Workspace, sent: Sent, slot: str, choice: str) -> Path:
    """The version that was sent, else the one of the workspace that was chosen. Raises
    HengtanError.
    """
    if slot in sent.files:
        return sent.files[slot]
    chosen = sent.text(choice)
    if chosen not in {known.value for known in _editions(workspace)}:
        raise error(HengtanError, "working.no_version")
    plan, _, number = chosen.removeprefix(OF_WORKSPACE).partition(":")
    folder = folder_of(workspace, plan)
    if number:
        return folder / "editions" / f"{int(number):04d}.json"
    return folder / "document" / reading_of(workspace, plan)[1]["file"]


def diff(workspace: Workspace, sent: Sent) -> Worked:
    """Two editions of a plan, target by target. Raises HengtanError."""
    first = _version(workspace, sent, "first", "first_of")
    second = _version(workspace, sent, "second", "second_of")
    before, after = target_rows(first), target_rows(second)
    changes = compare(before, after)
    empty = [path for path, rows in ((first, before), (second, after)) if not rows]
    counts = Counter(change.kind for change in changes)
    numbers = [counts[kind] for kind in ("same", "changed", "dropped", "new")]
    shown = [c for c in changes if sent.is_ticked("everything") or c.kind != "same"]
    rows = [_change(change) for change in shown]
    return Worked(
        [Table("working.diff.changes", CHANGES, rows)],
        [said("working.diff.said", *numbers)],
        [Finding("warning", *said("working.diff.empty"), Where(path.name)) for path in empty],
    )


def _change(change: Change) -> list[Any]:
    row = change.second or change.first or {}
    fields = (f"{FIELDS_ZH[name]}：{a}→{b}" for name, (a, b) in change.fields.items())
    return [
        in_both(f"working.change.{change.kind}"),
        str(row["indicator_zh"]),
        asked(change.first),
        asked(change.second),
        "；".join(fields),
    ]


READ = Working("read", read, slots=(Slot(ends=DOCUMENTS),), asks=(Ask("document_year"),))
VERSIONS = (*DOCUMENTS, ".json")
DIFF = Working(
    "diff",
    diff,
    slots=(Slot("first", VERSIONS, is_needed=False), Slot("second", VERSIONS, is_needed=False)),
    asks=(
        Ask("first_of", "choice", choices=_editions),
        Ask("second_of", "choice", choices=_editions),
        Ask("everything", "flag"),
    ),
    reads_ledger=lambda sent: bool(sent.text("first_of") or sent.text("second_of")),
)
WORKINGS = (READ, DIFF)
