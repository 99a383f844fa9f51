"""A portfolio as a paper: what it assumes first, then the answer, what is reached and what one more
unit is worth, measures, money by year, the front, numbers with their sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.basis.words import LANGUAGES
from hengtan.report.numerals import percent
from hengtan.report.page.figures import HOUSE, INK
from hengtan.report.page.portfolio import (
    WITH_POWER,
    check_rows,
    front_rows,
    level_table,
    measure_rows,
    number_rows,
    region_rows,
    said_of,
    some_with_power,
    target_rows,
    unused_said,
    year_rows,
)
from hengtan.report.pictures_of_outlook import Frame, Line, lines
from hengtan.report.portfolio import (
    YI_OF_WAN,
    assumed,
    goals_said,
    prices,
    target_name,
    trust,
)
from hengtan.report.word.study import Paper
from hengtan.report.words import word

WAN = 1e4
Row = Mapping[str, Any]
TARGETS = ("target", "limit_wan", "without_wan", "measured_wan", "cut_wan", "counts", "mark")
MEASURES = ("measure", "begins", "level", "capital_yi", "running_yi", "cut_wan", "assumed_cost")
REGIONS = ("region", "capital_yi", "share", "running_yi", "cut_wan")
YEARS = ("year", "without_wan", "measured_wan", "capital_yi", "running_yi", "budget_yi")
FRONT = ("cut_wan", "measured_wan", "cost_yi", "price_yuan")
CHECKS = ("choice", "target", "beyond", "odds", "error")


def portfolio_paper(view: Row, lang: str = "zh") -> bytes:
    """The paper of what ``desk.portfolio_page.portfolio_view`` shows, a choice being there."""
    answer = view["answer"]
    years = [row["year"] for row in answer["years"]]
    place = view["name"][LANGUAGES.index(lang)]
    paper = Paper(
        word("portfolio.paper.title", lang, place=place, first=years[0], last=years[-1]),
        word("portfolio.paper.subtitle", lang, base=years[0], rate=percent(answer["rate"], 1)),
        _notices(answer, lang),
        lang,
    )
    paper.heading(paper.word("scenario.paper.answer"))
    paper.text(said_of(view, lang))
    paper.heading(paper.word("portfolio.targets"))
    rows = target_rows(answer, lang)
    keys = ("name", "limit", "without", "measured", "cut", "counts", "mark")
    paper.table(_heads(paper, TARGETS), [[row[key] for key in keys] for row in rows])
    for line in goals_said(answer, lang):
        paper.note(line)
    paper.listed(prices(answer, lang), paper.word("scenario.nothing"))
    _measures(paper, view)
    _money(paper, answer)
    _front(paper, answer)
    paper.heading(paper.word("portfolio.trust"))
    paper.listed(trust(answer, lang), paper.word("scenario.nothing"))
    _checks(paper, answer)
    paper.heading(paper.word("portfolio.numbers"))
    numbers = [[row["title"], row["numbers"]] for row in number_rows(view, lang)]
    paper.table(_heads(paper, ("measure", "numbers")), numbers)
    paper.heading(paper.word("portfolio.sheet.assumptions"))
    of_measures, others = assumed(answer, lang)
    if of_measures:
        paper.text(of_measures)
    paper.listed([row[lang] for row in others], paper.word("scenario.nothing"))
    return paper.content()


def _heads(paper: Paper, names: tuple[str, ...]) -> list[str]:
    return [paper.word(f"portfolio.column.{name}") for name in names]


def _notices(answer: Row, lang: str) -> list[str]:
    """What a reader has to know before any figure."""
    shares = {"cost": answer["assumed_cost"], "cut": answer["assumed_cut"]}
    notices = [
        word("portfolio.projected", lang),
        word("portfolio.summary.assumed", lang, **shares),
    ]
    if answer["demo"]:
        notices.append(word("scenario.demo", lang) + word("scenario.paper.stop", lang))
    return notices


def _measures(paper: Paper, view: Row) -> None:
    answer = view["answer"]
    paper.heading(paper.word("portfolio.measures"))
    keys = ("title", "begins", "level", "capital", "running", "cut", "cost_mark")
    rows = [[str(row[key]) for key in keys] for row in measure_rows(view, paper.lang)]
    paper.table(_heads(paper, MEASURES), rows)
    if unused := unused_said(view, paper.lang):
        paper.note(unused)
    levels = level_table(view, paper.lang)
    paper.table(
        [*_heads(paper, ("measure", "region")), *map(str, levels["years"])],
        [[row["title"], row["region"], *row["levels"]] for row in levels["rows"]],
    )
    if regions := region_rows(answer, paper.lang):
        of_region = ("name", "capital", "share", "running", "cut")
        paper.table(_heads(paper, REGIONS), [[row[key] for key in of_region] for row in regions])


def _money(paper: Paper, answer: Row) -> None:
    paper.heading(paper.word("portfolio.costs"))
    years = [row["year"] for row in answer["years"]]
    drawn = [
        Line(paper.word(key), [row[name] / WAN for row in answer["years"]], colour)
        for name, key, colour in (
            ("emissions_without", "scenario.none", INK),
            ("emissions", "scenario.with", HOUSE),
        )
    ]
    paper.picture(lines(years, drawn, Frame(paper.word("portfolio.emissions.chart"))))
    beside = WITH_POWER if some_with_power(answer) else ()
    keys = ("year", "without", "with", *beside, "capital", "running", "budget")
    rows = [[str(row[key]) for key in keys] for row in year_rows(answer)]
    heads = (*YEARS[:3], *(f"{name}_wan" for name in beside), *YEARS[3:])
    paper.table(_heads(paper, heads), rows)


def _front(paper: Paper, answer: Row) -> None:
    rows = front_rows(answer)
    if not rows:
        return
    paper.heading(paper.word("portfolio.front.title"))
    points = answer["front"]["points"]
    line = Line("", [point["cost"] / YI_OF_WAN for point in points], HOUSE)
    frame = Frame(
        paper.word(
            "portfolio.front.chart",
            target=target_name(answer, answer["front"]["target"], paper.lang),
        ),
        paper.word("portfolio.front.cut"),
    )
    paper.picture(lines([point["cut"] / WAN for point in points], [line], frame))
    keys = ("cut", "measured", "cost", "price")
    paper.table(_heads(paper, FRONT), [[row[key] for key in keys] for row in rows])


def _checks(paper: Paper, answer: Row) -> None:
    rows = check_rows(answer, paper.lang)
    if rows:
        paper.table(_heads(paper, CHECKS), [[row[name] for name in CHECKS] for row in rows])
