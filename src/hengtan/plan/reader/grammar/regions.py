"""The region that a target is for, where it is not the plan's own: at the head of the name, by its
form, or in place of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hengtan.plan.reader.grammar.pieces import Group
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.names import is_place
from hengtan.plan.reader.vocabulary import has_tail, pattern, words

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
def places_alone(at: Opening) -> Answer | None:
    """Places by their form and nothing else take up the indicator before them.

    Example: 到2025年,森林覆盖率达到57%。其中,石桥县、柳林县达到60%。
    """
    name = re.sub("^其中,?|(?:等地?|均|都)$", "", at.name)
    group, sentence = at.group, at.group.sentence
    if group.values[0].role == "counter" or group.noun_behind:
        return None
    if group.last is None and not (sentence.pending or sentence.topic):
        return None
    alone = is_place(at.name) or _areas_alone().fullmatch(name)
    return (name, "") if alone else None


def _areas_alone() -> re.Pattern[str]:
    """Known places and described areas, one or several; after the first, short names count too."""
    area = rf"(?:{_PLACE}(?:及周边(?:地区)?)?|[^、的\d率量]{{2,8}}(?:{{area_ends}}))"
    return pattern(rf"{area}(?:、(?:{area}|[^、\d率量]{{2,3}}))*")


@rule
def areas_in_front(at: Opening) -> Answer | None:
    """Areas that are described: 沿江及相邻地区、东部山区; not 农村地区, which is part of a name.

    Example: 到2025年,沿江及相邻地区、东部山区森林覆盖率分别达到42%、61%。
    """
    area = r"[^、的\d]{2,10}?(?:{area_ends})"
    areas = pattern(rf"(?P<list>{area}(?:、{area})*)(?P<rest>[^、地].{{2,}})").fullmatch(at.name)
    if areas is None or not has_tail(areas.group("rest")):
        return None
    if at.name.startswith(words("settlements+heads")) or re.match("单位|万元|每", at.name):
        return None
    return areas.group("list"), areas.group("rest")


@rule
def place_by_its_form(at: Opening) -> Answer | None:
    """A single unknown place at the head of a name: 金沙区再生水利用率; the reading of the whole
    text decides whether it is the plan's own.

    Example: 到2025年,金沙区再生水利用率提高到30%,石桥县再生水利用率提高到25%。
    """
    if at.place or at.name.startswith(words("regions.named")):
        return None
    formed = re.match(
        r"(?P<place>[^\d、的,]{2,3}[市县旗盟州]|[^\d、的,]{2}区)(?P<rest>.{3,})", at.name
    )
    if formed is None or not is_place(formed.group("place")):
        return None
    if formed.group("place").startswith(words("deeds+adverbs+settlements")):
        return None
    return formed.group("place"), formed.group("rest").lstrip("的")


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
    if any(item.endswith(words("no_places+regions.own")) for item in items):
        return None
    return match.group("list"), match.group("rest").lstrip("的、")


@rule
def no_place(at: Opening) -> Answer | None:
    """A name that begins with no known place is for the plan's own area.

    Example: 到2025年,森林覆盖率达到57%。
    """
    return None if at.place else ("", at.name)


@rule
def area_with_a_name(at: Opening) -> Answer | None:
    """A named area is never the plan's own: 中心城区, 苏南.

    Example: 到2025年,苏南绿色建筑占比达到100%。
    """
    return (at.place, at.rest) if at.place in words("regions.named") else None


@rule
def known_place(at: Opening) -> Answer | None:
    """The first place named in a text is the one that the plan is for; any other is a region of its
    own.

    Example: 到2025年,武汉市森林覆盖率达到57%,长沙市森林覆盖率达到55%。
    """
    discourse = at.group.discourse
    if discourse.own and discourse.own != at.place[:2] and not at.place.startswith(discourse.own):
        return at.place, at.rest
    discourse.own = at.place[:2]
    return "", at.rest


RULES = Choice(
    places_alone,
    places_joined,
    places_counted,
    places_by_their_form,
    areas_in_front,
    place_by_its_form,
    no_place,
    area_with_a_name,
    known_place,
)


@rule
def place_that_speaks(group: Group) -> bool:
    """Aims that are cited of another place are that place's: 邻近的平湖县提出:….

    Example: 邻近的平湖县提出:到2025年光伏装机达到35万千瓦;本县光伏装机力争达到50万千瓦。
    """
    sentence = group.sentence
    if group.segment.said.startswith(";") or group.name.startswith(words("regions.own")):
        sentence.speaker = ""
    if not sentence.speaker or group.region:
        return False
    group.region = sentence.speaker
    return True


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
    group.region, group.name = region or group.region, name
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
