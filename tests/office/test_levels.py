"""Approval upward by level."""

from __future__ import annotations

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.office.levels import ANYONE, Levels, Taken, Turn, checked, is_last, next_level
from hengtan.office.permission import Grant, Permission, Person, Thing
from hengtan.office.territory import Territory

KINDS = {"5": "city", "51": "district", "52": "district", "511": "park", "0": "country"}
TERRITORY = Territory({"5": "0", "51": "5", "52": "5", "511": "51"}, {})
RULE = Permission(TERRITORY)
THING = Thing(place="51", form="f1", by="填报")


def may(name, level, *grants, taken=()):
    person = Person(name, grants)
    reach = RULE.reach(person, "record.review")
    return Turn(level, taken, THING).may(person, reach, lambda code: KINDS.get(code, ""))


def test_levels_of_a_form_or_of_all_others():
    levels = Levels.read({"f1": ["district", "city"], "": ["city"]})
    assert levels.chain("f1") == ("district", "city")
    assert levels.chain("f2") == ("city",)
    assert Levels.read({}).chain("f1") == (ANYONE,)


@pytest.mark.parametrize("chain", [["city", "district"], ["city", "city"], ["county"], []])
def test_a_wrong_order_or_name_is_refused(chain):
    with pytest.raises(HengtanError):
        checked(chain)


def test_the_lowest_open_level_is_next():
    chain = ("district", "city", "province")
    assert next_level(chain, []) == "district"
    assert next_level(chain, [Taken("district", "a")]) == "city"
    assert next_level(chain, [Taken("district", "a"), Taken("city", "b")]) == "province"
    assert [is_last(chain, level) for level in chain] == [False, False, True]


def test_a_level_is_for_its_own_or_a_higher_one():
    district, city = Grant("reviewer", place="51"), Grant("reviewer", place="5")
    assert may("甲", "district", district) and may("乙", "district", city)
    assert may("甲", "city", district).why == "no.level|市级"
    assert may("乙", "city", city) and may("丙", "city", Grant("reviewer"))
    assert may("甲", ANYONE, district)


def test_a_higher_grant_elsewhere_does_not_count():
    """A district's reviewer whose grant of the city is for another form."""
    grants = (Grant("reviewer", place="51"), Grant("reviewer", place="5", form="f2"))
    assert not may("甲", "city", *grants)


def test_nobody_takes_two_levels():
    city, taken = Grant("reviewer", place="5"), (Taken("district", "乙"),)
    assert may("乙", "city", city, taken=taken).why == "no.twice"
    assert may("丙", "city", city, taken=taken)


def test_the_one_person_of_a_laptop_takes_all():
    person = Person("x", is_alone=True)
    assert Turn("city", (Taken("district", "x"),), THING).may(person, (), KINDS.get)
