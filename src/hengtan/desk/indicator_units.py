"""Whether a reported value of an indicator or a series stands in a unit of its kind (公斤 beside a
share does not), and which other one would take it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from hengtan.basis.alike import alike
from hengtan.basis.errors import Finding, UnknownUnit, Where
from hengtan.basis.units import defined_ratio, read_unit
from hengtan.plan.evidence import SINCE_BASE

if TYPE_CHECKING:
    from hengtan.packs import Pack

PERCENT = "%"
LINE = "_source_row"
"""The column of a reading that holds the line of the file."""
NOT_ACTUAL = ("unlinked", "goal_not_actual")


class IndicatorUnits:
    """The units in which the indicators and series of a pack may be stated.

    Those of its own row; those of its targets, which are in % where a change since the base is
    aimed at; those of the pack's own observations; those of the indicator a series is the same as.
    """

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._units: dict[str, dict[str, None]] = defaultdict(dict)
        self._names: dict[str, str] = {}
        self._changes: set[str] = set()
        for key, table in (("series", "series"), ("indicator", "indicators")):
            self._names |= {row[key]: row["name_zh"] for row in pack.rows(table)}
        for row in pack.rows("indicators"):
            self._add(row["indicator"], row["units"])
        for row in pack.rows("targets"):
            self._add(row["indicator"], [row["unit"]])
            if row["measure"] in SINCE_BASE:
                self._changes.add(row["indicator"])
        for row in pack.rows("observations"):
            self._add(row["series"], [row["unit"]])
        for row in pack.rows("indicator_links"):
            if row["relation"] == "same" and row["indicator"]:
                self._add(row["series"], self._units[row["indicator"]])

    def of(self, name: str) -> tuple[str, ...]:
        """Units an indicator or a series may be stated in; none where nothing says.

        Where all that is known is a change in %, the level may be in any unit.
        """
        units = tuple(self._units.get(name, ()))
        is_change_alone = name in self._changes and set(map(_canonical, units)) == {PERCENT}
        return () if is_change_alone else units

    def name(self, name: str) -> str:
        """The Chinese name of an indicator or a series."""
        return self._names.get(name, name)

    def taking(self, name: str, unit: str) -> str | None:
        """Another indicator or series beside this one that is stated in such a unit."""
        kind = _canonical(unit)
        for beside in self._beside(name):
            if kind in map(_canonical, self.of(beside)):
                return beside
        return None

    def _beside(self, name: str) -> Iterator[str]:
        """What a link joins to it, and the parts it is computed from."""
        for row in self._pack.rows("indicator_links"):
            if row["relation"] not in NOT_ACTUAL and row["indicator"] == name:
                yield row["series"]
            elif row["relation"] not in NOT_ACTUAL and row["series"] == name and row["indicator"]:
                yield row["indicator"]
        for row in self._pack.rows("computed_indicators"):
            if row["indicator"] == name:
                yield from filter(None, (row["numerator"], row["denominator"]))

    def _add(self, name: str, units: Iterable[str | None]) -> None:
        self._units[name].update(dict.fromkeys(filter(None, units)))


def indicator_misfits(pack: Pack, reading: Any, file: str) -> list[Finding]:
    """An error for each value in a unit of another kind than its indicator's.

    A value that says what it is a change against (降幅口径) may be in %. Only a warning where a
    unit of the indicator is not known, so that nothing can be said for certain.
    """
    known = IndicatorUnits(pack)

    def does_not_fit(row: dict[str, Any]) -> bool:
        if row["unit"] is None:
            return False
        units, kind = known.of(row["indicator"]), _canonical(row["unit"])
        is_stated_change = kind == PERCENT and row["compared"]
        return bool(units) and not is_stated_change and kind not in set(map(_canonical, units))

    column = str(reading.mapping.get("unit", "计量单位"))
    findings, by = [], ("indicator", "unit", "compared")
    for kind, rows in alike(reading.table, by, ("value", LINE), does_not_fit):
        units = known.of(kind["indicator"])
        level = "warning" if None in set(map(_canonical, units)) else "error"
        findings += [
            _misfit(
                known,
                kind["indicator"],
                kind["unit"],
                level,
                Where(file, reading.sheet, row[LINE], column),
            )
            for row in rows.to_pylist()
            if row["value"] is not None
        ]
    return in_order(findings)


def in_order(findings: list[Finding]) -> list[Finding]:
    """Findings in the order of their rows."""
    return sorted(findings, key=lambda finding: finding.where.row or 0)


def _misfit(known: IndicatorUnits, name: str, unit: str, level: str, where: Where) -> Finding:
    units, taker = known.of(name), known.taking(name, unit)
    wanted, todo, todo_en = "、".join(units), [], []
    if taker is not None:
        todo.append(f"若填的是“{known.name(taker)}”，指标改填“{known.name(taker)}”")
        todo_en.append(f"if it is {taker}, name that indicator")
    ratio = next(((own, defined_ratio(unit, own)) for own in units if _alike(unit, own)), None)
    if ratio is not None:
        todo.append(f"换算成{ratio[0]}填写（1{unit}＝{ratio[1]:.6g}{ratio[0]}）")
        todo_en.append(f"convert to {ratio[0]} (1 {unit} = {ratio[1]:.6g} {ratio[0]})")
    else:
        todo.append(f"核对指标与数值，改用{wanted}或可换算的单位")
        todo_en.append(f"check indicator and value, use {wanted} or a unit that converts to it")
    return Finding(
        level,
        f"“{known.name(name)}”按{wanted}计，“{unit}”是另一类单位，不能换算",
        f"{name} counts in {wanted}; {unit} is a unit of another kind and does not convert",
        where,
        "；".join(todo),
        "; ".join(todo_en),
        "indicator-unit",
    )


def _alike(unit: str, own: str) -> bool:
    """Whether two units measure the same though the house counts them apart (万平方米, 公顷)."""
    try:
        return defined_ratio(unit, own) is not None
    except UnknownUnit:
        return False


def _canonical(unit: str) -> str | None:
    try:
        return str(read_unit(unit).canonical)
    except UnknownUnit:
        return None
