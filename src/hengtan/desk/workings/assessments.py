"""Workings of assessment: a scheme's workbook scored, graded and ranked, parks held against the
limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.assessment.evaluate import evaluate, rank_range
from hengtan.assessment.law import law_of
from hengtan.basis.english_names import english_name
from hengtan.desk.assessment import with_ledger
from hengtan.desk.forecast import Forecasts
from hengtan.desk.parks import count_of as count_of_parks
from hengtan.desk.parks import judge_parks, park_limits, write_parks
from hengtan.desk.workings.working import (
    Ask,
    Blank,
    Choice,
    Sent,
    Table,
    Worked,
    Working,
    columns,
    in_both,
    in_each_language,
    said,
)
from hengtan.report.sheet.assessment import write_results
from hengtan.workbooks.assessment import (
    count_of,
    in_english,
    read_links,
    read_workbook,
    schemes,
    template,
)

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Result = Mapping[str, Any]
WORST, NO_LOSS = 3, 0.005
"""Items named as those that lost most, and points that print as 0.00."""
PARTLY = Ask("partly", "flag")
POINTS = columns("rank", "who", "points", "full", "grade", "why", "lost")
ITEMS = columns("who", "item", "points", "full", "lost_points", "note")


def run(workspace: Workspace, sent: Sent) -> Worked:
    """Score, grade and rank a filled workbook; with a year what it leaves open is taken from the
    ledger. Raises HengtanError.
    """
    year = sent.year("year")
    scheme, assessed = read_workbook(sent.file)
    taken: list[str] = []
    if year is not None:
        links = read_links(sent.file)
        assessed, taken = with_ledger(scheme, assessed, links, Forecasts(workspace), year)
    results = evaluate(scheme, assessed, law_of(workspace.pack))
    rows = [result.as_dict() for result in results]
    english = [in_english(workspace.pack, result.as_dict("en")) for result in results]
    both = zip(rows, english, strict=True)
    by_rank = sorted(both, key=lambda pair: (pair[0]["rank"] is None, pair[0]["rank"] or 0))
    counting = count_of(sent.file, partly=sent.is_ticked("partly"))
    ranges = rank_range(results)
    return Worked(
        [
            Table("working.assess.points", POINTS, [_points(*pair) for pair in by_rank]),
            Table("working.assess.items", ITEMS, _items(by_rank)),
        ],
        [
            (scheme.title, scheme.title),
            *(said("working.assess.taken", text) for text in taken),
        ],
        [*scheme.findings, *counting.remarks, *counting.unread],
        counting.account,
        in_each_language(
            lambda path, lang: write_results(
                path, scheme.title, english if lang == "en" else rows, ranges, lang
            )
        ),
    )


def _points(row: Result, english: Result) -> list[Any]:
    """A result as a row, what is said of it in both languages."""
    lost = [_most_lost(each, mark) for each, mark in ((row, "；"), (english, "; "))]
    points = round(row["points"], 2)
    said = ([row[name], english[name]] for name in ("grade", "grade_reason"))
    return [row["rank"], row["name"], points, row["full"], *said, lost]


def _most_lost(row: Result, mark: str) -> str:
    """The items that lost most, with their points."""
    worst = sorted(row["items"], key=lambda item: -item["lost"])[:WORST]
    return mark.join(f"{i['name']} -{i['lost']:.2f}" for i in worst if i["lost"] > NO_LOSS)


def _items(rows: Sequence[tuple[Result, Result]]) -> list[list[Any]]:
    return [
        [
            row["name"],
            [item["name"], other["name"]],
            round(item["points"], 2),
            item["full"],
            round(item["lost"], 2),
            [item["reason"], other["reason"]],
        ]
        for row, english in rows
        for item, other in zip(row["items"], english["items"], strict=True)
    ]


def _schemes(workspace: Workspace) -> list[Choice]:
    rows = schemes(workspace.pack)
    known = [Choice(row["scheme"], row["title_zh"], row["title_en"]) for row in rows]
    return [
        *known,
        Choice("blank", *said("working.blank_scheme")),
    ]


def blank_workbook(workspace: Workspace, sent: Sent, path: Path, lang: str) -> None:
    """The workbook of a scheme, to change and fill. Raises NoSuchRow."""
    units = sent.text("units").replace(",", "、").replace("，", "、").split("、")
    names = [name.strip() for name in units if name.strip()]
    template(workspace.pack, sent.text("scheme"), path, names, lang)


def parks(workspace: Workspace, sent: Sent) -> Worked:
    """National zero-carbon parks: the core indicator is a veto, guiding ones are met or not."""
    limits = park_limits(workspace.pack)
    verdicts, findings = judge_parks(sent.file, limits)
    partly = sent.is_ticked("partly")
    counting = count_of_parks(sent.file, limits, partly=partly)
    core = [
        [
            verdict.park.name,
            in_both(f"working.{'passes' if verdict.passes else 'fails'}"),
            round(verdict.core, 3),
            verdict.limit,
        ]
        for verdict in verdicts
    ]
    guiding = [
        [
            verdict.park.name,
            [item.name, english_name(item.name) or item.name],
            item.actual,
            item.limit,
            in_both(f"working.met.{item.met}"),
        ]
        for verdict in verdicts
        for item in verdict.guiding
    ]
    return Worked(
        [
            Table("working.park.core", columns("park", "verdict", "core", "limit"), core),
            Table(
                "working.park.guiding",
                columns("park", "item", "actual", "asked", "verdict"),
                guiding,
            ),
        ],
        findings=[*findings, *counting.remarks, *counting.unread],
        account=counting.account,
    )


def blank_parks(workspace: Workspace, sent: Sent, path: Path, lang: str) -> None:
    """The table of parks to fill, with the columns that are read."""
    write_parks(path, park_limits(workspace.pack), lang)


ASSESS = Working(
    "assess",
    run,
    asks=(Ask("year"), PARTLY),
    blank=Blank(blank_workbook, asks=(Ask("scheme", "choice", True, _schemes), Ask("units"))),
    reads_ledger=lambda sent: bool(sent.text("year")),
)
PARK = Working("park", parks, asks=(PARTLY,), blank=Blank(blank_parks))
WORKINGS = (ASSESS, PARK)
