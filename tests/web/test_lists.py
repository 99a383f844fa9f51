"""What a list shows and what may be opened are equal, asked of a database."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengtan.office.permission import Grant, Permission, Person, Thing
from hengtan.office.roles import roles
from hengtan.office.territory import Territory
from hengtan.web.lists import as_q
from hengtan.web.rooms.people.models import Account, GrantRow
from hengtan.web.store import Store, copy_of, point_to

TERRITORY = Territory({"5": "0", "51": "5", "52": "5", "511": "51"}, {})
RULE = Permission(TERRITORY, lambda: date(2026, 11, 29))
ACTIONS = ("record.read", "record.file", "record.review", "record.publish", "task.answer")


def some(*values):
    return st.sampled_from(["", *values])


ROWS = st.fixed_dictionaries(
    {
        "place": some("5", "51", "52", "511"),
        "form": some("f1", "f2"),
        "department": some("d1", "d2"),
        "entity": some("e1", "e2"),
        "given_by": st.sampled_from(["李工", "王工"]),
    }
)
GRANTS = st.builds(
    Grant,
    role=st.sampled_from(sorted(roles())),
    place=st.sampled_from([None, "5", "51", "52"]),
    form=st.sampled_from([None, "f1", "f2"]),
    department=st.sampled_from([None, "d1"]),
    entity=st.sampled_from([None, "e1"]),
    until=st.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)]),
)
PEOPLE = st.builds(
    Person,
    name=st.just("李工"),
    grants=st.lists(GRANTS, max_size=3).map(tuple),
    is_alone=st.booleans(),
)


def thing(row):
    parts = {p: getattr(row, p) or None for p in ("place", "form", "department", "entity")}
    return Thing(**parts, by=row.given_by)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(ROWS, max_size=8), person=PEOPLE, action=st.sampled_from(ACTIONS))
def test_a_list_and_a_single_check_agree(empty_store, tmp_path, rows, person, action):
    store = Store(tmp_path / "lists")
    if not store.file.exists():
        copy_of(empty_store, store)
    point_to(store)
    GrantRow.objects.all().delete()
    owner, _ = Account.objects.get_or_create(username="x")
    stored = [GrantRow.objects.create(account=owner, role="filer", **row) for row in rows]
    columns = {p: p for p in ("place", "form", "department", "entity")}
    condition = as_q(RULE.clauses_of(person, action), by="given_by", **columns)
    listed = set(GrantRow.objects.filter(condition).values_list("pk", flat=True))
    assert listed == {row.pk for row in stored if RULE.may(person, action, thing(row))}
