"""The study of a dispatch as a paper: what it assumes first, then answer, sources, the week of the
highest load, curves, plants, the peak day and all assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import Any

from hengtan.report.numerals import percent
from hengtan.report.page.figures import HOUSE, INK
from hengtan.report.page.power import (
    LINE_COLUMNS,
    NODE_COLUMNS,
    line_rows,
    node_rows,
    outturn_rows,
    peak_table,
    plant_rows,
    price_said,
    said_of,
    source_rows,
    study_name,
)
from hengtan.report.page.power_charts import (
    CHARGE,
    COLOURS,
    MW_OF_WAN,
    NOTHING,
    OTHER,
    PEN,
    YUAN_OF_MWH,
    in_order,
    kind_name,
)
from hengtan.report.pictures_of_outlook import Frame, Line, areas, lines
from hengtan.report.said_in_papers import in_brackets
from hengtan.report.word.study import Paper
from hengtan.report.words import word

DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-.", "longdash": "--"}
"""Dashes of the pages as the pictures of papers have them."""
EVERY_HOURS = 4
"""Hours of the peak day between those in the table of the paper, beside that of the peak."""
Row = Mapping[str, Any]


def dispatch_paper(view: Row, week: Row, lang: str = "zh") -> bytes:
    """The paper of what ``desk.power_page.dispatch_view`` shows, a plan being there; ``week``: the
    hours of ``desk.power_charts.week_of``.
    """
    answer = view["answer"]
    study = answer["study"]
    paper = Paper(
        word("power.paper.title", lang, title=study_name(study, lang)),
        word("power.paper.subtitle", lang, year=study["year"], load=answer["load"][lang]),
        _notices(answer, lang),
        lang,
    )
    paper.heading(paper.word("scenario.paper.answer"))
    paper.text(paper.word("power.paper.question"))
    paper.text(said_of(answer, lang))
    paper.text(price_said(answer, lang) + paper.word("scenario.paper.stop"))
    _sources(paper, answer)
    paper.heading(paper.word("power.dispatch_week"))
    paper.picture(_week(week, lang))
    _curves(paper, view)
    _plants(paper, answer)
    _nodes(paper, answer, week)
    _peak(paper, answer)
    paper.heading(paper.word("power.assumptions"))
    paper.listed([row[lang] for row in answer["assumptions"]], paper.word("scenario.nothing"))
    return paper.content()


def _notices(answer: Row, lang: str) -> list[str]:
    notices = [word("power.paper.assumed", lang, count=len(answer["assumptions"]))]
    if answer["demo"]:
        notices.append(word("power.demo", lang) + word("scenario.paper.stop", lang))
    return notices


def _sources(paper: Paper, answer: Row) -> None:
    paper.heading(paper.word("power.sources"))
    paper.table(
        [paper.word(f"power.{name}") for name in ("source", "energy", "share", "curtailed")],
        [
            [r["name"], r["energy"], r["share"], r["curtailed"]]
            for r in source_rows(answer, paper.lang)
        ],
    )
    published = outturn_rows(answer, paper.lang)
    if published:
        names = ("computed", "published", "difference", "error")
        paper.text(paper.word("power.outturn"))
        paper.table(
            [paper.word("power.source"), *(paper.word(f"power.{name}") for name in names)],
            [
                [r["name"], r["computed"], r["published"], r["difference"], r["share"]]
                for r in published
            ],
        )


def _week(week: Row, lang: str) -> bytes | None:
    rows = {**week["rows"], "shortage": week["shortage"]}
    serving: list[Line] = []
    charging: list[Line] = []
    for kind in in_order(rows):
        values = [value / MW_OF_WAN for value in rows[kind]]
        if max(map(abs, rows[kind]), default=0.0) <= NOTHING:
            continue
        colour = COLOURS.get(kind.removesuffix(CHARGE), OTHER)
        line = Line(kind_name(kind, lang), values, colour)
        (charging if kind.endswith(CHARGE) else serving).append(line)
    load = Line(word("power.load", lang), [value / MW_OF_WAN for value in week["load"]], INK)
    frame = Frame(
        word("power.chart.week", lang, begins=week["begins"], ends=week["ends"]),
        word("power.paper.hours", lang),
    )
    hours = list(range(len(week["load"])))
    return areas(hours, serving, frame, below=charging, over=load, by_steps=True)


def _curves(paper: Paper, view: Row) -> None:
    paper.heading(paper.word("power.curves"))
    curves = view["durations"]
    share = [100 * value for value in curves["load"]["share"]]
    drawn = [
        Line(
            paper.word(f"power.{name}"),
            [v / MW_OF_WAN for v in curves[name]["value"]],
            colour,
            dash,
        )
        for name, colour, dash in (("load", INK, "-"), ("net_load", HOUSE, "--"))
    ]
    axis = paper.word("power.axis.share")
    paper.picture(lines(share, drawn, Frame(paper.word("power.chart.duration"), axis, lowest=0)))
    values = [value / YUAN_OF_MWH for value in curves["price"]["value"]]
    price = [Line(paper.word("power.price"), values, HOUSE)]
    frame = Frame(paper.word("power.chart.price"), axis, lowest=0)
    paper.picture(lines(share, price, frame))


def _plants(paper: Paper, answer: Row) -> None:
    paper.heading(paper.word("power.plants"))
    names = ("name", "source", "capacity", "built", "output", "full_hours", "carbon")
    keys = ("name", "kind", *names[2:])
    paper.table(
        [paper.word(f"power.{name}") for name in names],
        [[row[key] for key in keys] for row in plant_rows(answer, paper.lang)],
    )


def _nodes(paper: Paper, answer: Row, week: Row) -> None:
    """Nodes and the lines between them, with their prices and flows in the week of the peak."""
    if not answer["nodes"]:
        return
    paper.heading(paper.word("power.nodes"))
    paper.text(paper.word("power.nodes.said"))
    paper.table(
        [paper.word("power.node"), *(paper.word(f"power.node.{name}") for name in NODE_COLUMNS)],
        [
            [row["node"], *(row[name] for name in NODE_COLUMNS)]
            for row in node_rows(answer, paper.lang)
        ],
    )
    paper.picture(_of_week(week, "prices", YUAN_OF_MWH, paper.lang))
    if not answer["lines"]:
        return
    names = [paper.word(f"power.line{n}") for n in ("", ".ends", *(f".{c}" for c in LINE_COLUMNS))]
    rows = [
        [in_brackets(row["line"], row["law"], paper.lang), f"{row['start']}→{row['end']}"]
        + [row[n] for n in LINE_COLUMNS]
        for row in line_rows(answer, paper.lang)
    ]
    paper.heading(paper.word("power.lines"))
    paper.table(names, rows)
    paper.picture(_of_week(week, "flows", MW_OF_WAN, paper.lang))


def _of_week(week: Row, what: str, unit: float, lang: str) -> bytes | None:
    drawn = [
        Line(name, [value / unit for value in values], colour, DASHES[dash])
        for (name, values), (colour, dash) in zip(week[what].items(), cycle(PEN), strict=False)
    ]
    title = word(f"power.chart.{what}", lang, begins=week["begins"], ends=week["ends"])
    frame = Frame(title, word("power.paper.hours", lang))
    return lines(list(range(len(week["load"]))), drawn, frame)


def _peak(paper: Paper, answer: Row) -> None:
    day = answer["peak_day"]
    table = peak_table(day, paper.lang)
    paper.heading(paper.word("power.peak"))
    paper.text(
        paper.word("power.firm").format(table["firm"], percent(day["margin"], 1))
        + paper.word("scenario.paper.stop")
    )
    highest = max(range(len(day["demand"])), key=day["demand"].__getitem__)
    shown = sorted({*range(0, len(day["demand"]), EVERY_HOURS), highest})
    rows = [[row["name"], *(row["amounts"][n] for n in shown)] for row in table["rows"]]
    rows.append([paper.word("power.load"), *(table["load"][n] for n in shown)])
    paper.table([paper.word("power.hour"), *(f"{n}" for n in shown)], rows)
    paper.note(paper.word("power.paper.hours_shown").format(EVERY_HOURS, highest))
