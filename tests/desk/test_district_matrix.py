"""Districts beside indicators: counted by hand on three made-up districts, timed on 38."""

from __future__ import annotations

import time

from hengtan.desk.district_matrix import districts_of, figures_of_districts, matrix_of
from hengtan.report.page.render import Pages

EMPTY_VIEW = {"meta": {"judged_on": "2026-03-01"}}


def value(place, series, amount):
    about = {"period": "2024", "unit": "%", "bound": None, "source_title": "年报"}
    return {"place": place, "series": series, "value": amount, "confidence": "read", **about}


def target(number, place, indicator, light="green"):
    return {
        "target_id": number,
        "region_code": place,
        "indicator": indicator,
        "indicator_zh": indicator,
        "indicator_en": indicator,
        "light": light,
        "deadline": 2025,
    }


def places(number):
    return [
        {"place": f"99{n:04d}", "name_zh": f"区{n}", "name_en": f"District {n}"}
        for n in range(1, number + 1)
    ]


def everywhere(place):
    return True


FIGURES = {
    "places": places(3),
    "latest": [
        value("990001", "forest", 50),
        value("990002", "forest", 40),
        value("990002", "sand", 7),
    ],
    "names": {"forest": {"zh": "森林覆盖率", "en": "Forest cover"}},
    "form": {"id": "indicator_values", "zh": "指标数据", "en": "Indicator values"},
}
TARGETS = [
    target("city-forest", "990000", "forest"),
    target("city-rd", "990000", "rd"),
    target("d1-pm", "990001", "pm", "red"),
]


def test_columns_are_targets_of_districts_and_those_of_the_city_that_districts_have():
    matrix = matrix_of(FIGURES, TARGETS, everywhere)
    # sand is nobody's target, rd no district has; pm is a target of one, without a figure
    assert [(c["id"], c["have"], c["aim"]) for c in matrix["columns"]] == [
        ("pm", 0, 1),
        ("forest", 2, 0),
    ]
    cells = [[(len(c["targets"]), c["value"] and c["value"]["value"]) for c in r["cells"]]
             for r in matrix["rows"]]  # fmt: skip
    assert cells == [[(1, None), (0, 50)], [(0, None), (0, 40)], [(0, None), (0, None)]]


def test_only_places_that_may_be_seen():
    matrix = matrix_of(FIGURES, TARGETS, lambda place: place == "990002")
    assert [row["place"] for row in matrix["rows"]] == ["990002"] and matrix["all"] == 3
    assert [c["id"] for c in matrix["columns"]] == ["forest"]


def test_the_page_shows_lights_values_and_gaps():
    page = Pages(EMPTY_VIEW).fragment(
        "matrix", matrix=matrix_of(FIGURES, TARGETS, everywhere), may_file=True
    )
    assert page.count('class="l-red"') == 1 and 'href="/targets/d1-pm"' in page
    assert "50%" in page and page.count('class="gap-mark"') == 3  # six cells, three of them filled


def test_a_city_without_figures_names_the_form():
    empty = {**FIGURES, "latest": []}
    matrix = matrix_of(empty, TARGETS[:2], everywhere)
    page = Pages(EMPTY_VIEW).fragment("matrix", matrix=matrix, may_file=True)
    assert "账本中还没有区县数据" in page and 'href="/entry?form=indicator_values"' in page
    page = Pages(EMPTY_VIEW).fragment("matrix", matrix=matrix, may_file=False)
    assert "/entry" not in page and "指标数据" in page


def test_38_districts_and_60_indicators_in_less_than_a_second():
    names = [f"i{n}" for n in range(60)]
    latest = [value(p["place"], name, 1.5) for p in places(38) for name in names]
    figures = {**FIGURES, "places": places(38), "latest": latest}
    targets = [target(f"t-{name}", "990000", name) for name in names]
    pages = Pages(EMPTY_VIEW)
    began = time.perf_counter()
    page = pages.fragment("matrix", matrix=matrix_of(figures, targets, everywhere), may_file=True)
    assert time.perf_counter() - began < 1
    assert page.count("<td>") == 38 * 60


def test_the_districts_of_the_demonstration_with_its_own_first(demo):
    listed = districts_of(demo)
    parents = [row for row in demo.pack.rows("places") if row["parent"] == "500000"]
    assert listed[0]["place"] == "500156" and len(listed) == 38
    assert {row["place"] for row in listed} <= {row["place"] for row in parents}
    figures = figures_of_districts(demo)
    pairs = [(v["place"], v["series"]) for v in figures["latest"]]
    assert len(pairs) == len(set(pairs)) and figures["form"]["id"] == "indicator_values"
