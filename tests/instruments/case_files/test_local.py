"""Parameters that places set themselves come before the packs, by place, day and document."""

from __future__ import annotations

from datetime import date

import pytest

from hengtan import packs
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.case import PackTables
from hengtan.instruments.case_files.local import FORM, with_places
from hengtan.instruments.parameters import Parameters, labelled
from hengtan.ledger.forms import forms_of

PACK = packs.load("wulong")
TABLES = PackTables(PACK.rows("rule_parameters"), ())


def row(place, value, begins, ends=None, item="plant.benefit.floor.A"):
    document = f"某文件〔{begins.year}〕1号"
    cells = {"place": place, "item": item, "value": value, "begins": begins, "ends": ends}
    return {**cells, "source_title": document}


REPORTED = [
    row("500000", 1.0, date(2022, 1, 1)),
    row("500156", 1.2, date(2023, 1, 1), date(2023, 12, 31)),
    row("500156", 1.3, date(2024, 1, 1)),
]


@pytest.mark.parametrize(
    ("place", "day", "value"),
    [
        ("500102", date(2024, 6, 1), 1.0),  # the city's
        ("500156", date(2023, 12, 31), 1.2),
        ("500156", date(2024, 6, 1), 1.3),
    ],
)
def test_a_place_has_its_own_else_the_citys(place, day, value):
    asked = Parameters(with_places(TABLES, REPORTED).by_name, day, place)
    assert asked.value("plant.benefit.floor", "A") == value
    (used,) = asked.used
    assert used.confidence == "unverified" and used.source.startswith("某文件")


def test_a_day_before_the_places_own_is_not_filled_from_the_city():
    """As everywhere in the packs: a gap in time is never closed from a neighbour."""
    asked = Parameters(with_places(TABLES, REPORTED).by_name, date(2022, 6, 1), "500156")
    with pytest.raises(ParameterNotEstablished, match="在2022-06-01没有取值"):
        asked.value("plant.benefit.floor", "A")


def test_every_parameter_that_can_be_set_is_one_of_the_packs():
    choices = forms_of(PACK)[FORM].field("item").choices
    known = {labelled(r["parameter"], r["key"] or "") for r in PACK.rows("rule_parameters")}
    assert choices and set(choices) <= known
