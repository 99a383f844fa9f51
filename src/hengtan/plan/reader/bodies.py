"""The bodies that a plan holds responsible, in the forms in which plans name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hengtan.plan.reader.vocabulary import says

LEAD, SUPPORT, RESPONSIBLE = "lead", "support", "responsible"
_PREFIXED = re.compile(
    r"(?P<role>牵头|主办|责任|负责|配合|协办|参与|参加|实施|主管|落实)(?:单位|部门|主体)\s*[::](?P<names>[^。;；\n]+)"
)
_SUFFIXED = re.compile(
    r"(?P<names>.*?)(?P<role>共同牵头|牵头负责|牵头落实|牵头组织实施|牵头|按(?:照)?(?:各自)?职责(?:分工)?(?:分别)?负责(?:落实)?"
    r"|分工负责|分别负责|共同负责|具体负责|负责|配合落实|配合|协助|参与|参加|落实)"
)
_ROLE_OF = {"牵头": LEAD, "主办": LEAD, "配合": SUPPORT, "协办": SUPPORT, "协助": SUPPORT}
_ROLE_OF |= {"参与": SUPPORT, "参加": SUPPORT}


@dataclass(frozen=True)
class Body:
    """A body by its name, what it is to do, and where it stands."""

    name: str
    role: str
    start: int
    end: int


def bodies_in(said: str) -> list[str]:
    """The names in a list of bodies; a bracket (各县(市、区)人民政府) is part of its name."""
    return [name for name, _ in _names(said)]


def _names(said: str) -> Iterator[tuple[str, int]]:
    for part in re.finditer(r"(?:\([^()]*\)|[^、,;/\s()])+", said):
        name = part.group()
        lead = re.match(r"由|会同|和|及|以及|并|市级|[由]", name)
        shift = lead.end() if lead and not name.startswith("市级") else 0
        name = re.sub(
            r"(?:等(?:部门|单位|有关部门|相关部门)?|(?:按职责分工)?负责)$", "", name[shift:]
        )
        for piece in re.split(r"和(?=[各市区县省国])|与(?=[各市区县省国])", name):
            if len(piece) > 1:
                yield piece, part.start() + shift
                shift += len(piece) + 1


def is_body(name: str) -> bool:
    """Whether a name is one of a body: by how it ends, or because it names each of its kind."""
    if not 2 < len(name) <= 30:
        return False
    ends = re.search(
        r"(?:[委局厅办部院会社校]|公司|政府|银行|集团|办事处|管委会|中心|开发区|委员会|机关|支队|大队)$",
        name,
    )
    each = re.match(
        "各[^,。]{1,12}(?:区县|县区|市区|镇街|街镇|乡镇|街道|县|市|区|部门|单位|园区|企业)$", name
    )
    return ends is not None or each is not None or says(name, "department_ends")


def bodies_held(text: str, start: int, end: int) -> list[Body]:
    """Bodies that a sentence holds responsible: 牵头单位:甲;责任单位:乙,
    (甲牵头,乙、丙按职责分工负责), 由甲牵头, 乙配合, [甲、乙]."""
    said = text[start:end]
    bodies: dict[str, Body] = {}
    for at, part, bracketed in _parts(said):
        for body in _bodies_of(part, bracketed):
            placed = Body(body.name, body.role, start + at + body.start, start + at + body.end)
            bodies.setdefault(body.name, placed)
    return list(bodies.values())


def _parts(said: str) -> Iterator[tuple[int, str, bool]]:
    """Where bodies may be named: within brackets, and behind a label."""
    taken: list[tuple[int, int]] = []
    for bracket in re.finditer(r"[(\[【](?P<in>(?:\([^()]*\)|[^()\[\]【】]){3,300})[)\]】]", said):
        taken.append(bracket.span())
        yield bracket.start("in"), bracket.group("in"), True
    rest = said
    for first, last in taken:
        inner = said[first + 1 : last - 1]
        if re.search("单位|部门|负责|牵头|配合", inner):
            rest = rest[:first] + "。" * (last - first) + rest[last:]
    for label in _PREFIXED.finditer(rest):
        yield label.start(), label.group(), False
    by = re.search(r"由(?P<who>[^。;]{2,80}牵头[^。;]*)", rest)
    if by:
        yield by.start("who"), by.group("who"), False


def _bodies_of(part: str, bracketed: bool) -> Iterator[Body]:
    """The bodies of a part, each label or verb with its own."""
    labels = list(_PREFIXED.finditer(part))
    if labels:
        for label in labels:
            yield from _with_role(label.group("names"), label.start("names"), label.group("role"))
        return
    is_named = False
    for clause in re.finditer(r"[^,;。]+(?:,(?![^,;。]*(?:牵头|负责|配合|协助|参与)))?", part):
        said = _SUFFIXED.match(clause.group())
        if said and said.group("names"):
            is_named = True
            yield from _with_role(said.group("names"), clause.start(), said.group("role"))
    if not is_named and bracketed:
        names = list(_names(part))
        if names and all(is_body(name) for name, _ in names):
            yield from _with_role(part, 0, "")


def _with_role(names: str, at: int, said: str) -> Iterator[Body]:
    role = next((kind for word, kind in _ROLE_OF.items() if word in said), RESPONSIBLE)
    for name, place in _names(names):
        if is_body(name):
            yield Body(name, role, at + place, at + place + len(name))
