"""Dated parameters of rules: looked up by name, key, region and day; each use is recorded with its
source.

Nothing is borrowed from another day or place of the same level, and nothing uncertain is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from hengtan.basis.dated import in_force_on
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.instruments import sources
from hengtan.instruments.law_titles import law_beside
from hengtan.instruments.parameter_titles import Title, title_of

NATION = "000000"
UNVERIFIED = ("没有查实", "is not verified")
WEAK = ("来源不足，没有确立", "is not established for lack of sources")
NOT_HERE = ("没有这个地区的取值", "has no value for this place")
NO_VALUE = ("没有取值", "has no value")
Looked = tuple[str, str, str, date]
"""Name, key, region and day that a parameter is looked up by."""
OF_PROVINCE = 10_000
"""Codes of places within a province (GB/T 2260: the first two digits are the province)."""


@dataclass(frozen=True)
class Used:
    """A parameter as a case used it: where it came from, or that the case gave it itself."""

    name: str
    key: str
    region: str
    value: float
    unit: str
    source: str
    confidence: str
    certainty: str = ""
    note: str = ""
    overridden: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    scope: str = ""
    law: str = field(default="", repr=False)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Used:
        """From a row of the pack."""
        return cls(
            name=row["parameter"],
            key=row["key"] or "",
            region=row["region"],
            value=float(row["value"]),
            unit=row["unit"] or "",
            source=row["source"],
            confidence=row["confidence"],
            certainty=row["certainty"] or "",
            note=row["note_zh"] or "",
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            scope=row.get("scope_zh") or "",
            law=row.get("law") or "",
        )

    @classmethod
    def given(cls, name: str, key: str, value: float) -> Used:
        """What the case gave itself."""
        return cls(name, key, "", value, "", "本案自行给定", "proposal", overridden=True)

    @property
    def label(self) -> str:
        """Name and key as they are written under ``parameters`` of a case."""
        return labelled(self.name, self.key)

    @property
    def title(self) -> Title:
        """What it is called for people, in both languages."""
        return title_of(self.name, self.key)

    @property
    def cited(self) -> str:
        """The law or document that sets it; where none is named, what it was read in."""
        return self.law or self.source

    @property
    def span(self) -> str:
        """The days it holds, as ``2024-01-01—2024-12-31``."""
        return f"{self.valid_from or '…'}—{self.valid_to or '…'}"

    @property
    def draft(self) -> bool:
        """Whether its source is a draft."""
        return sources.is_draft(f"{self.source}{self.note}")

    @property
    def sureness(self) -> str:
        """Its confidence; of a draft no more than of a proposal."""
        return "proposal" if self.draft else self.confidence

    def cautions(self, region: str) -> Iterator[str]:
        """What has to be said of it beside its value: recalled, without a first day, what its
        source is, the price of another place.
        """
        if self.confidence == "recalled":
            yield f"{self.title.zh} 取值凭记忆、未核对原文（{self.source}）"
        if self.valid_from is None:
            yield f"{self.title.zh} 起始日期未确立"
        called = title_of(self.name).zh
        yield from sources.cautions(called, self.source, self.note)
        if self.scope and self.region != region:
            yield f"{called} 是{self.scope}的取值，不是{region}自己的（{self.source}）"
        elif self.scope:
            yield f"{called} 是{self.scope}的取值（{self.source}）"

    @cached_property
    def stated(self) -> str:
        """All that it states as one text, for the digests of what rests on it."""
        return repr(self)

    def as_dict(self) -> dict[str, Any]:
        """JSON form, with what it is called."""
        stated = {part.name: getattr(self, part.name) for part in fields(self)}
        return {**stated, "title_zh": self.title.zh, "title_en": self.title.en}


def labelled(name: str, key: str) -> str:
    """A parameter by name and key: ``env_tax.reduction.30``."""
    return f"{name}.{key}" if key else name


def by_name(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of the pack table ``rule_parameters`` by parameter, in their order."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["parameter"], []).append(row)
    return grouped


@dataclass
class Parameters:
    """The parameters of the packs for one case: what was used and what has to be told are
    collected. ``looked_up``: what other cases of the same rows looked up already.
    """

    rows: Mapping[str, list[Mapping[str, Any]]]
    day: date
    region: str
    overrides: Mapping[str, float] = field(default_factory=dict)
    used: list[Used] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    looked_up: dict[Looked, Used] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        rows: Iterable[Mapping[str, Any]],
        day: date,
        region: str = NATION,
        overrides: Mapping[str, float] | None = None,
    ) -> Parameters:
        """From the rows of the pack table ``rule_parameters``."""
        return cls(by_name(rows), day, region or NATION, dict(overrides or {}))

    def value(
        self, name: str, key: str = "", *, region: str | None = None, rule: str = ""
    ) -> float:
        """The value in force on the day of the case, of the region itself, else its province, else
        the nation.

        An override of the case comes first: by ``name.key``, ``name``, or either without the rule's
        own prefix. Raises ParameterNotEstablished where no row covers the day, its value is missing
        or its certainty low, naming the document that would settle it.
        """
        override = self._override(name, key, rule)
        if override is not None:
            self.used.append(Used.given(name, key, override))
            return override
        return self.take(self._found(name, key, region or self.region))

    def take(self, used: Used) -> float:
        """Record a figure of the packs with what has to be said of it; gives its value back."""
        self.used.append(used)
        for caution in used.cautions(self.region):
            if caution not in self.warnings:
                self.warnings.append(caution)
        return used.value

    def _override(self, name: str, key: str, rule: str) -> float | None:
        """What the case gives itself, by any of the spellings of a parameter."""
        if not self.overrides:
            return None
        prefix = f"{rule.split('.')[0]}." if rule else ""
        for full in (labelled(name, key), name):
            for spelling in (full, full.removeprefix(prefix)):
                if spelling in self.overrides:
                    return float(self.overrides[spelling])
        return None

    def _found(self, name: str, key: str, region: str) -> Used:
        """A parameter of the packs, looked up once for all cases."""
        at = (name, key, region, self.day)
        if at not in self.looked_up:
            self.looked_up[at] = Used.of(self._row(name, key, region))
        return self.looked_up[at]

    def _row(self, name: str, key: str, region: str) -> Mapping[str, Any]:
        candidates = [row for row in self.rows.get(name, ()) if (row["key"] or "") == key]
        for place in (region, province_of(region), NATION):
            of_place = [row for row in candidates if row["region"] == place]
            for row in in_force_on(of_place, self.day):
                if row["value"] is None:
                    raise self._missing(name, key, region, row["law"], UNVERIFIED)
                if row["certainty"] == "low":
                    raise self._missing(name, key, region, row["law"], WEAK)
                return row
            if of_place:
                spans = "、".join(_span(row) for row in of_place)
                known = ", ".join(_span(row) for row in of_place)
                why = (
                    f"在{self.day}没有取值（现有{spans}）",
                    f"has no value on {self.day} (known: {known})",
                )
                raise self._missing(name, key, region, of_place[0]["law"], why)
        law = next((row["law"] for row in (*candidates, *self.rows.get(name, ()))), "")
        why = NOT_HERE if candidates else NO_VALUE
        raise self._missing(name, key, region, law, why)

    def keys(self, name: str) -> list[str]:
        """The keys that a parameter has on the day of the case, in the order of the pack."""
        rows = in_force_on(self.rows.get(name, ()), self.day)
        return list(dict.fromkeys(row["key"] or "" for row in rows))

    def has(self, name: str, key: str = "", *, region: str | None = None) -> bool:
        """Whether a value could be had; nothing is recorded."""
        uses, warnings = len(self.used), len(self.warnings)
        try:
            self.value(name, key, region=region)
        except ParameterNotEstablished:
            return False
        del self.used[uses:], self.warnings[warnings:]
        return True

    def _missing(
        self, name: str, key: str, region: str, law: str, why: tuple[str, str]
    ) -> HengtanError:
        called, law_en = title_of(name, key), law_beside(law, "en")
        refused = ParameterNotEstablished(
            f"参数“{called.zh}”（{region}）{why[0]}",
            f"parameter '{called.en}' for {region} {why[1]}",
            todo=f"查{law or '对应的法规或标准文本'}，或在案例里自行给定这个参数",
            todo_en=f"see {law_en or 'the law itself'}, or give the parameter in the case",
        )
        return refused.about(labelled(name, key), (law, law_en))


def province_of(region: str) -> str:
    """The province of a place, by code: 500156 → 500000."""
    return f"{int(region) // OF_PROVINCE * OF_PROVINCE:06d}" if region.isdigit() else region


def _span(row: Mapping[str, Any]) -> str:
    return f"{row['valid_from'] or '…'}—{row['valid_to'] or '…'}"
