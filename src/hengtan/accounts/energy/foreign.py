"""Foreign energy balances: what layout a table of text has, and its cells by row and column code.

Layouts of yearbooks differ: flows down or across, one or two title lines, 回收能 in supply or in
transformation, opening and closing stocks or one net row, signs of outflows, an extra row of
products put in again. Patterns of titles stand in ``layouts.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import yaml

from hengtan.accounts.energy.refusals import refusal
from hengtan.basis.words import Words

TOTAL_COLUMNS = ("total_coal", "total_petroleum", "total_energy")
MOST_DECIMALS = 4
"""Digits beyond the fourth come from converting units, not from measuring: a table in million
tonnes of coal equivalent is known to 100 t at best."""
AGAIN = ("T.refine_re", "T.gas_re")
LEAST_TITLES = 5
"""Titles of rows and columns that must be known for a table to be a balance."""
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
_EMPTY = {"", "-", "--", "—", "–", "…", "...", "x", "X", "·", "/", "——"}
_NUMBER = re.compile(r"^[-+]?(?:\d[\d,]*)?(?:\.\d+)?$")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.&'/-]*")

Grid = Sequence[tuple[int, Sequence[str]]]
"""Lines of a table: number in the file, cells."""


@dataclass(frozen=True)
class Printed:
    """A printed cell: its value, decimals, and place (line in the file and column title)."""

    value: float
    decimals: int
    line: int
    column: str


@dataclass
class Balance:
    """A table as recognised: cells by (row code, column code), titles as printed, unit, and remarks
    on what was recognised or passed over.

    A table read ``transposed`` has columns of the file as its lines; a cell is told by row and
    column title.
    """

    cells: dict[tuple[str, str], Printed] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    standard: bool = False
    transposed: bool = False
    passed_over: list[str] = field(default_factory=list)
    unread: list[tuple[int, str, str]] = field(default_factory=list)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    text = (files("hengtan.accounts.energy") / "layouts.yaml").read_text(encoding="utf-8")
    return re.compile(yaml.safe_load(text)[name])


def plain(text: str) -> str:
    """A title without blanks, numbering, signs in brackets, full-width forms, case."""
    word = re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text))
    while (bare := _pattern("numbering").sub("", word)) != word:
        word = bare
    for name in ("sign_marks", "of_which", "unit_behind"):
        word = _pattern(name).sub("", word)
    return word.lower().rstrip(":：")


def code_of(cell: str, names: Mapping[str, str]) -> str | None:
    """The code of a title; of a bilingual one (原煤 Raw Coal) that of its Chinese part, else of its
    English part."""
    if not cell.strip():
        return None
    whole = names.get(plain(cell))
    if whole is not None:
        return whole
    text = unicodedata.normalize("NFKC", cell)
    chinese = _LATIN.sub("", text)
    return names.get(plain(chinese)) if _is_chinese(chinese) and chinese != text else None


def _is_chinese(text: str) -> bool:
    return any(FIRST_HAN <= ord(letter) <= LAST_HAN for letter in text)


def known_names(names: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Spellings of rows and of columns → code, from rows of the pack table ``balance_names``."""
    rows = {plain(name["spelling"]): name["code"] for name in names if name["kind"] == "row"}
    columns = {plain(name["spelling"]): name["code"] for name in names if name["kind"] == "product"}
    return rows, columns


def read_balance(lines: Grid, names: Sequence[Mapping[str, str]]) -> Balance:
    """Recognise a table of text lines (number in the file, cells). Raises HengtanError where it is
    no energy balance."""
    row_names, column_names = known_names(names)
    width = max((len(cells) for _, cells in lines), default=0)
    grid = [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in lines]
    turned = [(column + 1, [cells[column] for _, cells in grid]) for column in range(width)]
    upright = _score(grid, row_names, column_names)
    across = _score(turned, row_names, column_names)
    if max(upright, across) < LEAST_TITLES:
        raise refusal("no_balance")
    if across > upright:
        return replace(_Reader(turned, row_names, column_names).balance(), transposed=True)
    return _Reader(grid, row_names, column_names).balance()


def _score(grid: Grid, rows: Mapping[str, str], columns: Mapping[str, str]) -> int:
    """How many titles of rows and columns are known, reading downward."""
    if not grid:
        return 0
    down = max((_count(grid, rows, column) for column in range(len(grid[0][1]))), default=0)
    across = max(sum(code_of(cell, columns) is not None for cell in cells) for _, cells in grid)
    return down + across if down >= 3 and across >= 1 else 0


def _count(grid: Grid, names: Mapping[str, str], column: int) -> int:
    """How many cells of a column are known titles."""
    return sum(code_of(cells[column], names) is not None for _, cells in grid)


class _Reader:
    """Reads a table whose flows go down: titles above, labels to the left, then the cells."""

    def __init__(
        self, grid: Grid, row_names: Mapping[str, str], column_names: Mapping[str, str]
    ) -> None:
        self.grid, self.row_names, self.column_names = grid, row_names, column_names
        self.labels = self._label_columns()
        self.first = next(n for n, (_, cells) in enumerate(grid) if self._is_first(cells))
        self.heading = grid[: self.first]

    def balance(self) -> Balance:
        """The table as recognised."""
        balance = Balance(columns=self._titles(), unit=self._unit())
        titles = (cell for _, cells in self.heading for cell in cells)
        balance.standard = bool(_pattern("standard_unit").search(balance.unit)) or any(
            _pattern("standard_title").search(title) for title in titles
        )
        products = self._products()
        before = ""
        for number, cells in self.grid[self.first :]:
            label = next((cells[c] for c in self.labels if self._row(cells[c])), "")
            code = _in_context(self._row(label) or "", before)
            if not code:
                if self._has_numbers(cells):
                    balance.passed_over.append(self._name(number, cells))
                continue
            if code in balance.rows:
                balance.passed_over.append(label.strip())
                continue
            before = code
            balance.rows[code] = label.strip()
            for column, product in products.items():
                self._take(balance, (code, product), number, cells[column])
        return balance

    def _label_columns(self) -> list[int]:
        """Up to two columns that hold titles of rows, a Chinese one before an English one:
        终端消费量 is final use, "Total Consumption" could be either."""
        counts = {c: _count(self.grid, self.row_names, c) for c in range(len(self.grid[0][1]))}
        most = sorted(counts, key=lambda column: -counts[column])[:2]

        def chinese(column: int) -> int:
            return sum(_is_chinese(cells[column]) for _, cells in self.grid)

        return sorted((c for c in most if counts[c] >= 3), key=lambda column: -chinese(column))

    def _is_first(self, cells: Sequence[str]) -> bool:
        """Whether a line is a row of the balance with numbers."""
        return any(self._row(cells[c]) for c in self.labels) and self._has_numbers(cells)

    def _row(self, cell: str) -> str | None:
        return code_of(cell, self.row_names)

    def _has_numbers(self, cells: Sequence[str]) -> bool:
        others = (cell for column, cell in enumerate(cells) if column not in self.labels)
        texts = (_half_width(cell).replace(" ", "") for cell in others)
        return any(_NUMBER.match(text) and any(map(str.isdigit, text)) for text in texts)

    def _name(self, number: int, cells: Sequence[str]) -> str:
        """What a line that is no known row is called: its label, else its number."""
        labels = (cells[c].strip() for c in self.labels)
        words = Words.of("hengtan.accounts.energy")
        return next(filter(None, labels), "") or words.say(f"nth_row|{number}")

    def _titles(self) -> dict[str, str]:
        """Titles of columns as printed, by product; a Chinese one comes before any other."""
        titles: dict[str, str] = {}
        for _, cells in self.heading:
            for column, cell in enumerate(cells):
                code = code_of(cell, self.column_names)
                if not code or column in self.labels:
                    continue
                if code not in titles or _is_chinese(cell):
                    titles[code] = cell.strip()
        return titles

    def _products(self) -> dict[int, str]:
        """The product of each column; of several titles the uppermost."""
        products: dict[int, str] = {}
        for column in range(len(self.grid[0][1])):
            titles = (code_of(cells[column], self.column_names) for _, cells in self.heading)
            codes = [code for code in titles if code]
            if codes and column not in self.labels and codes[-1] not in products.values():
                products[column] = codes[0]
        return products

    def _unit(self) -> str:
        for _, cells in self.grid[: self.first + 3]:
            for text in map(_half_width, cells):
                unit = _pattern("unit_named").search(text) or _pattern("unit_alone").fullmatch(text)
                if unit:
                    return unit.group(1)
        return ""

    @staticmethod
    def _take(balance: Balance, at: tuple[str, str], line: int, cell: str) -> None:
        """Read a cell; one that is neither empty nor a number is told as unread."""
        text = _half_width(cell)
        if text in _EMPTY:
            return
        title = balance.columns.get(at[1], at[1])
        number = text.replace(" ", "").replace("\u2212", "-")
        if not _NUMBER.match(number) or number in ("", "-", "+"):
            balance.unread.append((line, title, text))
            return
        bare = number.replace(",", "")
        decimals = min(len(bare.partition(".")[2]), MOST_DECIMALS)
        balance.cells[at] = Printed(float(bare), decimals, line, title)


def _half_width(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def _in_context(code: str, before: str) -> str:
    """回收能 belongs to what the row before it belongs to: transformation, else supply."""
    return ("T.rec" if before.startswith("T") else "S.rec") if code == "rec" else code
