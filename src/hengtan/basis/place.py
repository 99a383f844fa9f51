"""Places: GB/T 2260 codes in a tree, groups that may be summed, functional zones that overlap and
never are.

Statistical scopes (全市, 城市, 城镇, 农村, 建成区, …) are an attribute of a figure, not places.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hengtan.basis.english_names import AsTyped
from hengtan.basis.errors import NotSummable, UnknownPlace
from hengtan.basis.marks import narrow

SCOPES: tuple[str, ...] = (
    "全国",
    "全市",
    "全区",
    "全县",
    "中心城区",
    "城市",
    "城镇",
    "农村",
    "建成区",
    "园区",
    "企业",
)
KINDS: tuple[str, ...] = (
    "country",
    "province",
    "city",
    "district",
    "group",
    "partition",
    "functional_zone",
    "park",
    "entity",
)

_SUFFIX = re.compile(
    "(土家族苗族自治县|苗族土家族自治县|土家族自治县|自治县|自治州|自治区|新区|地区|[省市区县旗])$"
)


_ENGLISH_KIND = re.compile("(?<=.)(?:district|county|city|municipality)$")


@dataclass(frozen=True)
class Place:
    """A place: ``code``, names, ``kind``, the place it lies in, and for groups their members, for
    zones what they overlap.
    """

    code: str
    name_zh: str
    name_en: str = ""
    kind: str = "district"
    parent: str | None = None
    members: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    note: str = ""


def _narrow(text: str) -> str:
    """A name as it is compared: without blanks, its signs not full-width."""
    return re.sub(r"\s+", "", narrow(text))


class PlaceTree:
    """The places of a workspace. ``find`` takes a code or any usual spelling of a name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_code: dict[str, Place] = {p.code: p for p in places}
        self._by_name: dict[str, list[str]] = {}
        for place in self._by_code.values():
            english, chinese = (_narrow(name) for name in (place.name_en, place.name_zh))
            for name in {chinese, english.lower(), _SUFFIX.sub("", chinese)}:
                if len(name) > 1:
                    self._by_name.setdefault(name, []).append(place.code)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> PlaceTree:
        """Build from rows of the pack table ``places``."""
        return cls(
            Place(
                code=r["place"],
                name_zh=r["name_zh"],
                name_en=r.get("name_en") or "",
                kind=r["kind"],
                parent=r.get("parent") or None,
                members=tuple(r.get("members") or ()),
                overlaps=tuple(r.get("overlaps") or ()),
                note=r.get("note_zh") or "",
            )
            for r in rows
        )

    def __iter__(self) -> Any:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Place:
        if code not in self._by_code:
            raise self._unknown(code)
        return self._by_code[code]

    def find(self, text: str) -> Place:
        """The place of a code (500156, 500156.0, 500156000000) or a name (武隆, 武隆区,
        重庆市武隆区, Wulong, Wulong District). Raises UnknownPlace.
        """
        plain = _narrow(text)
        digits = re.fullmatch(r"(\d{6})(?:\.0|0{6})?", plain)
        code = digits.group(1) if digits else plain.upper()
        if code in self._by_code:
            return self._by_code[code]
        english = plain.lower()
        spellings = (plain, english, _ENGLISH_KIND.sub("", english))
        for name in (*spellings, *self._without_parents(plain), _SUFFIX.sub("", plain)):
            codes = self._by_name.get(name, [])
            if len(codes) == 1:
                return self._by_code[codes[0]]
            if codes:
                raise UnknownPlace(
                    f"地区“{text}”有多个：{'、'.join(codes)}",
                    AsTyped(f"several places are called '{text}': {', '.join(codes)}"),
                    todo="请填行政区划代码",
                    todo_en="give the code",
                )
        raise self._unknown(str(text))

    def _without_parents(self, plain: str) -> list[str]:
        return [
            plain[len(p.name_zh) :]
            for p in self._by_code.values()
            if p.name_zh != plain and plain.startswith(p.name_zh)
        ]

    def _unknown(self, text: str) -> UnknownPlace:
        names = [p.name_zh for p in self._by_code.values()]
        near = difflib.get_close_matches(text, [*names, *self._by_code], n=3, cutoff=0.5)
        hint = f"，是否为：{'、'.join(near)}" if near else ""
        english = {p.name_zh: p.name_en for p in self._by_code.values()}
        near_en = [english.get(name) or name for name in near]
        return UnknownPlace(
            f"没有地区“{text}”{hint}",
            AsTyped(f"no place '{text}'" + (f", perhaps {', '.join(near_en)}" if near else "")),
            todo="请填区划代码或地区全名",
            todo_en="give the code or the full name",
        )

    def children(self, code: str) -> list[Place]:
        """Places whose parent is ``code`` and that may be summed to it (no groups, no zones)."""
        overlapping = ("group", "partition", "functional_zone")
        return [p for p in self._by_code.values() if p.parent == code and p.kind not in overlapping]

    def members(self, code: str) -> list[Place]:
        """The basic places a place is made of: itself, or those of its group.

        Raises NotSummable for a functional zone.
        """
        place = self[code]
        if place.kind == "functional_zone":
            raise NotSummable(
                f"功能区“{place.name_zh}”与行政区重叠，不能用于加总",
                f"functional zone {code} overlaps districts and is never summed",
                todo="改用所在区县",
                todo_en="use the districts it lies in",
            )
        if not place.members:
            return [place]
        return [basic for member in place.members for basic in self.members(member)]

    def within(self, code: str, outer: str) -> bool:
        """Whether a place lies in another (by parent, or as member of a group); a place lies in
        itself.
        """
        if code == outer:
            return True
        place = self[code]
        if self[outer].members and code in {p.code for p in self.members(outer)}:
            return True
        return place.parent is not None and self.within(place.parent, outer)

    def check_summable(self, codes: Iterable[str]) -> list[Place]:
        """The basic places of a list that may be added: each counted once, none a functional zone,
        none within another.

        Raises NotSummable.
        """
        chosen = [(code, basic) for code in codes for basic in self.members(code)]
        seen: dict[str, str] = {}
        for code, basic in chosen:
            for other in seen:
                if (
                    other == basic.code
                    or self.within(basic.code, other)
                    or self.within(other, basic.code)
                ):
                    raise NotSummable(
                        f"“{self[code].name_zh}”与“{self[seen[other]].name_zh}”重叠，不能相加",
                        f"{code} and {seen[other]} overlap and must not be added",
                        todo="去掉其中一个",
                        todo_en="drop one of them",
                    )
            seen[basic.code] = code
        return [basic for _, basic in chosen]
