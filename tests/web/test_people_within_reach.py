"""An administrator sees the accounts whose grants lie within his own, in the list and by address
alike.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_client import PageClient

from hengtan.office.permission import Grant, Person
from hengtan.web.application import Application
from hengtan.web.rooms.people.models import Account, GrantRow
from hengtan.web.rooms.people.reach import accounts_of, lies_within
from hengtan.web.store import point_to

CITY, WULONG, FULING = "500000", "500156", "500102"


@pytest.fixture
def app(small_site, prepared_store):
    app = Application(small_site)
    prepared_store(app)
    point_to(app.store)
    return app


def account(name, *grants, past=()):
    row = Account.objects.create(username=name)
    for grant in (*grants, *past):
        parts = {p: getattr(grant, p) or "" for p in ("place", "form", "department", "entity")}
        taken_at = timezone.now() if grant in past else None
        about = {"role": grant.role, "given_by": "x", "taken_at": taken_at}
        GrantRow.objects.create(account=row, **parts, **about)
    return row


def seen_by(app, *grants):
    """A client of a person with grants, and the names that its list shows."""
    app.alone = Person("管理", tuple(grants))
    request = SimpleNamespace(app=app, person=app.alone)
    client = PageClient(app)
    listed = set(accounts_of(request, "person.read").values_list("username", flat=True))
    page = client.get("/people").text
    assert {row.username for row in Account.objects.all() if f">{row.username}<" in page} == listed
    for row in Account.objects.all():
        wanted = 200 if row.username in listed else 404
        assert client.get(f"/people/{row.pk}").status_code == wanted, row.username
    return listed


def test_a_district_sees_its_own_people_and_the_city_all(app):
    account("武隆填报", Grant("filer", place=WULONG))
    account("涪陵填报", Grant("filer", place=FULING))
    account("两处填报", Grant("filer", place=WULONG), Grant("filer", place=FULING))
    account("全市审核", Grant("reviewer", place=CITY))
    account("不限地区", Grant("leader"))
    account("武隆企业", Grant("filer", place=WULONG, entity="91500156MA5U000001"))
    account("新建账号")
    account("调来武隆", Grant("filer", place=WULONG), past=(Grant("filer", place=FULING),))
    account("离开涪陵", past=(Grant("filer", place=FULING),))
    account("离开武隆", past=(Grant("filer", place=WULONG),))
    everybody = set(Account.objects.values_list("username", flat=True))
    for role in ("system_administrator", "security_administrator"):
        assert seen_by(app, Grant(role)) == everybody
        assert seen_by(app, Grant(role, place=CITY)) == everybody - {"不限地区"}
        assert seen_by(app, Grant(role, place=WULONG)) == {
            "武隆填报",
            "武隆企业",
            "新建账号",
            "调来武隆",
            "离开武隆",
        }


PARTS = {
    "place": st.sampled_from([None, CITY, WULONG, FULING]),
    "form": st.sampled_from([None, "f1"]),
    "department": st.sampled_from([None, "统计局"]),
    "entity": st.sampled_from([None, "E1"]),
}
GRANTS = st.builds(Grant, role=st.just("filer"), **PARTS)
ADMINS = st.builds(Grant, role=st.just("system_administrator"), **PARTS)


@given(
    st.lists(ADMINS, max_size=2),
    st.lists(st.tuples(st.lists(GRANTS, max_size=2), st.lists(GRANTS, max_size=2)), max_size=4),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_list_is_what_one_account_is_asked(app, own, people):
    Account.objects.all().delete()
    for number, (now, past) in enumerate(people):
        account(f"p{number}", *now, past=[g for g in past if g not in now])
    person = Person("管理", tuple(own))
    listed = set(accounts_of(SimpleNamespace(app=app, person=person), "person.read"))
    clauses = app.permission.clauses_of(person, "person.read")
    for row in Account.objects.all():
        rows = list(row.grants.all())
        now = [r.grant() for r in rows if r.taken_at is None]
        past = [r.grant() for r in rows if r.taken_at is not None]
        assert (row in listed) == lies_within(clauses, now, past)
