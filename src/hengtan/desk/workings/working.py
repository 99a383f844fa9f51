"""What a working is: the files and answers it asks for, what it gives back.

All texts a reader sees are words by their keys, or pairs of texts (Chinese, English), so that what
was kept can be shown in either language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.period import Period
from hengtan.basis.words import LANGUAGES, coded
from hengtan.ledger.reading.findings import Account
from hengtan.report.sheet.lists import ListSheet, lists_bytes
from hengtan.report.words import error, has, word
from hengtan.workbooks.cells import Line, every_fault

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

TABLES = (".xlsx", ".xls", ".ods", ".csv")
"""Ends of the names of files that are tables."""
WORDS = "working."
"""How the keys of this room's words begin."""
RESULTS = {"zh": "result.xlsx", "en": "result-en.xlsx"}
"""Names of the workbook of a result by its language."""
MOST_ROWS = 500
"""Rows of a table that a page shows; the file has them all."""
Cell = Any
"""A figure, a text, or a text in both languages."""


@dataclass(frozen=True)
class Table:
    """A table of the result: ``title`` is a word by its key; ``columns`` are words by their keys,
    names as the file has them, or texts in both languages.
    """

    title: str
    columns: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]

    def as_dict(self) -> dict[str, Any]:
        """JSON form, with the rows that a page shows."""
        rows = [[_plain(cell) for cell in row] for row in self.rows[:MOST_ROWS]]
        shown = {"title": self.title, "columns": list(self.columns), "rows": rows}
        return shown | {
            "more": max(len(self.rows) - MOST_ROWS, 0),
            "numeric": [_is_numeric(cells) for cells in zip(*rows, strict=True)],
        }


def _plain(cell: Cell) -> Cell:
    """A cell as JSON holds it: what is no finite figure is left out."""
    if isinstance(cell, float):
        return float(cell) if math.isfinite(cell) else None
    if cell is None or isinstance(cell, (str, int, list)):
        return cell
    return cell.item() if hasattr(cell, "item") else str(cell)


def _is_numeric(cells: Sequence[Cell]) -> bool:
    """Whether a column holds figures only."""
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and all(isinstance(cell, (int, float)) for cell in filled)


def columns(*names: str) -> list[str]:
    """The words of columns by their keys."""
    return [f"working.column.{name}" for name in names]


def in_both(key: str) -> list[str]:
    """A word in both languages, as a cell."""
    return [word(key), word(key, "en")]


def said(key: str, *figures: object) -> tuple[str, str]:
    """A sentence in both languages."""
    return word(key).format(*figures), word(key, "en").format(*figures)


def tables_excel(title: str, tables: Sequence[Table], lang: str = "zh") -> bytes:
    """The tables of a result as a workbook in a language, a sheet each."""
    sheets = [
        ListSheet(
            _named(table.title, lang)[:31],
            [_named(column, lang) for column in table.columns],
            [[_in(cell, lang) for cell in row] for row in table.rows],
        )
        for table in tables
    ]
    return lists_bytes(title, sheets)


def _named(column: Cell, lang: str) -> str:
    if isinstance(column, list):
        return str(_in(column, lang))
    return word(column, lang) if column.startswith(WORDS) and has(column) else str(column)


def _in(cell: Cell, lang: str) -> Cell:
    """A cell in a language, of those that hold a text in both."""
    return cell[LANGUAGES.index(lang)] if isinstance(cell, list) else cell


def in_each_language(write: Callable[[Path, str], object]) -> dict[str, bytes]:
    """The workbook of a result in each language, by its name; ``write``: to a path, in a
    language.
    """
    return {name: written(name, _said_in(write, lang)) for lang, name in RESULTS.items()}


def _said_in(write: Callable[[Path, str], object], lang: str) -> Callable[[Path], object]:
    return lambda path: write(path, lang)


def of_language(names: Iterable[str], lang: str) -> list[str]:
    """Names of files of a result that a reader is offered: of a workbook that is there in each
    language the one in the reader's, of others all.
    """
    offered = list(names)
    if set(RESULTS.values()) <= set(offered):
        return [name for name in offered if name == RESULTS[lang] or name not in RESULTS.values()]
    return offered


@dataclass
class Worked:
    """What a working gives: what is said in a line each, tables, findings, the account of the
    figures, and files by name. ``is_refused``: the file cannot be worked out, and nothing was.
    """

    tables: list[Table] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    account: Account | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    is_refused: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not any(finding.level == "error" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """JSON form, without the files."""
        return {
            "tables": [table.as_dict() for table in self.tables],
            "said": [list(pair) for pair in self.said],
            "findings": [finding.as_dict() for finding in self.findings],
            "account": self.account.as_dict() if self.account else None,
            "is_refused": self.is_refused,
            "is_sound": self.is_sound,
        }


@dataclass(frozen=True)
class Choice:
    """What an answer can be, with its words."""

    value: str
    zh: str
    en: str


Choices = Callable[["Workspace"], Sequence[Choice]]


@dataclass(frozen=True)
class Ask:
    """An answer that is asked for beside the file. ``kind``: text, lines, flag or choice; its words
    are ``working.ask.<name>`` and ``working.hint.<name>``.
    """

    name: str
    kind: str = "text"
    is_needed: bool = False
    choices: Choices | None = None
    usual: str = ""


@dataclass(frozen=True)
class Slot:
    """A file that is asked for; its words are ``working.file.<name>``."""

    name: str = "file"
    ends: tuple[str, ...] = TABLES
    is_needed: bool = True


@dataclass(frozen=True)
class Sent:
    """Files and answers as they came."""

    files: Mapping[str, Path]
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The file that is always asked for."""
        return self.files["file"]

    def text(self, name: str) -> str:
        """An answer, "" where there is none."""
        return str(self.answers.get(name, "")).strip()

    def is_ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.text(name))

    def number(self, name: str, usual: float, **bounds: float) -> float:
        """A number in bounds, the usual one where none was given. Raises HengtanError."""
        line, title = self._line(name)
        number = line.number(title, unit="%", **bounds)
        return usual if number is None else number

    def whole(self, name: str, **bounds: int) -> int | None:
        """A whole number. Raises HengtanError."""
        line, title = self._line(name)
        return line.whole(title, **bounds)

    def year(self, name: str) -> int | None:
        """A year. Raises HengtanError."""
        line, title = self._line(name)
        return line.year(title)

    def day(self, name: str) -> date | None:
        """A day. Raises HengtanError."""
        text = self.text(name)
        if not text:
            return None
        period = Period.read(text)
        if period.kind != "day":
            raise error(HengtanError, coded("working.no_day", text))
        return period.end

    def pairs(self, name: str) -> dict[str, str]:
        """Lines, or parts between commas, that say name=value. Raises HengtanError."""
        pairs = {}
        for part in filter(None, map(str.strip, re.split(r"[\n,，;；]", self.text(name)))):
            key, equals, value = part.replace("＝", "=").partition("=")
            if not equals or not key.strip() or not value.strip():
                raise error(HengtanError, coded("working.no_pair", part))
            pairs[key.strip()] = value.strip()
        return pairs

    def _line(self, name: str) -> tuple[Line, str]:
        title = word(f"working.ask.{name}")
        return Line({title: self.text(name)}, Where()), title


@dataclass(frozen=True)
class Blank:
    """The empty file of a working: ``write`` writes it in a language, named ``<working><end>``."""

    write: Callable[[Workspace, Sent, Path, str], object]
    end: str = ".xlsx"
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True)
class Working:
    """A working by name; its words are ``working.<name>`` and ``working.<name>.lead``.

    ``reads_ledger``: whether, with these answers, it shows figures of the ledger. ``is_long``:
    large files of it take longer than somebody waits.
    """

    name: str
    do: Callable[[Workspace, Sent], Worked]
    slots: tuple[Slot, ...] = (Slot(),)
    asks: tuple[Ask, ...] = ()
    blank: Blank | None = None
    reads_ledger: Callable[[Sent], bool] = lambda sent: False
    is_long: bool = False


def work_out(working: Working, workspace: Workspace, sent: Sent) -> Worked:
    """Do a working; what refuses the file is told as findings, a line for each fault."""
    try:
        with every_fault():
            return working.do(workspace, sent)
    except HengtanError as refusal:
        return Worked(findings=refusal.findings or [refusal.as_finding()], is_refused=True)


def written(name: str, write: Callable[[Path], object]) -> bytes:
    """The bytes of a file that a writer writes under a name."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
