"""Explain trees in part: nothing of a row that may not be read is in what is shown."""

from __future__ import annotations

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from hengtan.office.permission import Answer
from hengtan.office.trees import Shown

YES, NO = Answer(True, "yes.public"), Answer(False, "no.outside|分析员|地区 110")


def node(name, kind="ledger", place=None, inputs=(), more=None, **values):
    """A node as an explanation gives it."""
    said = values | ({"place": place} if place else {})
    own = {"name": name, "kind": kind, "key": {}, "values": said, "origin": {}}
    return own | {"inputs": list(inputs), "more": more or {}}


def shown_to(*places):
    """Shows what is of these places."""
    return Shown(
        lambda name, row: YES if row.get("place") in places else NO,
        lambda row: bool(row.get("place")),
        lambda name: name == "factors",
    )


def outline(tree):
    """Names, with what is below."""
    count = [tree["rows"]] if tree["kind"] == "withheld" else []
    return [tree["name"], *count, *map(outline, tree["inputs"])]


def test_what_may_not_be_read_is_counted_with_the_reason_and_stands_last():
    tree = node(
        "city",
        "account",
        "100",
        [
            node("energy", place="120", value=7),
            node("energy", place="100", value=1),
            node("energy", place="110", value=9),
            node("factors", "pack", value=2),
        ],
        more={"energy": 30},
    )
    answer = shown_to("100").tree(tree)
    assert outline(answer) == ["city", ["energy"], ["factors"], ["energy", 2]]
    withheld = answer["inputs"][-1]
    assert (withheld["kind"], withheld["key"], withheld["values"]) == ("withheld", {}, {})
    assert withheld["zh"] == "“分析员”的授权不包括这里：地区 110" and "分析员" in withheld["en"]
    assert answer["more"] == {"energy": 30}
    assert shown_to("120").tree(tree) is None


def test_a_computed_row_of_no_place_is_shown_where_all_it_rests_on_is():
    factors = node("factors", "pack", value=2)
    own, others = node("energy", place="110", value=1), node("energy", place="120", value=7)

    def over(*inputs, **more):
        return node("top", "account", "110", [node("middle", "account", None, inputs, **more)])

    def seen(tree):
        return outline(shown_to("110").tree(tree))

    assert seen(over(factors)) == ["top", ["middle", ["factors"]]]
    assert seen(over(own, factors)) == ["top", ["middle", ["energy"], ["factors"]]]
    assert seen(over(own, others)) == ["top", ["middle", 1]]
    assert seen(over(factors, more={"factors": 3})) == ["top", ["middle", ["factors"]]]
    assert seen(over(own, more={"energy": 3})) == ["top", ["middle", 1]]
    # a figure over nothing says that nobody reported
    assert seen(over()) == ["top", ["middle", 1]]
    # what rests on withheld rows two steps below is withheld too
    assert seen(over(node("low", "account", None, [others]))) == ["top", ["middle", 1]]
    reason = shown_to("110").tree(over(others))["inputs"][0]
    assert reason["zh"] == "它由您不能查看的数据算出"
    # a row that was handed in and says of no place is of the whole region
    assert seen(node("top", "account", "110", [node("notes", value=1)])) == ["top", ["notes", 1]]


def test_a_row_that_was_replaced_is_shown_by_the_same_rule():
    moved = node("energy", place="110", value=1)
    moved["replaced"] = [{"place": "120", "value": 7}, {"place": "110", "value": 2}]
    assert shown_to("110").tree(moved)["replaced"] == [{"place": "110", "value": 2}]


TREES = st.recursive(
    st.builds(
        node,
        st.sampled_from(["energy", "gdp"]),
        place=st.sampled_from([None, "100", "110", "120"]),
        mark=st.just(""),
    )
    | st.just(node("factors", "pack", value=2)),
    lambda below: st.builds(
        node,
        st.sampled_from(["a", "b"]),
        st.just("account"),
        st.sampled_from([None, "100", "110", "120"]),
        st.lists(below, max_size=3),
        st.sampled_from([None, {"energy": 2}, {"factors": 2}]),
        mark=st.just(""),
    ),
    max_leaves=12,
)


def rows_of(tree):
    yield tree
    for part in tree["inputs"]:
        yield from rows_of(part)


def marked(tree):
    """The tree with a mark of its own on each row that has one, so that it tells which was said."""
    tree = copy.deepcopy(tree)
    for number, row in enumerate(rows_of(tree)):
        if "mark" in row["values"]:
            row["values"]["mark"] = f"mark-{number:04}"
    return tree


@given(TREES.map(marked), st.sets(st.sampled_from(["100", "110", "120"])))
def test_nothing_is_said_of_a_row_of_another_place(tree, places):
    answer = shown_to(*places).tree(tree)
    said = json.dumps(answer)
    hidden = {
        row["values"]["mark"]
        for row in rows_of(tree)
        if "mark" in row["values"]
        and (row["kind"] == "ledger" or row["values"].get("place"))
        and row["values"].get("place") not in places
    }
    assert not any(mark in said for mark in hidden)
    if answer is not None:  # each input of what is shown is there, or counted
        pairs = [(tree, answer)]
        for whole, part in pairs:
            rows = sum(each.get("rows", 1) for each in part["inputs"])
            assert rows == len(whole["inputs"])


def test_a_part_that_many_ways_lead_to_is_asked_about_once_and_cut_alike_everywhere():
    """Ten steps that each rest twice on the one below: 1,024 ways to a row of 110 that may not be
    read. The steps say of no place, so that nothing that rests on the row is shown.
    """
    asked = []
    part = node("energy", place="110", value=9)
    for step in range(10):
        part = node(f"step_{step}", "account", inputs=[part, part])
    city = node("city", "account", "100", [part, node("energy", place="100", value=1)])
    shown = shown_to("100")
    counting = Shown(
        lambda name, row: asked.append(name) or shown.may(name, row),
        shown.is_placed,
        shown.is_pack,
    )
    assert outline(counting.tree(city)) == ["city", ["energy"], ["step_9", 1]]
    assert len(asked) < 40
