"""Who may do what: cases written by hand, and the property that a list and a single check agree."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import NOBODY, PARTS, Grant, Permission, Person, Thing
from hengtan.office.roles import actions, exclude_each_other, roles
from hengtan.office.territory import Territory

CITY, WULONG, FULING, PARK = "500000", "500156", "500102", "500156-p1"
TERRITORY = Territory(
    {CITY: "000000", WULONG: CITY, FULING: CITY, PARK: WULONG},
    {"渝东北": (WULONG,)},
)
TODAY = date(2026, 11, 29)
RULE = Permission(TERRITORY, lambda: TODAY)


def person(*grants, name="李工"):
    return Person(name, grants)


def test_a_place_holds_all_that_lies_in_it():
    assert TERRITORY.within(CITY) == {CITY, WULONG, FULING, PARK}
    assert TERRITORY.within("渝东北") == {"渝东北", WULONG, PARK}
    assert TERRITORY.within("nowhere") == {"nowhere"}


def test_a_reviewer_of_a_district_reviews_there_and_nowhere_else():
    reviewer = person(Grant("reviewer", place=WULONG))
    assert RULE.may(reviewer, "record.review", Thing(place=PARK, entity="9150")).yes
    neighbour = RULE.may(reviewer, "record.review", Thing(place=FULING))
    assert not neighbour and "地区 500156" in neighbour.say()
    assert not RULE.may(reviewer, "record.publish", Thing(place=WULONG))


def test_nobody_reviews_or_publishes_his_own():
    both = person(Grant("filer", place=WULONG), Grant("reviewer"), Grant("publisher"))
    own, other = Thing(place=WULONG, by="李工"), Thing(place=WULONG, by="王工")
    for action in ("record.review", "record.publish"):
        assert RULE.may(both, action, other)
        refused = RULE.may(both, action, own)
        assert not refused and "自己" in refused.say()
    assert RULE.may(both, "record.read", own)


def test_a_grant_ends_after_its_last_day():
    assert RULE.may(person(Grant("analyst", until=TODAY)), "status.read")
    ended = RULE.may(person(Grant("analyst", until=date(2026, 11, 28))), "status.read")
    assert not ended and "2026-11-28" in ended.say() and "2026-11-28" in ended.say("en")


def test_parts_of_a_grant_are_all_asked():
    grant = Grant("filer", place=WULONG, form="enterprise_energy", entity="91500000A")
    filer = person(grant)
    right = Thing(place=WULONG, form="enterprise_energy", entity="91500000A")
    assert RULE.may(filer, "record.file", right)
    for part, other in (("form", "coal_rate"), ("entity", "91500000B"), ("place", FULING)):
        changed = Thing(**{**vars(right), part: other})
        assert not RULE.may(filer, "record.file", changed)
    assert not RULE.may(filer, "record.file", Thing(place=WULONG))


def test_the_public_reads_publications_and_nothing_else():
    allowed = {action for action in actions() if RULE.may(NOBODY, action)}
    assert allowed == {"publication.read"}
    assert RULE.may(NOBODY, "status.read").say() == "没有登录"


def test_a_token_can_do_less_than_its_owner_and_makes_no_tokens():
    owner = person(Grant("analyst"))
    token = Person("李工", owner.grants, only=frozenset({"status.read", "record.review"}))
    assert RULE.may(token, "status.read") and not RULE.may(token, "account.read")
    assert not RULE.may(token, "record.review")  # its owner may not either
    assert RULE.may(owner, "token.make") and not RULE.may(token, "token.make")


def test_a_closed_account_may_nothing():
    closed = Person("李工", (Grant("analyst"),), is_closed=True)
    assert not any(RULE.may(closed, action) for action in actions())
    assert not any(RULE.clauses_of(closed, action) for action in actions())


def test_administrators_exclude_each_other_and_all_work():
    administrators = [r.id for r in roles().values() if r.family == "administrator"]
    assert len(administrators) == 3
    for admin in administrators:
        for other in roles():
            assert (exclude_each_other([admin, other]) is None) == (admin == other)
    work = [r.id for r in roles().values() if r.family == "work"]
    assert exclude_each_other(work) is None


def test_one_grants_within_ones_own_reach_and_never_to_oneself():
    security = person(
        Grant("security_administrator", place=WULONG, until=date(2026, 12, 31)), name="安"
    )
    give = RULE.may_grant
    give(security, "王工", (), Grant("filer", place=PARK, until=date(2026, 12, 1)))
    refused = [
        ("王工", (), Grant("filer", place=FULING, until=date(2026, 12, 1)), "超出"),
        ("王工", (), Grant("filer", until=date(2026, 12, 1)), "超出"),
        ("王工", (), Grant("filer", place=WULONG), "超出"),
        ("王工", (), Grant("filer", place=WULONG, until=date(2027, 1, 1)), "超出"),
        ("安", (), Grant("filer", place=WULONG, until=date(2026, 12, 1)), "自己"),
        (
            "王工",
            (Grant("audit_administrator"),),
            Grant("filer", place=WULONG, until=date(2026, 12, 1)),
            "兼任",
        ),
        ("王工", (), Grant("king", place=WULONG), "没有角色"),
    ]
    for receiver, theirs, grant, word in refused:
        with pytest.raises(HengtanError, match=word):
            give(security, receiver, theirs, grant)
    with pytest.raises(HengtanError, match="不能授权"):
        give(person(Grant("analyst")), "王工", (), Grant("filer"))


def some(*values):
    return st.sampled_from([None, *values])


PLACES = (CITY, WULONG, FULING, PARK, "渝东北")
DAYS = some(date(2026, 11, 1), TODAY, date(2027, 1, 1))
GRANTS = st.builds(
    Grant,
    role=st.sampled_from(sorted(roles())),
    place=some(*PLACES),
    form=some("f1", "f2"),
    department=some("d1", "d2"),
    entity=some("e1", "e2"),
    until=DAYS,
)
PEOPLE = st.builds(
    Person,
    name=st.sampled_from(["", "李工", "王工"]),
    grants=st.lists(GRANTS, max_size=3).map(tuple),
    is_alone=st.booleans(),
    is_closed=st.booleans(),
    only=st.one_of(st.none(), st.frozensets(st.sampled_from(sorted(actions())))),
)
THINGS = st.builds(
    Thing,
    place=some(*PLACES),
    form=some("f1", "f2"),
    department=some("d1", "d2"),
    entity=some("e1", "e2"),
    by=some("李工", "王工"),
)


@given(PEOPLE, st.sampled_from(sorted(actions())), THINGS)
@settings(max_examples=500)
def test_a_list_shows_what_may_be_opened_and_nothing_else(who, action, thing):
    listed = any(clause.reaches(thing) for clause in RULE.clauses_of(who, action))
    answer = RULE.may(who, action, thing)
    assert answer.yes == listed
    assert answer.say() and answer.say("en")


@given(GRANTS, GRANTS, THINGS)
@settings(max_examples=500)
def test_a_grant_within_another_reaches_no_more(inner, outer, thing):
    if RULE.is_within(inner, outer):
        as_filer = [Person("x", (Grant("filer", **_parts(g)),)) for g in (inner, outer)]
        reached = [bool(RULE.may(who, "record.file", thing)) for who in as_filer]
        assert reached != [True, False]


def _parts(grant):
    return {part: getattr(grant, part) for part in (*PARTS, "until")}
