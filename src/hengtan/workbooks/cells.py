"""Cells of a worksheet that a person filled: numbers in any of the usual spellings, shares, whole
numbers, each refusal with its sheet, row and column.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hengtan.basis.errors import HengtanError, Where

BLANK = frozenset(("", "-", "—", "－", "/", "…", "无"))
MYRIADS = {"万": 1e4, "亿": 1e8}


def plain(text: str) -> str:
    """Half-width, without blanks around it."""
    return unicodedata.normalize("NFKC", str(text)).strip()


@dataclass(frozen=True)
class Line:
    """A row of a sheet: its cells by heading, and where it stands."""

    cells: Mapping[str, str]
    where: Where

    def text(self, column: str) -> str:
        """Text of a cell, "" where it is blank."""
        found = plain(self.cells.get(column, ""))
        return "" if found in BLANK else found

    def bad(self, column: str, zh: str, en: str, todo: str, todo_en: str) -> HengtanError:
        """A refusal of a cell."""
        return HengtanError(
            zh, en, where=replace(self.where, column=column), todo=todo, todo_en=todo_en
        )

    def need(self, column: str) -> str:
        """Text of a cell that must be filled. Raises HengtanError."""
        found = self.text(column)
        if not found:
            raise self.bad(column, f"缺“{column}”", f"'{column}' is missing", "补齐", "fill it")
        return found

    def number(
        self, column: str, *, least: float | None = None, most: float | None = None
    ) -> float | None:
        """A number: 1,234.5, １２３, 1.2万, 3亿, 12%; None where blank.

        Raises HengtanError for what is no number or out of bounds.
        """
        found = self.text(column).replace(",", "").replace("，", "")
        if not found:
            return None
        factor = MYRIADS.get(found[-1], 1.0) if found else 1.0
        body = found[:-1].strip() if factor != 1.0 or found.endswith("%") else found
        factor = 0.01 if found.endswith("%") else factor
        try:
            value = float(body) * factor
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.bad(
                column, f"“{found}”不是数", f"'{found}' is no number", "填数字", "fill a number"
            )
        if (least is not None and value < least) or (most is not None and value > most):
            bounds = f"{'' if least is None else f'不小于{least:g}'}{'，' if least is not None and most is not None else ''}{'' if most is None else f'不大于{most:g}'}"
            raise self.bad(
                column,
                f"“{column}”不能是{found}",
                f"{column} cannot be {found}",
                f"应{bounds}",
                f"bounds: {least} to {most}",
            )
        return value

    def share(self, column: str) -> float | None:
        """A share: 14, 14% and 0.14 are 0.14 (a plain number of 1 and more counts as per cent);
        None where blank. Raises HengtanError outside 0–100 %.
        """
        value = self.number(column, least=0)
        if value is None:
            return None
        value = value / 100 if value >= 1 and not self.text(column).endswith("%") else value
        if value > 1:
            raise self.bad(
                column,
                f"“{column}”应在0与100%之间",
                f"{column} lies between 0 and 100 %",
                "改正比例",
                "correct the share",
            )
        return value

    def whole(
        self, column: str, *, least: int | None = None, most: int | None = None
    ) -> int | None:
        """A whole number, or None. Raises HengtanError."""
        value = self.number(column, least=least, most=most)
        if value is not None and value != int(value):
            raise self.bad(
                column,
                f"“{column}”应为整数",
                f"{column} is a whole number",
                "填整数",
                "fill a whole number",
            )
        return None if value is None else int(value)

    def year(self, column: str) -> int | None:
        """A year: 2025 or 2025年. Raises HengtanError."""
        trimmed = Line({column: self.text(column).rstrip("年")}, self.where)
        return trimmed.whole(column, least=1990, most=2100)
