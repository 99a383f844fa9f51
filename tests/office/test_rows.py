"""Rows of tables: what is listed is what each row by itself may be read."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.office.charges import Charge, charges_of
from hengtan.office.duties import Due, DutyRule, Owers
from hengtan.office.permission import Grant, Permission, Person
from hengtan.office.rows import RowThings
from hengtan.office.territory import Territory

CITY, EAST, WEST, TOWN = "100", "110", "120", "111"
PLACES = Territory({EAST: CITY, WEST: CITY, TOWN: EAST}, {"zone": [TOWN, WEST]})
RULE = Permission(PLACES)
PLACE = st.sampled_from([None, "", CITY, EAST, WEST, TOWN, "zone", "999"])
ENTITY = st.sampled_from([None, "", "E1", "E2"])
DEPARTMENT = st.sampled_from([None, "工信", "发改"])
FORM = st.sampled_from([None, "energy", "gdp"])
GRANTS = st.builds(
    Grant,
    role=st.sampled_from(["filer", "analyst", "leader", "system_administrator"]),
    place=st.sampled_from([None, CITY, EAST, WEST, TOWN, "zone"]),
    form=FORM,
    department=DEPARTMENT,
    entity=st.sampled_from([None, "E1", "E2"]),
)
PEOPLE = st.builds(Person, st.just("甲"), st.lists(GRANTS, max_size=3).map(tuple))
COLUMNS = st.sets(st.sampled_from(["place", "entity", "department", "region_code"]))
ROWS = st.lists(st.tuples(PLACE, ENTITY, DEPARTMENT, PLACE), max_size=6)
NAMES = ("place", "entity", "department", "region_code")
CODES = st.none() | st.frozensets(st.sampled_from([CITY, EAST, TOWN, "E1", "zone"]), min_size=1)
CHARGES = st.lists(
    st.builds(
        Charge,
        department=st.sampled_from(["工信", "发改"]),
        place=CODES,
        listed=CODES,
        of_entities=st.booleans(),
        item=st.sampled_from([None, "region_code", "nothing"]),
        items=CODES,
    ),
    max_size=2,
).map(tuple)


@given(
    person=PEOPLE,
    action=st.sampled_from(["record.read", "account.read"]),
    columns=COLUMNS,
    rows=ROWS,
    form=FORM,
    charges=CHARGES,
)
def test_a_list_and_a_single_check_agree(person, action, columns, rows, form, charges):
    wanted = [name for name in NAMES if name in columns]
    listed = [dict(zip(NAMES, row, strict=True)) for row in rows]
    schema = pa.schema([(name, pa.string()) for name in (*wanted, "n")])
    numbered = [row | {"n": str(n)} for n, row in enumerate(listed)]
    table = pa.Table.from_pylist(numbered, schema=schema)
    things = RowThings.of(table.column_names, CITY, form, charges)
    reached = things.reached(table, RULE.clauses_of(person, action))
    single = [row["n"] for row in table.to_pylist() if RULE.may(person, action, things.thing(row))]
    assert reached["n"].to_pylist() == single


def test_a_row_of_no_place_is_of_the_region_and_of_no_enterprise_of_nobody():
    things = RowThings.of(["place", "entity"], CITY)
    table = pa.table({"place": [EAST, None, "", WEST], "entity": ["E1", "E1", None, "E2"]})

    def seen(grant):
        clauses = RULE.clauses_of(Person("甲", (grant,)), "account.read")
        return things.reached(table, clauses)["place"].to_pylist()

    assert seen(Grant("leader", place=EAST)) == [EAST]
    assert seen(Grant("leader", place=CITY)) == [EAST, None, "", WEST]
    assert seen(Grant("leader", entity="E1")) == [EAST, None]
    assert seen(Grant("leader", form="energy")) == []


DAY = date(2026, 11, 29)
MONTHLY = Due("day_of_month", 10)


def rule(department, owers=Owers("district"), form="energy", **more):
    """A duty rule of a department."""
    known = {"id": "r", "frequency": "month", "due": MONTHLY, "valid_from": date(2025, 1, 1)}
    return DutyRule(form=form, owers=owers, department=department, **(known | more))


FIGURES = pa.table(
    {
        "place": [EAST, TOWN, WEST, WEST, None],
        "entity": [None, "E1", "E2", None, None],
        "indicator": ["coal", "coal", "power", "coal", "power"],
        "n": [1, 2, 3, 4, 5],
    }
)


@pytest.mark.parametrize(
    ("rules", "seen"),
    [
        # in charge of the form everywhere: all of its rows
        ([rule("工信")], [1, 2, 3, 4, 5]),
        # of one district: its rows and those within it, none of a neighbour or of the whole region
        ([rule("工信", Owers("district", EAST))], [1, 2]),
        # of listed bodies: rows of those places and enterprises
        ([rule("工信", Owers(listed=(WEST,)))], [3, 4]),
        ([rule("工信", Owers(listed=("E1",)))], [2]),
        # of enterprises: rows that name one
        ([rule("工信", Owers("entity"))], [2, 3]),
        ([rule("工信", Owers("entity", WEST))], [3]),
        # of some items of the form
        ([rule("工信", items=("coal",))], [1, 2, 4]),
        ([rule("工信", Owers("district", EAST), items=("power",))], []),
        # two rules of one department add up
        ([rule("工信", Owers("district", EAST)), rule("工信", items=("power",))], [1, 2, 3, 5]),
        # another department, another form, a rule not yet or no longer in force: nothing
        ([rule("发改")], []),
        ([rule("")], []),
        ([rule("工信", form="gdp")], []),
        ([rule("工信", valid_from=date(2026, 12, 1))], []),
        ([rule("工信", valid_until=date(2026, 11, 28))], []),
        ([rule("工信", valid_until=DAY)], [1, 2, 3, 4, 5]),
        ([], []),
    ],
)
def test_a_department_sees_the_rows_that_it_is_in_charge_of(rules, seen):
    charges = charges_of("energy", rules, DAY, PLACES.within, "indicator")
    things = RowThings.of(FIGURES.column_names, CITY, "energy", charges)
    clauses = RULE.clauses_of(Person("甲", (Grant("analyst", department="工信"),)), "record.read")
    assert things.reached(FIGURES, clauses)["n"].to_pylist() == seen
    # and a grant that names a place too reaches no further than that place
    both = Person("甲", (Grant("analyst", department="工信", place=WEST),))
    within = things.reached(FIGURES, RULE.clauses_of(both, "record.read"))["n"].to_pylist()
    assert within == [n for n in seen if n in (3, 4)]
