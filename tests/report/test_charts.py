"""What a target's chart holds, against the hand-made view."""

import json
from xml.etree import ElementTree

from hengtan.report.page import charts
from hengtan.report.view import StatusView


def forest(small):
    return StatusView.of(small).target("a-forest")


def test_outturns_path_goal_and_deadline_are_drawn(small):
    figure = charts.figure_of(forest(small), "zh", "2026-03-01")
    json.dumps(figure)
    traces = {t["name"]: t for t in figure["data"]}
    assert traces["实绩"]["x"] == [2015.0, 2022.0, 2023.0] and traces["实绩"]["y"] == [
        45,
        55.04,
        55.06,
    ]
    assert traces["基期到目标的路径"]["y"] == [45, 55]
    assert traces["未采用"]["y"] == [54.8]
    lines = figure["layout"]["shapes"]
    assert {"y0": 55, "y1": 55}.items() <= lines[0].items()
    assert any(s.get("x0") == 2027.0 for s in lines)


def test_values_in_another_unit_are_not_drawn(small):
    drawn = [y for t in charts.figure_of(forest(small))["data"] for y in t["y"]]
    assert 6800 not in drawn


def test_counting_words_share_an_axis(small):
    factories = StatusView.of(small).target("a-factories")
    assert [t["y"] for t in charts.figure_of(factories)["data"]] == [[171]]


def test_words_follow_the_language(small):
    names = {t["name"] for t in charts.figure_of(forest(small), "en")["data"]}
    assert names == {"Outturn", "Path from base to goal", "Not used"}


def test_hover_text_is_escaped(small):
    target = forest(small)
    target["series"] = [{**target["series"][0], "source": "<img src=x onerror=alert(1)>"}]
    text = charts.figure_of(target)["data"][1]["text"][0]
    assert "<img" not in text and "&lt;img" in text


def test_the_sparkline_is_svg_with_a_label_and_stays_inside(small):
    drawing = ElementTree.fromstring(charts.sparkline(forest(small), 112, 30))
    assert "55.06%" in drawing.attrib["aria-label"]
    for dot in drawing.iter("circle"):
        assert 0 <= float(dot.attrib["cx"]) <= 112 and 0 <= float(dot.attrib["cy"]) <= 30
    assert charts.sparkline(StatusView.of(small).target("a-none")) == ""
