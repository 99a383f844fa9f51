"""The border of the report: what a view must hold."""

import pytest

from hengtan.report.view import BadView, StatusView


def test_absent_optional_fields_take_their_default(small):
    view = StatusView.of(small)
    due = view.target("b-due")
    assert due["series"] == [] and due["gap"] is None and due["scope_note_zh"] == ""
    assert view.as_dict()["targets"][0]["target_id"] == "a-forest"


def test_a_missing_field_is_named_with_its_row(small):
    del small["targets"][1]["goal"]
    with pytest.raises(BadView, match=r"view\.targets 第2行.*goal"):
        StatusView.of(small)


def test_an_unknown_light_is_refused(small):
    small["targets"][0]["light"] = "yellow"
    with pytest.raises(BadView, match="yellow"):
        StatusView.of(small)


def test_the_same_target_twice_is_refused(small):
    small["targets"].append(small["targets"][0])
    with pytest.raises(BadView, match="a-forest"):
        StatusView.of(small)


def test_an_empty_workspace_is_a_view():
    view = StatusView.of({})
    assert view.targets == [] and view.meta["demo"] is False
