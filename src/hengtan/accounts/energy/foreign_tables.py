"""Tables of foreign balances as recognised: cells by row and column code, what was not understood,
and the account of a sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hengtan.basis.words import Words

TOTAL_COLUMNS = ("total_coal", "total_petroleum", "total_energy")
AGAIN = ("T.refine_re", "T.gas_re")
LEAST_ROWS = 3
"""Rows that must be known for a table to be a balance."""

Grid = Sequence[tuple[int, Sequence[str]]]
"""Lines of a table: number in the file, cells."""


@dataclass(frozen=True)
class Printed:
    """A printed cell: its value, decimals, and place (line in the file and column title)."""

    value: float
    decimals: int
    line: int
    column: str


@dataclass(frozen=True)
class Unknown:
    """A row that is not understood: its label, the rows before and after it, whether it says that
    it is a part (其中), and the products it has figures of.
    """

    label: str
    before: str
    after: str
    is_part: bool
    is_top: bool
    products: frozenset[str]


@dataclass
class Balance:
    """A table as recognised: cells by (row code, column code), titles as printed, unit, and what
    of it was not understood.

    ``hidden`` are cells whose figure cannot be read, ``orphans`` rows with a figure of which the
    product is not understood; ``transposed``: rows stand across.
    """

    cells: dict[tuple[str, str], Printed] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    units: dict[str, str] = field(default_factory=dict)
    year: int | None = None
    place: str = ""
    kind: str = ""
    standard: bool = False
    transposed: bool = False
    passed_over: list[str] = field(default_factory=list)
    unread: list[tuple[int, str, str]] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    hidden: set[tuple[str, str]] = field(default_factory=set)
    orphans: set[str] = field(default_factory=set)

    @property
    def by_use(self) -> bool:
        """Whether consumption is shown first as a whole and then by sector and by use, as in
        综合能源平衡表 and the balance of one product over years.
        """
        order = list(self.rows)
        if "C" not in order or "T" in order:
            return False
        parts = [n for n, row in enumerate(order) if row.startswith("F")]
        return not parts or order.index("C") < parts[0]

    @property
    def label(self) -> str:
        """What tells this table from others of its sheet: place and year."""
        return " ".join(filter(None, (self.place, str(self.year or ""), self.kind_zh)))

    @property
    def kind_zh(self) -> str:
        """The kind of quantity where the table states it, in words."""
        words = Words.of("hengtan.accounts.energy")
        return words.say(f"quantity.{self.kind}") if self.kind else ""


@dataclass(frozen=True)
class Lost:
    """Figures that were not read: why (a code), where, how many."""

    why: str
    text: str
    count: int = 1
    line: int | None = None
    column: str = ""


@dataclass(frozen=True)
class Aside:
    """What was read in its own way and is to be told: sums (``total``) and growth (``growth``) that
    agree with the figures they are of, a row read by its ``translation``.
    """

    why: str
    text: str
    line: int | None = None
    column: str = ""
    other: str = ""


@dataclass
class SheetRead:
    """The tables of a sheet and the account of its figures: all, read, in headers, not read."""

    tables: list[Balance] = field(default_factory=list)
    figures: int = 0
    read: int = 0
    heading: int = 0
    lost: list[Lost] = field(default_factory=list)
    marks: list[tuple[int, str, str, str]] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    @property
    def is_balance(self) -> bool:
        """Whether rows and cells enough are known."""
        return any(len(table.rows) >= LEAST_ROWS and table.cells for table in self.tables)
