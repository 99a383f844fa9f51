"""The unit that stands over a column of plain numbers, in its header or in the line above the
table: applied, or refused; never passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from hengtan.basis import cell
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import Amount, folded, is_unit, read_amount, rounded
from hengtan.basis.units import read_unit
from hengtan.ledger.reading.brackets import is_like_a_unit
from hengtan.ledger.reading.columns import Read
from hengtan.ledger.reading.findings import Collector, problem, warning
from hengtan.ledger.reading.header import Header
from hengtan.ledger.reading.titles import AMOUNTS, UNIT_WORDS

PLAIN_AMOUNTS = tuple(kind for kind in AMOUNTS if kind != "quantity")
_COUNTS = ("count", "person")


@dataclass(frozen=True)
class Outer:
    """The unit over a column: bare numbers are in ``unit``, and ``factor`` makes them those of the
    field; ``refused``: the unit cannot be that of the field, so nothing of the column is read.
    """

    unit: str | None = None
    factor: float = 1.0
    refused: bool = False

    def over(self, known: Any) -> Any:
        """The field as its cells are written: in the unit over the column, with the units that the
        field states measured in that.
        """
        if self.unit is None:
            return known
        stated = {**known.also, **({known.unit: 1.0} if known.unit and known.also else {})}
        also = {unit: factor / self.factor for unit, factor in stated.items()}
        return replace(known, unit=self.unit, also=also)

    def applied(self, value: Any) -> Any:
        """A value read from a cell in the unit of the field."""
        if value is None or self.factor == 1.0:
            return value
        scaled = rounded(value * self.factor)
        return int(scaled) if isinstance(value, int) and scaled.is_integer() else scaled


@dataclass
class OuterUnits:
    """The units over the plain numbers of a sheet."""

    header: Header
    form: Any
    collector: Collector

    def of(self, known: Any) -> Outer:
        """The unit over a column; findings where it is refused or left aside."""
        title = self.header.titles.get(known.id)
        if title is None or known.id not in self.header.columns:
            return Outer()
        if self.is_refused(known):
            return Outer(refused=True)
        if title.unit and title.own and known.unit is None:
            return Outer(title.unit)
        if title.unit:
            return self._of_header(known, title.unit)
        return self._of_line(known)

    def is_refused(self, known: Any) -> bool:
        """Whether words in the brackets over a column may be a unit we do not know; told either
        way.
        """
        title = self.header.titles.get(known.id)
        remark = None if title is None else title.remark
        return remark is not None and not self._is_harmless(known, remark)

    def _of_header(self, known: Any, unit: str) -> Outer:
        outer = _converted(known, unit)
        if outer is not None:
            self._tell_kind(known, unit)
            return outer
        key = "header-unit" if known.unit else "header-unit.plain"
        self._tell(problem(key, unit, known.unit or ""), known)
        return Outer(refused=True)

    def _is_harmless(self, known: Any, remark: str) -> bool:
        """Whether words in the brackets of a title are a remark; told either way."""
        if re.fullmatch(r"(?:19|20)\d{2}年?", remark):
            return True
        if not is_like_a_unit(remark, beside_a_unit=bool(known.unit or known.unit_field)):
            self._tell(warning("header-remark", remark), known)
            return True
        key = "header-unit.unknown" if known.unit else "header-unit.unknown-plain"
        self._tell(problem(key, remark, known.unit or ""), known)
        return False

    def _of_line(self, known: Any) -> Outer:
        line = self.header.unit_line
        if line is None or known.unit in (None, "", "1"):
            return Outer()
        words = line.split("、")
        if not all(map(is_unit, words)):
            return self._unknown_line(known, line)
        fitting = [unit for unit in words if _converted(known, unit) is not None]
        if len(fitting) > 1:
            self._tell(problem("line-units", line, "、".join(fitting)), known)
            return Outer(refused=True)
        if fitting:
            self._tell_kind(known, fitting[0])
            return _converted(known, fitting[0]) or Outer()
        if known.unit == "%":
            return Outer()
        if not self._serves(words):
            self._tell(problem("line-unit.none", line, known.unit), known)
            return Outer(refused=True)
        self._tell(warning("line-unit.other", line, known.unit), known)
        return Outer()

    def _serves(self, words: list[str]) -> bool:
        """Whether the line is the unit of any column."""
        here = [known for known in self.form.fields if known.id in self.header.columns]
        return any(
            known.type == "quantity"
            or (known.unit_field and not known.rate)
            or (known.type in PLAIN_AMOUNTS and known.unit and _converted(known, unit) is not None)
            for known in here
            for unit in words
        )

    def _unknown_line(self, known: Any, line: str) -> Outer:
        if known.unit == "%":
            return Outer()
        self._tell(problem("line-unit.unknown", line, known.unit), known)
        return Outer(refused=True)

    def refuse_unit_column(self, cells: list[Any]) -> None:
        """A column of units in a form that has none: refused unless each is that of the amounts."""
        if any(known.type == "unit" for known in self.form.fields):
            return
        amounts = [k for k in self.form.fields if k.id in self.header.columns and k.unit]
        own = {known.unit for known in amounts if known.unit != "%"}
        for column in self.header.extra:
            title = self.header.texts.get(column, "")
            if folded(title) not in UNIT_WORDS:
                continue
            texts = set(cells[column].texts)
            if not all(len(own) == 1 and _same(text, next(iter(own))) for text in texts):
                refused = problem("unit-column", title, "、".join(sorted(own)))
                self.collector.add(refused, row=self.header.row + 1, column=title)

    def _tell_kind(self, known: Any, unit: str) -> None:
        reason = by_kind(known, unit)
        if reason is not None:
            self._tell(reason, known)

    def _tell(self, reason: Any, known: Any) -> None:
        row = self.header.row + 1
        self.collector.add(reason, row=row, column=self.header.title(known))


def _converted(known: Any, unit: str) -> Outer | None:
    """The factor from a unit to that of a field; None where there is none."""
    if known.type == "integer" and known.unit is None:
        counted = read_unit(unit)
        return Outer(unit, counted.factor) if counted.canonical in _COUNTS else None
    factor, reason = cell.in_unit(known, Amount(1.0, unit), unit)
    return None if reason is not None else Outer(unit, factor)


def by_kind(known: Any, unit: str) -> Problem | None:
    """What to tell of a unit of another kind that a field states a factor for, as tonnes of water
    for cubic metres; None where it is of the same kind or the field says nothing of it.
    """
    if not (known.also and known.unit and is_unit(unit) and is_unit(known.unit)):
        return None
    if read_unit(unit).canonical == read_unit(known.unit).canonical:
        return None
    outer = _converted(known, unit)
    if outer is None:
        return None
    return warning("unit-by-kind", unit, f"{outer.factor:,.10g}", known.unit)


def telling_kinds(known: Any, read: Read) -> Read:
    """A reader of the cells of a field that tells those in a unit of another kind."""
    if not known.also:
        return read

    def read_and_tell(text: str) -> tuple[Any, Problem | None]:
        value, reason = read(text)
        amount = read_amount(text) if value is not None and reason is None else None
        if amount is None or amount.unit is None:
            return value, reason
        return value, by_kind(known, amount.unit)

    return read_and_tell


def _same(unit: str, own: str) -> bool:
    if not is_unit(unit) or not is_unit(own):
        return unit == own
    first, second = read_unit(unit), read_unit(own)
    return (first.canonical, first.factor) == (second.canonical, second.factor)
