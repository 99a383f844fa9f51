"""Tables of tasks (任务分工表): each row a task with its owner, those who help, and the month it
is due; its figures are targets of that year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hengtan.plan.reader.bodies import bodies_in
from hengtan.plan.reader.grammar.discourse import Discourse
from hengtan.plan.reader.grammar.sentence import parse_sentence
from hengtan.plan.reader.months import Due, due_in
from hengtan.plan.reader.stated import StatedTarget
from hengtan.plan.reader.tables import Cell, Row, Span, blocks_of
from hengtan.plan.reader.vocabulary import pattern

COLUMNS = ("task", "aim", "leader", "owner", "helpers", "due")
"""What a column of a table of tasks may be; titles of each stand under ``task_columns`` of
``words.yaml``."""


@dataclass(frozen=True)
class StatedTask:
    """A row of a table of tasks, with its place in the normalised text. ``due.ongoing``: it has no
    end (长期坚持)."""

    name: str
    aim: str
    leader: str
    owners: tuple[str, ...]
    helpers: tuple[str, ...]
    due: Due
    start: int
    end: int


def read_task_sheets(
    text: str, document_year: int | None, plan_year: int | None, without: frozenset[str]
) -> tuple[list[StatedTask], list[StatedTarget], list[Span]]:
    """The tasks of a text's tables, the targets in them, and the spans that the tables take.

    ``plan_year``: the year that a plan of one year is for, or the last of its period.
    """
    tasks: list[StatedTask] = []
    targets: list[StatedTarget] = []
    spans: list[Span] = []
    for rows in blocks_of(text):
        header = next((i for i, row in enumerate(rows[:3]) if columns_of(row)), None)
        if header is None:
            continue
        columns = columns_of(rows[header])
        above: dict[str, Cell] = {}
        for row in rows[header + 1 :]:
            cells = _cells(row, columns, above)
            above = cells
            task = _task(cells, row, document_year)
            if task is None:
                continue
            tasks.append(task)
            due = task.due.year or plan_year
            targets += _targets(text, cells, task, Discourse(due, document_year, without=without))
        spans.append((rows[header][0].start, rows[-1][-1].end + 1))
    return tasks, targets, spans


def columns_of(titles: Row) -> dict[str, int]:
    """Which column is what, by their titles; empty where the row heads no table of tasks: one needs
    the task and who is to do it or by when."""
    columns: dict[str, int] = {}
    for name in COLUMNS:
        listed = pattern(f"(?:{{task_columns.{name}}})")
        for i, title in enumerate(titles):
            if i not in columns.values() and listed.fullmatch(re.sub(r"\s", "", title.text)):
                columns.setdefault(name, i)
    if "owner" not in columns and "helpers" in columns:
        columns["owner"] = columns.pop("helpers")
    if "task" not in columns and "aim" in columns:
        columns["task"] = columns.pop("aim")
    has_who = bool(columns.keys() & {"owner", "due"})
    return columns if "task" in columns and has_who else {}


def _cells(row: Row, columns: dict[str, int], above: dict[str, Cell]) -> dict[str, Cell]:
    """The cells of a row by what they are; one left empty under another is part of that one."""
    cells: dict[str, Cell] = {}
    for name, i in columns.items():
        cell = row[i] if i < len(row) else Cell(row[-1].end, row[-1].end, "")
        cells[name] = cell if cell.text or name == "aim" else above.get(name, cell)
    return cells


def _task(cells: dict[str, Cell], row: Row, document_year: int | None) -> StatedTask | None:
    said = {name: cell.text for name, cell in cells.items()}
    if not said.get("task") or len(row) < 2:
        return None
    return StatedTask(
        re.sub(r"^[(]?\d{1,3}[.、)]\s*", "", said["task"]),
        said.get("aim", ""),
        said.get("leader", ""),
        tuple(bodies_in(said.get("owner", ""))),
        tuple(bodies_in(said.get("helpers", ""))),
        due_in(said.get("due", ""), document_year),
        row[0].start,
        row[-1].end,
    )


def _targets(
    text: str, cells: dict[str, Cell], task: StatedTask, discourse: Discourse
) -> list[StatedTarget]:
    """The figures of a row; those of its aim are of the task where they name nothing themselves."""
    targets: list[StatedTarget] = []
    for name in ("task", "aim"):
        cell = cells.get(name)
        if cell is None or not cell.text:
            continue
        if name == "aim":
            discourse.topic = discourse.about = task.name
        for start, end in _sentences(text, cell):
            targets += parse_sentence(text, start, end, discourse)
    doubts = () if task.due.year else ("no deadline stated",)
    return [
        replace(t, month=task.due.month, place="task", doubts=(*t.doubts, *doubts)) for t in targets
    ]


def _sentences(text: str, cell: Cell) -> Sequence[Span]:
    """The sentences of a cell."""
    spans = re.finditer(r"[^。;!?\n]+", text[cell.start : cell.end])
    return [(cell.start + s.start(), cell.start + s.end()) for s in spans]
