"""The supply of a park or building as a paper: what it assumes first, then answer, sizes, energy by
month, the mean day, shares with their lights, limits that bind and all assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hengtan.report.page.figures import INK
from hengtan.report.page.park_charts import day_parts, month_parts
from hengtan.report.page.power import MONTH_COLUMNS, park_context
from hengtan.report.pictures_of_outlook import Frame, Line, areas, columns
from hengtan.report.word.study import Paper
from hengtan.report.words import word

Row = Mapping[str, Any]


def park_paper(view: Row, lang: str = "zh") -> bytes:
    """The paper of what ``desk.power_page.park_view`` shows, a plan being there."""
    answer, shown = view["answer"], park_context(view, lang)
    study = answer["study"]
    paper = Paper(
        word("power.park.paper.title", lang, park=study["park"]),
        word("power.park.paper.subtitle", lang, year=study["year"]),
        notices(answer, lang),
        lang,
    )
    paper.heading(paper.word("scenario.paper.answer"))
    paper.text(paper.word("power.park.paper.question"))
    paper.text(shown["park_said"])
    paper.heading(paper.word("power.park.sizes"))
    paper.table(
        [paper.word("power.park.what"), paper.word("power.park.amount")],
        [[name, f"{amount} {unit}"] for name, amount, unit in shown["park_sizes"]],
    )
    _months(paper, answer, shown)
    _day(paper, answer)
    _shares(paper, shown)
    nothing = paper.word("scenario.nothing")
    paper.heading(paper.word("power.park.binding"))
    paper.listed(shown["park_binding"], nothing)
    paper.heading(paper.word("power.assumptions"))
    paper.listed([row[lang] for row in answer["assumptions"]], nothing)
    return paper.content()


def notices(answer: Row, lang: str) -> list[str]:
    """What a reader has to know before any figure."""
    said = [word("power.paper.assumed", lang, count=len(answer["assumptions"]))]
    if answer["demo"]:
        said.append(word("power.demo", lang) + word("scenario.paper.stop", lang))
    return said


def _months(paper: Paper, answer: Row, shown: Row) -> None:
    paper.heading(paper.word("power.park.energy"))
    paper.table(
        [paper.word("power.park.what"), paper.word("power.park.energy.amount")],
        [[name, amount] for name, amount in shown["park_energy"]],
    )
    months = [str(row["month"]) for row in answer["months"]]
    parts = [Line(*part) for part in month_parts(answer, paper.lang)]
    paper.picture(columns(months, parts, Frame(paper.word("power.park.chart.months"))))
    names = ("month", *MONTH_COLUMNS, "own_share")
    paper.table([paper.word(f"power.park.{name}") for name in names], shown["park_months"])
    paper.note(paper.word("power.park.months.how"))


def _day(paper: Paper, answer: Row) -> None:
    paper.heading(paper.word("power.park.day"))
    serving: list[Line] = []
    leaving: list[Line] = []
    for name, values, colour, leaves in day_parts(answer, paper.lang):
        signed = [-value if leaves else value for value in values]
        (leaving if leaves else serving).append(_to_midnight(Line(name, signed, colour)))
    load = _to_midnight(Line(paper.word("power.park.load"), answer["day"]["load"], INK))
    frame = Frame(paper.word("power.park.chart.day"), paper.word("power.park.hour"))
    hours = list(range(len(load.values)))
    paper.picture(areas(hours, serving, frame, below=leaving, over=load, by_steps=True))


def _to_midnight(line: Line) -> Line:
    """A line of hours with the end of its last hour, so that its step is drawn."""
    return replace(line, values=[*line.values, line.values[-1]])


def _shares(paper: Paper, shown: Row) -> None:
    paper.heading(paper.word("power.park.shares"))
    heads = ("power.share", "power.park.amount", "power.park.threshold", "power.park.met")
    paper.table(
        [*map(paper.word, heads)],
        [[row[n] for n in ("name", "value", "threshold", "met")] for row in shown["park_shares"]],
    )
    said_by = [" ".join((row["said_by"], *row["warnings"])) for row in shown["park_shares"]]
    for text in dict.fromkeys(filter(None, said_by)):
        paper.note(paper.word("power.park.by", text=text))
    paper.text(shown["park_loss"])


__all__ = ["notices", "park_paper"]
