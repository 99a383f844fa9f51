"""The page of assessments: odds of grades that add to one, losses told."""

from __future__ import annotations

import pytest

from hengtan.report.page.assess import assess_context, odds_figure

GRADES = ["优秀", "合格", "不合格"]


def odds(excellent: float, passed: float, failed: float) -> dict[str, float]:
    return dict(zip(GRADES, (excellent, passed, failed), strict=True))


@pytest.fixture
def book():
    """甲 has odds; of 乙 one item is unknown, so that only bounds are known."""
    known = {"name": "甲", "odds": odds(0.2, 0.5, 0.3), "unknown": []}
    bounded = {
        "name": "乙",
        "odds": {},
        "if_unknown_met": odds(0.6, 0.3, 0.1),
        "if_unknown_missed": odds(0.0, 0.5, 0.5),
        "unknown": ["a"],
    }
    return {"year": 2027, "grades": GRADES, "odds": [known, bounded]}


def test_odds_add_to_one_with_what_depends_on_the_unknown(book):
    bars = odds_figure(book, "zh")["data"]
    assert [bar["name"] for bar in bars] == [*GRADES, "取决于未知项"]
    by_name = {name: place for place, name in enumerate(bars[0]["y"])}
    assert set(by_name) == {"甲", "乙"}
    for place in by_name.values():
        assert sum(bar["x"][place] for bar in bars) == pytest.approx(1.0)
    shares = [bar["x"][by_name["乙"]] for bar in bars]
    assert shares == pytest.approx([0.0, 0.3, 0.1, 0.6]), "the lower bound of each grade, the rest"


def test_without_odds_there_is_no_chart(book):
    assert odds_figure({**book, "odds": []}, "zh") is None


def test_a_book_counts_what_is_unknown_and_names_what_lost_most(book):
    items = [
        {"name": n, "lost": x} for n, x in (("煤", 2.0), ("油", 0.5), ("气", 0.001), ("电", 3))
    ]
    results = [{"rank": None, "items": []}, {"rank": 1, "items": items}]
    shown = assess_context({"workbooks": [{**book, "results": results}]}, "zh")["assess_books"][0]
    assert shown["unknown"] == 1
    assert [row["rank"] for row in shown["rows"]] == [1, None], "what has no rank stands last"
    assert shown["rows"][0]["lost_text"] == "电 −3.00；煤 −2.00；油 −0.50"
