"""Two versions of a plan side by side, target by target: kept, changed (and in what), dropped, new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.plan.reader.linking import key, likeness

LIKE = 0.6
"""Dice's coefficient from which two names may be the same target under other words; a rule of order for review."""
FIELDS = ("value", "operator", "strict", "base_year", "deadline_year", "region_zh", "binding_zh")
FIELDS_ZH = {
    "value": "数值",
    "operator": "要求",
    "strict": "不含本数",
    "base_year": "基年",
    "deadline_year": "期限",
    "region_zh": "地区",
    "binding_zh": "约束性",
    "indicator_zh": "指标名称",
}


@dataclass(frozen=True)
class Change:
    """A pair of targets, or one alone. ``kind``: same, changed, dropped (only in the first), new (only in the second); ``fields`` maps a field to what it was and is."""

    kind: str
    first: Mapping[str, Any] | None
    second: Mapping[str, Any] | None
    fields: Mapping[str, tuple[str, str]]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "kind": self.kind,
            "first": self.first and dict(self.first),
            "second": self.second and dict(self.second),
            "fields": {k: list(v) for k, v in self.fields.items()},
        }


def compare(
    first: Sequence[Mapping[str, Any]], second: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """Rows of targets.csv of two versions, paired: by name, region and deadline; then by name alone; then by a like name. Order of the second, dropped ones last."""
    first, second = _own_left_out(first), _own_left_out(second)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    rules = (
        lambda a, b: (
            _name(a) == _name(b)
            and _year(a) == _year(b)
            and a["region_zh"] == b["region_zh"]
            and _change(a) == _change(b)
            and _figure(a) == _figure(b)
        ),
        lambda a, b: (
            _name(a) == _name(b)
            and _year(a) == _year(b)
            and a["region_zh"] == b["region_zh"]
            and _change(a) == _change(b)
        ),
        lambda a, b: (
            _known(a) == _known(b) != ""
            and _year(a) == _year(b)
            and a["region_zh"] == b["region_zh"]
            and _change(a) == _change(b)
        ),
        lambda a, b: _name(a) == _name(b) and _change(a) == _change(b),
        lambda a, b: _known(a) == _known(b) != "" and _change(a) == _change(b),
    )
    for rule in rules:
        for j, b in enumerate(second):
            if j not in pairs:
                i = next((i for i, a in enumerate(first) if i not in taken and rule(a, b)), None)
                if i is not None:
                    pairs[j] = i
                    taken.add(i)
    left = sorted(
        (
            (likeness(a["indicator_zh"], b["indicator_zh"]), -i, -j)
            for i, a in enumerate(first)
            if i not in taken
            for j, b in enumerate(second)
            if j not in pairs and a["unit_canonical"] == b["unit_canonical"]
        ),
        reverse=True,
    )
    for like, i, j in left:
        if like >= LIKE and -i not in taken and -j not in pairs:
            pairs[-j] = -i
            taken.add(-i)
    made = []
    for j, b in enumerate(second):
        if j in pairs:
            a = first[pairs[j]]
            fields = _fields(a, b)
            made.append(Change("changed" if fields else "same", a, b, fields))
        else:
            made.append(Change("new", None, b, {}))
    return made + [Change("dropped", a, None, {}) for i, a in enumerate(first) if i not in taken]


def _own_left_out(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows whose region is empty where it is the plan's own (the one most targets are about): a document does not repeat it, a pack does."""
    own = Counter(str(row["region_zh"]) for row in rows).most_common(1)
    return [
        {**row, "region_zh": "" if own and row["region_zh"] == own[0][0] else row["region_zh"]}
        for row in rows
    ]


def _name(row: Mapping[str, Any]) -> str:
    return key(str(row["indicator_zh"]))


def _known(row: Mapping[str, Any]) -> str:
    """The indicator, empty where the plan itself proposed it."""
    indicator = str(row["indicator"])
    return "" if indicator.startswith(f"{row['plan']}-i") else indicator


def _year(row: Mapping[str, Any]) -> str:
    return str(row["deadline_year"])


def _change(row: Mapping[str, Any]) -> bool:
    return row["operator"] in ("increase_by", "decrease_by")


def _figure(row: Mapping[str, Any]) -> tuple[float, str]:
    return float(row["value_canonical"] or row["value"]), str(
        row["unit_canonical"] or row["unit"]
    ).split("/a")[0]


def _fields(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    made: dict[str, tuple[str, str]] = {}
    for name in FIELDS:
        if name == "value":
            x, y = _figure(a), _figure(b)
            if x[1] != y[1] or abs(x[0] - y[0]) > 1e-9 * max(abs(x[0]), abs(y[0])):
                made[name] = f"{a['value']}{a['unit']}", f"{b['value']}{b['unit']}"
        elif str(a.get(name) or "") != str(b.get(name) or ""):
            made[name] = str(a.get(name) or "—"), str(b.get(name) or "—")
    if _name(a) != _name(b):
        made["indicator_zh"] = str(a["indicator_zh"]), str(b["indicator_zh"])
    return made
