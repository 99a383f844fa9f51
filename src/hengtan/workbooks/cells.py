"""Lines of a sheet that a person filled: each cell read by ``basis.cell``, each refusal with its
sheet, row and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl.utils import get_column_letter

from hengtan.basis import cell
from hengtan.basis.english_names import english_name
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.field import Field
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import is_placeholder, plain
from hengtan.basis.words import Words
from hengtan.ledger.reading.findings import Hidden

LIST = "、"
NOTHING = "无"
"""In a workbook a cell that says 无 is blank."""
_faults: ContextVar[list[Finding] | None] = ContextVar("faults", default=None)
"""Cells that cannot be read, where all of them are to be told."""


@contextmanager
def every_fault() -> Iterator[None]:
    """Within it a cell that cannot be read is noted and taken as blank, and a line that is refused
    (``noted``) is passed by, so that one reading tells every fault; at its end they are raised
    together. What is refused after that is told only where it stands on a line without a fault,
    since it may follow from one. Raises HengtanError.
    """
    faults: list[Finding] = []
    before = _faults.set(faults)
    try:
        yield
    except HengtanError as error:
        if not faults:
            raise
        lines = {(fault.where.sheet, fault.where.row) for fault in faults}
        for later in error.findings or [error.as_finding()]:
            if later.where.row and (later.where.sheet, later.where.row) not in lines:
                faults.append(later)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        if not faults:
            raise
    finally:
        _faults.reset(before)
    if faults:
        raise HengtanError.of(list(dict.fromkeys(faults)))


@contextmanager
def noted() -> Iterator[None]:
    """The reading of one line of several: within ``every_fault`` its refusal is noted and the next
    line is read, else it is raised.
    """
    faults = _faults.get()
    try:
        yield
    except HengtanError as error:
        if faults is None:
            raise
        cells = {fault.where for fault in faults}
        listed = error.findings or [error.as_finding()]
        faults += [fault for fault in listed if fault.where not in cells]


def problem(
    key: str,
    *arguments: object,
    level: str = "error",
    in_english: Sequence[object] | None = None,
) -> Problem:
    """A problem in the words of this room (``workbooks/words.yaml``); ``in_english``: the arguments
    of the English words where they are others.
    """
    words = Words.of("hengtan.workbooks")
    return Problem.worded(words, key, *arguments, level=level, in_english=in_english)


def hidden_findings(file: str, hidden: Hidden, sheets: Iterable[str | None]) -> Iterator[Finding]:
    """Hidden sheets, which are not read (a leading underline marks those of a template), and the
    hidden lines and columns of the ``sheets`` that were.
    """
    for name in hidden.sheets:
        if not name.startswith("_"):
            yield problem("hidden-sheet", name, level="warning").finding(Where(file, name))
    for sheet in dict.fromkeys(sheets):
        if lines := hidden.lines.get(sheet):
            said = problem("hidden-lines", len(lines), level="warning")
            yield said.finding(Where(file, sheet, row=lines[0]))
        if columns := hidden.columns.get(sheet):
            letters = ", ".join(map(get_column_letter, columns))
            yield problem("hidden-columns", letters, level="warning").finding(Where(file, sheet))


@dataclass(frozen=True)
class Line:
    """A row of a sheet: its cells by heading, where it stands, and what the file calls its columns
    where that is something else.
    """

    cells: Mapping[str, str]
    where: Where
    titles: Mapping[str, str] = field(default_factory=dict)

    def as_written(self, column: str) -> str:
        """Text of a cell as a person wrote it, without blanks around it."""
        return self.cells.get(column, "").strip()

    def text(self, column: str) -> str:
        """Text of a cell with full-width signs made plain, "" where it is blank or stands for
        nothing.
        """
        text = plain(self.cells.get(column, ""))
        return "" if text == NOTHING or is_placeholder(text) else text

    def need(self, column: str) -> str:
        """Text of a cell that must be filled. Raises HengtanError."""
        text = self.text(column)
        if not text:
            raise self.refuse(column, "missing", column)
        return text

    def number(
        self,
        column: str,
        *,
        least: float | None = None,
        most: float | None = None,
        unit: str | None = None,
    ) -> float | None:
        """A number: 1,234.5, １２３, 1.2万, 3亿, 12% (0.12, with the unit % 12); None where blank.

        Raises HengtanError for what is no number or out of bounds.
        """
        return self._read(Field(column, type="number", unit=unit, minimum=least, maximum=most))

    def share(self, column: str) -> float | None:
        """A share: 14, 14% and 0.14 are 0.14; None where blank.

        Raises HengtanError outside 0 to 100 %.
        """
        share = self._read(Field(column, type="share", minimum=0))
        if share is not None and share > 1:
            raise self.refuse(column, "beyond-share", column)
        return share

    def whole(
        self, column: str, *, least: int | None = None, most: int | None = None
    ) -> int | None:
        """A whole number, None where blank. Raises HengtanError."""
        number = self.number(column, least=least, most=most)
        if number is not None and number != int(number):
            raise self.refuse(column, "not-whole", column)
        return None if number is None else int(number)

    def year(self, column: str) -> int | None:
        """A year: 2025 or 2025年. Raises HengtanError."""
        trimmed = replace(self, cells={column: self.text(column).rstrip("年")})
        return trimmed.whole(column, least=1990, most=2100)

    def flag(self, column: str) -> bool | None:
        """是 or 否 in their usual spellings, None where blank.

        Raises HengtanError for any other word.
        """
        if plain(self.cells.get(column, "")) == NOTHING:
            return False
        return self._read(Field(column, type="boolean"))

    def bad(self, column: str, zh: str, en: str, todo: str, todo_en: str) -> HengtanError:
        """A refusal of a cell in words of the caller."""
        return HengtanError(zh, en, where=self.at(column), todo=todo, todo_en=todo_en)

    def refuse(self, column: str, key: str, *arguments: object) -> HengtanError:
        """A refusal of a cell in the words of this room; columns by the names of the file, and what
        there is to choose from in English where the file is in English.
        """
        named = [self.titles.get(str(argument), argument) for argument in arguments]
        english = [self._in_english(argument) for argument in named]
        return problem(key, *named, in_english=english).error(where=self.at(column))

    def _in_english(self, argument: object) -> object:
        """A list of known words in English, anything else as it is."""
        is_english = any(chinese != title for chinese, title in self.titles.items())
        if not is_english or LIST not in str(argument):
            return argument
        return ", ".join(english_name(word) or word for word in str(argument).split(LIST))

    def at(self, column: str) -> Where:
        """Where a cell of the line stands."""
        return replace(self.where, column=self.titles.get(column, column))

    def _read(self, known: Field) -> Any:
        value, reason = cell.read(known, self.text(known.id))
        if reason is not None and reason.level == "error":
            faults = _faults.get()
            if faults is None:
                raise reason.error(where=self.at(known.id))
            faults.append(reason.finding(self.at(known.id)))
            return None
        return value
