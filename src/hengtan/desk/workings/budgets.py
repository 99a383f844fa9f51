"""Workings of budgets and goals: a carbon budget shared out, districts' goals added up, or spread
from the city's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.words import Words
from hengtan.desk.decomposition import as_rows, spread_goal
from hengtan.desk.districts import names_of_districts
from hengtan.desk.workings.working import (
    Ask,
    Blank,
    Sent,
    Table,
    Worked,
    Working,
    columns,
    in_both,
    in_each_language,
    said,
)
from hengtan.plan.decomposition import check
from hengtan.report.sheet.budget import write_budget
from hengtan.workbooks.budget import as_dict, count_of, read_budget, template
from hengtan.workbooks.districts import as_share, read_districts, write_header
from hengtan.workbooks.districts import count_of as count_of_districts

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

PARTLY = Ask("partly", "flag")
GOAL = Ask("goal", is_needed=True)
YEARS = columns("year", "stage", "budget", "reserve", "why")
EXECUTION = columns("who", "year", "budget", "expected", "left", "runs_out", "weights")


def budget(workspace: Workspace, sent: Sent) -> Worked:
    """Budgets of the years, shared out so that they add up exactly, and how they are spent. Raises
    HengtanError.
    """
    read = read_budget(sent.file)
    counting = count_of(sent.file, partly=sent.is_ticked("partly"))
    view = as_dict(read)
    words = Words.of("hengtan.plan")
    why = [[words.say(year.reason), words.say(year.reason, "en")] for year in read.years]
    years = [
        [y["year"], in_both(f"budget.rule.{y['rule']}"), y["budget"], y["reserve"], reason]
        for y, reason in zip(view["years"], why, strict=True)
    ]
    named = [str(y["year"]) for y in view["years"]]
    shares = [
        [a["level"], "·".join(a["path"]), f"{a['share']:.4%}", *(a["years"][y] for y in named)]
        for a in view["allocations"]
    ]
    tables = [Table("working.budget.years", YEARS, years)]
    if shares:
        titles = [*columns("level", "who", "share"), *named]
        tables.append(Table("working.budget.shares", titles, shares))
    if view["executions"]:
        spent = [_execution(execution) for execution in view["executions"]]
        tables.append(Table("working.budget.execution", EXECUTION, spent))
    number = len(view["allocations"])
    return Worked(
        tables,
        [said("working.budget.said", view["title"], view["region"], view["unit"], number)],
        [*read.findings, *counting.remarks, *counting.unread],
        counting.account,
        in_each_language(lambda path, lang: write_budget(view, path, lang)),
    )


def _execution(execution: Mapping[str, Any]) -> list[Any]:
    day = execution["runs_out"]
    return [
        execution["who"],
        execution["year"],
        execution["budget"],
        round(execution["expected"], 1),
        round(execution["gap"], 1),
        day.isoformat() if day else in_both("budget.lasts"),
        in_both(f"budget.weights.{execution['weights']}"),
    ]


def blank_budget(workspace: Workspace, sent: Sent, path: Path, lang: str) -> None:
    """The workbook to fill, with the districts of the workspace where asked."""
    names = names_of_districts(workspace) if sent.is_ticked("districts") else []
    template(path, names, lang)


def goals(workspace: Workspace, sent: Sent) -> Worked:
    """Do districts' goals add up to the city's? Raises HengtanError."""
    districts, findings = read_districts(sent.file)
    expected = sent.whole("expected", least=1)
    verdict = check(districts, as_share(sent.text("goal")), expected=expected)
    counting = count_of_districts(sent.file, partly=sent.is_ticked("partly"))
    lines = [said(f"working.state.{verdict.state}")]
    if verdict.implied is not None and verdict.structure is not None:
        figures = (f"{verdict.goal:.2%}", f"{verdict.implied:.2%}", f"{verdict.structure:+.2%}")
        lines.append(said("working.goals.said", *figures))
    words = Words.of("hengtan.plan")
    missing = [[[words.say(code), words.say(code, "en")]] for code in verdict.missing]
    rows = as_rows(districts, [d.cut for d in districts])
    tables = [Table("working.goals.districts", columns("district", "class", "cut"), rows)]
    if missing:
        tables.insert(0, Table("working.goals.missing", columns("missing"), missing))
    return Worked(tables, lines, [*findings, *counting.remarks, *counting.unread], counting.account)


def spread(workspace: Workspace, sent: Sent) -> Worked:
    """Goals of districts by the force of their class that meet the city's exactly. Raises
    HengtanError.
    """
    spreading = spread_goal(
        sent.file,
        sent.text("goal"),
        sent.pairs("classes"),
        least=sent.number("least", 0.0, least=0, most=95) / 100,
        most=sent.number("most", 95.0, least=0, most=95) / 100,
    )
    counting = count_of_districts(sent.file, partly=sent.is_ticked("partly"))
    before = [None if d.cut is None else round(d.cut * 100, 2) for d in spreading.districts]
    rows = [
        [*row, cut]
        for row, cut in zip(as_rows(spreading.districts, spreading.cuts), before, strict=True)
    ]
    titles = columns("district", "class", "cut", "cut_before")
    return Worked(
        [Table("working.spread", titles, rows)],
        findings=[*spreading.findings, *counting.remarks, *counting.unread],
        account=counting.account,
    )


def blank_districts(workspace: Workspace, sent: Sent, path: Path, lang: str) -> None:
    """The header of the table of districts."""
    write_header(path, lang)


OF_DISTRICTS = Blank(blank_districts, ".csv")
WORKINGS = (
    Working(
        "budget",
        budget,
        asks=(PARTLY,),
        blank=Blank(blank_budget, asks=(Ask("districts", "flag"),)),
    ),
    Working("goals", goals, asks=(GOAL, Ask("expected"), PARTLY), blank=OF_DISTRICTS),
    Working(
        "spread",
        spread,
        asks=(GOAL, Ask("classes"), Ask("least"), Ask("most"), PARTLY),
        blank=OF_DISTRICTS,
    ),
)
