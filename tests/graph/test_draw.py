"""The drawing of the graph: every account and input once, an arrow for each use, nothing from
outside, no box or arrow over another.
"""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.graph.draw import _crossings
from hengtan.workspace.asof import AsOf

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(demo):
    graph = demo.graph(AsOf.of())
    return graph, graph.svg()


@pytest.fixture(params=["invented", "plan"])
def picture(request, graph):
    """(graph, its drawing as XML), of the invented accounts and of the plan."""
    if request.param == "plan":
        graph, svg = request.getfixturevalue("drawn")
    else:
        svg = graph.svg()
    return graph, ET.fromstring(svg)


def boxes(root):
    matches = {}
    for group in root.iter(f"{SVG}g"):
        name, rect = group.find(f"{SVG}title").text.split(": ")[0], group.find(f"{SVG}rect")
        assert name not in matches, "drawn twice"
        matches[name] = tuple(float(rect.get(side)) for side in ("x", "y", "width", "height"))
    return matches


def arrows(root):
    return [path.get("d") for path in root.iter(f"{SVG}path") if path.get("marker-end")]


def points(path):
    """Points along an arrow, its curves and straight parts read from the SVG path."""
    here, result = (0.0, 0.0), []
    for command, numbers in re.findall(r"([MCH])([^MCH]*)", path):
        n = [float(v) for v in numbers.split()]
        if command == "M":
            here = (n[0], n[1])
            result.append(here)
        elif command == "H":
            result += [(here[0] + (n[0] - here[0]) * t / 20, here[1]) for t in range(21)]
            here = (n[0], here[1])
        else:
            p = [here, (n[0], n[1]), (n[2], n[3]), (n[4], n[5])]
            for t in (i / 20 for i in range(21)):
                weight = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                result.append(
                    tuple(
                        sum(w * q[axis] for w, q in zip(weight, p, strict=True)) for axis in (0, 1)
                    )
                )
            here = p[3]
    return result


def test_every_account_and_input_stands_once(picture):
    graph, root = picture
    accounts = graph.accounts()
    used = set(accounts) | {table for about in accounts.values() for table in about.tables}
    assert set(boxes(root)) == used


def test_an_arrow_for_each_use_from_box_to_box(picture):
    graph, root = picture
    rows = boxes(root)
    uses = sorted(
        (source, name) for name, about in graph.accounts().items() for source in about.tables
    )

    def at(x, y):
        return next(
            name
            for name, (left, top, width, height) in rows.items()
            if left - 3 <= x <= left + width + 3 and top <= y <= top + height
        )

    assert sorted((at(*points(path)[0]), at(*points(path)[-1])) for path in arrows(root)) == uses


def test_boxes_do_not_overlap_and_stand_inside(picture):
    _, root = picture
    width, height = (float(root.get(side)) for side in ("width", "height"))
    for first, second in combinations(boxes(root).values(), 2):
        assert (
            first[0] + first[2] <= second[0]
            or second[0] + second[2] <= first[0]
            or first[1] + first[3] <= second[1]
            or second[1] + second[3] <= first[1]
        )
    for x, y, w, h in boxes(root).values():
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height


def test_no_arrow_runs_behind_a_box(picture):
    _, root = picture
    x, y = np.array([point for path in arrows(root) for point in points(path)]).T
    for name, (left, top, width, height) in boxes(root).items():
        is_behind = (left + 1 < x) & (x < left + width - 1) & (top < y) & (y < top + height)
        assert not is_behind.any(), name


@given(st.lists(st.sets(st.integers(0, 7)), min_size=1, max_size=8))
def test_lines_cross_where_their_ends_are_in_another_order(sources):
    lefts = [f"left {n}" for n in range(8)]
    edges: dict[str, list[str]] = {left: [] for left in lefts} | {
        f"right {n}": [lefts[left] for left in ends] for n, ends in enumerate(sources)
    }
    layers = [lefts, [f"right {n}" for n in range(len(sources))]]
    lines = [(left, right) for right, ends in enumerate(sources) for left in ends]
    crossing = sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(lines, 2))
    assert _crossings(layers, edges) == crossing


def test_sources_stand_left_of_what_uses_them(picture):
    graph, root = picture
    rows = boxes(root)
    for name, about in graph.accounts().items():
        assert all(rows[source][0] < rows[name][0] for source in about.tables)


def test_no_outside_address(drawn):
    _, svg = drawn
    assert set(re.findall(r"https?://[^\"' )]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(script|image|use|foreignObject)|href|@import|url\((?!#)", svg)


def test_the_same_graph_is_drawn_the_same(drawn):
    graph, svg = drawn
    assert graph.svg() == svg


def test_inputs_are_told_apart(picture):
    _, root = picture
    notes = {
        group.find(f"{SVG}title").text.split(": ")[0]: group.find(f"{SVG}title").text.split(": ")[1]
        for group in root.iter(f"{SVG}g")
    }
    if "indicator_values" in notes:
        assert notes["indicator_values"] == "台账" and notes["targets"] == "数据包"


def test_in_chinese_no_english_sentence_stands_in_the_picture(demo):
    graph = demo.graph(AsOf.of())
    docs = {about.doc.split("\n\n")[0] for about in graph.accounts().values() if about.doc}
    pictures = {
        lang: ET.fromstring(graph.svg(lambda name: f"表 {name}", lang)) for lang in ("zh", "en")
    }
    notes = {
        lang: " ".join(title.text for title in root.iter(f"{SVG}title"))
        for lang, root in pictures.items()
    }
    first = min(docs, key=len)
    assert first in notes["en"] and not any(doc in notes["zh"] for doc in docs)
    texts = [text.text for text in pictures["zh"].iter(f"{SVG}text")]
    assert "表 targets" in texts and "targets" in texts
