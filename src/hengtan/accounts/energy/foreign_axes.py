"""What the titles of a foreign table say of each cell: its row, product, year, kind and unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hengtan.accounts.energy.foreign_blocks import Block, Line, Lines
from hengtan.accounts.energy.foreign_names import (
    Names,
    half_width,
    is_chinese,
    kind_of,
    only_year,
    pattern,
    unit_of,
    units_by_kind,
    years_in,
)
from hengtan.accounts.energy.foreign_tables import TOTAL_COLUMNS
from hengtan.basis.units import read_unit


@dataclass(frozen=True)
class Meaning:
    """What titles say; None and "" where they say nothing. ``title`` is as printed; ``units`` are
    those of kinds of quantity, where the table has both.
    """

    row: str | None = None
    product: str | None = None
    year: int | None = None
    kind: str | None = None
    unit: str = ""
    place: str = ""
    title: str = ""
    units: tuple[tuple[str, str], ...] = ()

    def over(self, other: Meaning) -> Meaning:
        """This, and what it leaves open from another."""
        names = ("row", "product", "year", "kind", "unit", "place", "units")
        filled = {name: getattr(self, name) or getattr(other, name) for name in names}
        return replace(self, **filled)


def of_titles(lines: Sequence[Line], names: Names) -> Meaning:
    """What the lines above a table say: the only year, the only unit, the kind, the product."""
    cells = [cell for _, line in lines for cell in line if cell.strip()]
    years = {year for cell in cells for year in years_in(cell)}
    units = list(dict.fromkeys(filter(None, map(unit_of, cells))))
    kinds = {kind for cell in cells if (kind := kind_of(cell))}
    products = [
        code for cell in cells if (code := names.product_in_title(cell) or names.product(cell))
    ]
    both = units_by_kind(cells)
    return Meaning(
        product=products[0] if products else None,
        year=years.pop() if len(years) == 1 else None,
        kind=kinds.pop() if len(kinds) == 1 else None,
        unit="" if both else units[0] if len(units) == 1 else _named_unit(cells),
        units=tuple(both.items()),
    )


def _named_unit(cells: Iterable[str]) -> str:
    """A unit that is stated (单位：万吨), even where it is none we convert."""
    for cell in cells:
        named = pattern("unit_named").search(half_width(cell))
        if named:
            return named.group(1).split()[0] if named.group(1).split() else ""
    return ""


@dataclass(frozen=True)
class Axes:
    """Which side of a block names rows and which products.

    ``across``: the columns name ``row`` or ``product``, or neither ("").
    """

    across: str
    row_labels: tuple[int, ...]
    product_labels: tuple[int, ...]
    other_labels: tuple[int, ...]


def kinds_by_unit(columns: dict[int, Meaning], across: str) -> dict[int, Meaning]:
    """Columns of one product and year that differ by unit alone: those in coal equivalent are the
    standard quantity.
    """
    groups: dict[tuple[str | None, int | None], list[int]] = {}
    for column, meaning in columns.items():
        if across == "product" and meaning.product and meaning.kind is None and meaning.unit:
            groups.setdefault((meaning.product, meaning.year), []).append(column)
    kinds: dict[int, Meaning] = {}
    for group in groups.values():
        standard = [c for c in group if pattern("standard_unit").search(columns[c].unit)]
        if len(group) == 2 and len(standard) == 1:
            for column in group:
                kind = "standard" if column in standard else "physical"
                kinds[column] = replace(columns[column], kind=kind)
    return {**columns, **kinds}


def axes_of(sheet: Lines, block: Block) -> Axes:
    """The sides of a block by how many titles each knows."""
    columns = [c for c in range(len(sheet.grid[0][1])) if c not in sheet.labels]
    heads = [cells[column] for _, cells in block.header for column in columns]
    heads += [_joined(block.header, column) for column in columns]
    rows_across, products_across = _counts(sheet, heads)
    rows: list[int] = []
    products: list[int] = []
    others: list[int] = []
    for column in sheet.labels:
        cells = [cells[column] for _, cells in block.body]
        as_rows, as_products = _counts(sheet, cells)
        is_apart = column in sheet.years or column in sheet.indices
        if is_apart or (not as_rows and not as_products):
            others.append(column)
        elif as_rows > as_products or (as_rows == as_products and products_across >= rows_across):
            rows.append(column)
        else:
            products.append(column)
    across = ""
    if rows_across or products_across:
        across = "row" if rows_across > products_across else "product"
        if rows_across == products_across:
            across = "product" if rows else "row"
    rows.sort(key=lambda column: -_chinese(block, column))
    return Axes(across, tuple(rows), tuple(products), tuple(others))


def _counts(sheet: Lines, cells: Sequence[str]) -> tuple[int, int]:
    """How many cells name rows, and how many products."""
    rows = sum(sheet.names.row(cell) is not None for cell in cells)
    return rows, sum(sheet.names.product(cell) is not None for cell in cells)


def _chinese(block: Block, column: int) -> int:
    return sum(is_chinese(cells[column]) for _, cells in block.body)


def _joined(header: Sequence[Line], column: int) -> str:
    return "".join(cells[column].strip() for _, cells in header)


def column_meanings(sheet: Lines, block: Block, across: str) -> dict[int, Meaning]:
    """What the header says of each column."""
    width = len(sheet.grid[0][1])
    columns = [column for column in range(width) if column not in sheet.labels]
    return {
        column: _column(sheet.names, list(_stack(sheet, block.header, column)), across)
        for column in columns
    }


@dataclass(frozen=True)
class Title:
    """A header cell over a column; ``spans``: it stands over the columns to its right too."""

    text: str
    own: bool
    spans: bool


def _stack(sheet: Lines, header: Sequence[Line], column: int) -> Iterator[Title]:
    """The header cells over a column from above; a blank one takes the text of the cell to its
    left where lines below tell the two apart.
    """
    for depth, (_, cells) in enumerate(header):
        below = [line for _, line in header[depth + 1 :]]
        if cells[column].strip():
            yield Title(cells[column].strip(), True, _spans(sheet, cells, below, column))
            continue
        source = next((c for c in range(column, -1, -1) if cells[c].strip()), None)
        if source is None or source in sheet.labels:
            continue
        told_apart = [all(line[c].strip() for c in range(source, column + 1)) for line in below]
        if any(told_apart):
            yield Title(cells[source].strip(), False, True)


def _spans(sheet: Lines, cells: Sequence[str], below: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a header cell has a blank one to its right that lines below tell apart from it."""
    right = column + 1
    if right >= len(cells) or cells[right].strip() or right in sheet.labels:
        return False
    return any(line[column].strip() and line[right].strip() for line in below)


def _column(names: Names, stack: list[Title], across: str) -> Meaning:
    """What the titles over a column say together."""
    texts = [title.text for title in stack]
    years = [year for text in texts for year in years_in(text)]
    units = [unit for text in texts if (unit := unit_of(text))]
    kinds = [kind for text in texts if (kind := kind_of(text))]
    words = [title for title in stack if _is_word(title.text)]
    code, title = _coded(names, words, across)
    if _conflict(units):
        code, title = None, ""
    fallback = " ".join(dict.fromkeys(texts))
    meaning = Meaning(
        year=years[-1] if years else None,
        kind=kinds[-1] if kinds else None,
        unit=units[-1] if units else "",
        title=title or fallback,
    )
    if across == "row":
        return replace(meaning, row=code)
    return replace(meaning, product=code) if across else meaning


def _conflict(units: Sequence[str]) -> bool:
    """Whether heads over one column state units of one kind that differ in size: nobody knows which
    of them the figures are in.
    """
    sizes = {(read_unit(unit).canonical, read_unit(unit).factor) for unit in map(_bare_unit, units)}
    return len({kind for kind, _ in sizes}) < len(sizes)


def _bare_unit(unit: str) -> str:
    return unit.strip("()[] ")


def _is_word(text: str) -> bool:
    """Whether a header cell may be (part of) a name: no year, kind or unit alone."""
    if only_year(text) or pattern("aside").search(half_width(text)):
        return False
    alone = pattern("kind_word").sub("", half_width(text)).strip("() ")
    unit = unit_of(text)
    return bool(alone) and (unit is None or _bare_unit(half_width(text)) != _bare_unit(unit))


Look = Callable[[str], str | None]
"""The code that a title names."""


def _coded(names: Names, words: list[Title], across: str) -> tuple[str | None, str]:
    """The code that the words over a column name, and the words that name it.

    Words split over lines are joined, the longest first; a word left over that is no translation
    and stands over no other column makes the title one that is not understood.
    """
    if not across:
        return None, ""
    look = names.row if across == "row" else names.product
    own_known = any(title.own and look(title.text) for title in words)
    for part in _parts(words):
        if own_known and not any(title.own for title in part):
            continue
        for glue in ("", " "):
            text = glue.join(title.text for title in part)
            code = look(text)
            if code and _rest_is_clear(look, code, part, words):
                return code, _printed(look, code, words, text)
    return None, ""


def _parts(words: list[Title]) -> Iterator[list[Title]]:
    """Words one below the other, most of them first, the lowest first."""
    for count in range(len(words), 0, -1):
        for first in range(len(words) - count, -1, -1):
            yield words[first : first + count]


def _printed(look: Look, code: str, words: list[Title], joined: str) -> str:
    """The title of a code as printed, a Chinese one before any other."""
    alone = [title.text for title in words if look(title.text) == code]
    if not alone and is_chinese(joined):
        return joined
    return next(filter(is_chinese, alone), joined)


def _rest_is_clear(look: Look, code: str, part: list[Title], words: list[Title]) -> bool:
    """Whether words not used leave no doubt: they say the same, are a group's title, a translation
    of Chinese ones, or the total a product belongs to.
    """
    chinese = any(is_chinese(title.text) for title in part)
    for title in words:
        if title in part or title.spans or not title.own:
            continue
        other = look(title.text)
        is_translation = chinese and not is_chinese(title.text)
        if other != code and other not in TOTAL_COLUMNS and not is_translation:
            return False
    return True
