"""Two versions of a plan side by side, target by target: kept, changed (and in what), dropped,
new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.plan.reader.linking import key, likeness
from hengtan.plan.reader.messages import MESSAGES, say
from hengtan.plan.reader.stated import CHANGES

Row = Mapping[str, Any]
LIKE = 0.6
"""Dice's coefficient from which two names may be the same target under other words; a rule of order
for review."""
FIELDS = ("value", "operator", "strict", "base_year", "deadline_year", "region_zh", "binding_zh")
FIELDS_ZH = {
    code.removeprefix("field."): say(code) for code in MESSAGES if code.startswith("field.")
}


@dataclass(frozen=True)
class Change:
    """A pair of targets, or one alone.

    ``kind``: same, changed, dropped (only in the first), new (only in the second); ``fields`` maps
    a field to what it was and is.
    """

    kind: str
    first: Row | None
    second: Row | None
    fields: Mapping[str, tuple[str, str]]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "kind": self.kind,
            "first": self.first and dict(self.first),
            "second": self.second and dict(self.second),
            "fields": {k: list(v) for k, v in self.fields.items()},
        }


def compare(first: Sequence[Row], second: Sequence[Row]) -> list[Change]:
    """Rows of targets.csv of two versions, paired: by name, region and deadline; then by name
    alone; then by a like name. Order of the second, dropped ones last."""
    first, second = _own_left_out(first), _own_left_out(second)
    partner = _pairs(first, second)
    changes = []
    for j, row in enumerate(second):
        if j not in partner:
            changes.append(Change("new", None, row, {}))
            continue
        before = first[partner[j]]
        fields = _fields(before, row)
        changes.append(Change("changed" if fields else "same", before, row, fields))
    paired = set(partner.values())
    dropped = [row for i, row in enumerate(first) if i not in paired]
    return changes + [Change("dropped", row, None, {}) for row in dropped]


def _pairs(first: Sequence[Row], second: Sequence[Row]) -> dict[int, int]:
    """For each row of the second that has one, its partner in the first, the surest likeness
    first."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for alike in SURE_FIRST:
        for j, later in enumerate(second):
            if j in partner:
                continue
            free = (i for i, row in enumerate(first) if i not in taken and alike(row, later))
            i = next(free, None)
            if i is not None:
                partner[j] = i
                taken.add(i)
    for i, j in _by_likeness(first, second, taken, partner):
        if i not in taken and j not in partner:
            partner[j] = i
            taken.add(i)
    return partner


def _by_likeness(
    first: Sequence[Row], second: Sequence[Row], taken: set[int], partner: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Rows of one unit that are left, the likest names first."""
    likenesses = [
        (likeness(row["indicator_zh"], later["indicator_zh"]), -i, -j)
        for i, row in enumerate(first)
        if i not in taken
        for j, later in enumerate(second)
        if j not in partner and row["unit_canonical"] == later["unit_canonical"]
    ]
    return [(-i, -j) for like, i, j in sorted(likenesses, reverse=True) if like >= LIKE]


def _own_left_out(rows: Sequence[Row]) -> list[Row]:
    """Rows whose region is empty where it is the plan's own (the one most targets are about): a
    document does not repeat it, a pack does."""
    own = Counter(str(row["region_zh"]) for row in rows).most_common(1)
    return [
        {**row, "region_zh": "" if own and row["region_zh"] == own[0][0] else row["region_zh"]}
        for row in rows
    ]


def _name(row: Row) -> str:
    return key(str(row["indicator_zh"]))


def _known(row: Row) -> str:
    """The indicator, empty where the plan itself proposed it."""
    indicator = str(row["indicator"])
    return "" if indicator.startswith(f"{row['plan']}-i") else indicator


def _is_change(row: Row) -> bool:
    return row["operator"] in CHANGES


def _figure(row: Row) -> tuple[float, str]:
    unit = str(row["unit_canonical"] or row["unit"]).split("/a")[0]
    return float(row["value_canonical"] or row["value"]), unit


def _one_name(a: Row, b: Row) -> bool:
    return _name(a) == _name(b) and _is_change(a) == _is_change(b)


def _one_indicator(a: Row, b: Row) -> bool:
    return _known(a) == _known(b) != "" and _is_change(a) == _is_change(b)


def _one_time_and_place(a: Row, b: Row) -> bool:
    years = str(a["deadline_year"]), str(b["deadline_year"])
    return years[0] == years[1] and bool(a["region_zh"] == b["region_zh"])


SURE_FIRST: tuple[Callable[[Row, Row], bool], ...] = (
    lambda a, b: _one_name(a, b) and _one_time_and_place(a, b) and _figure(a) == _figure(b),
    lambda a, b: _one_name(a, b) and _one_time_and_place(a, b),
    lambda a, b: _one_indicator(a, b) and _one_time_and_place(a, b),
    _one_name,
    _one_indicator,
)
"""When two rows are one target, the surest first."""


def _fields(a: Row, b: Row) -> dict[str, tuple[str, str]]:
    """Fields in which two rows differ, as they were and are."""
    fields: dict[str, tuple[str, str]] = {}
    for name in FIELDS:
        if name == "value":
            if not _one_value(_figure(a), _figure(b)):
                fields[name] = f"{a['value']}{a['unit']}", f"{b['value']}{b['unit']}"
        elif str(a.get(name) or "") != str(b.get(name) or ""):
            fields[name] = str(a.get(name) or "—"), str(b.get(name) or "—")
    if _name(a) != _name(b):
        fields["indicator_zh"] = str(a["indicator_zh"]), str(b["indicator_zh"])
    return fields


def _one_value(a: tuple[float, str], b: tuple[float, str]) -> bool:
    """Whether two figures of one unit are equal but for rounding in the last digits of a float."""
    return a[1] == b[1] and abs(a[0] - b[0]) <= 1e-9 * max(abs(a[0]), abs(b[0]))
