"""The study of a pathway as a paper: what it assumes first, then question and answer, base year,
drivers, measures, results with their charts, costs, odds, targets, gaps and assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.basis.words import LANGUAGES
from hengtan.report.numerals import percent, with_unit
from hengtan.report.page.account_charts import COLOURS
from hengtan.report.page.figures import HOUSE, INK
from hengtan.report.page.pathway import (
    budget_row,
    curve_rows,
    indirect_rows,
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
    SPLIT,
    WAN,
    bands_of,
    left_of,
    named_wedges,
    scenario_name,
    some_indirect,
    split_rows,
    steps_of,
    titled,
    wedge_title,
    wedge_years,
    years_of,
)
from hengtan.report.pictures_of_outlook import (
    Band,
    Frame,
    Line,
    Step,
    areas,
    bars_across,
    lines,
    steps,
)
from hengtan.report.said_in_papers import in_brackets
from hengtan.report.word.study import Paper
from hengtan.report.words import joined, word

Row = Mapping[str, Any]


def pathway_paper(view: Row, lang: str = "zh") -> bytes:
    """The paper of what ``desk.pathway_page.pathway_view`` shows, a study being there."""
    study, which = view["study"], LANGUAGES.index(lang)
    first, last = study["years"][0]["year"], study["years"][-1]["year"]
    paper = Paper(
        word("scenario.paper.title", lang, place=view["name"][which], first=first, last=last),
        word("scenario.paper.subtitle", lang, base=study["base_year"]),
        _notices(study, lang),
        lang,
    )
    _answer(paper, view)
    _inputs(paper, study)
    _results(paper, study)
    _costs(paper, study)
    _odds(paper, view)
    _targets(paper, study)
    paper.heading(paper.word("scenario.paper.said"))
    paper.text(paper.word("scenario.assumptions"))
    nothing = paper.word("scenario.nothing")
    paper.listed([row[lang] for row in study["assumptions"]], nothing)
    paper.text(paper.word("scenario.gaps"))
    paper.listed([row[lang] for row in study["gaps"]], nothing)
    return paper.content()


def _notices(study: Row, lang: str) -> list[str]:
    """What a reader has to know before any figure."""
    last = study["years"][-1]
    share, both = last["assumed_share"], last["indirect_cut"] is not None
    stop = word("scenario.paper.stop", lang)
    notices = [word("pathway.note", lang) + stop]
    notices.append(
        word(
            "scenario.paper.assumed",
            lang,
            count=len(study["assumptions"]),
            gaps=len(study["gaps"]),
            share="—" if share is None else percent(share, 0),
            of=word(f"scenario.paper.of_{'both' if both else 'direct'}", lang),
        )
    )
    if study["demo"]:
        notices.append(word("scenario.demo", lang) + stop)
    return notices


def _answer(paper: Paper, view: Row) -> None:
    paper.heading(paper.word("scenario.paper.answer"))
    paper.text(paper.word("scenario.paper.question", place=_in(view["name"], paper)))
    paper.text(said_of(view, paper.lang))


def _inputs(paper: Paper, study: Row) -> None:
    paper.heading(paper.word("scenario.paper.inputs"))
    lines_of = study["lines"]
    paper.text(paper.word("scenario.lines").format(lines_of["count"], lines_of["differ"]))
    paper.table(
        [paper.word(f"pathway.column.{name}") for name in ("kind", "model", "account", "unit")],
        [
            [paper.word(f"pathway.kind.{row['kind']}"), row["model"], row["account"], row["unit"]]
            for row in lines_of["totals"]
        ],
    )
    if study["drivers"]:
        paper.table(
            [
                paper.word(f"scenario.paper.driver.{n}")
                for n in ("sector", "driver", "from", "by", "mark")
            ],
            [_driver(row, paper) for row in study["drivers"]],
        )
    if study["rows"]:
        paper.table(
            [
                paper.word(f"scenario.paper.measure.{n}")
                for n in ("measure", "sectors", "driver", "effect", "start", "ramp")
            ],
            [_measure(row, paper) for row in study["rows"]],
        )


def _driver(row: Row, paper: Paper) -> list[str]:
    if row["share"] is not None:
        change = paper.word("scenario.paper.share", share=f"{row['share']:g}")
    elif row["growth"] is not None:
        change = paper.word("scenario.paper.growth", growth=f"{row['growth']:+g}") + _range(row)
    elif row["level"] is not None:
        change = with_unit(f"{row['level']:g}", row["level_unit"] or "", paper.lang)
    else:
        indicator = _in(row["indicator_name"], paper)
        change = paper.word("scenario.paper.indicator", indicator=indicator)
    product = row["product_name"]
    named = [_in(row["sector_name"], paper), _in(product, paper) if product else ""]
    return [
        joined(filter(None, named), paper.lang),
        _in(row["driver_name"], paper),
        str(row["first_year"]),
        change,
        paper.word(f"pathway.{row['mark']}") if row["mark"] else "",
    ]


def _range(row: Row) -> str:
    """The range of a yearly change, where it has one. [%]"""
    if row["low"] is None or row["high"] is None:
        return ""
    return f" [{row['low']:+g}, {row['high']:+g}]"


def _measure(row: Row, paper: Paper) -> list[str]:
    moved = "→".join(_in(names, paper) for names in row["carriers"])
    return [
        titled(row, paper.lang),
        joined((_in(names, paper) for names in row["sectors"]), paper.lang),
        in_brackets(_in(row["driver_name"], paper), moved, paper.lang),
        f"{row['effect']:g}%",
        str(row["start_year"]),
        f"{row['ramp_years']:g}",
    ]


def _in(names: Sequence[str], paper: Paper) -> str:
    """A name in the language of the paper, of those in Chinese and English."""
    return names[LANGUAGES.index(paper.lang)]


def _results(paper: Paper, study: Row) -> None:
    years = years_of(study)
    paper.heading(paper.word("scenario.scenarios"))
    drawn = [
        Line(
            scenario_name(row, paper.lang),
            [value / WAN for value in row["emissions"]],
            {"none": INK, "all": HOUSE}.get(row["kind"], COLOURS[n % len(COLOURS)]),
            "-" if row["kind"] in ("none", "all") else "--",
        )
        for n, row in enumerate(study["scenarios"])
    ]
    paper.picture(lines(years, drawn, Frame(paper.word("scenario.chart.scenarios"))))
    table = scenario_table(study, paper.lang)
    paper.table(
        [
            paper.word("scenario.scenario"),
            *map(str, table["years"]),
            paper.word("scenario.less_than"),
        ],
        [[row["name"], *row["amounts"], row["less"]] for row in table["rows"]],
    )
    named = named_wedges(study, paper.lang)
    if not named:
        return
    paper.heading(paper.word("scenario.wedges").format(study["year"]))
    left = left_of(study)
    stacked = [Line(paper.word("scenario.left"), left, LEFT)]
    stacked += [
        Line(name, [value / WAN for value in cut], _colour(number))
        for number, (name, cut) in enumerate(named)
    ]
    frame = Frame(paper.word(wedge_title(study)), lowest=LOWEST * min(left))
    paper.picture(areas([row["year"] for row in wedge_years(study)], stacked, frame))
    apart = some_indirect(study)
    if apart:
        _split(paper, study)
    paper.table(
        [
            paper.word("pathway.column.measure"),
            *_cut_heads(paper, apart),
            paper.word("scenario.share"),
            paper.word("pathway.column.mark"),
        ],
        [
            [row["title"], *_cuts(row, apart), row["share"], row["mark"]]
            for row in wedge_rows(study, paper.lang)
        ],
    )
    paper.note(paper.word(f"scenario.indirect.{'how' if apart else 'none'}"))
    _bought(paper, study)


def _split(paper: Paper, study: Row) -> None:
    """Direct and indirect cuts of the year side by side."""
    rows = split_rows(study, paper.lang)
    parts = [
        Line(paper.word(f"scenario.{part}"), [row[part] for row in rows], colour)
        for part, colour in SPLIT.items()
    ]
    frame = Frame(paper.word("scenario.chart.split", year=study["year"]))
    paper.picture(bars_across([row["title"] for row in rows], parts, frame))


def _cut_heads(paper: Paper, apart: bool) -> list[str]:
    names = ("cut.direct", "cut.indirect", "cut.whole") if apart else ("cut",)
    return [paper.word(f"scenario.{name}") for name in names]


def _cuts(row: Row, apart: bool) -> list[str]:
    return [row[name] for name in (("cut", "indirect", "whole") if apart else ("cut",))]


def _bought(paper: Paper, study: Row) -> None:
    """Bought power and its indirect emissions in some years."""
    rows, columns = indirect_rows(study), ("power", "before", "after", "whole")
    if rows:
        heads = [paper.word(f"scenario.indirect.{name}") for name in columns]
        paper.table(
            [paper.word("scenario.latest_year"), *heads],
            [[str(row["year"]), *(row[name] for name in columns)] for row in rows],
        )


def _colour(number: int) -> str:
    return REST if number == MOST_WEDGES else COLOURS[number % len(COLOURS)]


def _costs(paper: Paper, study: Row) -> None:
    if not study["cost_curve"]:
        return
    paper.heading(paper.word("scenario.curve").format(study["year"]))
    drawn = [
        Step(
            titled(row, paper.lang), row["whole"] / WAN, row["per_tonne"], COLOURS[n % len(COLOURS)]
        )
        for n, row in enumerate(steps_of(study))
    ]
    frame = Frame(paper.word("scenario.chart.curve", year=study["year"]))
    if drawn:
        paper.picture(steps(drawn, frame))
    else:
        paper.text(paper.word("scenario.no_cost"))
    paper.table(
        [
            paper.word("pathway.column.measure"),
            *_cut_heads(paper, some_indirect(study)),
            *(paper.word(f"pathway.column.{name}") for name in ("cost", "per_tonne", "mark")),
        ],
        [
            [
                row["title"],
                *_cuts(row, some_indirect(study)),
                row["cost"],
                row["per_tonne"],
                row["mark"],
            ]
            for row in curve_rows(study, paper.lang)
        ],
    )
    paper.note(paper.word("scenario.rate").format(f"{study['rate'] * 100:g}%"))


def _odds(paper: Paper, view: Row) -> None:
    paper.heading(paper.word("scenario.odds"))
    odds = view["odds"]
    if odds is None:
        refused = view["odds_refused"] or {"zh": "", "en": ""}
        paper.text(paper.word("scenario.paper.no_odds", reason=refused[paper.lang]))
        return
    years = [row["year"] for row in odds["years"]]
    bands = [
        Band(
            paper.word("forecast.bands").format(share),
            [value / WAN for value in lower],
            [value / WAN for value in upper],
        )
        for share, lower, upper in bands_of(odds)
    ]
    central = [row["central"] / WAN for row in odds["years"]]
    middle = [Line(paper.word("scenario.central"), central, HOUSE)]
    paper.picture(lines(years, middle, Frame(paper.word("scenario.chart.fan")), bands))
    rows = odds_rows(view, odds, paper.lang)
    if rows:
        paper.table(
            [
                paper.word(f"scenario.odds.{name}")
                for name in ("target", "odds", "between", "assumed")
            ],
            [[row["name"], row["odds"], row["between"], row["assumed"]] for row in rows],
        )
    assumed = sum(bool(law["assumed"]) for law in odds["ranges"])
    figures = (f"{odds['draws']:,}", len(odds["ranges"]), assumed, len(odds["fixed"]))
    paper.note(paper.word("scenario.odds.how").format(*figures))


def _targets(paper: Paper, study: Row) -> None:
    paper.heading(paper.word("scenario.targets"))
    rows = [target_row(row, paper.lang) for row in study["targets"]]
    if rows:
        paper.table(
            [
                paper.word("target"),
                paper.word("goal"),
                paper.word("deadline"),
                paper.word("scenario.in_scenario"),
                paper.word("scenario.light"),
            ],
            [
                [
                    r["name"],
                    r["goal"],
                    str(r["deadline"]),
                    r["latest"],
                    paper.word(f"light.{r['light']}"),
                ]
                for r in rows
            ],
        )
    paper.text(paper.word("scenario.unjudged").format(study["unjudged"]))
    budget = [budget_row(row) for row in study["budget"]]
    if budget:
        paper.heading(paper.word("scenario.budget"))
        paper.table(
            [
                paper.word("scenario.latest_year"),
                paper.word("scenario.budget.budget"),
                paper.word("scenario.scenario"),
                paper.word("scenario.budget.gap"),
                paper.word("scenario.budget.sum"),
            ],
            [[str(r["year"]), r["budget"], r["scenario"], r["gap"], r["sum"]] for r in budget],
        )
