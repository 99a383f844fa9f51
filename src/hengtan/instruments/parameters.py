"""Dated parameters of rules: looked up by name, key, region and day, each use recorded with its source; nothing is borrowed and nothing uncertain is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.dated import ALWAYS, NO_END
from hengtan.basis.errors import HengtanError, ParameterNotEstablished

NATION = "000000"


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

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return dict(vars(self))


@dataclass
class Parameters:
    """The parameters of the packs for one case: what was used and what has to be told are collected."""

    rows: Mapping[str, list[Mapping[str, Any]]]
    day: date
    region: str
    overrides: Mapping[str, float] = field(default_factory=dict)
    used: list[Used] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        rows: Iterable[Mapping[str, Any]],
        day: date,
        region: str = NATION,
        overrides: Mapping[str, float] | None = None,
    ) -> Parameters:
        """From the rows of the pack table ``rule_parameters``."""
        held: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            held.setdefault(row["parameter"], []).append(row)
        return cls(held, day, region or NATION, dict(overrides or {}))

    def value(
        self, name: str, key: str = "", *, region: str | None = None, rule: str = ""
    ) -> float:
        """The value in force on the day of the case, of the region itself, else its province or city, else the nation.

        An override of the case comes first (by ``name``, ``name.key``, or the name without the rule's own prefix). Raises ParameterNotEstablished where no row covers the day, its value is missing or its certainty low,
        naming the document that would settle it.
        """
        for given in (f"{name}.{key}" if key else name, name):
            for spelling in (
                given,
                given.removeprefix(rule.split(".")[0] + ".") if rule else given,
            ):
                if spelling in self.overrides:
                    value = float(self.overrides[spelling])
                    self.used.append(
                        Used(name, key, "", value, "", "本案自行给定", "proposal", overridden=True)
                    )
                    return value
        row = self._row(name, key, region or self.region)
        self.used.append(
            Used(
                name,
                key,
                row["region"],
                float(row["value"]),
                row["unit"] or "",
                row["source"],
                row["confidence"],
                row["certainty"] or "",
                row["note_zh"] or "",
            )
        )
        label = f"{name}{'.' + key if key else ''}"
        if row["confidence"] == "recalled" and not any(w.startswith(label) for w in self.warnings):
            self.warnings.append(f"{label} 取值凭记忆、未核对原文（{row['source']}）")
        if row["valid_from"] is None:
            self.warnings.append(f"{label} 起始日期未确立")
        return float(row["value"])

    def _row(self, name: str, key: str, region: str) -> Mapping[str, Any]:
        candidates = [r for r in self.rows.get(name, ()) if (r["key"] or "") == key]
        for place in dict.fromkeys((region, region[:2] + "0000", NATION)):
            here = [r for r in candidates if r["region"] == place]
            for row in here:
                if (row["valid_from"] or ALWAYS) <= self.day <= (row["valid_to"] or NO_END):
                    if row["value"] is None or row["certainty"] == "low":
                        raise self._missing(
                            name,
                            key,
                            region,
                            row["law"],
                            "没有查实" if row["value"] is None else "来源不足，没有确立",
                        )
                    return row
            if here:
                raise self._missing(
                    name,
                    key,
                    region,
                    here[0]["law"],
                    f"在{self.day}没有取值（现有{'、'.join(_span(r) for r in here)}）",
                )
        law = next(
            (r["law"] for r in candidates), next((r["law"] for r in self.rows.get(name, ())), "")
        )
        raise self._missing(
            name, key, region, law, "没有这个地区的取值" if candidates else "没有取值"
        )

    def has(self, name: str, key: str = "", *, region: str | None = None) -> bool:
        """Whether a value could be had; nothing is recorded."""
        before = (len(self.used), len(self.warnings))
        try:
            self.value(name, key, region=region)
        except ParameterNotEstablished:
            return False
        del self.used[before[0] :], self.warnings[before[1] :]
        return True

    def _missing(self, name: str, key: str, region: str, law: str, why: str) -> HengtanError:
        label = f"{name}{'.' + key if key else ''}"
        return ParameterNotEstablished(
            f"参数“{label}”（{region}）{why}",
            f"parameter '{label}' for {region} is not established on {self.day}",
            todo=f"查{law or '对应的法规或标准文本'}，或在案例 parameters 里给定",
            todo_en=f"see {law or 'the law itself'}, or give it under parameters",
        )


def _span(row: Mapping[str, Any]) -> str:
    return f"{row['valid_from'] or '…'}—{row['valid_to'] or '…'}"
