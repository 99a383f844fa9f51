"""What a submission is about: the smallest place that holds all of it, one enterprise or none."""

from __future__ import annotations

import pytest

from hengtan.basis.place import Place, PlaceTree
from hengtan.ledger.chain import Record
from hengtan.office.subjects import RowsAbout, Subjects
from hengtan.office.territory import Territory

PLACES = PlaceTree(
    [
        Place("500000", "重庆市", kind="city"),
        Place("500101", "万州区", parent="500000"),
        Place("500102", "涪陵区", parent="500000"),
    ]
)
TERRITORY = Territory({"500101": "500000", "500102": "500000"}, {})
SUBJECTS = Subjects(PLACES, TERRITORY.within, frozenset({"市统计局"}))


def thing(place=None, body=None, rows=(), entity=None, has_entities=None):
    fixed = ("李工", "file", None, None, None, False, None, None, 1, "d", "[]")
    record = Record("S000001", "f1", place, *fixed, None, body)
    several = bool(entity) if has_entities is None else has_entities
    return SUBJECTS.of(record, RowsAbout(tuple(rows), entity, several))


@pytest.mark.parametrize(
    ("place", "rows", "expected"),
    [
        ("500101", [], "500101"),
        ("500101", ["500101"], "500101"),
        ("500000", ["500101"], "500000"),  # the city reports on a district: the city's
        ("500101", ["500102"], "500000"),  # a district on its neighbour: of the one above both
        ("500101", ["500101", "500102"], "500000"),
        (None, ["500102"], "500102"),
        (None, ["500101", "500102"], "500000"),
        ("500101", ["999999"], None),  # a place nobody knows: only who may all
        (None, [], None),
    ],
)
def test_the_place_holds_all_of_it(place, rows, expected):
    assert thing(place, rows=rows).place == expected


def test_a_body_is_a_place_a_department_or_an_enterprise():
    assert thing(body="500102").place == "500102" and thing(body="500102").entity is None
    assert thing("500101", "市统计局").department == "市统计局"
    assert thing("500101", "市统计局").entity is None
    assert thing("500101", "9150A").entity == "9150A"


def test_one_enterprise_or_none():
    assert thing("500101", None, entity="9150A").entity == "9150A"
    assert thing("500101", "9150A", entity="9150A").entity == "9150A"
    assert thing("500101", "9150A", entity="9150B").entity is None  # on another one's behalf
    assert thing("500101", "9150A", has_entities=True).entity is None  # several in it
