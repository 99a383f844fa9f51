"""What no document at hand establishes is refused naming the document and the field that takes it,
for every kind of case file and every parameter without a value that its rules may ask for.
"""

from __future__ import annotations

from datetime import date

import pytest
from codes import codes_in

from hengtan import packs
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.case import PackTables
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.instruments.case_files.local import FORM as LOCAL
from hengtan.instruments.case_files.local import with_places
from hengtan.instruments.case_files.places import places_of, titles_of, told_where
from hengtan.instruments.parameter_titles import title_of
from hengtan.instruments.parameters import Parameters, labelled
from hengtan.instruments.registry import rules
from hengtan.ledger.forms import forms_of

PACK = packs.load("wulong")
FORMS = forms_of(PACK)
LAW = PackTables(PACK.rows("rule_parameters"), ())
KINDS = [CaseFile.of(cells, titles_of(FORMS)) for cells in PACK.case_files().values()]
SECTOR_PLAN = 0.15  # 国环规气候〔2025〕2号 表1: α/X of 2025


def unread(row):
    return row["value"] is None or row["certainty"] == "low"


def refused(row, tables=LAW):
    """The refusal of a parameter in its own place on a day of its own."""
    day = row["valid_from"] or row["valid_to"] or date(2026, 11, 1)
    asked = Parameters(tables.by_name, day, row["region"])
    with pytest.raises(ParameterNotEstablished) as error:
        asked.value(row["parameter"], row["key"] or "")
    return error.value


def asked_of(kind):
    for asked in kind.asked:
        names = {n for rule in rules() if rule.id == asked.rule for n in rule.parameter_names}
        for row in PACK.rows("rule_parameters"):
            if row["parameter"] in names and unread(row):
                yield asked, row


@pytest.mark.parametrize("kind", KINDS, ids=[kind.id for kind in KINDS])
def test_a_refusal_names_the_document_and_a_field_that_is_there(kind):
    for asked, row in asked_of(kind):
        label = labelled(row["parameter"], row["key"] or "")
        places = places_of(kind, asked, label)
        assert places, f"{kind.id}: {label} can be filled nowhere"
        error = told_where(refused(row), places)
        assert row["law"] in error.todo and "parameters" not in error.todo
        for place in places:
            field = FORMS[place.table].field(place.column)
            zh, en = (
                field.choices[place.choice] if place.choice else (field.title_zh, field.title_en)
            )
            assert zh in error.todo and en in error.todo_en
            assert FORMS[place.table].title_zh in error.todo


def test_what_a_place_fills_is_taken():
    for row in filter(unread, PACK.rows("rule_parameters")):
        label = labelled(row["parameter"], row["key"] or "")
        if label not in FORMS[LOCAL].field("item").choices:
            continue
        day = row["valid_from"] or row["valid_to"] or date(2026, 11, 1)
        filled = {"place": "500156", "item": label, "value": 0.25, "begins": day, "ends": None}
        tables = with_places(LAW, [{**filled, "source_title": "某文件"}])
        asked = Parameters(tables.by_name, day, "500156")
        assert asked.value(row["parameter"], row["key"] or "") == 0.25, label


def test_what_the_nation_establishes_holds_on_days_a_place_has_not_filled():
    filled = {"place": "500156", "item": "ets.sector.slope", "value": 0.2, "ends": None}
    row = {**filled, "begins": date(2026, 1, 1), "source_title": "某文件"}
    tables = with_places(LAW, [row])
    values = [
        Parameters(tables.by_name, day, "500156").value("ets.sector.slope")
        for day in (date(2025, 6, 30), date(2026, 6, 30))
    ]
    assert values == [SECTOR_PLAN, 0.2]


def test_a_case_by_itself_gives_it_under_its_parameters():
    (row, *_) = filter(unread, PACK.rows("rule_parameters"))
    assert "案例里自行给定" in refused(row).todo


def test_a_refusal_calls_a_parameter_by_its_name_and_keeps_its_id_for_programs():
    for row in filter(unread, PACK.rows("rule_parameters")):
        error, label = refused(row), labelled(row["parameter"], row["key"] or "")
        called = title_of(row["parameter"], row["key"] or "")
        assert called.zh in error.zh and called.en in error.en
        assert codes_in(f"{error.zh}{error.todo}") == set()
        assert error.as_dict()["parameter"] == label and label not in str(error)
