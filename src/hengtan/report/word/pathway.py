"""The study of a pathway as a paper: what it assumes first, then question and answer, base year,
drivers, measures, results with their charts, costs, odds, targets, gaps and assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.report.numerals import percent
from hengtan.report.page.account_charts import COLOURS
from hengtan.report.page.figures import HOUSE, INK
from hengtan.report.page.pathway import (
    budget_row,
    curve_rows,
    odds_rows,
    said_of,
    scenario_table,
    target_row,
    wedge_rows,
)
from hengtan.report.page.pathway_charts import (
    LEFT,
    LOWEST,
    MOST_WEDGES,
    REST,
    WAN,
    bands_of,
    named_wedges,
    scenario_name,
    steps_of,
    titled,
    years_of,
)
from hengtan.report.pictures_of_outlook import Band, Frame, Line, Step, areas, lines, steps
from hengtan.report.word.study import Paper
from hengtan.report.words import word

ZH = "zh"
Row = Mapping[str, Any]


def pathway_paper(view: Row) -> bytes:
    """The paper of what ``desk.pathway_page.pathway_view`` shows, a study being there."""
    study = view["study"]
    first, last = study["years"][0]["year"], study["years"][-1]["year"]
    paper = Paper(
        word("scenario.paper.title", place=view["name"][0], first=first, last=last),
        word("scenario.paper.subtitle", base=study["base_year"]),
        _notices(study),
    )
    _answer(paper, view)
    _inputs(paper, study)
    _results(paper, study)
    _costs(paper, study)
    _odds(paper, view)
    _targets(paper, study)
    paper.heading(word("scenario.paper.said"))
    paper.text(word("scenario.assumptions"))
    nothing = word("scenario.nothing")
    paper.listed([row["zh"] for row in study["assumptions"]], nothing)
    paper.text(word("scenario.gaps"))
    paper.listed([row["zh"] for row in study["gaps"]], nothing)
    return paper.content()


def _notices(study: Row) -> list[str]:
    """What a reader has to know before any figure."""
    share = study["years"][-1]["assumed_share"]
    notices = [word("pathway.note") + "。"]
    notices.append(
        word(
            "scenario.paper.assumed",
            count=len(study["assumptions"]),
            gaps=len(study["gaps"]),
            share="—" if share is None else percent(share, 0),
        )
    )
    if study["demo"]:
        notices.append(word("scenario.demo") + "。")
    return notices


def _answer(paper: Paper, view: Row) -> None:
    paper.heading(word("scenario.paper.answer"))
    paper.text(word("scenario.paper.question", place=view["name"][0]))
    paper.text(said_of(view, ZH))


def _inputs(paper: Paper, study: Row) -> None:
    paper.heading(word("scenario.paper.inputs"))
    lines_of = study["lines"]
    paper.text(word("scenario.lines").format(lines_of["count"], lines_of["differ"]))
    paper.table(
        [word(f"pathway.column.{name}") for name in ("kind", "model", "account", "unit")],
        [
            [word(f"pathway.kind.{row['kind']}"), row["model"], row["account"], row["unit"]]
            for row in lines_of["totals"]
        ],
    )
    if study["drivers"]:
        paper.table(
            [
                word(f"scenario.paper.driver.{n}")
                for n in ("sector", "driver", "from", "by", "mark")
            ],
            [_driver(row) for row in study["drivers"]],
        )
    if study["rows"]:
        paper.table(
            [
                word(f"scenario.paper.measure.{n}")
                for n in ("measure", "sectors", "driver", "effect", "start", "ramp")
            ],
            [_measure(row) for row in study["rows"]],
        )


def _driver(row: Row) -> list[str]:
    if row["growth"] is not None:
        change = word("scenario.paper.growth", growth=f"{row['growth']:+g}")
    elif row["level"] is not None:
        change = f"{row['level']:g} {row['level_unit'] or ''}"
    else:
        change = word("scenario.paper.indicator", indicator=row["indicator_name"][0])
    product = row["product_name"]
    return [
        "、".join(filter(None, (row["sector_name"][0], product and product[0]))),
        row["driver_name"][0],
        str(row["first_year"]),
        change,
        word(f"pathway.{row['mark']}") if row["mark"] else "",
    ]


def _measure(row: Row) -> list[str]:
    moved = "→".join(zh for zh, _ in row["carriers"])
    return [
        row["title"],
        "、".join(zh for zh, _ in row["sectors"]),
        row["driver_name"][0] + (f"（{moved}）" if moved else ""),
        f"{row['effect']:g}%",
        str(row["start_year"]),
        f"{row['ramp_years']:g}",
    ]


def _results(paper: Paper, study: Row) -> None:
    years = years_of(study)
    paper.heading(word("scenario.scenarios"))
    drawn = [
        Line(
            scenario_name(row, ZH),
            [value / WAN for value in row["emissions"]],
            {"none": INK, "all": HOUSE}.get(row["kind"], COLOURS[n % len(COLOURS)]),
            "-" if row["kind"] in ("none", "all") else "--",
        )
        for n, row in enumerate(study["scenarios"])
    ]
    paper.picture(lines(years, drawn, Frame(word("scenario.chart.scenarios"))))
    table = scenario_table(study, ZH)
    paper.table(
        [word("scenario.scenario"), *map(str, table["years"]), word("scenario.less_than")],
        [[row["name"], *row["amounts"], row["less"]] for row in table["rows"]],
    )
    named = named_wedges(study, ZH)
    if not named:
        return
    paper.heading(word("scenario.wedges").format(study["year"]))
    left = [row["with_measures"] / WAN for row in study["years"]]
    stacked = [Line(word("scenario.left"), left, LEFT)]
    stacked += [
        Line(name, [value / WAN for value in cut], _colour(number))
        for number, (name, cut) in enumerate(named)
    ]
    frame = Frame(word("scenario.chart.wedges"), lowest=LOWEST * min(left))
    paper.picture(areas(years, stacked, frame))
    paper.table(
        [
            word("pathway.column.measure"),
            *(word(f"scenario.{name}") for name in ("cut", "share")),
            word("pathway.column.mark"),
        ],
        [[row["title"], row["cut"], row["share"], row["mark"]] for row in wedge_rows(study, ZH)],
    )


def _colour(number: int) -> str:
    return REST if number == MOST_WEDGES else COLOURS[number % len(COLOURS)]


def _costs(paper: Paper, study: Row) -> None:
    if not study["cost_curve"]:
        return
    paper.heading(word("scenario.curve").format(study["year"]))
    drawn = [
        Step(titled(row, ZH), row["cut"] / WAN, row["per_tonne"], COLOURS[n % len(COLOURS)])
        for n, row in enumerate(steps_of(study))
    ]
    frame = Frame(
        word("scenario.chart.curve", year=study["year"]),
        word("scenario.axis.cut"),
        word("scenario.axis.per_tonne"),
    )
    if drawn:
        paper.picture(steps(drawn, frame))
    else:
        paper.text(word("scenario.no_cost"))
    paper.table(
        [
            word("pathway.column.measure"),
            word("scenario.cut"),
            *(word(f"pathway.column.{name}") for name in ("cost", "per_tonne", "mark")),
        ],
        [
            [row["title"], row["cut"], row["cost"], row["per_tonne"], row["mark"]]
            for row in curve_rows(study, ZH)
        ],
    )
    paper.note(word("scenario.rate").format(f"{study['rate'] * 100:g}%"))


def _odds(paper: Paper, view: Row) -> None:
    paper.heading(word("scenario.odds"))
    odds = view["odds"]
    if odds is None:
        refused = view["odds_refused"] or {"zh": ""}
        paper.text(f"{word('scenario.odds.none')}：{refused['zh']}")
        return
    years = [row["year"] for row in odds["years"]]
    bands = [
        Band(
            word("forecast.bands").format(share),
            [value / WAN for value in lower],
            [value / WAN for value in upper],
        )
        for share, lower, upper in bands_of(odds)
    ]
    central = [row["central"] / WAN for row in odds["years"]]
    middle = [Line(word("scenario.central"), central, HOUSE)]
    paper.picture(lines(years, middle, Frame(word("scenario.chart.fan")), bands))
    rows = odds_rows(view, odds, ZH)
    if rows:
        paper.table(
            [word(f"scenario.odds.{name}") for name in ("target", "odds", "between", "assumed")],
            [[row["name"], row["odds"], row["between"], row["assumed"]] for row in rows],
        )
    assumed = sum(bool(law["assumed"]) for law in odds["ranges"])
    figures = (f"{odds['draws']:,}", len(odds["ranges"]), assumed, len(odds["fixed"]))
    paper.note(word("scenario.odds.how").format(*figures))


def _targets(paper: Paper, study: Row) -> None:
    paper.heading(word("scenario.targets"))
    rows = [target_row(row, ZH) for row in study["targets"]]
    if rows:
        paper.table(
            [
                word("target"),
                word("goal"),
                word("deadline"),
                word("scenario.in_scenario"),
                word("scenario.light"),
            ],
            [
                [r["name"], r["goal"], str(r["deadline"]), r["latest"], word(f"light.{r['light']}")]
                for r in rows
            ],
        )
    paper.text(word("scenario.unjudged").format(study["unjudged"]))
    budget = [budget_row(row) for row in study["budget"]]
    if budget:
        paper.heading(word("scenario.budget"))
        paper.table(
            [
                word("scenario.latest_year"),
                word("scenario.budget.budget"),
                word("scenario.scenario"),
                word("scenario.budget.gap"),
                word("scenario.budget.sum"),
            ],
            [[str(r["year"]), r["budget"], r["scenario"], r["gap"], r["sum"]] for r in budget],
        )
