"""Rows of tables: what is listed is what each row by itself may be read."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

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


@given(
    person=PEOPLE,
    action=st.sampled_from(["record.read", "account.read"]),
    columns=COLUMNS,
    rows=ROWS,
    form=FORM,
)
def test_a_list_and_a_single_check_agree(person, action, columns, rows, form):
    wanted = [name for name in NAMES if name in columns]
    listed = [dict(zip(NAMES, row, strict=True)) for row in rows]
    schema = pa.schema([(name, pa.string()) for name in (*wanted, "n")])
    numbered = [row | {"n": str(n)} for n, row in enumerate(listed)]
    table = pa.Table.from_pylist(numbered, schema=schema)
    things = RowThings.of(table.column_names, CITY, form)
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
