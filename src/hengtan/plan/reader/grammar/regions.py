"""The region that a target is for, where it is not the plan's own: at the head of the name, by its
form, or in place of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hengtan.plan.reader.grammar.pieces import Group
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.vocabulary import pattern, words

_PLACE = (
    r"(?:{regions.named+regions.provinces+regions.cities})(?:{regions.ends+regions.province_end})?"
)
_COUNT = r"(?:\d+|[两三四五六七八九十]+)?个?(?:{regions.ends+regions.province_end})?"


@dataclass(frozen=True)
class Opening:
    """The head of a name where a region may stand: the name, and the known place that it begins
    with, if any."""

    name: str
    group: Group
    place: str = ""
    rest: str = ""


Answer = tuple[str, str]
"""A region (empty for the plan's own) and the name without it."""


@rule
def places_joined(at: Opening) -> Answer | None:
    """Several known places share a value: 重庆、武汉.

    Example: 到2025年,南京、苏州绿色建筑占比达到100%。
    """
    listed = pattern(rf"({_PLACE}(?:[、和及]{_PLACE})+)(?:等)?{_COUNT}").match(at.name)
    return (listed.group(1), at.name[listed.end() :].lstrip("的、")) if listed else None


@rule
def places_counted(at: Opening) -> Answer | None:
    """A list of unknown places that says how many it names: 甲、乙、丙等3个县.

    Example: 到2025年,泾阳、三原、礼泉等三个县农膜回收率达到85%。
    """
    counted = (
        r"(?P<list>[^、\d]{2,6}(?:、[^、\d]{2,6}?)+?)等?(?:\d{1,2}|[二两三四五六七八九十]{1,3})个?"
        r"(?:{regions.counted})(?:\([^()]*\))?(?P<rest>.{3,})"
    )
    return _if_places(pattern(counted).match(at.name))


@rule
def places_by_their_form(at: Opening) -> Answer | None:
    """A list of unknown places, each of which ends as a place does: 甲市、乙县、丙区; never
    园区、景区.

    Example: 到2025年,青山县、白水县农膜回收率达到85%。
    """
    formed = (
        r"(?P<list>(?:[^、\d]{1,7}[市县区州盟旗]、)+[^、\d]{1,7}?[市县区州盟旗])"
        r"(?:等地?)?(?P<rest>.{3,})"
    )
    return _if_places(re.match(formed, at.name))


def _if_places(match: re.Match[str] | None) -> Answer | None:
    """A list as a region, unless one of its items is a common noun that ends as a place does."""
    if match is None:
        return None
    items = match.group("list").split("、")
    if any(item.endswith(words("no_places")) for item in items):
        return None
    return match.group("list"), match.group("rest").lstrip("的、")


@rule
def no_place(at: Opening) -> Answer | None:
    """A name that begins with no known place is for the plan's own area.

    Example: 到2025年,森林覆盖率达到57%。
    """
    return None if at.place else ("", at.name)


@rule
def place_after_a_total(at: Opening) -> Answer | None:
    """A place alone takes up the indicator before it: 全省…70%,哈尔滨达到90%.

    Example: 到2025年,全省新能源公交车占比达到70%,哈尔滨达到90%。
    """
    return (at.place, "") if not at.rest and at.group.last is not None else None


@rule
def area_with_a_name(at: Opening) -> Answer | None:
    """A named area is never the plan's own: 中心城区, 苏南.

    Example: 到2025年,苏南绿色建筑占比达到100%。
    """
    return (at.place, at.rest) if at.place in words("regions.named") else None


@rule
def first_place_is_the_plans_own(at: Opening) -> Answer | None:
    """The first place named in a text is the one that the plan is for.

    Example: 到2025年,武汉市森林覆盖率达到57%。
    """
    discourse = at.group.discourse
    if discourse.own and discourse.own != at.place[:2] and not at.place.startswith(discourse.own):
        return None
    discourse.own = at.place[:2]
    return "", at.rest


@rule
def other_place(at: Opening) -> Answer | None:
    """Any other place is a region of its own.

    Example: 到2025年,江苏省森林覆盖率达到24%,浙江省森林覆盖率达到61%。
    """
    return at.place, at.rest


RULES = Choice(
    places_joined,
    places_counted,
    places_by_their_form,
    no_place,
    place_after_a_total,
    area_with_a_name,
    first_place_is_the_plans_own,
    other_place,
)


@rule
def region_in_front(group: Group) -> bool:
    """A region at the head of a name is taken off it, by the rules above.

    Example: 到2025年,苏南绿色建筑占比达到100%。
    """
    place = pattern(rf"({_PLACE})(?:的)?").match(group.name)
    opening = Opening(
        group.name,
        group,
        place.group(1) if place else "",
        group.name[place.end() :] if place else "",
    )
    region, name = RULES.of(opening, group) or ("", group.name)
    acted = name != group.name
    group.region, group.name = region, name
    return acted


@rule
def place_for_a_name(group: Group) -> bool:
    """A kind of place alone, with the unit of the figure before, is a region that takes up its
    indicator: 县城达到85%.

    Example: 到2025年,城市污水处理率达到95%,县城达到85%。
    """
    if group.region or not group.name or group.last is None:
        return False
    value = group.values[0]
    if value.unit != group.last.unit or value.role == "counter":
        return False
    if not pattern(r"[^、]{0,8}(?:{regions.kinds})").fullmatch(group.name):
        return False
    group.region, group.name = group.name, ""
    return True
